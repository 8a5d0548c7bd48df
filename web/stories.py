"""« Suivre ce sujet »: what several sources tell of the same event, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.model import Article, ArticleId
from core.weeks import paris_date
from store import ReadTransaction
from web.context import NUMBER, now, parts
from web.notice import Notice, notices, short_slug

bp = Blueprint("stories", __name__, url_prefix="/sujets")

LATELY: Final = timedelta(days=30)
LISTED: Final = 40
RESTING: Final = timedelta(days=10)  # without news, after which a story is told of as over


@dataclass(frozen=True, slots=True)
class Story:
    """A story as readers see it: its articles, the first to appear first."""

    id: ArticleId
    title: str  # that of its first article
    days: tuple[tuple[date, tuple[Notice, ...]], ...]  # in Paris, the first first
    sources: int

    @property
    def slug(self) -> str:
        """Its title in its address."""
        return short_slug(self.title)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Its articles, in order."""
        return tuple(one for _, told in self.days for one in told)

    @property
    def first(self) -> date:
        """The day on which it began."""
        return self.days[0][0]

    @property
    def last(self) -> date:
        """The day of its latest article."""
        return self.days[-1][0]


@bp.get("")
def index() -> str:
    """The stories that had news lately."""
    p = parts()

    def read() -> list[Story]:
        with p.store.read() as tx:
            found = tx.stories.latest(since=now() - LATELY, limit=LISTED)
            lines = tx.stories.timelines([one.id for one in found])
            return [story_of(tx, one.id, lines[one.id]) for one in found if one.id in lines]

    return render_template("stories/index.html", stories=p.memory.recall("stories", read))


@bp.get(f"/<{NUMBER}:id>", defaults={"slug": ""})
@bp.get(f"/<{NUMBER}:id>-<slug>")
def show(id: int, slug: str) -> str | Response:  # noqa: ARG001  for people, any will do
    """A story, by its number or that of any of its articles."""
    with parts().store.read() as tx:
        story = find_story(tx, id)
    if story.id != id:
        return redirect(url_for("stories.show", id=story.id, slug=story.slug), 302)
    resting = paris_date(now()) - story.last > RESTING
    return render_template("stories/show.html", story=story, resting=resting)


def find_story(tx: ReadTransaction, id: int) -> Story:
    """The story to which a number leads. Raises NotFound."""
    found = tx.stories.timeline(ArticleId(id))
    if found is None:
        raise NotFound("story", id)
    return story_of(tx, *found)


def story_around(tx: ReadTransaction, article: Article) -> Story | None:
    """The story that an article is in, if any; that of the article that leads its copies."""
    leader = next((one.id for one in article.also), article.id) if not article.leads else article.id
    found = tx.stories.timeline(leader)
    if found is None or leader not in found[1]:
        return None
    return story_of(tx, *found)


def story_of(tx: ReadTransaction, id: ArticleId, told: Sequence[ArticleId]) -> Story:
    """The story that these articles make."""
    p = parts()
    by_day = groupby(tx.articles.by_ids(told), lambda one: paris_date(one.appeared or now()))
    length = p.settings.extract_length
    days = tuple((day, notices(some, p.vocabulary, length)) for day, some in by_day)
    title = days[0][1][0].title
    return Story(id, title, days, tx.stories.sources(told[:1]).get(told[0], 1))
