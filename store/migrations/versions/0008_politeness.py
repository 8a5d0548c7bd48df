"""What sites ask of robots, announced pages as rows, and how much the errors of a source weigh."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("site", sa.String(300), primary_key=True),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("tdmrep", sa.Text(), nullable=False),
        sa.Column("read", INSTANT, nullable=True),
        sa.Column("wait_until", INSTANT, nullable=True),
    )
    op.add_column("pages", sa.Column("due", INSTANT, nullable=True))
    op.add_column("pages", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("last_full", INSTANT, nullable=True))
    op.add_column(
        "sources", sa.Column("trusted", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("sources", sa.Column("weight", sa.Float(), nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("failing_since", INSTANT, nullable=True))
    op.add_column("sources", sa.Column("pace", sa.JSON(), nullable=True))
    # A wait is now kept for the whole site that asked for it; those under way go on.
    op.execute("UPDATE sources SET next_visit = not_before WHERE not_before > next_visit")
    op.drop_column("sources", "not_before")
