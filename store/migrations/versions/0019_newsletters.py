"""The letters that editors compose, their former versions, the basket, images."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id")
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=name, ondelete="SET NULL")


def upgrade() -> None:
    op.create_table(
        "newsletters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("scheduled", INSTANT, nullable=True),
        sa.Column("sent", INSTANT, nullable=True),
        sa.Column("slug", sa.String(length=200), nullable=True),
        sa.Column("held", INSTANT, nullable=True),
        _person("newsletters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletters")),
        sa.UniqueConstraint("slug", name=op.f("uq_newsletters_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_newsletters_state"), "newsletters", ["state"])
    op.create_table(
        "newsletter_versions",
        sa.Column("newsletter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter_id"],
            ["newsletters.id"],
            name=op.f("fk_newsletter_versions_newsletter_id"),
            ondelete="CASCADE",
        ),
        _person("newsletter_versions"),
        sa.PrimaryKeyConstraint("newsletter_id", "number", name=op.f("pk_newsletter_versions")),
    )
    op.create_table(
        "newsletter_basket",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_newsletter_basket_article_id"),
            ondelete="CASCADE",
        ),
        _person("newsletter_basket"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_newsletter_basket")),
        sa.UniqueConstraint("article_id", name=op.f("uq_newsletter_basket_article_id")),
    )
    op.create_table(
        "newsletter_pictures",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_newsletter_pictures")),
    )
