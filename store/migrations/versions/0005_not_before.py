"""Until when a source asked not to be visited."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    # Until now it was told by the reason of the last failure.
    op.execute(
        "UPDATE sources SET not_before = next_visit"
        " WHERE last_error LIKE '%(429)' OR last_error LIKE '%(503)'"
    )
