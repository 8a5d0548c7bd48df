"""Where a source may publish, when that was not looked at yet."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("candidates", sa.JSON(), nullable=True))
