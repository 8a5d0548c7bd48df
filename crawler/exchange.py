"""Articles as JSON Lines, in and out: one object a line.

``{"url","title","text","source","author","published","language","access"}``; ``url`` and
``title`` are needed. Exported lines carry the full text: they are the operator's own copy, and
are never served.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.clock import Clock
from core.errors import Conflict, NotFound, Unreadable
from core.model import Access, Article, Extracted, Report, Source, SourceKind
from core.text import clean, one_line, slugify
from core.urls import canonical_url, host_of
from core.weeks import PARIS, paris_iso
from store import Store, Transaction
from store.articles import Saved
from store.batches import batched

BATCH = 200
LONGEST_TITLE = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """An article read from a line, and the name of its source ("" when not said)."""

    article: Extracted
    source: str


def parse_line(text: str) -> Line:
    """The article that a line tells. Raises Unreadable, whose reason is a French sentence."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("ligne", "ce n’est pas du JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("ligne", "ce n’est pas un objet JSON")
    title = one_line(_text(value, "title"))
    if not title:
        raise Unreadable("ligne", "« title » manque")
    if len(title) > LONGEST_TITLE:
        raise Unreadable("ligne", f"« title » dépasse {LONGEST_TITLE} caractères")
    return Line(
        Extracted(
            url=_address(value),
            title=title,
            text=clean(_text(value, "text")),
            author=one_line(_text(value, "author")),
            published=_instant(_text(value, "published")),
            language=_text(value, "language")[:35],
            access=_access(_text(value, "access")),
        ),
        one_line(_text(value, "source"))[:200],
    )


def import_lines(lines: Iterable[str], store: Store, clock: Clock) -> Report:
    """Keep the articles of these lines; the lines that fail are named and passed over.

    Each batch is kept at once; importing the same lines twice adds nothing.
    """
    counts = dict.fromkeys(Saved, 0)
    failures: list[str] = []
    numbered = ((n, text) for n, text in enumerate(lines, start=1) if text.strip())
    for batch in batched(numbered, BATCH):
        read = list(_readable(batch, failures))
        with store.begin() as tx:
            for line in read:
                if tx.withdrawals.among([line.article.url]):
                    failures.append(f"{line.article.url} : cet article a été retiré de Glaneuse")
                    continue
                source = source_named(tx, line.source, line.article.url, clock)
                _, saved = tx.articles.save(line.article, source_id=source.id, now=clock())
                counts[saved] += 1
    return Report(
        done=counts[Saved.INSERTED] + counts[Saved.UPDATED],
        skipped=counts[Saved.UNCHANGED],
        failed=len(failures),
        failures=tuple(failures),
    )


def source_named(tx: Transaction, name: str, url: str, clock: Clock) -> Source:
    """The source of that name or slug; one that is not visited is made when there is none.

    Without a name, the host of ``url`` is the name.
    """
    name = name or host_of(url)
    slug = slugify(name) or slugify(host_of(url)) or "source"
    try:
        return tx.sources.by_slug(slug)
    except NotFound:
        pass
    home = canonical_url("/", url)
    try:
        return tx.sources.add(name=name, url=home, feed="", kind=SourceKind.IMPORT, now=clock())
    except Conflict as error:
        return tx.sources.by_slug(str(error))


def export_lines(store: Store) -> Iterator[str]:
    """Every article, full text included, a line each."""
    with store.read() as tx:
        ids = list(tx.articles.ids())
    for some in batched(ids, BATCH):
        with store.read() as tx:
            held = tx.articles.by_ids(some)
        yield from map(export_line, held)


def export_line(article: Article) -> str:
    """One article as a line."""
    fields = {
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "source": article.source.slug,
        "author": article.author,
        "published": paris_iso(article.published) if article.published else None,
        "language": article.language,
        "access": article.access,
    }
    return json.dumps(fields, ensure_ascii=False)


def _readable(batch: Iterable[tuple[int, str]], failures: list[str]) -> Iterator[Line]:
    for number, text in batch:
        try:
            yield parse_line(text)
        except Unreadable as error:
            failures.append(f"ligne {number} : {error.reason}")


def _text(value: dict[str, Any], name: str) -> str:
    given = value.get(name)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise Unreadable("ligne", f"« {name} » n’est pas un texte")
    return given


def _address(value: dict[str, Any]) -> str:
    given = _text(value, "url")
    if not given:
        raise Unreadable("ligne", "« url » manque")
    try:
        return canonical_url(given)
    except ValueError as error:
        raise Unreadable("ligne", "« url » n’est pas l’adresse d’une page") from error


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
        # A date or an hour without a zone is what a French reader would say: Paris time.
        return (instant if instant.tzinfo else instant.replace(tzinfo=PARIS)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("ligne", f"« published » n’est pas une date : {text[:40]}") from error


def _access(text: str) -> Access:
    if not text:
        return Access.UNKNOWN
    try:
        return Access(text)
    except ValueError as error:
        allowed = ", ".join(Access)
        raise Unreadable("ligne", f"« access » doit être l’un de : {allowed}") from error
