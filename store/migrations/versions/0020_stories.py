"""Articles that tell of the same event."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("teller", sa.String(20), server_default="", nullable=False))
    op.create_index("ix_articles_teller", "articles", ["in_field", "teller", "id"])
    op.create_table(
        "event_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_event_keys_article_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "week", "article_id", name=op.f("pk_event_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_keys_article_id", "event_keys", ["article_id"])
    op.create_table(
        "stories",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_stories_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_stories")),
    )
    op.create_index("ix_stories_story_id", "stories", ["story_id"])
