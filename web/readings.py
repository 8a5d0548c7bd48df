"""What is shown of a reading list: its words in French, its items with what became of their links.

``listed`` is the only way to a list for the team's pages: whoever may not keep it is told that it
does not exist, so that nobody learns of a list by asking.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, g

from core.errors import NotFound
from core.model import Access, ArticleId, Theme
from core.reading_lists import (
    Advice,
    Contents,
    Item,
    LinkState,
    ReadingList,
    Section,
    SkillId,
    Visibility,
)
from core.references import Author, Reference, ReferenceKind
from core.text import NBSP
from core.weeks import french_date, paris_date
from curation.skills import codes, grids
from people.rights import Action, may
from store import ReadTransaction, Transaction
from web import guard
from web.context import parts
from web.guard import require
from web.notice import known_themes

ADVICE: Final = {
    Advice.REQUIRED: "obligatoire",
    Advice.ADVISED: "conseillé",
    Advice.FURTHER: "pour aller plus loin",
}
VISIBILITIES: Final = {
    Visibility.PRIVATE: "Privée",
    Visibility.LINK: "Partagée par lien",
    Visibility.PUBLIC: "Publique",
}
MEANT: Final = {
    Visibility.PRIVATE: "vous, et les collègues qui la modifient avec vous",
    Visibility.LINK: "qui a l’adresse, sans compte ; les moteurs de recherche ne la voient pas",
    Visibility.PUBLIC: "tout le monde ; elle est dans la liste des bibliographies",
}
KINDS: Final = {
    ReferenceKind.MAGAZINE: "Article de presse professionnelle",
    ReferenceKind.NEWSPAPER: "Article de presse",
    ReferenceKind.JOURNAL: "Article de revue",
    ReferenceKind.BLOG: "Billet de blog",
    ReferenceKind.PAGE: "Page web",
    ReferenceKind.BOOK: "Livre",
    ReferenceKind.CHAPTER: "Chapitre",
    ReferenceKind.REPORT: "Rapport",
    ReferenceKind.THESIS: "Thèse ou mémoire",
    ReferenceKind.LAW: "Texte officiel",
    ReferenceKind.RULING: "Décision de justice",
    ReferenceKind.PAPER: "Communication",
    ReferenceKind.FILM: "Film",
    ReferenceKind.VIDEO: "Vidéo",
    ReferenceKind.PODCAST: "Podcast ou émission",
    ReferenceKind.DOCUMENT: "Autre document",
}
WITHDRAWN: Final = "Article retiré à la demande de son éditeur"
LONGEST_BYLINE: Final = 3  # authors named


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is shown."""

    item: Item
    byline: str  # authors, where, when
    kind: str
    advice: str
    trouble: str  # « lien mort depuis le … »; "" when all is well
    closed: bool  # for subscribers
    hidden: bool  # withdrawn for good: its title is for those who keep the list alone

    @property
    def title(self) -> str:
        """What it is called."""
        return self.item.reference.title


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown."""

    section: Section
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it is shown, its articles' links looked up."""

    contents: Contents
    parts: tuple[Part, ...]
    themes: tuple[Theme, ...]

    @property
    def troubled(self) -> int:
        """How many links are dead, or items withdrawn."""
        return sum(bool(row.trouble) for part in self.parts for row in part.rows)

    @property
    def minutes(self) -> int:
        """The reading time that is said, in all."""
        return sum(row.item.minutes or 0 for part in self.parts for row in part.rows)


def install(app: Flask) -> None:
    """Give the templates how durations and competences are written."""
    app.jinja_env.filters |= {"lasting": lasting, "codes": _codes}


def _codes(skills: Collection[SkillId]) -> list[str]:
    """The codes of competences: « DC1 », « Bloc 2 »."""
    if not skills:
        return []
    if "skill_codes" not in g:
        with parts().store.read() as tx:
            g.skill_codes = codes(grids(tx.skill_grids.all()))
    return [g.skill_codes.get(one, str(one)) for one in skills]


def listed(
    tx: Transaction,
    slug: str,
    action: Action = Action.KEEP_READING_LIST,
    *,
    hold: bool = False,
    thrown: bool = False,
) -> ReadingList:
    """A list that who is asking may do this with. Raises NotFound, Forbidden.

    ``hold``: to change it; ``thrown``: even when it is in the bin.
    """
    one = tx.reading_lists.by_slug(slug, hold=hold)
    if not may(guard.person(), Action.KEEP_READING_LIST, one) or (one.deleted and not thrown):
        raise NotFound("reading-list", slug)
    require(action, one)
    return one


def sheet_of(tx: ReadTransaction, contents: Contents) -> Sheet:
    """A list's contents as they are shown."""
    states = tx.reading_lists.link_states(contents.articles)
    made = (
        Part(section, tuple(_row(item, states) for item in section.items))
        for section in contents.sections
    )
    return Sheet(contents, tuple(made), known_themes(contents.themes, parts().vocabulary))


def _row(item: Item, states: Mapping[ArticleId, LinkState]) -> Row:
    state = states.get(item.article) if item.article is not None else None
    return Row(
        item,
        byline(item.reference),
        KINDS[item.reference.kind],
        ADVICE.get(item.advice, ""),
        "" if state is None else trouble(state),
        item.reference.access is Access.SUBSCRIBERS,
        state is not None and state.withdrawn,
    )


def trouble(state: LinkState) -> str:
    """What became of an article's page, in a few words."""
    if state.withdrawn:
        return "retiré de Glaneuse à la demande de son éditeur"
    if state.gone:
        return f"retiré par son éditeur depuis le {french_date(paris_date(state.gone))}"
    if state.missing:
        return f"lien mort depuis le {french_date(paris_date(state.missing))}"
    return ""


def byline(reference: Reference) -> str:
    """Who, where and when: « Durand, Roux et al., Lien social, 12 mars 2026 »."""
    who = reference.authors or reference.editors
    names = [_called(one) for one in who[:LONGEST_BYLINE]]
    if len(who) > LONGEST_BYLINE:
        names[-1] += f"{NBSP}et{NBSP}al."
    where = reference.container or reference.publisher
    when = reference.published.in_french if reference.published else ""
    number = f"n°{NBSP}{reference.number}" if reference.number else ""
    return ", ".join(part for part in (", ".join(names), where, number, when) if part)


def _called(author: Author) -> str:
    return f"{author.given} {author.family}".strip()


def lasting(minutes: int) -> str:
    """« 35 min », « 2 h 05 »."""
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02}"
