"""Following by mail: subscriptions, proofs of consent, what was sent; requests received."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("confirmed", INSTANT, nullable=False),
        sa.Column("looked", INSTANT, nullable=True),
        sa.Column("ended", INSTANT, nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("digest", "subject", name=op.f("uq_subscriptions_digest_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscriptions_ended"), "subscriptions", ["ended"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("rhythm", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("asked", INSTANT, nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=True),
        sa.Column("link_used", INSTANT, nullable=True),
        sa.Column("confirmed", INSTANT, nullable=True),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_consents_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("nonce_hash", name=op.f("uq_consents_nonce_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consents_digest"), "consents", ["digest"])
    op.create_index(op.f("ix_consents_subscription_id"), "consents", ["subscription_id"])
    op.create_table(
        "told",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_told_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "article_id", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_at"), "told", ["at"])
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("received", INSTANT, nullable=False),
        sa.Column("done", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_requests_address"), "requests", ["address"])
    op.create_index(op.f("ix_requests_done"), "requests", ["done"])
