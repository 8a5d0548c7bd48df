"""Pages of what articles name: territories, organisations, professions … Never a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request, url_for

from core.errors import NotFound
from core.model import EntityType, Theme
from core.text import fold
from store.descriptions import Naming
from taxonomy.forms import Entity
from web.context import parts
from web.notice import known_themes, notices
from web.paging import SIZE, page_asked, paging
from web.trends import trend

bp = Blueprint("names", __name__)

THEMES: Final = 8  # shown beside a thing's articles


@dataclass(frozen=True, slots=True)
class Section:
    """A shelf of names: its address, its type, and how readers call it."""

    slug: str
    type: EntityType
    plural: str
    singular: str
    lead: str
    parameter: str = ""  # of the search's address, when it can narrow a search


SECTIONS: Final = {
    one.slug: one
    for one in (
        Section(
            "territoires",
            EntityType.TERRITORY,
            "Territoires",
            "Territoire",
            "Les régions et les départements dont parlent les articles.",
            parameter="territoire",
        ),
        Section(
            "organisations",
            EntityType.ORGANISATION,
            "Organisations",
            "Organisation",
            "Institutions, fédérations, associations, caisses, écoles et syndicats nommés dans les "
            "articles.",
            parameter="organisation",
        ),
        Section(
            "metiers",
            EntityType.PROFESSION,
            "Métiers",
            "Métier",
            "Les métiers du travail social nommés dans les articles.",
            parameter="metier",
        ),
        Section(
            "dispositifs",
            EntityType.MEASURE,
            "Dispositifs",
            "Dispositif",
            "Droits, prestations, mesures et programmes nommés dans les articles.",
        ),
        Section(
            "etablissements",
            EntityType.ESTABLISHMENT,
            "Établissements et services",
            "Établissement ou service",
            "Les sortes d’établissements et de services nommées dans les articles.",
        ),
        Section(
            "diplomes",
            EntityType.DIPLOMA,
            "Diplômes",
            "Diplôme",
            "Les diplômes et certificats nommés dans les articles.",
        ),
    )
}
NAMED: Final = f"<any({', '.join(map(repr, SECTIONS))}):section>"


@dataclass(frozen=True, slots=True)
class Row:
    """Something named, and by how many articles."""

    entity: Entity
    held: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]
    region: Row | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A theme of the articles that name something, and how many are of it."""

    theme: Theme
    held: int


@bp.get(f"/{NAMED}")
def index(section: str) -> str:
    """Everything of a type that at least an article names."""
    p, shelf = parts(), SECTIONS[section]

    def read() -> dict[str, int]:
        with p.store.read() as tx:
            return tx.descriptions.counts(shelf.type)

    counts = p.memory.recall(("names", section), read)
    entities = p.lexicon.entities[shelf.type].values()
    make = territory_shelves if shelf.type is EntityType.TERRITORY else letter_shelves
    return render_template(
        "names/index.html", section=shelf, sections=SECTIONS, shelves=make(entities, counts)
    )


@bp.get(f"/{NAMED}/<slug:id>")
def show(section: str, id: str) -> str:
    """Something named, its articles, latest first, and their themes."""
    p, entity, page = parts(), find(section, id), page_asked(request.args.get("page"))
    naming = naming_of(entity)
    with p.store.read() as tx:
        total = p.memory.recall((section, id), lambda: tx.articles.count(naming=naming))
        where = paging(
            page, total, lambda at: url_for("names.show", section=section, id=id, page=at)
        )
        found = tx.articles.recent(naming=naming, limit=SIZE, offset=(page - 1) * SIZE)
        themes = tx.descriptions.themes(naming, THEMES)
        months = trend(tx, (section, id), naming=naming)
    known = known_themes(themes, p.vocabulary)
    return render_template(
        "names/show.html",
        section=SECTIONS[section],
        entity=entity,
        around=around(entity),
        shares=[Share(theme, themes[theme.id]) for theme in known],
        trend=months,
        paging=where,
        notices=notices(found, p.vocabulary, p.settings.extract_length),
    )


def find(section: str, id: str) -> Entity:
    """What is so named. Raises NotFound."""
    entity = parts().lexicon.get(SECTIONS[section].type, id)
    if entity is None:
        raise NotFound(SECTIONS[section].singular.lower(), id)
    return entity


def naming_of(entity: Entity) -> Naming:
    """The articles that name it; a region's départements name it too (taxonomy/describing)."""
    return Naming(entity.type, (entity.id,))


def around(entity: Entity) -> tuple[Entity, ...]:
    """What it leads to: a region's départements and back, a profession's diploma and back."""
    lexicon = parts().lexicon
    if entity.type is EntityType.PROFESSION and entity.diploma:
        found = lexicon.get(EntityType.DIPLOMA, entity.diploma)
        return (found,) if found else ()
    if entity.type is EntityType.DIPLOMA:
        professions = lexicon.entities[EntityType.PROFESSION].values()
        return tuple(one for one in professions if one.diploma == entity.id)
    if entity.region:
        return (lexicon.territories[entity.region],)
    inside = lexicon.within(entity.id)[1:] if entity.type is EntityType.TERRITORY else ()
    return tuple(lexicon.territories[id] for id in inside)


@bp.app_template_filter("section_slug")
def section_slug(entity: Entity) -> str:
    """The address of the shelf on which it stands."""
    return next(slug for slug, one in SECTIONS.items() if one.type is entity.type)


@bp.app_template_filter("capitalised")
def capitalised(name: str) -> str:
    """A name at the head of a page: « Assistant familial », « La Réunion »."""
    return name[:1].upper() + name[1:]


def letter_shelves(entities: Iterable[Entity], counts: Mapping[str, int]) -> tuple[Shelf, ...]:
    """Those that some article names, by the first letter of the name."""
    rows = [Row(one, counts[one.id]) for one in entities if counts.get(one.id)]
    rows.sort(key=lambda row: fold(row.entity.name))
    by_letter = groupby(rows, lambda row: fold(row.entity.name)[:1].upper())
    return tuple(Shelf(letter, tuple(some)) for letter, some in by_letter)


def territory_shelves(entities: Iterable[Entity], counts: Mapping[str, int]) -> tuple[Shelf, ...]:
    """Every region with its départements, in the order of their numbers."""
    inside: dict[str, list[Row]] = {}
    regions: list[Row] = []
    for one in entities:
        row = Row(one, counts.get(one.id, 0))
        if one.region:
            inside.setdefault(one.region, []).append(row)
        else:
            regions.append(row)
    return tuple(
        Shelf(row.entity.name, tuple(inside.get(row.entity.id, ())), row) for row in regions
    )
