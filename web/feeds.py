"""Atom feeds (RFC 4287): one for each theme, one for the digests. Extracts only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template

from core.model import Article
from core.weeks import Week
from web.context import now, parts, public_url
from web.notice import Notice, notice_of
from web.themes import find_theme, readable_note
from web.weekly import Issue
from web.weeks import issue, known_weeks

bp = Blueprint("feeds", __name__)

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


@bp.get("/themes/<slug:id>/atom.xml")
def theme(id: str) -> Response:
    """A theme's latest articles."""
    p, theme = parts(), find_theme(id)
    with p.store.read() as tx:
        articles = tx.articles.recent(theme=id, limit=ENTRIES)
    items = [_item(article) for article in articles]
    updated = max((item.updated for item in items), default=EPOCH)
    page = render_template(
        "feeds/theme.xml",
        theme=theme,
        note=readable_note(theme, p.vocabulary.themes),
        items=items,
        updated=updated,
        site=public_url(),
        tag=tag,
    )
    return _feed(page, updated)


@bp.get("/semaines/atom.xml")
def weeks() -> Response:
    """The digests of the last whole weeks."""
    found = parts().memory.recall("weeks' feed", _issues, kept=KEPT)
    updated = found[0][0].end if found else EPOCH
    page = render_template(
        "feeds/weeks.xml", issues=found, updated=updated, site=public_url(), tag=tag
    )
    return _feed(page, updated)


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
    span, week = known_weeks(), Week.of(now()).previous
    weeks: list[Week] = []
    while week in span and len(weeks) < WEEKS:
        weeks.append(week)
        week = week.previous
    return weeks


def _item(article: Article) -> Item:
    p = parts()
    notice = notice_of(article, p.vocabulary, p.settings.extract_length)
    return Item(notice, article.appeared or EPOCH)


def _feed(page: str, updated: datetime) -> Response:
    response = make_response(in_xml(page))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.last_modified = updated
    # Without an address of its own, the site is called as this request calls it: nobody else
    # is to be given such links.
    shared = "public" if parts().settings.public_url else "private"
    response.headers["Cache-Control"] = f"{shared}, max-age=300"
    return response
