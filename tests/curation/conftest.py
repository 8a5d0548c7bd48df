"""A store on each database, as the store's own tests have it."""

from __future__ import annotations

from tests.store.conftest import store

__all__ = ["store"]
