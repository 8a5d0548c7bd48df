"""A citation leads to the article that it cites whatever form of its address it writes."""

import sqlalchemy as sa
from alembic import op

from store.addresses import keys_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.add_column("citations", sa.Column("key", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    citations = sa.table("citations", sa.column("url", sa.Text), sa.column("key", sa.Text))
    change = (
        sa.update(citations)
        .where(citations.c.url == sa.bindparam("known"))
        .values(key=sa.bindparam("made"))
    )
    last = ""
    while True:
        following = sa.select(citations.c.url).distinct().where(citations.c.url > last)
        ordered = following.order_by(citations.c.url).limit(BATCH)
        urls = list(connection.execute(ordered).scalars())
        if not urls:
            break
        made = [{"known": url, "made": key} for url, key in keys_of(urls).items()]
        connection.execute(change, made)
        last = urls[-1]
    op.create_index(op.f("ix_citations_key"), "citations", ["key"])
