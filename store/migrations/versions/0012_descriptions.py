"""The kind of each article, and what it names."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, type, default in (
        ("section", sa.Text(), ""),
        ("describer", sa.String(100), ""),
        ("kind", sa.String(20), ""),
        ("kind_reasons", sa.JSON(), "[]"),
    ):
        op.add_column("articles", sa.Column(name, type, server_default=default, nullable=False))
    op.create_index("ix_articles_describer", "articles", ["describer"])
    op.create_index("ix_articles_kind", "articles", ["kind", "appeared"])
    op.create_table(
        "names",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("named", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("in_title", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_names_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "type", "named", name=op.f("pk_names")),
    )
    op.create_index("ix_names_named", "names", ["type", "named"])
