"""Feeds, as Atom (RFC 4287) and JSON Feed 1.1: each theme, story, source and search; the digests.

Extracts only. Whatever else can be followed makes a ``Feed`` and answers with ``respond``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for

from core.model import Article
from core.text import typographic
from core.weeks import Week
from curation.digests import last_to_close
from indexer.engine import Sort
from web.context import NUMBER, now, parts, public_url
from web.kinds import ROOM, ROOMS
from web.labels import labels_of
from web.names import NAMED, capitalised, find, naming_of
from web.notice import Notice, notice_of
from web.search import source_names
from web.stories import find_story
from web.subjects import Subjects
from web.themes import find_theme, readable_note
from web.typography import ACCESS, instant
from web.weekly import Issue
from web.weeks import issue, known_weeks

bp = Blueprint("feeds", __name__)

FORM: Final = "<any('atom.xml', 'feed.json'):form>"

ENTRIES = 30
WEEKS = 4
KEPT = timedelta(minutes=15)  # whole weeks seldom change, and feeds are asked for often
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without entries was last updated
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a feed."""

    notice: Notice
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The latest articles of something that can be followed."""

    name: str  # « themes/numerique »: what its identifier is made of
    title: str
    note: str
    page: str  # where the same is read, on this site
    items: tuple[Item, ...]

    @property
    def updated(self) -> datetime:
        """When its latest article appeared."""
        return max((item.updated for item in self.items), default=EPOCH)

    @property
    def itself(self) -> str:
        """Its own address on this site, as it was asked."""
        query = request.query_string.decode("ascii", "replace")
        return f"{request.path}?{query}" if query else request.path


def respond(feed: Feed, form: str) -> Response:
    """The feed as ``atom.xml`` (RFC 4287) or ``feed.json`` (JSON Feed 1.1)."""
    if form == "feed.json":
        page = json.dumps(_json_feed(feed), ensure_ascii=False, indent=1)
        return fed(page, feed.updated, "application/feed+json")
    page = render_template("feeds/articles.xml", feed=feed, site=public_url(), tag=tag)
    return fed(in_xml(page), feed.updated, "application/atom+xml")


def items_of(articles: Iterable[Article]) -> tuple[Item, ...]:
    """Articles as items."""
    p = parts()
    return tuple(
        Item(notice_of(one, p.vocabulary, p.settings.extract_length), one.appeared or EPOCH)
        for one in articles
    )


@bp.get(f"/themes/<slug:id>/{FORM}")
def theme(id: str, form: str) -> Response:
    """A theme's latest articles."""
    p, theme = parts(), find_theme(id)
    with p.store.read() as tx:
        items = items_of(tx.articles.recent(theme=id, limit=ENTRIES))
    note, page = readable_note(theme, p.vocabulary.themes), url_for("themes.show", id=id)
    return respond(Feed(f"themes/{id}", theme.label, note, page, items), form)


@bp.get("/themes.ttl")
def skos() -> Response:
    """The vocabulary as SKOS, in Turtle."""
    p = parts()

    def write() -> str:
        from taxonomy.skos import turtle  # noqa: PLC0415  rdflib takes a while to load

        themes = p.vocabulary.themes
        notes = {id: readable_note(theme, themes) for id, theme in themes.items()}
        return turtle(p.vocabulary, public_url(), notes)

    key = ("skos", p.vocabulary.version, public_url())
    return Response(p.memory.recall(key, write), content_type="text/turtle; charset=utf-8")


@bp.get(f"/sources/<slug:slug>/{FORM}")
def source(slug: str, form: str) -> Response:
    """A source's latest articles."""
    with parts().store.read() as tx:
        source = tx.sources.by_slug(slug)
        items = items_of(tx.articles.recent(source=source.id, limit=ENTRIES))
    page = url_for("sources.show", slug=slug)
    return respond(Feed(f"sources/{slug}", source.name, "", page, items), form)


@bp.get(f"/{NAMED}/<slug:id>/{FORM}")
def named(section: str, id: str, form: str) -> Response:
    """The latest articles that name a territory, an organisation, a profession …."""
    entity = find(section, id)
    with parts().store.read() as tx:
        items = items_of(tx.articles.recent(naming=naming_of(entity), limit=ENTRIES))
    page = url_for("names.show", section=section, id=id)
    return respond(Feed(f"{section}/{id}", capitalised(entity.name), "", page, items), form)


@bp.get(f"/{ROOM}/{FORM}")
def kind(section: str, form: str) -> Response:
    """The latest accounts of practice, or tools."""
    room = ROOMS[section]
    with parts().store.read() as tx:
        items = items_of(tx.articles.recent(kinds=(room.kind,), limit=ENTRIES))
    page = url_for("kinds.show", section=section)
    return respond(Feed(section, room.title, room.lead, page, items), form)


@bp.get(f"/sujets/<{NUMBER}:id>/{FORM}")
def story(id: int, form: str) -> Response:
    """The latest articles of a story, by its number or that of any of its articles."""
    with parts().store.read() as tx:
        story = find_story(tx, id)
        ids = [one.id for one in story.notices[-ENTRIES:]]
        items = items_of(tx.articles.by_ids(ids[::-1]))
    note = f"Ce que plusieurs sources racontent : {story.title}"
    page = url_for("stories.show", id=story.id, slug=story.slug)
    return respond(Feed(f"sujets/{story.id}", f"Sujet : {story.title}", note, page, items), form)


