"""From an address that a person gives to a source: where its site says what is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urljoin

from lxml.html import HtmlElement

from core.clock import Clock
from core.errors import BadSource, FetchFailed, Unreadable
from core.model import Source, SourceKind
from core.settings import Settings
from core.text import fold, one_line
from core.urls import host_of
from crawler.decoding import decode
from crawler.feeds import EMPTY, Feed, parse_feed
from crawler.fetching import (
    Answer,
    Fetch,
    Fetcher,
    Options,
    Request,
    options_from,
    raise_for,
    web_address,
)
from crawler.listings import read_collection, read_listing
from crawler.markup import parse, words
from crawler.memory import fetcher_for
from crawler.sitemaps import read_sitemap
from store import Store

MOST_TRIED = 6  # feeds that a page names
FEWEST_LISTED = 2
FEWEST_COLLECTED = 3

# Where publishing systems put their feeds: WordPress, SPIP, Drupal and static sites, Blogger …
_USUAL = (
    "feed/", "rss.xml", "spip.php?page=backend", "feed.xml", "rss", "atom.xml", "index.xml",
    "?feed=rss2", "rss.php", "feeds/posts/default", "feed.json",
)  # fmt: skip
_FIRST_FOR = {"wordpress": "feed/", "spip": "spip.php?page=backend", "drupal": "rss.xml"}
_FEED_TYPES = (
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/xml", "text/xml",
)  # fmt: skip
# « Comment » alone is the French for « how ».
_COMMENTS = re.compile(r"commentaires?\b|comments\b|comments?[ /_-]?(?:feed|rss|flux)")
_FEED_HREF = re.compile(
    r"(?:^|[/?=._-])(?:rss|atom|feeds?|flux|backend|rdf)(?:$|[/?=._&-])|\.(?:rss|rdf|atom)$"
)
_FEED_TEXT = re.compile(r"\b(?:flux(?: rss)?|rss|atom|syndication|s'abonner au flux)\b")
_HOME = re.compile(
    r"^(?:accueil|home|page d'accueil|bienvenue(?: sur)?)\b[\s:|–—-]*", re.IGNORECASE
)
_FEED_OF = re.compile(r"\s*[»›>|–—-]+\s*(?:flux|feed|rss)(?: rss)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What an address turned out to be."""

    kind: SourceKind
    feed: str  # the address to visit
    name: str
    site: str


def add_source(
    store: Store,
    url: str,
    *,
    settings: Settings,
    clock: Clock,
    name: str | None = None,
    kind: SourceKind | None = None,
    feed: str | None = None,
    options: Options | None = None,
    fetcher: Fetcher | None = None,
) -> Source:
    """Find out how ``url`` publishes and keep it as a source.

    ``fetcher``: one that runs already, when several sources are added in a row.

    ``kind`` and ``feed`` spare the search; what they say is checked. Raises BadSource when there
    is nothing to follow there, FetchFailed or AddressRefused when it cannot be had, Conflict (its
    text is the slug) when it is a source already.
    """
    making = partial(fetcher_for, store, options or options_from(settings), clock)
    running = nullcontext(fetcher) if fetcher else making()
    with running as ready:
        found = discover(url, ready.fetch, clock(), kind=kind, feed=feed)
    with store.begin() as tx:
        return tx.sources.add(
            name=one_line(name or "") or found.name,
            url=found.site,
            feed=found.feed,
            kind=found.kind,
            now=clock(),
        )


def discover(
    url: str,
    fetch: Fetch,
    now: datetime,
    *,
    kind: SourceKind | None = None,
    feed: str | None = None,
) -> Found:
    """What there is to follow at ``url``: a feed first, else a listing, else a collection."""
    if feed is not None:
        return _named_feed(url, feed, fetch)
    answer = _fetch_page(url, fetch)
    if kind in (None, SourceKind.FEED) and (read := _feed_in(answer)) is not None:
        return _feed_found(answer.final_url, read)
    if kind in (None, SourceKind.SITEMAP) and _is_sitemap(answer):
        home = urljoin(answer.final_url, "/")
        return Found(SourceKind.SITEMAP, answer.final_url, host_of(home), home)
    if kind is SourceKind.SITEMAP:
        raise BadSource(url, "ce n’est pas un plan de site")
    tree = _tree(answer)
    if kind in (None, SourceKind.FEED):
        found = _search(answer, tree, fetch, now)
        if found is not None:
            return found
    if kind is SourceKind.FEED:
        raise BadSource(url, "aucun flux trouvé à cette adresse")
    return _as_page(url, answer, tree, now, kind)


