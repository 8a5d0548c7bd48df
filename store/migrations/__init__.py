"""The schema's history, for Alembic. A migration never imports application code."""
