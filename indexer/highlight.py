"""Our excerpts: the part of a text that answers best, its words marked; never more than is allowed.

Texts are read as *chunks* (runs without spaces), for which the analysis is remembered; only the
chunks shown are looked at word by word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.text import ELLIPSIS, shorten
from indexer.engine import Piece
from indexer.french import French, normal

SHORTEST = 40  # characters: an excerpt below that says nothing, the extract is shown instead
_PLACES = 100  # matches looked at to choose the window


class Marker:
    """Marks the words of one question in many texts."""

    def __init__(self, french: French, keys: Collection[str]) -> None:
        self._french = french
        self._keys = frozenset(keys)
        self._answers = _Answers(french, self._keys)

    def mark(self, text: str) -> tuple[Piece, ...]:
        """The whole (``normal``) text in pieces."""
        if not self._keys or not any(map(self._answers.__getitem__, text.split())):
            return (Piece(text),) if text else ()
        pieces: list[Piece] = []
        place = 0
        for word in self._french.words(text):
            if word.key in self._keys:
                pieces += (
                    Piece(text[place : word.start]),
                    Piece(text[word.start : word.end], True),
                )
                place = word.end
        pieces.append(Piece(text[place:]))
        return tuple(piece for piece in pieces if piece.text)

    def excerpt(self, text: str, extract: str, shown: int) -> tuple[Piece, ...]:
        """At most ``shown`` characters and a tenth of the text, around the words looked for.

        The extract (at most ``shown`` characters of it) when the text is too short for that, or
        has none of the words.
        """
        allowed = min(shown, len(text) // 10)
        if self._keys and allowed >= SHORTEST:
            chunks = text.split()
            found = [at for at, ok in enumerate(map(self._answers.__getitem__, chunks)) if ok]
            window = best_window(
                chunks, found, [self._answers[chunks[at]] for at in found], allowed
            )
            if window is not None:
                return self.mark(cut(chunks, *window))
        return self.mark(shorten(normal(extract), shown))


class _Answers(dict[str, frozenset[str]]):
    """Which of the keys looked for each chunk has."""

    def __init__(self, french: French, keys: frozenset[str]) -> None:
        super().__init__()
        self._french = french
        self._keys = keys

    def __missing__(self, chunk: str) -> frozenset[str]:
        found = self[chunk] = self._keys.intersection(self._french.keys(chunk).split())
        return found


def best_window(
    chunks: list[str], found: list[int], keys: Iterable[frozenset[str]], length: int
) -> tuple[int, int] | None:
    """From which chunk to which (excluded) to show; None when not even one match fits.

    The window with the most different keys, then the most matches, then the first one.
    """
    room = length - 2 * len(ELLIPSIS)
    having = list(zip(found, keys, strict=True))[:_PLACES]
    best: tuple[int, int, int, int] | None = None
    for number, (start, _) in enumerate(having):
        used, seen, matches, last, size = start, set[str](), 0, start, -1
        for at, some in having[number:]:
            size += sum(len(chunk) + 1 for chunk in chunks[used : at + 1])
            if size > room:
                break
            used, last = at + 1, at
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


def cut(chunks: list[str], start: int, end: int) -> str:
    """The chunks in one line, « … » where something is left out."""
    head = ELLIPSIS if start else ""
    tail = ELLIPSIS if end < len(chunks) else ""
    return f"{head}{' '.join(chunks[start:end])}{tail}"