def _is_sitemap(answer: Answer) -> bool:
    try:
        read_sitemap(answer.body, url=answer.final_url)
    except Unreadable:
        return False
    return True


def feed_at(answer: Answer) -> Found | None:
    """The feed of articles that an answer is, if it is one that announces some."""
    feed = _feed_in(answer)
    if feed is None or not feed.entries or _COMMENTS.search(fold(feed.title)):
        return None
    return _feed_found(answer.final_url, feed)


def feeds_of(answer: Answer, now: datetime) -> list[str]:
    """Where a page says or suggests that its site's feeds are, likeliest first."""
    try:
        tree = _tree(answer)
    except BadSource:
        return []
    base = answer.final_url
    named = list(dict.fromkeys(_named(tree, base)))[:MOST_TRIED]
    if _is_collection(answer, now):
        return named
    linked = list(dict.fromkeys(_linked(tree, base)))[:MOST_TRIED]
    return list(dict.fromkeys([*named, *linked, *_usual(tree, base)]))


def as_page(url: str, answer: Answer, now: datetime) -> Found:
    """A page as the source itself. Raises BadSource when it lists nothing."""
    return _as_page(url, answer, _tree(answer), now, None)


def _named_feed(url: str, feed: str, fetch: Fetch) -> Found:
    answer = _fetch_page(urljoin(url, feed), fetch)
    read = _feed_in(answer)
    if read is None:
        raise BadSource(feed, "cette adresse n’est pas celle d’un flux")
    found = _feed_found(answer.final_url, read)
    return Found(found.kind, found.feed, found.name, web_address(_with_scheme(url)))


def _with_scheme(url: str) -> str:
    text = url.strip()
    return text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)", text) else f"https://{text}"


def _fetch_page(url: str, fetch: Fetch) -> Answer:
    """The page at ``url``. One typed without « https:// » may only be at « http:// »."""
    address = web_address(_with_scheme(url))
    answer = fetch(address)
    if not answer.is_fresh and "://" not in url:
        plain = fetch(address.replace("https://", "http://", 1))
        answer = plain if plain.is_fresh else answer
    raise_for(answer)
    return answer


# -- feeds --------------------------------------------------------------------------------------


def _feed_in(answer: Answer) -> Feed | None:
    try:
        return parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
    except Unreadable:
        return None


def _feed_found(address: str, feed: Feed) -> Found:
    root = urljoin(address, "/")
    site = feed.site or root
    return Found(SourceKind.FEED, address, _tidy(feed.title) or host_of(site), site)


def _search(answer: Answer, tree: HtmlElement, fetch: Fetch, now: datetime) -> Found | None:
    """The feed that a page names, links to, or that is where feeds usually are."""
    named = list(dict.fromkeys(_named(tree, answer.final_url)))[:MOST_TRIED]
    found = _first_feed(named, fetch)
    if found is None and not _is_collection(answer, now):
        linked = dict.fromkeys(_linked(tree, answer.final_url))
        usual = dict.fromkeys(_usual(tree, answer.final_url))
        rest = [url for url in (*[*linked][:MOST_TRIED], *usual) if url not in named]
        found = _first_feed(dict.fromkeys(rest), fetch)
    if found is None:
        return None
    return Found(found.kind, found.feed, found.name, answer.final_url)


def _first_feed(addresses: Iterable[str], fetch: Fetch) -> Found | None:
    """The first of these that is a feed of articles; one without entries only for want of other."""
    empty = None
    for address in addresses:
        answer = fetch(address)
        feed = _feed_in(answer) if answer.is_fresh else None
        if feed is None or _COMMENTS.search(fold(feed.title)):
            continue
        found = _feed_found(answer.final_url, feed)
        if feed.entries:
            return found
        empty = empty or found
    return empty


def _named(tree: HtmlElement, base: str) -> Iterator[str]:
    """``<link rel="alternate">``, those of comments left out."""
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in (link.get("rel") or "").lower().split() or kind not in _FEED_TYPES:
            continue
        if not _COMMENTS.search(fold(f"{link.get('title')} {link.get('href')}")):
            yield from _address(link.get("href"), base)


def _linked(tree: HtmlElement, base: str) -> Iterator[str]:
    """Links in the page that look as if they led to a feed of the same site."""
    for link in tree.iter("a"):
        href = (link.get("href") or "").lower()
        said = fold(f"{words(link)} {link.get('title') or ''}")
        looks = _FEED_HREF.search(href) or (len(said) < 60 and _FEED_TEXT.search(said))
        if href and looks and not _COMMENTS.search(href + said):
            yield from (
                url for url in _address(link.get("href"), base) if host_of(url) == host_of(base)
            )


