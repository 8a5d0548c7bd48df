"""Articles that are the same one: keys by which copies are found, pairs found, groups made."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "articles",
        sa.Column("grouper", sa.String(length=20), nullable=False, server_default=""),
    )
    op.create_index("ix_articles_grouper", "articles", ["grouper", "id"])
    op.create_table(
        "keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sketches",
        _article("article_id", "sketches"),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_sketches")),
    )
    op.create_table(
        "pairs",
        _article("first_id", "pairs"),
        _article("second_id", "pairs"),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_pairs")),
    )
    op.create_index(op.f("ix_pairs_second_id"), "pairs", ["second_id"])
    op.create_table(
        "reprints",
        _article("article_id", "reprints"),
        _article("leader_id", "reprints"),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.String(length=10), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("repeats_source", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_reprints")),
    )
    op.create_index(op.f("ix_reprints_leader_id"), "reprints", ["leader_id"])


def _article(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["articles.id"],
        name=op.f(f"fk_{table}_{column}_articles"),
        ondelete="CASCADE",
    )
