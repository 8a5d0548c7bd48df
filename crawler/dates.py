"""When an article appeared: what its page says, to machines and to readers, and its feed.

The surest first: JSON-LD and meta elements; elements marked as the publication date; « Publié
le … »; the announcement; a date standing alone beside the title; the address; « Mis à jour
le … »; htmldate. A date of which only the day is known takes the hour of an announcement of the
same day in Paris; otherwise it is midnight in Paris.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from htmldate import find_date
from lxml.html import HtmlElement

from core.text import fold
from core.weeks import paris_date, paris_midnight
from crawler.french_dates import Found, find_dates, has_hour, plausible, read_stamp
from crawler.head import Head
from crawler.markup import enclosing_line, names, says_at_most, spaced_words

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "article.published", "publication_date", "publication-date", "publish-date", "publish_date",
    "pubdate", "published_time", "dc.date.issued", "dcterms.issued", "dc.date.created",
    "dcterms.created", "dcterms.available", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "citation_publication_date", "citation_online_date",
    "rnews:datepublished", "dc.date", "dcterms.date", "date",
)  # fmt: skip
_LABEL = re.compile(
    r"\b(?:publi(?:e|ee|es|cation)|mise? en ligne|poste|redige|ecrit|paru|parution|diffuse|"
    r"posted|published|date de (?:publication|parution|mise en ligne)|soumis)\b"
)
_MODIFIED = re.compile(
    r"\b(?:mise? a jour|maj|modifie|actualise|revise|derniere (?:modification|mise)|"
    r"updated|last modified|consulte)"
)
# A line that tells of something else than the article's birth.
_OTHER = re.compile(
    r"\b(?:du \d{1,2} .{0,14}au \d{1,2}|de \d{1,2} ?h.{0,6} a \d{1,2} ?h|copyright|tous droits|"
    r"colloque|"
    r"rendez-vous|inscription|date limite|jusqu'au|avant le|a partir du|loi n|decret|arrete|ne le|"
    r"commentaires? de|a dit|repondre)|©"
)
_HINT = re.compile(
    r"\d\s?[/.-]\s?\d|(?:19|20)\d\d|janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]|sept|oct|nov|d[ée]c"
    r"|il y a|hier|aujourd|ce jour",
    re.IGNORECASE,
)
_DATE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:dates?|published|publication|posted-on|pubdate|info-publi|submitted|created|"
    r"entry-meta|post-meta|article-info|time|meta|publi|publie|horodatage|dateline|"
    r"datepublished)(?:$|[\s_-])"
)
_OTHER_NAMES = re.compile(r"modif|updat|event|agenda|comment|expire|maj\b")
_LONGEST_LINE = 260  # characters
_MOST_MARKS = 50  # elements said to hold the date that are read
_BEFORE, _AFTER = 40, 90  # elements around the title among which a bare date is the article's
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """A short line of a page that holds a date: its words, folded, and where it stands."""

    element: HtmlElement
    position: int  # in elements after the title (negative: before)
    text: str
    dates: tuple[Found, ...]


def publication_date(
    head: Head,
    order: Sequence[HtmlElement],
    heading: HtmlElement | None,
    *,
    url: str,
    announced: datetime | None,
    today: date,
) -> datetime | None:
    """When the article appeared (aware, UTC), or None. Never a date in the future.

    ``order``: the elements of the page, in order, without menus, comments and related articles.
    """
    feed = announced if plausible(announced, today) else None
    at = order.index(heading) if heading is not None and heading in order else None
    for instant in _candidates(head, order, at, url=url, feed=feed, today=today):
        if plausible(instant, today):
            return _most_precise(instant, feed)
    return None


def _candidates(
    head: Head,
    order: Sequence[HtmlElement],
    at: int | None,
    *,
    url: str,
    feed: datetime | None,
    today: date,
) -> Iterator[datetime]:
    yield from _machine_dates(head, today)
    yield from _marked_dates(order, at, today)
    lines = _lines(order, at, today)
    yield from _labelled(lines)
    if feed is not None:
        yield feed
    yield from _beside_title(lines)
    yield from _in_address(url)
    yield from _modified(lines)
    yield from _guessed(order, url, today)


def _most_precise(instant: datetime, feed: datetime | None) -> datetime:
    """The feed's hour when both are the same day in Paris and only the feed knows the hour."""
    same_day = feed is not None and paris_date(feed) == paris_date(instant)
    return feed if feed is not None and same_day and not has_hour(instant) else instant


def _machine_dates(head: Head, today: date) -> Iterator[datetime]:
    pages = [head.article, *head.of_type("WebPage", "ItemPage")]
    stamps = [
        str(node[key])
        for node in pages
        for key in ("datePublished", "dateCreated")
        if isinstance(node.get(key), str)
    ]
    stamps += [value for key in _PUBLISHED_METAS for value in head.metas.get(key, ())]
    for stamp in stamps:
        instant = read_stamp(stamp, today)
        if instant is not None:
            yield instant


