"""What a new letter is made of: a digest, a search, a reading list, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict

from core.model import Article, ArticleId
from core.newsletters import Content
from core.reading_lists import ListNotice
from core.weeks import paris_date, paris_midnight
from curation.digest import Digest
from curation.digests import digest_of
from curation.newsletter_starting import empty, of_articles, of_digest
from curation.period import Period
from store import ReadTransaction
from web import guard
from web.context import now, parts, today
from web.newsletter_form import read_day
from web.newsletter_gestures import new_id
from web.search import source_names
from web.subjects import Subjects, subject_of

FOUND: Final = 10  # articles of a search or a reading list that begin a letter
LONGEST: Final = timedelta(days=366)  # a period
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Start:
    """What was chosen: the period covered, and the other fields of the form."""

    since: datetime
    until: datetime
    given: Mapping[str, str]

    @property
    def length(self) -> int:
        """Characters that may be shown of an article."""
        return parts().settings.extract_length


def since_the_last(tx: ReadTransaction) -> tuple[datetime, datetime]:
    """From where the last letter ended (a week ago without any) to now."""
    when = now()
    last = tx.newsletters.covered_until()
    since = last if last is not None and when - LONGEST < last < when else when - WEEK
    return since, when


def period(first: str, last: str) -> tuple[datetime, datetime]:
    """Two days as typed, both included. Raises ValueError in French."""
    try:
        begin, end = read_day(first), read_day(last)
    except ValueError as error:
        raise ValueError("Une des dates n’en est pas une.") from error
    begin = begin or paris_date(now() - WEEK)
    end = min(end or today(), today())
    if begin > end:
        raise ValueError("La période commence après sa fin.")
    since, until = paris_midnight(begin), paris_midnight(end + timedelta(days=1))
    if until - since > LONGEST:
        raise ValueError("La période dépasse un an.")
    return since, until


def digest(since: datetime, until: datetime) -> Digest:
    """What Glaneuse found in a period, worked out once a moment."""
    p = parts()
    themes = tuple(p.vocabulary.themes.values())
    return p.memory.recall(
        ("newsletter", since, until),
        lambda: digest_of(p.store, Period(since, until, ""), themes),
    )


def found(words: str) -> Sequence[ArticleId]:
    """What a search finds, best first: words, or the address of a search's page."""
    p = parts()
    subjects = Subjects(p.vocabulary, p.memory.recall("names", source_names))
    query = urlsplit(words).query if "/recherche?" in words else ""
    given = parse_qsl(query, max_num_fields=100) if query else [("q", words)]
    question, _ = subjects.read(MultiDict(given))
    if subject_of(question) is None:
        return ()
    answers = p.engine.search(replace(question.query, page=1, size=FOUND))
    return [hit.id for hit in answers.hits]


def _of_period(start: Start) -> Content:
    return of_digest(digest(start.since, start.until), new_id, length=start.length)


def _of_search(start: Start) -> Content:
    if not start.given["recherche"]:
        raise ValueError("Écrivez ce que vous cherchez, ou collez l’adresse d’une recherche.")
    ids = found(start.given["recherche"])
    if not ids:
        raise ValueError("Cette recherche ne trouve rien.")
    return _of_ids(ids, start)


def lists_of(tx: ReadTransaction) -> list[ListNotice]:
    """The reading lists that who is asking may begin with: their own, and public ones."""
    own = [one for one in tx.reading_lists.of(guard.me()) if not one.deleted]
    held = {one.slug for one in own}
    return [*own, *(one for one in tx.reading_lists.public() if one.slug not in held)]


def _of_list(start: Start) -> Content:
    with parts().store.read() as tx:
        if start.given["liste"] not in {one.slug for one in lists_of(tx)}:
            raise ValueError("Choisissez une bibliographie.")
        ids = tx.reading_lists.by_slug(start.given["liste"]).contents.articles
    if not ids:
        raise ValueError("Aucun article de cette bibliographie n’est dans Glaneuse.")
    return _of_ids(ids[:FOUND], start)


def _of_ids(ids: Iterable[ArticleId], start: Start) -> Content:
    with parts().store.read() as tx:
        articles: Sequence[Article] = tx.articles.by_ids(ids)
    return of_articles(articles, new_id, length=start.length)


STARTS: Final[Mapping[str, Callable[[Start], Content]]] = {
    "periode": _of_period,
    "recherche": _of_search,
    "bibliographie": _of_list,
    "vide": lambda _: empty(new_id),
}
