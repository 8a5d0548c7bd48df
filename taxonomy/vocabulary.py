"""The vocabulary files, read and checked. Knows nothing of spaCy: readers' pages use it too."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BadVocabulary
from core.model import Family, Theme, ThemeId
from taxonomy import french
from taxonomy.yamlfile import Entry, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Part of every tagger's version: raise it when matching or weighing changes.
MATCHER = "1"
FOLDER = Path(__file__).parent
GAP = "…"
SYNONYMS = "employé pour"
_EMPTY = frozenset(["de", "a"])  # what « du », « des », « dés », « aux » are read as


class Strength(StrEnum):
    """How much a term says about its theme, in the words of the file."""

    STRONG = "forts"
    MEDIUM = "moyens"
    WEAK = "faibles"


@dataclass(frozen=True, slots=True)
class Term:
    """An expression that speaks for a theme; ``theme`` None speaks for « out of the field »."""

    text: str
    theme: ThemeId | None
    strength: Strength


@dataclass(frozen=True, slots=True)
class FalseFriend:
    """An expression that holds a theme's words in another sense."""

    text: str
    theme: ThemeId


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym with one of its meanings; ambiguous ones count only with a second clue."""

    forms: tuple[str, ...]
    meaning: str
    themes: tuple[ThemeId, ...]
    strength: Strength
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The themes and what speaks for them."""

    families: tuple[Family, ...]
    themes: Mapping[ThemeId, Theme]
    related: Mapping[ThemeId, tuple[ThemeId, ...]]
    prevailing: Mapping[ThemeId, tuple[ThemeId, ...]]  # a theme, and wider ones it stands for
    terms: tuple[Term, ...]
    false_friends: tuple[FalseFriend, ...]
    acronyms: tuple[Acronym, ...]
    version: str
    warnings: tuple[str, ...] = ()
    # Names that readers may know a theme by (« employé pour »); themes that others stand for.
    synonyms: Mapping[ThemeId, tuple[str, ...]] = field(default_factory=dict)
    moved: Mapping[ThemeId, ThemeId] = field(default_factory=dict)

    def of_family(self, family: Family) -> tuple[Theme, ...]:
        """Its themes, in their order."""
        return tuple(one for one in self.themes.values() if one.family == family.id)


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """The vocabulary of the folder ``path`` (ours by default): themes.yaml and acronyms.yaml.

    Raises BadVocabulary (file, line, field) when a file cannot be used.
    """
    folder = path or FOLDER
    top = read_yaml(folder / "themes.yaml").mapping(
        needed=("familles", "thèmes"), allowed=("hors champ",)
    )
    families = tuple(_families(top["familles"]))
    entries = [_theme_fields(entry) for entry in top["thèmes"].items()]
    themes = _themes(entries, {family.id for family in families})
    terms = [term for fields in entries for term in _terms(fields, ThemeId(fields["id"].text()))]
    if "hors champ" in top:
        terms += _terms(top["hors champ"].mapping(allowed=tuple(Strength)), None)
    return Vocabulary(
        families=families,
        themes=themes,
        related={ThemeId(f["id"].text()): tuple(_ids(f, "voir aussi", themes)) for f in entries},
        prevailing={ThemeId(f["id"].text()): tuple(_ids(f, "prime sur", themes)) for f in entries},
        terms=tuple(terms),
        false_friends=tuple(_false_friends(entries)),
        acronyms=tuple(_acronyms(folder / "acronyms.yaml", themes)),
        version=_version(folder),
        warnings=tuple(_shared_strong_terms(terms)),
        synonyms={ThemeId(f["id"].text()): _synonyms(f) for f in entries if SYNONYMS in f},
    )


def _version(folder: Path) -> str:
    digest = hashlib.sha256(MATCHER.encode())
    for name in ("themes.yaml", "acronyms.yaml"):
        digest.update((folder / name).read_bytes())
    return f"{MATCHER}-{digest.hexdigest()[:12]}"


def _families(entry: Entry) -> Iterator[Family]:
    seen: set[str] = set()
    for item in entry.items():
        fields = item.mapping(needed=("id", "libellé"))
        name = fields["id"].slug()
        if name in seen:
            raise fields["id"].error(f"« {name} » est déjà défini plus haut")
        seen.add(name)
        yield Family(name, fields["libellé"].text())


