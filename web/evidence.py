"""The words that decided, marked where they stand, in no more than may be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.model import Evidence
from core.text import ELLIPSIS
from indexer.engine import Piece

Span = tuple[int, int]


def marked(text: str, evidence: Iterable[Evidence]) -> tuple[Piece, ...]:
    """The whole of a text (a title) in pieces."""
    return tuple(_pieces(text, _spans(text, evidence), 0, len(text)))


def marked_extract(text: str, evidence: Iterable[Evidence], allowed: int) -> tuple[Piece, ...]:
    """At most ``allowed`` characters of a text where most of the evidence stands.

    () when no evidence in the text fits. Spans outside of the text are passed over: it may have
    changed since.
    """
    spans = [span for span in _spans(text, evidence) if span[1] - span[0] <= allowed]
    if not spans:
        return ()
    first, last = _fullest(spans, allowed)
    start, end = _window(text, spans[first][0], spans[last][1], allowed)
    pieces = tuple(_pieces(text, spans[first : last + 1], start, end))
    before = (Piece(ELLIPSIS, marked=False),) if start > 0 else ()
    after = (Piece(ELLIPSIS, marked=False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _spans(text: str, evidence: Iterable[Evidence]) -> list[Span]:
    """Where these words stand, in order, without overlap."""
    spans: list[Span] = []
    for one in sorted(evidence, key=lambda one: (one.start, -one.end)):
        free = not spans or one.start >= spans[-1][1]
        if free and one.start < one.end and text[one.start : one.end] == one.text:
            spans.append((one.start, one.end))
    return spans


def _fullest(spans: Sequence[Span], allowed: int) -> tuple[int, int]:
    """The first and last of the most spans that stand within ``allowed`` characters."""
    best = (0, 0)
    for first, (start, _) in enumerate(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1][1] - start <= allowed:
            last += 1
        if last - first > best[1] - best[0]:
            best = (first, last)
    return best


def _window(text: str, start: int, end: int, allowed: int) -> Span:
    """As much as is allowed around these places, cut between words."""
    room = allowed - (end - start)
    left = max(0, min(start - room // 2, len(text) - allowed))
    right = min(len(text), left + allowed)
    if left:
        gap = text.find(" ", left, start)
        left = start if gap < 0 else gap + 1
    if right < len(text):
        gap = text.rfind(" ", end, right)
        right = end if gap < 0 else gap
    return left, right


def _pieces(text: str, spans: Iterable[Span], start: int, end: int) -> Iterator[Piece]:
    done = start
    for first, last in spans:
        if done < first:
            yield Piece(_line(text[done:first]), marked=False)
        yield Piece(_line(text[first:last]), marked=True)
        done = last
    if done < end:
        yield Piece(_line(text[done:end]), marked=False)


def _line(text: str) -> str:
    return text.replace("\n", " ")
