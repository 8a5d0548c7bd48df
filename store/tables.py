"""The tables, without behaviour. Changed together with a migration in ``store/migrations``."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from store.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    # None for a source that is not visited: its articles were imported or typed in.
    Column("feed", Text, unique=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("added", Instant, nullable=False),
    Column("last_visit", Instant),
    Column("last_success", Instant),
    Column("next_visit", Instant),
    Column("errors_in_a_row", Integer, nullable=False, default=0),
    Column("last_error", Text, nullable=False, default=""),
    # A removed source is no longer visited nor listed; its articles stay.
    Column("removed", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False, default=""),
    Column("published", Instant),
    # When it counts as having appeared: published, else collected. What lists are ordered by.
    Column("appeared", Instant, nullable=False),
    Column("language", String(35), nullable=False, default=""),
    Column("access", String(20), nullable=False),
    Column("site", Text, nullable=False, default=""),
    Column("image", Text, nullable=False, default=""),
    Column("summary", Text, nullable=False, default=""),
    Column("collected", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("tagger", String(100), nullable=False, default=""),
    # Whether it has a theme: off-field articles stay out of the home page and the digest.
    Column("in_field", Boolean, nullable=False, default=False),
    Index("ix_articles_appeared", "in_field", "appeared"),
    Index("ix_articles_source", "source_id", "appeared"),
    Index("ix_articles_tagger", "tagger"),
    sqlite_autoincrement=True,
)

# Every address known to lead to an article: the feed's, before and after redirects, its own.
aliases = Table(
    "aliases",
    metadata,
    Column("url", Text, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

taggings = Table(
    "taggings",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("theme", String(100), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    # Copied from the article, so that a theme's latest articles are one walk of an index.
    Column("appeared", Instant, nullable=False),
    Index("ix_taggings_theme", "theme", "appeared"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("final_url", Text, nullable=False),
    Column("fetched", Instant, nullable=False),
    Column("content_type", Text, nullable=False, default=""),
    # Key in the file of bodies; "" when the announcement itself is all there is to read.
    Column("body", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("announcement", JSON, nullable=False),
    Index("ix_pages_state", "state", "id"),
    sqlite_autoincrement=True,
)

# What the search index has not seen yet. Saving an article again gives it a new version, so that
# a change arriving while the former one is being indexed survives.
changes = Table(
    "changes",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("article_id", Integer, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