def _marked_dates(order: Sequence[HtmlElement], at: int | None, today: date) -> Iterator[datetime]:
    """Elements that mark-up says hold the publication date."""
    marked = [(index, e) for index, e in enumerate(order) if _is_publication_mark(e)]
    marked.sort(key=lambda pair: abs(pair[0] - (at or 0)))
    for _, element in marked[:_MOST_MARKS]:
        for stamp in (
            element.get("content"),
            element.get("datetime"),
            element.get("title"),
            spaced_words(element),
        ):
            instant = read_stamp(stamp, today) if stamp else None
            if instant is not None:
                yield instant
                break


def _is_publication_mark(element: HtmlElement) -> bool:
    if (
        element.get("pubdate") is not None
        or (element.get("itemprop") or "").lower() == "datepublished"
    ):
        return True
    if element.tag not in ("time", "abbr"):
        return False
    called = names(element).split()
    return "published" in called or "datepublished" in called


def _lines(order: Sequence[HtmlElement], at: int | None, today: date) -> list[Line]:
    """The short lines of the page that hold a date, in order, once each."""
    lines: list[Line] = []
    seen: set[HtmlElement] = set()
    for index, element in enumerate(order):
        if not _may_hold_date(element):
            continue
        around = enclosing_line(element)
        if around in seen or not says_at_most(around, _LONGEST_LINE):
            continue
        seen.add(around)
        text = fold(spaced_words(around))
        dates = tuple(find_dates(text, today)) or _stamped(element, today)
        if dates and len(text) <= _LONGEST_LINE:
            lines.append(Line(around, _distance(index, at), text, dates))
    return lines


def _distance(index: int, at: int | None) -> int:
    return index - at if at is not None else index


def _may_hold_date(element: HtmlElement) -> bool:
    if element.tag == "time":
        return True
    for text in (element.text, element.tail):
        if text and 3 < len(text) <= 200 and _HINT.search(text):
            return True
    return False


def _stamped(element: HtmlElement, today: date) -> tuple[Found, ...]:
    stamp = element.get("datetime") if element.tag == "time" else None
    instant = read_stamp(stamp, today) if stamp else None
    return (Found(instant, True, 0, 0),) if instant else ()


def _labelled(lines: Sequence[Line]) -> Iterator[datetime]:
    """« Publié le … » beside the title, then anywhere; what follows « mis à jour » is not it."""
    for line in sorted(lines, key=lambda line: not -_BEFORE <= line.position <= _AFTER):
        label = _LABEL.search(line.text)
        if label is None or _OTHER_NAMES.search(names(line.element)):
            continue
        end = _modified_start(line.text, label.start())
        after = [found for found in line.dates if label.start() <= found.start < end]
        if after:
            yield _stamp_of(line, after[0])


def _modified_start(text: str, start: int = 0) -> int:
    modified = _MODIFIED.search(text, start)
    return modified.start() if modified else len(text) + 1


def _stamp_of(line: Line, found: Found) -> datetime:
    """The instant read, or the one of a ``datetime`` attribute of the same day, more precise."""
    if found.precise:
        return found.instant
    day = paris_date(found.instant)
    for element in line.element.iter("time"):
        stamp = read_stamp(element.get("datetime") or "", day)
        if stamp is not None and paris_date(stamp) == day:
            return stamp
    return found.instant


def _beside_title(lines: Sequence[Line]) -> Iterator[datetime]:
    """A date standing nearly alone near the title, or in an element called a date."""
    near = [line for line in lines if -_BEFORE <= line.position <= _AFTER]
    for line in sorted(near, key=_rank):
        end = _modified_start(line.text)
        first = line.dates[0]
        if first.start < end and _rank(line)[0] < 2:
            yield _stamp_of(line, first)


def _rank(line: Line) -> tuple[int, int]:
    """How likely a line is the dateline: 0 called so, 1 short enough, 2 no."""
    called = " ".join((names(line.element), *(names(child) for child in line.element)))
    if _OTHER.search(line.text) or _OTHER_NAMES.search(called):
        return 2, abs(line.position)
    first = line.dates[0]
    left = len(line.text) - (first.end - first.start)
    if line.element.tag == "time" or _DATE_NAMES.search(called):
        return (0 if left < 120 else 2), abs(line.position)
    return (1 if left <= 60 else 2), abs(line.position)


def _in_address(url: str) -> Iterator[datetime]:
    match = _URL_DAY.search(url)
    if match:
        try:
            yield paris_midnight(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            return


def _modified(lines: Sequence[Line]) -> Iterator[datetime]:
    for line in lines:
        start = _modified_start(line.text)
        for found in line.dates:
            if found.start >= start:
                yield found.instant


def _guessed(order: Sequence[HtmlElement], url: str, today: date) -> Iterator[datetime]:
    """What htmldate reads, without its guesses from any number in the page."""
    if not order:
        return
    try:
        day = find_date(
            order[0].getroottree().getroot(),
            extensive_search=False,
            original_date=True,
            url=url,
            max_date=today.isoformat(),
        )
    except Exception:  # noqa: BLE001 - a third party's reading of a hostile page
        return
    if day:
        yield paris_midnight(date.fromisoformat(day))