def _usual(tree: HtmlElement, base: str) -> Iterator[str]:
    """Where the site's publishing system would have it, first; then where others do."""
    generator = " ".join(
        fold(meta.get("content") or "")
        for meta in tree.iter("meta")
        if (meta.get("name") or "").lower() == "generator"
    )
    likely = [path for system, path in _FIRST_FOR.items() if system in generator]
    for path in dict.fromkeys([*likely, *_USUAL]):
        yield from _address("/" + path, base)


def _address(href: str | None, base: str) -> Iterator[str]:
    try:
        yield web_address(href or "", base)
    except FetchFailed:
        return


# -- pages --------------------------------------------------------------------------------------


def _tree(answer: Answer) -> HtmlElement:
    kind = answer.content_type.partition(";")[0].strip().lower()
    is_page = not kind or kind.startswith("text/") or "html" in kind or "xml" in kind
    tree = parse(decode(answer.body, answer.content_type)) if is_page else None
    if tree is None or not answer.body.strip():
        raise BadSource(answer.url, "cette adresse n’est ni une page, ni un flux")
    return tree


def _is_collection(answer: Answer, now: datetime) -> bool:
    return _collected(answer, now) >= FEWEST_COLLECTED and _collected(answer, now) > _listed(
        answer, now
    )


def _collected(answer: Answer, now: datetime) -> int:
    found = read_collection(
        answer.body, url=answer.final_url, content_type=answer.content_type, now=now
    )
    return len(found.announcements)


def _listed(answer: Answer, now: datetime) -> int:
    found = read_listing(
        answer.body, url=answer.final_url, content_type=answer.content_type, now=now
    )
    return len(found.announcements)


def _as_page(
    url: str, answer: Answer, tree: HtmlElement, now: datetime, kind: SourceKind | None
) -> Found:
    """The page itself as the source: what it lists is what is new."""
    address, name = answer.final_url, _page_name(tree, answer.final_url)
    listed, collected = _listed(answer, now), _collected(answer, now)
    if kind is SourceKind.COLLECTION or (kind is None and collected > listed):
        if collected >= (1 if kind else FEWEST_COLLECTED):
            return Found(SourceKind.COLLECTION, address, name, address)
    elif listed >= (1 if kind else FEWEST_LISTED):
        return Found(SourceKind.LISTING, address, name, address)
    raise BadSource(url, "ni flux, ni liste d’articles à cette adresse")


def _page_name(tree: HtmlElement, url: str) -> str:
    for meta in tree.iter("meta"):
        if (meta.get("property") or "").lower() == "og:site_name" and meta.get("content"):
            return _tidy(meta.get("content") or "")
    title = tree.find(".//title")
    return (_tidy(words(title)) if title is not None else "") or host_of(url)


def _tidy(name: str) -> str:
    line = _FEED_OF.sub("", one_line(name))
    return _HOME.sub("", line).strip(" |-–—:»")[:120]


# -- checking -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """How a source answers now: how many articles it announces, or what is wrong."""

    source: Source
    announced: int = 0
    problem: str = ""


def check_sources(
    store: Store,
    *,
    settings: Settings,
    clock: Clock,
    only: str | None = None,
    options: Options | None = None,
) -> list[Check]:
    """Visit sources without keeping anything; what each answers, in the order of their names."""
    with store.read() as tx:
        sources = [one for one in tx.sources.all() if one.feed and only in (None, one.slug)]
    answers: dict[str, Answer] = {}
    with fetcher_for(store, options or options_from(settings), clock) as fetcher:
        for source in sources:
            fetcher.submit(Request(source.feed), partial(answers.__setitem__, source.slug))
        fetcher.run()
    return [_check(source, answers[source.slug], clock()) for source in sources]


def _check(source: Source, answer: Answer, now: datetime) -> Check:
    try:
        raise_for(answer)
        if source.kind is SourceKind.FEED:
            feed = parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
            return Check(source, len(feed.entries), "" if feed.entries else EMPTY)
        if source.kind is SourceKind.SITEMAP:
            read = read_sitemap(answer.body, url=answer.final_url)
            return Check(source, len(read.announcements) or len(read.children))
    except (FetchFailed, Unreadable) as error:
        return Check(source, problem=error.reason)
    count = _listed if source.kind is SourceKind.LISTING else _collected
    announced = count(answer, now)
    return Check(source, announced, "" if announced else "aucun lien d’article dans cette page")
