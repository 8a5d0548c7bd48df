"""The search page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from core.text import one_line, typographic
from core.urls import place_of
from indexer.engine import Hit, Piece
from web.answering import answer, facets, near_themes, ways_out
from web.asking import LAST_PAGE, SIZE, Question, read_question
from web.charts import by_month_or_year, chart
from web.context import parts
from web.labels import labels_of
from web.names import SECTIONS
from web.notice import UNTITLED, Copy, Notice, copies, known_themes, short_slug
from web.paging import Paging
from web.suggesting import LONGEST, Name, named, titled

bp = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its notice, with the words that answer marked in title and excerpt."""

    notice: Notice
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@bp.get("/recherche")
def show() -> str:
    """Ask, and show the answers beside their facets."""
    p = parts()
    sources = p.memory.recall("names", source_names)
    labels = p.memory.recall("labels", lambda: labels_of(p.lexicon, p.genres))
    question, told = read_question(
        request.args, themes=p.vocabulary.themes, sources=sources, labels=labels
    )
    answers = answer(p.engine, question)
    results = answers.results
    nothing = not results.total
    return render_template(
        "search/show.html",
        question=question,
        told=told,
        total=results.total,
        answers=_answers(results.hits),
        results=results,
        facets=facets(question, answers, p.vocabulary, sources, labels),
        paging=_paging(question, results.total),
        months=chart(by_month_or_year(results.facets.get("month", {}))),
        between=lambda span: question.but(year=None, first=span.first, last=span.last).address,
        feeds=_feeds(question),
        ways_out=ways_out(p.engine, question) if nothing else (),
        near=near_themes(question.words, p.vocabulary) if nothing else (),
    )


@bp.get("/recherche/suggestions")
def suggestions() -> Response:
    """What could be meant by what is being typed, for the box's list (``glaneuse.js``)."""
    p, typed = parts(), one_line(request.args.get("q", ""))[:LONGEST]
    themes = (
        Name(one.label, "Thème", url_for("themes.show", id=one.id))
        for one in p.vocabulary.themes.values()
    )
    sources = (
        Name(name, "Source", url_for("sources.show", slug=slug))
        for slug, name in p.memory.recall("names", source_names).items()
    )
    names = (
        Name(entity.label, section.singular, url_for("names.show", section=slug, id=entity.id))
        for slug, section in SECTIONS.items()
        if section.parameter
        for entity in p.lexicon.entities[section.type].values()
    )
    articles = (
        Name(title, "Article", url_for("articles.show", id=id, slug=short_slug(title)))
        for id, title in titled(typed, p.engine)
    )
    known = [*named(typed, themes, 3), *named(typed, names, 3), *named(typed, sources, 2)]
    found = [*known, *articles]
    return jsonify(suggestions=[asdict(one) | {"label": typographic(one.label)} for one in found])


def _feeds(question: Question) -> dict[str, str]:
    """The addresses at which this search is followed."""
    asked = question.followed.pairs
    query = f"?{urlencode(asked)}" if asked else ""
    forms = (("atom", "atom.xml"), ("json", "feed.json"))
    return {name: url_for("feeds.search", form=form) + query for name, form in forms}


def source_names() -> dict[str, str]:
    """The sources' names, by slug."""
    with parts().store.read() as tx:
        return tx.sources.names()


def _answers(hits: Sequence[Hit]) -> list[Answer]:
    with parts().store.read() as tx:
        also = tx.groups.also([hit.id for hit in hits])
    return [_answer(hit, copies(also.get(hit.id, ()))) for hit in hits]


def _answer(hit: Hit, also: tuple[Copy, ...]) -> Answer:
    p = parts()
    title = one_line("".join(piece.text for piece in hit.title)) or UNTITLED
    followed = hit.url.startswith(("http://", "https://"))
    notice = Notice(
        id=hit.id,
        slug=short_slug(title),
        title=title,
        original=hit.url if followed else "",
        host=place_of(hit.url, hit.source_name) if followed else "",
        medium=hit.source_name,
        source=hit.source_name,
        source_slug=hit.source,
        author="",
        published=hit.published,
        access=hit.access,
        extract="",
        themes=known_themes(hit.themes, p.vocabulary),
        also=also,
    )
    return Answer(notice, hit.title or (Piece(UNTITLED),), hit.excerpt)


def _paging(question: Question, total: int) -> Paging:
    reachable = min(total, LAST_PAGE * SIZE)
    return Paging(question.page, reachable, lambda at: question.but(page=at).address)
