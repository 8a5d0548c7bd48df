"""Long lists in pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import NotFound

SIZE = 20


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a reader stands in a list of ``total``, and how to go on."""

    page: int
    total: int
    address: Callable[[int], str]  # page → address
    size: int = SIZE

    @property
    def last(self) -> int:
        """The last page; 1 when the list is empty."""
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> str:
        """The address of the page before, "" when there is none."""
        return self.address(min(self.page, self.last + 1) - 1) if self.page > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, "" when there is none."""
        return self.address(self.page + 1) if self.page < self.last else ""


def page_asked(written: str | None) -> int:
    """The page asked for in an address. Raises NotFound for what is no page number."""
    if written is None:
        return 1
    if not (written.isascii() and written.isdecimal() and len(written) < 7) or int(written) < 1:
        raise NotFound("page", written[:100])
    return int(written)


def paging(page: int, total: int, address: Callable[[int], str]) -> Paging:
    """The paging of a list. Raises NotFound beyond its last page."""
    made = Paging(page, total, address)
    if page > made.last:
        raise NotFound("page", page)
    return made
