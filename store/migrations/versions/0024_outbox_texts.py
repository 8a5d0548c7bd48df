"""What letters to many have alike is kept once."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_texts")),
        sa.UniqueConstraint("digest", name=op.f("uq_outbox_texts_digest")),
        sqlite_autoincrement=True,
    )
    # As SQL: SQLite takes a reference with the column that has it, and in no other way.
    op.execute(
        "ALTER TABLE outbox ADD COLUMN shared INTEGER"
        " CONSTRAINT fk_outbox_shared REFERENCES outbox_texts (id)"
    )
    op.add_column("outbox", sa.Column("gap", sa.String(64), server_default="", nullable=False))
    op.add_column("outbox", sa.Column("filling", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_outbox_shared"), "outbox", ["shared"])