def _theme_fields(entry: Entry) -> dict[str, Entry]:
    return entry.mapping(
        needed=("id", "libellé", "famille"),
        allowed=("note", SYNONYMS, *Strength, "faux amis", "prime sur", "voir aussi"),
    )


def _themes(entries: Iterable[dict[str, Entry]], families: set[str]) -> dict[ThemeId, Theme]:
    themes: dict[ThemeId, Theme] = {}
    for fields in entries:
        name = ThemeId(fields["id"].slug())
        if name in themes:
            raise fields["id"].error(f"« {name} » est déjà défini plus haut")
        family = fields["famille"].text()
        if family not in families:
            raise fields["famille"].error(f"famille inconnue : « {family} »")
        note = fields["note"].text() if "note" in fields else ""
        themes[name] = Theme(name, fields["libellé"].text(), family, note)
    return themes


def _terms(fields: dict[str, Entry], theme: ThemeId | None) -> Iterator[Term]:
    for strength in Strength:
        if strength in fields:
            for item in fields[strength].items():
                yield Term(_expression(item), theme, strength)


def _expression(item: Entry) -> str:
    text = item.text()
    if problem := expression_problem(text):
        raise item.error(problem)
    return text


def expression_problem(text: str) -> str:
    """Why this is no expression to look for, in French; "" when it is one."""
    parts = text.split(GAP)
    if len(parts) > 2 or not all(part.strip() for part in parts):
        return "« … » se met une seule fois, entre deux expressions"
    if not all(set(french.keys(part)) - _EMPTY for part in parts):
        return f"« {text} » : aucun mot à chercher"
    return ""


def _synonyms(fields: dict[str, Entry]) -> tuple[str, ...]:
    return tuple(item.text() for item in fields[SYNONYMS].items())


def _false_friends(entries: Iterable[dict[str, Entry]]) -> Iterator[FalseFriend]:
    for fields in entries:
        if "faux amis" in fields:
            for item in fields["faux amis"].items():
                yield FalseFriend(_expression(item), ThemeId(fields["id"].text()))


def _ids(fields: dict[str, Entry], name: str, themes: Mapping[ThemeId, Theme]) -> Iterator[ThemeId]:
    if name not in fields:
        return
    for item in fields[name].items():
        if (theme := ThemeId(item.text())) not in themes:
            raise item.error(f"thème inconnu : « {theme} »")
        yield theme


def _acronyms(path: Path, themes: Mapping[ThemeId, Theme]) -> Iterator[Acronym]:
    items = [
        item.mapping(needed=("sigle", "sens", "thèmes"), allowed=("graphies", "force", "ambigu"))
        for item in read_yaml(path).mapping(needed=("sigles",))["sigles"].items()
    ]
    names = [fields["sigle"].text() for fields in items]
    for name, fields in zip(names, items, strict=True):
        others = [i.text() for i in fields["graphies"].items()] if "graphies" in fields else []
        declared = fields["ambigu"].flag() if "ambigu" in fields else False
        yield Acronym(
            forms=(name, *others),
            meaning=fields["sens"].text(),
            themes=tuple(_ids(fields, "thèmes", themes)),
            strength=_strength(fields),
            ambiguous=declared or names.count(name) > 1,
        )


_STRENGTHS = {"fort": Strength.STRONG, "moyen": Strength.MEDIUM, "faible": Strength.WEAK}


def _strength(fields: dict[str, Entry]) -> Strength:
    if "force" not in fields:
        return Strength.STRONG
    value = fields["force"].text()
    if value not in _STRENGTHS:
        raise fields["force"].error(f"« {value} » : écrire fort, moyen ou faible")
    return _STRENGTHS[value]


def _shared_strong_terms(terms: Iterable[Term]) -> Iterator[str]:
    owners: dict[str, ThemeId] = {}
    for term in terms:
        if term.strength is Strength.STRONG and term.theme is not None:
            owner = owners.setdefault(term.text, term.theme)
            if owner != term.theme:
                yield f"« {term.text} » est un terme fort de {owner} et de {term.theme}"


__all__ = [
    "Acronym", "BadVocabulary", "FalseFriend", "Strength", "Term", "Vocabulary", "load_vocabulary",
]  # fmt: skip
