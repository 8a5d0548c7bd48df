"""« Constituer un dossier »: a question or a theme gives ten readings, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from core.model import ArticleId, Kind, ThemeId
from core.text import one_line
from curation.dossier import SIZE, Candidate, Genre, Pick, Why, dossier
from indexer.engine import Hit, Query
from people.rights import Action
from web.context import now, parts
from web.guard import open_to
from web.notice import Notice, notice_of
from web.readings import listed
from web.shelving import shelf_bar

bp = Blueprint("dossiers", __name__, url_prefix="/bureau/dossier")

LONGEST: Final = 300  # characters of a question
POOL: Final = 60  # answers looked at
EACH: Final = 12  # of each kind of text besides
KINDS: Final = (
    (Kind.OFFICIAL,),
    (Kind.STUDY, Kind.PUBLICATION),
    (Kind.PRACTICE, Kind.INTERVIEW),
    (Kind.OPINION,),
)
GENRES: Final = {
    Genre.NEWS: "Actualité",
    Genre.PRACTICE: "Récit de terrain",
    Genre.STUDY: "Étude",
    Genre.LAW: "Texte officiel",
    Genre.OPINION: "Point de vue",
    Genre.TOOL: "Outil",
}
FIRST: Final = {
    Genre.NEWS: "pour l’actualité de la question",
    Genre.PRACTICE: "pour entendre le terrain",
    Genre.STUDY: "pour les chiffres et l’analyse",
    Genre.LAW: "pour le droit",
    Genre.OPINION: "pour un point de vue qui s’assume",
    Genre.TOOL: "pour agir",
}
REASONS: Final = {
    Why.NEAREST: "au plus près de la question",
    Why.OLDER: "pour le recul : un repère plus ancien",
    Why.RECENT: "pour ce qui vient de paraître",
    Why.VOICE: "pour une autre voix",
    Why.CLOSE: "proche de la question, en complément",
}


@bp.get("")
@open_to(Action.KEEP_READING_LIST)
def show() -> str:
    """Ask; then keep what is ticked, or have the rest replaced."""
    asked = one_line(request.args.get("q", ""))[:LONGEST]
    theme = ThemeId(one_line(request.args.get("theme", ""))[:100])
    themes = parts().vocabulary.themes
    query = Query(asked, themes=(theme,) if theme in themes else (), size=POOL)
    is_asked = bool(asked or query.themes)
    picks = _proposed(query) if is_asked else ()
    wanted = one_line(request.args.get("liste", ""))[:200]
    if wanted:
        with parts().store.read() as tx:
            listed(tx, wanted)
    return render_template(
        "reading_lists/dossier.html",
        asked=asked,
        theme=theme,
        vocabulary=parts().vocabulary,
        is_asked=is_asked,
        proposals=[(_notice(one), GENRES[one.genre], _reason(one)) for one in picks],
        dropped=_numbers(request.args, "vu") - _numbers(request.args, "article"),
        wanted=wanted,
        bar=shelf_bar(),
        size=SIZE,
    )


def _proposed(query: Query) -> tuple[Pick, ...]:
    kept, seen = _numbers(request.args, "article"), _numbers(request.args, "vu")
    return dossier(_candidates(query), now(), kept=kept, dropped=(seen - kept) if seen else ())


def _candidates(query: Query) -> list[Candidate]:
    """The answers to the question, and to the same of each kind of text."""
    near: dict[ArticleId, float] = {}
    for id, nearness in _nearness(_hits(query)):
        near[id] = max(nearness, near.get(id, 0.0))
    with parts().store.read() as tx:
        articles = tx.articles.by_ids(near)
        cited = tx.citations.counts(id for one in articles for id in one.everywhere)
    return [
        Candidate(one, near[one.id], sum(cited.get(id, 0) for id in one.everywhere))
        for one in articles
        if one.id in near
    ]


def _hits(query: Query) -> list[Hit]:
    engine = parts().engine
    hits = list(engine.search(query).hits)
    for kinds in KINDS:
        hits += engine.search(replace(query, kinds=kinds, size=EACH)).hits
    return hits


def _nearness(hits: Iterable[Hit]) -> Iterator[tuple[ArticleId, float]]:
    """How near each answer is, the best being 1; all the same where the engine does not tell."""
    held = list(hits)
    best = max((hit.score for hit in held), default=0.0)
    for rank, hit in enumerate(held):
        yield hit.id, hit.score / best if best > 0 else 1 - rank / (2 * len(held))


def _notice(pick: Pick) -> Notice:
    return notice_of(pick.article, parts().vocabulary, parts().settings.extract_length)


def _reason(pick: Pick) -> str:
    if pick.why is Why.GENRE:
        return FIRST[pick.genre]
    if pick.why is Why.CITED:
        return f"cité par {pick.cited} autres sources"
    return REASONS[pick.why]


def _numbers(given: MultiDict[str, str], name: str) -> set[ArticleId]:
    written = (one for one in given.getlist(name) if one.isascii() and one.isdecimal())
    return {ArticleId(int(one)) for one in written if len(one) < 10}