@bp.get(f"/recherche/{FORM}")
def search(form: str) -> Response:
    """The latest answers to a search, whatever it is."""
    p = parts()
    labels = p.memory.recall("labels", lambda: labels_of(p.lexicon, p.genres))
    subjects = Subjects(p.vocabulary, p.memory.recall("names", source_names), labels)
    question, _ = subjects.read(request.args)
    query = replace(question.query, sort=Sort.DATE, page=1, size=ENTRIES)
    ids = [hit.id for hit in p.engine.search(query).hits]
    with p.store.read() as tx:
        items = items_of(tx.articles.by_ids(ids))
    asked = question.followed
    name = f"recherche?{urlencode(asked.pairs)}" if asked.pairs else "recherche"
    return respond(Feed(name, subjects.title(question), "", asked.address, items), form)


@bp.get("/semaines/atom.xml")
def weeks() -> Response:
    """The digests of the last whole weeks."""
    found, updated = _last_weeks()
    page = render_template(
        "feeds/weeks.xml", issues=found, updated=updated, site=public_url(), tag=tag
    )
    return fed(in_xml(page), updated, "application/atom+xml")


@bp.get("/semaines/feed.json")
def weeks_as_json() -> Response:
    """The same as a JSON Feed."""
    found, updated = _last_weeks()
    page = json.dumps(_weeks_as_json(found), ensure_ascii=False, indent=1)
    return fed(page, updated, "application/feed+json")


def _last_weeks() -> tuple[list[tuple[Week, Issue]], datetime]:
    found = parts().memory.recall("weeks' feed", _issues, kept=KEPT)
    return found, found[0][0].end if found else EPOCH


def tag(name: str) -> str:
    """An identifier that stays (RFC 4151), whatever port or path the site moves to."""
    host = urlsplit(parts().settings.public_url).hostname or "glaneuse.localhost"
    return f"tag:{host},2026:{name}"


def in_xml(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def _issues() -> list[tuple[Week, Issue]]:
    return [(week, one) for week in _whole_weeks() if not (one := issue(week)).is_empty]


def _whole_weeks() -> list[Week]:
    """The last ones, once closed: what a feed said of a week does not change."""
    span, week = known_weeks(), last_to_close(now())
    weeks: list[Week] = []
    while week in span and len(weeks) < WEEKS:
        weeks.append(week)
        week = week.previous
    return weeks


def _json_feed(feed: Feed) -> dict[str, Any]:
    site = public_url()
    note = feed.note or "Ce que publie le travail social francophone"
    items = [_json_item(item, site) for item in feed.items]
    return _json_head(feed.title, note, feed.page, feed.itself) | {"items": items}


def _weeks_as_json(found: Iterable[tuple[Week, Issue]]) -> dict[str, Any]:
    here = url_for("feeds.weeks_as_json")
    note = "Ce que publie le travail social, glané chaque semaine"
    items = [_json_week(week, issue) for week, issue in found]
    return _json_head("La semaine", note, url_for("weeks.index"), here) | {"items": items}


def _json_week(week: Week, issue: Issue) -> dict[str, Any]:
    site = public_url()
    title = f"{issue.period.label} – {issue.headline}" if issue.headline else issue.period.label
    return {
        "id": tag(f"semaines/{week.slug}"),
        "url": site + url_for("weeks.show", slug=week.slug),
        "title": typographic(title),
        "content_html": render_template("feeds/week.html", issue=issue, site=site),
        "date_published": instant(week.end),
    }


def _json_head(title: str, note: str, page: str, itself: str) -> dict[str, Any]:
    """What a JSON Feed says of itself; ``page`` and ``itself``: paths on this site."""
    site = public_url()
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": typographic(f"Glaneuse – {title}"),
        "description": typographic(note),
        "home_page_url": site + page,
        "feed_url": site + itself,
        "icon": site + url_for("static", filename="glaneuse.svg"),
        "language": "fr",
    }


def _json_item(item: Item, site: str) -> dict[str, Any]:
    notice = item.notice
    here = site + url_for("articles.show", id=notice.id, slug=notice.slug)
    made: dict[str, Any] = {
        "id": tag(f"articles/{notice.id}"),
        "url": notice.original or here,
        "title": typographic(notice.title),
        "content_text": typographic(notice.extract or notice.title),
        "summary": typographic(f"{notice.medium} – {ACCESS[notice.access]}"),
        "date_modified": instant(item.updated),
        "authors": [{"name": notice.author or notice.medium}],
        "tags": [theme.label for theme in notice.themes],
        "_glaneuse": {"about": site + url_for("about.method"), "page": here},
    }
    if notice.published:
        made["date_published"] = instant(notice.published)
    return made


def fed(page: str, updated: datetime, kind: str) -> Response:
    """A feed as it is answered: kept by readers' programs for five minutes."""
    response = make_response(page)
    response.content_type = f"{kind}; charset=utf-8"
    response.last_modified = updated
    # Without an address of its own, the site is called as this request calls it: nobody else
    # is to be given such links.
    shared = "public" if parts().settings.public_url else "private"
    response.headers["Cache-Control"] = f"{shared}, max-age=300"
    return response
