"""The digests: the archive and each week's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.weeks import Week
from curation.digests import digest_of
from curation.period import Period
from curation.rendering import as_markdown, as_text
from people.rights import Action
from web import guard
from web.context import now, parts
from web.weekly import Issue, issue_of

bp = Blueprint("weeks", __name__, url_prefix="/semaines")
FORMS: Final = {
    "md": (as_markdown, "text/markdown"),
    "txt": (as_text, "text/plain"),
}
SOONEST = 1990  # an article dated before is dated wrongly; its weeks have no page


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks that have a page: from the first article's to the present one."""

    first: Week
    present: Week

    def __contains__(self, week: Week) -> bool:
        return self.first <= week <= self.present

    def of_year(self, year: int) -> list[Week]:
        """Its weeks of one ISO year, latest first."""
        weeks = [self.present if year == self.present.year else _last_of(year)]
        while weeks[-1].previous.year == year and weeks[-1].previous in self:
            weeks.append(weeks[-1].previous)
        return weeks

    @property
    def years(self) -> range:
        """Its years, latest first."""
        return range(self.present.year, self.first.year - 1, -1)


@bp.get("")
def index() -> str:
    """The archive of one year."""
    span = known_weeks()
    year = _year_asked(request.args.get("annee"), span)
    return render_template(
        "weeks/index.html", year=year, years=span.years, weeks=span.of_year(year), span=span
    )


@bp.get("/derniere")
def latest() -> Response:
    """To the present week, for a bookmark."""
    return redirect(url_for("weeks.show", slug=Week.of(now()).slug))


@bp.get("/<slug>.<any('md', 'txt'):suffix>")
def written(slug: str, suffix: str) -> Response:
    """One week's digest as Markdown or plain text, to be taken elsewhere."""
    week = find_week(slug, known_weeks())
    p = parts()
    write, kind = FORMS[suffix]

    def make() -> str:
        digest = digest_of(p.store, Period.of_week(week), tuple(p.vocabulary.themes.values()))
        return write(digest, extract_length=p.settings.extract_length)

    page = p.memory.recall((f"week as {suffix}", week), make)
    return Response(page, content_type=f"{kind}; charset=utf-8")


@bp.get("/<slug>")
def show(slug: str) -> str:
    """One week's digest."""
    span = known_weeks()
    week = find_week(slug, span)
    p = parts()
    if guard.teammate(Action.KEEP_READING_LIST):
        return render_template(
            "weeks/show.html", week=week, span=span, issue=issue(week), for_team=True
        )

    def make() -> str:
        made = issue_of(p.store, Period.of_week(week), p.vocabulary, p.settings)
        return render_template("weeks/show.html", week=week, span=span, issue=made)

    return p.memory.recall(("week's page", week), make, ahead=True)


def find_week(slug: str, span: Span) -> Week:
    """The week of an address. Raises NotFound when it has no page."""
    try:
        week = Week.parse(slug)
    except ValueError as error:
        raise NotFound("week", slug[:100]) from error
    if week not in span:
        raise NotFound("week", slug)
    return week


def known_weeks() -> Span:
    """The weeks that have a page."""
    p = parts()
    present = Week.of(now())

    def read() -> Span:
        with p.store.read() as tx:
            held = tx.articles.span()
        if held is None or held[0] > now():
            return Span(present, present)
        return Span(max(Week(SOONEST, 1), Week.of(held[0])), present)

    return p.memory.recall(("weeks", present), read)


def issue(week: Week) -> Issue:
    """A week's digest, worked out once in a while."""
    p = parts()
    return p.memory.recall(
        week,
        lambda: issue_of(p.store, Period.of_week(week), p.vocabulary, p.settings),
        ahead=True,
    )


def _last_of(year: int) -> Week:
    return Week(year + 1, 1).previous


def _year_asked(written: str | None, span: Span) -> int:
    if written is None:
        return span.present.year
    if not (written.isascii() and written.isdecimal() and len(written) == 4):
        raise NotFound("week", written[:100])
    if int(written) not in span.years:
        raise NotFound("week", written)
    return int(written)
