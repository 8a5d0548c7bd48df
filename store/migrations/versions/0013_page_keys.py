"""Addresses are the same in all the forms under which a page is served."""

import sqlalchemy as sa
from alembic import op

from store.addresses import keys_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.add_column("aliases", sa.Column("key", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    aliases = sa.table("aliases", sa.column("url", sa.Text), sa.column("key", sa.Text))
    change = (
        sa.update(aliases)
        .where(aliases.c.url == sa.bindparam("known"))
        .values(key=sa.bindparam("made"))
    )
    last = ""
    while True:
        following = sa.select(aliases.c.url).where(aliases.c.url > last).order_by(aliases.c.url)
        urls = list(connection.execute(following.limit(BATCH)).scalars())
        if not urls:
            break
        made = [{"known": url, "made": key} for url, key in keys_of(urls).items()]
        connection.execute(change, made)
        last = urls[-1]
    op.create_index(op.f("ix_aliases_key"), "aliases", ["key"])
