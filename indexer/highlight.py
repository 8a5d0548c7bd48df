"""Our excerpts: the part of a text that answers best, its words marked; never more than is allowed.

Texts are read as *chunks* (runs without spaces), for which the analysis is remembered; only the
chunks shown are looked at word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate

from core.text import ELLIPSIS, left_off, shorten
from indexer.engine import Piece
from indexer.french import French, normal

SHORTEST = 40  # characters: an excerpt below that says nothing, the extract is shown instead
_PLACES = 100  # matches looked at to choose the window


class Marker:
    """Marks the words of one question in many texts."""

    def __init__(self, french: French, keys: Iterable[str]) -> None:
        self._french = french
        self._keys = frozenset(keys)

    def mark(self, text: str) -> tuple[Piece, ...]:
        """The whole (``normal``) text in pieces."""
        chunks = text.split(" ")
        return self._pieces(chunks, {at for at, _ in self._found(chunks)})

    def excerpt(self, text: str, extract: str, shown: int) -> tuple[Piece, ...]:
        """At most ``shown`` characters and a tenth of the text, around the words looked for.

        The extract (at most ``shown`` characters of it) when the text is too short for that, or
        has none of the words.
        """
        allowed = min(shown, len(text) // 10)
        if self._keys and allowed >= SHORTEST:
            chunks = text.replace("\n", " ").split(" ")
            found = self._found(chunks)
            window = best_window(chunks, found, allowed)
            if window is not None:
                return self._pieces(*cut(chunks, {at for at, _ in found}, *window))
        return self.mark(shorten(normal(extract), shown))

    def _found(self, chunks: list[str]) -> list[tuple[int, frozenset[str]]]:
        """Which chunks have some of the keys looked for, and which ones."""
        keys = self._keys
        if not keys:
            return []
        # A chunk of several words (« aller-vers ») has several keys, with spaces in between.
        likely = [
            (at, own)
            for at, own in enumerate(self._french.each(chunks))
            if own in keys or " " in own
        ]
        found = ((at, keys.intersection(own.split(" "))) for at, own in likely)
        return [(at, some) for at, some in found if some]

    def _pieces(self, chunks: list[str], found: AbstractSet[int]) -> tuple[Piece, ...]:
        """The chunks joined again, the words looked for apart."""
        pieces: list[Piece] = []
        plain = ""
        for at, chunk in enumerate(chunks):
            plain += " " if at else ""
            place = 0
            for word in self._french.words(chunk) if at in found else ():
                if word.key in self._keys and word.start >= place:
                    pieces.append(Piece(plain + chunk[place : word.start]))
                    pieces.append(Piece(chunk[word.start : word.end], marked=True))
                    plain, place = "", word.end
            plain += chunk[place:]
        pieces.append(Piece(plain))
        return tuple(piece for piece in pieces if piece.text)


def best_window(
    chunks: list[str], found: Sequence[tuple[int, frozenset[str]]], length: int
) -> tuple[int, int] | None:
    """From which chunk to which (excluded) to show; None when not even one match fits.

    The window with the most different keys, then the most matches, then the first one.
    """
    room = length - 2 * len(ELLIPSIS)
    having = found[:_PLACES]
    until = having[-1][0] + 1 if having else 0
    ends = list(accumulate(map(len, chunks[:until]), lambda end, own: end + 1 + own))
    best: tuple[int, int, int, int] | None = None
    for number, (start, _) in enumerate(having):
        begins = ends[start] - len(chunks[start])
        seen, matches, last = set[str](), 0, start
        for at, some in having[number:]:
            if ends[at] - begins > room:
                break
            last = at
            seen |= some
            matches += 1
        if matches and (best is None or (len(seen), matches) > best[:2]):
            best = (len(seen), matches, start, last)
    return None if best is None else _widened(chunks, best[2], best[3] + 1, room)


def _widened(chunks: list[str], start: int, end: int, room: int) -> tuple[int, int]:
    """The window grown on both sides, a little more after than before, as long as there is room."""
    room -= sum(map(len, chunks[start:end])) + end - start - 1
    before = 0
    third = room // 3
    while start and before + len(chunks[start - 1]) + 1 <= third:
        start -= 1
        before += len(chunks[start]) + 1
    room -= before
    while end < len(chunks) and len(chunks[end]) + 1 <= room:
        room -= len(chunks[end]) + 1
        end += 1
    while start and len(chunks[start - 1]) + 1 <= room:
        start -= 1
        room -= len(chunks[start]) + 1
    return start, end


def cut(
    chunks: list[str], found: AbstractSet[int], start: int, end: int
) -> tuple[list[str], AbstractSet[int]]:
    """The window's chunks, « … » where something is left out, and which of them have answers."""
    window = chunks[start:end]
    if end < len(chunks):
        window[-1] = left_off(window[-1])
    if start:
        window[0] = ELLIPSIS + window[0]
    return window, {at - start for at in found}
