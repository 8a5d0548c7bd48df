"""Feeds that are not of the common kind: read in a process of its own, which may be ended.

What reads any markup may take minutes over some; a feed that takes half a minute is set aside.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError as TooLong
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from core.errors import Unreadable
from crawler.feeds import Feed, parse_common_feed, parse_feed
from crawler.processes import deaf_to_interrupts, hush

SECONDS = 30


class FeedReader:
    """Reads feeds, the common ones here and the others aside. A context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool: ProcessPool | None = None

    def read(self, body: bytes, *, url: str, content_type: str = "") -> Feed:
        """As ``parse_feed``; also raises Unreadable for a feed that takes too long."""
        feed = parse_common_feed(body, url=url, content_type=content_type)
        if feed is not None:
            return feed
        with deaf_to_interrupts():
            future = self._started().schedule(
                _parsed, args=(body, url, content_type), timeout=self._seconds
            )
        try:
            found = future.result()
        except (TooLong, TimeoutError) as error:
            reason = f"lecture du flux interrompue après {self._seconds:g} secondes"
            raise Unreadable("feed", reason) from error
        except ProcessExpired as error:
            raise Unreadable("feed", "le flux a fait tomber le lecteur") from error
        if isinstance(found, Feed):
            return found
        raise Unreadable("feed", found)

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPool(1, initializer=hush, context=context)
        return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _parsed(body: bytes, url: str, content_type: str) -> Feed | str:
    """The feed, or why there is none."""
    try:
        return parse_feed(body, url=url, content_type=content_type)
    except Unreadable as error:
        return error.reason
