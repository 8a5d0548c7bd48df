"""Text to themes, with evidence. The only room that knows spaCy, and only in ``tagger``."""
