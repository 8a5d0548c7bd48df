"""The world to pages to articles: visits sources politely, reads what they publish."""
