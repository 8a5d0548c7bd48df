"""The one form of a letter's desk: everything that was typed travels with every button.

Names of fields: those of the letter (``objet``, ``edito``, ``signature``), of a section
(``s-ID-titre``), of an entry (``e-ID-texte``); ``ordre``, once for each section and entry in
reading order; ``version``, what the page showed; ``geste``, which button; ``fin``, the last field,
without which the form did not come whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from core.model import Access
from core.newsletters import Content, Entry, EntryKind, Section
from core.text import clean, one_line
from curation.newsletter_editing import ordered

LONGEST_LINE: Final = 500
LONGEST_TEXT: Final = 10_000
LONGEST_ADDRESS: Final = 2_000
WHOLE: Final = "fin"
ACCESSES: Final = tuple(Access)

# Fields of an entry: its name in the form, in the entry, and whether it is a text of several lines.
FIELDS: Final = (
    ("titre", "title"), ("texte", "text"), ("adresse", "url"), ("source", "source"),
    ("auteur", "author"), ("acces", "access"), ("jour", "day"), ("heures", "hours"),
    ("lieu", "place"), ("alternative", "alternative"), ("credit", "credit"), ("note", "note"),
)  # fmt: skip
_TEXTS: Final = {"text", "note"}
_DAY: Final = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*")
# Which of them each kind has: what the others would say is nothing to it.
OF_KIND: Final[Mapping[EntryKind, frozenset[str]]] = {
    EntryKind.ARTICLE: frozenset(
        {"title", "text", "url", "source", "author", "access", "day", "note"}
    ),
    EntryKind.LINK: frozenset(
        {"title", "text", "url", "source", "author", "access", "day", "note"}
    ),
    EntryKind.NEWS: frozenset({"title", "text", "url", "day", "note"}),
    EntryKind.EVENT: frozenset({"title", "text", "url", "day", "hours", "place", "note"}),
    EntryKind.JOB: frozenset({"title", "text", "url", "day", "place", "note"}),
    EntryKind.TEXT: frozenset({"title", "text", "url", "note"}),
    EntryKind.IMAGE: frozenset({"title", "text", "url", "alternative", "credit", "note"}),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: the letter as it was on that page, over which version, and the button."""

    content: Content
    version: int
    gesture: str
    about: str  # which entry, section, article … the gesture is on
    wrong: tuple[str, ...] = ()  # the entries whose date could not be read: it is as before


def is_whole(form: MultiDict[str, str]) -> bool:
    """Whether the form came with its last field."""
    return WHOLE in form and version_of(form) > 0


def version_of(form: MultiDict[str, str]) -> int:
    """The version that the page showed; 0 when it does not say."""
    written = form.get("version", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def read(form: MultiDict[str, str], base: Content) -> Sent:
    """What was typed, in place of what the page showed (``base``)."""
    wrong: list[str] = []
    sections = tuple(_section(form, section, wrong) for section in base.sections)
    content = Content(
        subject=_line(form.get("objet", base.subject)),
        foreword=_text(form.get("edito", base.foreword)),
        signature=_line(form.get("signature", base.signature)),
        sections=sections,
    )
    gesture, _, about = form.get("geste", "").partition(":")
    content = ordered(content, _order(form.getlist("ordre")))
    return Sent(content, version_of(form), gesture, about, tuple(wrong))


def _section(form: MultiDict[str, str], section: Section, wrong: list[str]) -> Section:
    start = f"s-{section.id}-"
    if f"{start}titre" not in form:
        return section
    return replace(
        section,
        title=_line(form[f"{start}titre"]),
        brief=f"{start}bref" in form,
        entries=tuple(_entry(form, entry, wrong) for entry in section.entries),
    )


def _entry(form: MultiDict[str, str], entry: Entry, wrong: list[str]) -> Entry:
    values: dict[str, Any] = {}
    for name, attribute in FIELDS:
        key = f"e-{entry.id}-{name}"
        if key not in form or attribute not in OF_KIND[entry.kind]:
            continue
        try:
            values[attribute] = _value(attribute, form[key])
        except ValueError:
            wrong.append(entry.id)
    if values.get("text", entry.text) != entry.text:
        values["is_quotation"] = False  # looked at again by who has the article at hand
    return replace(entry, **values)


def _value(attribute: str, written: str) -> Any:
    """Raises ValueError for a date that is none."""
    match attribute:
        case "access":
            known = {access.value: access for access in ACCESSES}
            return known.get(written, Access.UNKNOWN)
        case "day":
            return read_day(written)
        case "url":
            return one_line(written)[:LONGEST_ADDRESS]
        case _:
            return _text(written) if attribute in _TEXTS else _line(written)


def read_day(written: str) -> date | None:
    """« 2026-12-03 » as browsers send it, « 3/12/2026 » as people type it; None for nothing.

    Raises ValueError.
    """
    if not written.strip():
        return None
    if found := _DAY.fullmatch(written):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    return date.fromisoformat(written.strip())


def _order(written: Iterable[str]) -> list[tuple[str, list[str]]]:
    """« s:a », « e:b », « e:c », « s:d » … as sections with their entries."""
    order: list[tuple[str, list[str]]] = []
    for one in written:
        kind, _, id = one.partition(":")
        if kind == "s":
            order.append((id, []))
        elif kind == "e" and order:
            order[-1][1].append(id)
    return order


def _line(written: str) -> str:
    return one_line(written)[:LONGEST_LINE]


def _text(written: str) -> str:
    return clean(written)[:LONGEST_TEXT].strip()
