"""A period as pages show it: the week's digest, and the last seven days by family of themes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.model import Article, ArticleId, Family, Theme, ThemeId
from core.settings import Settings
from curation.digest import Digest, compose
from curation.digests import digest_in, echoes_of
from curation.period import Period
from curation.rendering import method
from store import Store
from taxonomy.vocabulary import Vocabulary
from web.notice import Notice, notices

SHELF = 2  # articles of a family on the home page
LATEST = 6  # articles shown when the week brought none


@dataclass(frozen=True, slots=True)
class Part:
    """What a digest has under one theme."""

    theme: Theme
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """What a digest has of one kind of text: « Textes officiels »."""

    id: str
    title: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest, ready to be shown."""

    period: Period
    headline: str
    leading: tuple[Notice, ...]
    parts: tuple[Part, ...]
    rubrics: tuple[Rubric, ...]
    more: tuple[Notice, ...]
    unshown: int
    method: str = ""  # how it was made, for its foot

    @property
    def is_empty(self) -> bool:
        """Whether nothing came out."""
        return not (self.leading or self.parts or self.rubrics or self.more)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A family of themes on the home page: a few articles, and every theme with its count."""

    family: Family
    notices: tuple[Notice, ...]
    themes: tuple[tuple[Theme, int], ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The home page: what leads the last seven days, then the families of themes."""

    period: Period
    total: int
    leading: tuple[Notice, ...]
    shelves: tuple[Shelf, ...]
    latest: tuple[Notice, ...]  # when the seven days brought nothing


def issue_of(store: Store, period: Period, vocabulary: Vocabulary, settings: Settings) -> Issue:
    """The digest of what appeared during ``period``."""
    with store.read() as tx:
        digest = digest_in(tx, period, tuple(vocabulary.themes.values()))
        told = tx.stories.sources(one.id for one in digest.articles)
    return _issue(digest, vocabulary, settings.extract_length, told)


def front_of(store: Store, period: Period, vocabulary: Vocabulary, settings: Settings) -> Front:
    """The home page, for a period that ends now."""
    with store.read() as tx:
        articles = tx.articles.recent(since=period.start, until=period.end)
        echoes = echoes_of(tx, articles)
        counts = tx.articles.theme_counts(since=period.start, until=period.end)
        latest = [] if articles else tx.articles.recent(limit=LATEST)
    digest = compose(period, articles, tuple(vocabulary.themes.values()), echoes=echoes)
    length = settings.extract_length
    issue = _issue(digest, vocabulary, length, echoes.told_by)
    rest = _without(articles, digest.leading)
    return Front(
        period,
        len(articles),
        issue.leading,
        tuple(_shelves(rest, counts, vocabulary, length)),
        notices(latest, vocabulary, length),
    )


def _issue(
    digest: Digest, vocabulary: Vocabulary, length: int, told: Mapping[ArticleId, int]
) -> Issue:
    def shown(articles: Iterable[Article]) -> tuple[Notice, ...]:
        made = notices(articles, vocabulary, length)
        return tuple(replace(one, told_by=told.get(one.id, 0)) for one in made)

    return Issue(
        digest.period,
        digest.headline,
        shown(digest.leading),
        tuple(Part(section.theme, shown(section.articles)) for section in digest.sections),
        tuple(Rubric(one.kind, one.title, shown(one.articles)) for one in digest.rubrics),
        shown(digest.more),
        digest.unshown,
        method(digest),
    )


def _shelves(
    articles: Sequence[Article],
    counts: Mapping[ThemeId, int],
    vocabulary: Vocabulary,
    length: int,
) -> Iterator[Shelf]:
    shown: set[str] = set()  # titles, so that a reprint does not stand beside its original
    for family in vocabulary.families:
        themes = vocabulary.of_family(family)
        own = _first_of(articles, {theme.id for theme in themes}, shown)
        yield Shelf(
            family,
            notices(own, vocabulary, length),
            tuple((theme, counts.get(theme.id, 0)) for theme in themes),
        )


def _first_of(articles: Iterable[Article], ids: set[ThemeId], shown: set[str]) -> list[Article]:
    """The latest articles whose main theme is one of these, each title once."""
    found: list[Article] = []
    for article in articles:
        if len(found) == SHELF:
            break
        if article.themes[:1] and article.themes[0] in ids and article.title not in shown:
            shown.add(article.title)
            found.append(article)
    return found


def _without(articles: Iterable[Article], taken: Iterable[Article]) -> list[Article]:
    gone: set[ArticleId] = {article.id for article in taken}
    return [article for article in articles if article.id not in gone]
