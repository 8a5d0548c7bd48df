"""The regions, départements and towns of ``territoires.yaml``, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import EntityType
from core.text import slugify
from taxonomy.forms import Entity, Form, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taxonomy.yamlfile import Entry

_ARTICLES = ("le", "la", "l'", "les")
_ALLOWED = (
    "numéro", "article", "graphies", "adjectifs", "villes", "villes ambiguës", "ambigu",
    "contre-indices",
)  # fmt: skip


def read_territories(top: Entry) -> Iterator[tuple[Entity, Entry]]:
    """Each region, then its départements, with the entry that tells of it.

    Raises BadVocabulary.
    """
    for item in top.items():
        fields = item.mapping(needed=("nom",), allowed=(*_ALLOWED, "départements"))
        region = _territory(fields)
        yield region, fields["nom"]
        if "départements" in fields:
            for one in fields["départements"].items():
                inside = one.mapping(needed=("nom", "numéro"), allowed=_ALLOWED)
                yield _territory(inside, region.id), inside["nom"]


def _territory(fields: dict[str, Entry], region: str = "") -> Entity:
    name = fields["nom"].text()
    unsure = "ambigu" in fields and fields["ambigu"].flag()
    article = fields["article"].text() if "article" in fields else ""
    if article and article not in _ARTICLES:
        raise fields["article"].error(f"« {article} » : écrire le, la, l' ou les")
    number = fields["numéro"].text() if "numéro" in fields else ""
    if number and not _is_number(number):
        raise fields["numéro"].error(f"« {number} » n’est pas un numéro de département")
    names = [name, *texts(fields, "graphies")]
    forms = [_named_so(one, unsure=unsure and one == name) for one in names]
    forms += [Form(one, Rule.ADJECTIVE) for one in _genders(texts(fields, "adjectifs"))]
    forms += [Form(one, Rule.CITY) for one in texts(fields, "villes")]
    forms += [Form(one, Rule.UNSURE_CITY) for one in texts(fields, "villes ambiguës")]
    return Entity(
        EntityType.TERRITORY,
        slugify(name),
        name,
        tuple(forms),
        counter_clues=tuple(texts(fields, "contre-indices")),
        number=number,
        article=article,
        region=region,
    )


def _named_so(name: str, *, unsure: bool) -> Form:
    # « région parisienne » is made of common words; a name of its own keeps its capitals.
    return Form(name, Rule.PLACE if name[0].isupper() else Rule.WORDS, unsure)


def _genders(adjectives: list[str]) -> Iterator[str]:
    for one in adjectives:
        yield one
        if one.endswith("s"):  # « nantais » reads as a plural; « nantaise » would not meet it
            yield one + "e"


def texts(fields: dict[str, Entry], name: str) -> list[str]:
    """The texts of a field that is a list; none when the field is absent."""
    return [item.text() for item in fields[name].items()] if name in fields else []


def _is_number(text: str) -> bool:
    return text in ("2A", "2B") or (text.isdecimal() and len(text) in (2, 3))
