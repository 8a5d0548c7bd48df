"""What articles name: organisations, professions, measures, establishments, diplomas, territories.

Reads and checks the files that a documentalist edits. Knows nothing of spaCy: readers' pages and
the search engine's tables use it too.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.model import EntityType
from taxonomy.forms import Entity, Form, Rule
from taxonomy.territories import read_territories, texts
from taxonomy.yamlfile import Entry, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Part of the version of what was recognised: raise it when recognising changes.
RECOGNISER = "2"
FOLDER = Path(__file__).parent
FILES: dict[EntityType, tuple[str, str]] = {
    EntityType.ORGANISATION: ("organisations.yaml", "organisations"),
    EntityType.PROFESSION: ("professions.yaml", "métiers"),
    EntityType.MEASURE: ("dispositifs.yaml", "dispositifs"),
    EntityType.ESTABLISHMENT: ("etablissements.yaml", "établissements"),
    EntityType.DIPLOMA: ("diplomes.yaml", "diplômes"),
}
TERRITORIES = "territoires.yaml"

_COMMON = ("graphies", "sigle", "ambigu", "indices", "contre-indices", "exact")
_FIELDS: dict[EntityType, tuple[str, ...]] = {
    EntityType.ORGANISATION: ("genre", "site"),
    EntityType.PROFESSION: ("féminin", "inclusif", "diplôme", "domaine"),
    EntityType.MEASURE: ("genre",),
    EntityType.ESTABLISHMENT: (),
    EntityType.DIPLOMA: (),
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is recognised, by type and id, in the files' order."""

    entities: Mapping[EntityType, Mapping[str, Entity]]
    false_friends: tuple[str, ...]  # expressions that hold a name without meaning it
    version: str
    warnings: tuple[str, ...] = ()

    def get(self, type: EntityType, id: str) -> Entity | None:
        """The entity so named, None when there is none (any more)."""
        return self.entities[type].get(id)

    def within(self, territory: str) -> tuple[str, ...]:
        """The ids of a territory and, for a region, of its départements."""
        inside = (e.id for e in self.territories.values() if e.region == territory)
        return (territory, *inside)

    @property
    def territories(self) -> Mapping[str, Entity]:
        """Regions, each followed by its départements."""
        return self.entities[EntityType.TERRITORY]

    def __iter__(self) -> Iterator[Entity]:
        for entities in self.entities.values():
            yield from entities.values()


def load_lexicon(path: Path | None = None) -> Lexicon:
    """The files of the folder ``path`` (ours by default).

    Raises BadVocabulary (file, line, field) when one cannot be used.
    """
    folder = path or FOLDER
    tops = {type: _top(folder, file, name) for type, (file, name) in FILES.items()}
    entities = {type: _entities(type, tops[type][name]) for type, (_, name) in FILES.items()}
    tops[EntityType.TERRITORY] = _top(folder, TERRITORIES, "régions")
    territories = read_territories(tops[EntityType.TERRITORY]["régions"])
    entities[EntityType.TERRITORY] = _by_id(territories)
    _check_diplomas(tops, entities)
    friends = [text for top in tops.values() for text in texts(top, "faux amis")]
    every = [entity for some in entities.values() for entity in some.values()]
    return Lexicon(entities, tuple(friends), _version(folder), tuple(_shared_forms(every)))


def _version(folder: Path) -> str:
    digest = hashlib.sha256(RECOGNISER.encode())
    for name in (*(file for file, _ in FILES.values()), TERRITORIES):
        digest.update((folder / name).read_bytes())
    return f"{RECOGNISER}-{digest.hexdigest()[:12]}"


def _top(folder: Path, file: str, name: str) -> dict[str, Entry]:
    return read_yaml(folder / file).mapping(needed=(name,), allowed=("faux amis",))


def _entities(type: EntityType, items: Entry) -> dict[str, Entity]:
    allowed = (*_COMMON, *_FIELDS[type])
    fields = (item.mapping(("id", "nom"), allowed) for item in items.items())
    return _by_id((_entity(type, one), one["id"]) for one in fields)


def _by_id(read: Iterable[tuple[Entity, Entry]]) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for entity, entry in read:
        if entity.id in found:
            raise entry.error(f"« {entity.id} » est déjà défini plus haut")
        found[entity.id] = entity
    return found


def _entity(type: EntityType, fields: dict[str, Entry]) -> Entity:
    def text(name: str) -> str:
        return fields[name].text() if name in fields else ""

    return Entity(
        type,
        fields["id"].slug(),
        text("nom"),
        tuple(_forms(fields)),
        acronym=text("sigle"),
        clues=tuple(texts(fields, "indices")),
        counter_clues=tuple(texts(fields, "contre-indices")),
        sort=text("genre"),
        site=text("site"),
        feminine=text("féminin"),
        inclusive=text("inclusif"),
        domain=text("domaine"),
        diploma=text("diplôme"),
    )


def _forms(fields: dict[str, Entry]) -> Iterator[Form]:
    names = [fields[name].text() for name in ("nom", "féminin") if name in fields]
    names += texts(fields, "graphies")
    acronym = fields["sigle"].text() if "sigle" in fields else ""
    names = [name for name in names if name != acronym] + [acronym] * bool(acronym)
    unsure = _unsure(fields, names)
    exact = "exact" in fields and fields["exact"].flag()
    for name in dict.fromkeys(names):
        yield Form(name, _rule(name, exact=exact or name in unsure), name in unsure)


def _unsure(fields: dict[str, Entry], names: list[str]) -> frozenset[str]:
    if "indices" in fields and "ambigu" not in fields:
        raise fields["indices"].error("des indices ne servent qu’aux noms dits ambigus")
    for item in fields["ambigu"].items() if "ambigu" in fields else ():
        if item.text() not in names:
            raise item.error(f"« {item.text()} » n’est pas un de ses noms")
    return frozenset(texts(fields, "ambigu"))


def _rule(name: str, *, exact: bool) -> Rule:
    if " " not in name and len(name) > 1 and name[:2].isupper():
        return Rule.ACRONYM
    return Rule.CAPITALS if exact else Rule.WORDS


def _check_diplomas(
    tops: Mapping[EntityType, Mapping[str, Entry]],
    entities: Mapping[EntityType, Mapping[str, Entity]],
) -> None:
    professions = tops[EntityType.PROFESSION][FILES[EntityType.PROFESSION][1]]
    for item in professions.items():
        fields = item.mapping(("id", "nom"), (*_COMMON, *_FIELDS[EntityType.PROFESSION]))
        diploma = fields.get("diplôme")
        if diploma and diploma.text() not in entities[EntityType.DIPLOMA]:
            raise diploma.error(f"diplôme inconnu : « {diploma.text()} »")


def _shared_forms(entities: Iterable[Entity]) -> Iterator[str]:
    owners: defaultdict[tuple[EntityType, str], set[str]] = defaultdict(set)
    for entity in entities:
        for form in entity.forms:
            if not form.unsure:
                owners[entity.type, form.text].add(entity.id)
    for (type, text), ids in owners.items():
        if len(ids) > 1:
            yield f"{type} : « {text} » est un nom de {' et de '.join(sorted(ids))}"
