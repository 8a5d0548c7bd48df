"""The themes: their list, and each one's latest articles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for

from core.errors import NotFound
from core.model import Family, Theme, ThemeId
from core.text import fold
from curation.period import Period
from web.context import now, parts
from web.notice import notices
from web.paging import SIZE, page_asked, paging
from web.trends import trend

bp = Blueprint("themes", __name__, url_prefix="/themes")


@bp.get("")
def index() -> str:
    """Every theme, by family, with how much it had these last seven days."""
    p = parts()
    counts = p.memory.recall("theme counts", week_counts)
    return render_template("themes/index.html", vocabulary=p.vocabulary, counts=counts)


@bp.get("/<slug:id>")
def show(id: str) -> str:
    """A theme and its articles, latest first."""
    p, theme, page = parts(), find_theme(id), page_asked(request.args.get("page"))
    if page > 1:
        return _page(theme, page)
    return p.memory.recall(("theme's page", id), lambda: _page(theme, 1), ahead=True)


def _page(theme: Theme, page: int) -> str:
    p, id = parts(), theme.id
    with p.store.read() as tx:
        total = tx.articles.count(theme=id)
        where = paging(page, total, lambda at: url_for("themes.show", id=id, page=at))
        months = trend(tx, ("theme", id), theme=id)
        found = tx.articles.recent(theme=id, limit=SIZE, offset=(page - 1) * SIZE)
    return render_template(
        "themes/show.html",
        theme=theme,
        note=readable_note(theme, p.vocabulary.themes),
        synonyms=p.vocabulary.synonyms.get(theme.id, ()),
        family=family_of(theme),
        related=[p.vocabulary.themes[one] for one in p.vocabulary.related.get(theme.id, ())],
        trend=months,
        paging=where,
        notices=notices(found, p.vocabulary, p.settings.extract_length),
    )


def week_counts() -> dict[ThemeId, int]:
    """How many articles each theme had these last seven days."""
    period = Period.last_days(now())
    with parts().store.read() as tx:
        return tx.articles.theme_counts(since=period.start, until=period.end)


def find_theme(id: str) -> Theme:
    """The theme so named. Raises NotFound."""
    theme = parts().vocabulary.themes.get(ThemeId(id))
    if theme is None:
        raise NotFound("theme", id)
    return theme


def readable_note(theme: Theme, themes: Mapping[ThemeId, Theme]) -> str:
    """A theme's note, where it names other themes by their ids, with their labels."""

    def labelled(found: re.Match[str]) -> str:
        ids = found[2].split(", ")
        known = [themes[ThemeId(id)].label for id in ids if id in themes]
        if len(known) < len(ids):
            return found[0]
        return found[1] + " ; ".join(known) + found[3]

    def quoted(found: re.Match[str]) -> str:
        known = themes.get(ThemeId(found[0]))
        return f"« {known.label} »" if known and fold(known.label) != found[0] else found[0]

    enclosed = re.sub(r"(\(|«\s)([a-z-]+(?:, [a-z-]+)*)(\)|\s»)", labelled, theme.note)
    return re.sub(r"\b[a-z]+(?:-[a-z]+)+\b", quoted, enclosed)


def family_of(theme: Theme) -> Family:
    """The family of a theme."""
    return next(one for one in parts().vocabulary.families if one.id == theme.family)
