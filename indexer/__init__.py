"""Articles → search engine; questions → answers."""
