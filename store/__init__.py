"""The system of record: the only room that knows SQL. Gives and takes plain dataclasses."""

from store.store import ReadTransaction, Store, Transaction

__all__ = ["ReadTransaction", "Store", "Transaction"]
