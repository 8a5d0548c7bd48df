"""What publishers oppose: mining, and long extracts."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("articles", sa.Column("opposed", INSTANT, nullable=True))
    op.add_column("articles", sa.Column("max_snippet", sa.Integer(), nullable=True))
    op.add_column("articles", sa.Column("max_snippet_seen", INSTANT, nullable=True))
    op.add_column(
        "pages", sa.Column("reservation", sa.String(10), nullable=False, server_default="")
    )
    op.add_column("pages", sa.Column("robots_tag", sa.Text(), nullable=False, server_default=""))
    op.add_column("sources", sa.Column("opposed", INSTANT, nullable=True))
