"""Raw pages, compressed, in a file of their own: kept a while so that nobody is asked twice."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, select

from core.errors import StoreFailed
from store.columns import Instant
from store.database import translated
from store.meeting import insert_absent

LEVEL = 1  # of zlib: nearly three times as quick as its usual 6, and a sixth larger

_metadata = MetaData()
bodies = Table(
    "page_bodies",
    _metadata,
    Column("key", String(64), primary_key=True),
    Column("stored", Instant, nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
)


class Bodies:
    """Bodies by key, the key being the SHA-256 of the body: storing twice keeps one.

    Everything raises StoreFailed when the file cannot be used: full disk, damage.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with translated():
            _metadata.create_all(engine)  # a cache that may be thrown away needs no migrations

    def put(self, body: bytes, now: datetime) -> str:
        """Keep a body; its key."""
        key = hashlib.sha256(body).hexdigest()
        row = {"key": key, "stored": now, "data": zlib.compress(body, LEVEL)}
        with translated(), self._engine.begin() as connection:
            connection.execute(delete(bodies).where(bodies.c.key == key))
            insert_absent(connection, bodies, row)
        return key

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The bodies still held, by key."""
        query = select(bodies.c.key, bodies.c.data).where(bodies.c.key.in_(list(keys)))
        with (
            translated(),
            self._engine.connect().execution_options(writing=False) as connection,
        ):
            return {key: _decompressed(key, data) for key, data in connection.execute(query)}

    def remove(self, keys: Iterable[str]) -> None:
        """Forget these bodies."""
        query = delete(bodies).where(bodies.c.key.in_(list(keys)))
        with translated(), self._engine.begin() as connection:
            connection.execute(query)

    def prune(self, before: datetime) -> int:
        """Forget what was stored before an instant; how many."""
        with translated(), self._engine.begin() as connection:
            return connection.execute(delete(bodies).where(bodies.c.stored < before)).rowcount

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()


def _decompressed(key: str, data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise StoreFailed(f"la page gardée {key} est abîmée ({error})") from error
