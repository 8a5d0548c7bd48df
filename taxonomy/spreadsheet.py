"""The vocabulary as a table (CSV) that a spreadsheet reads and gives back. Pure.

One line an expression: its theme, what it is for it, the expression, an acronym's meaning, whether
it is ambiguous. What a table changes is told as edits; what it leaves out is taken away only of
the themes that it speaks of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.cells import as_text, plain
from core.errors import Unreadable
from core.model import ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.edits import FALSE_FRIEND, NONE
from taxonomy.vocabulary import Strength, Vocabulary, expression_problem

COLUMNS: Final = ("thème", "nature", "expression", "sens", "ambigu")
SYNONYM: Final = "employé pour"
LONGEST: Final = 200  # characters of an expression
_NATURES: Final = {
    "fort": Strength.STRONG,
    "moyen": Strength.MEDIUM,
    "faible": Strength.WEAK,
}
_WORDS: Final = {strength: word for word, strength in _NATURES.items()}
_ACRONYM: Final = "sigle "

Key = tuple[EditKind, ThemeId, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    theme: ThemeId
    nature: str
    expression: str
    meaning: str = ""
    ambiguous: bool = False


def rows_of(vocabulary: Vocabulary) -> Iterator[Row]:
    """Everything that speaks for a theme."""
    for term in vocabulary.terms:
        if term.theme is not None:
            yield Row(term.theme, _WORDS[term.strength], term.text)
    for friend in vocabulary.false_friends:
        yield Row(friend.theme, FALSE_FRIEND, friend.text)
    for theme, texts in vocabulary.synonyms.items():
        yield from (Row(theme, SYNONYM, text) for text in texts)
    for one in vocabulary.acronyms:
        nature = _ACRONYM + _WORDS[one.strength]
        for theme in one.themes:
            yield from (Row(theme, nature, form, one.meaning, one.ambiguous) for form in one.forms)


def write_table(vocabulary: Vocabulary) -> str:
    """The table, its lines in order of theme; semicolons, as French spreadsheets want them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = sorted(rows_of(vocabulary), key=lambda row: (row.theme, row.nature, row.expression))
    for row in rows:
        unsure = "oui" if row.ambiguous else ""
        said = map(as_text, (row.expression, row.meaning))
        writer.writerow([row.theme, row.nature, *said, unsure])
    return out.getvalue()


def read_table(text: str, vocabulary: Vocabulary) -> list[Edit]:
    """What a table changes. Raises Unreadable (line and reason, in French)."""
    wanted = {_key(row): row for row in _read(text, vocabulary)}
    held = {_key(row): row for row in rows_of(vocabulary)}
    spoken_of = {theme for _, theme, _ in wanted}
    changed = [_edit(row) for key, row in wanted.items() if held.get(key) != row]
    gone = [_removal(key) for key in held if key not in wanted and key[1] in spoken_of]
    return changed + gone


def _read(text: str, vocabulary: Vocabulary) -> Iterator[Row]:
    lines = text.lstrip("\ufeff").splitlines()
    if not lines:
        raise Unreadable("ligne 1", "le tableau est vide")
    delimiter = max(";,\t", key=lines[0].count)
    try:
        read = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable("le tableau", f"ce n’est pas du CSV ({error})") from error
    if tuple(cell.strip().lower() for cell in read[0]) != COLUMNS:
        raise Unreadable("ligne 1", f"on attend les colonnes {', '.join(COLUMNS)}")
    for number, cells in enumerate(read[1:], 2):
        if any(cell.strip() for cell in cells):
            yield _row(cells, number, vocabulary)


def _row(cells: list[str], number: int, vocabulary: Vocabulary) -> Row:
    where = f"ligne {number}"
    if len(cells) < 3:
        raise Unreadable(where, "il manque des colonnes")
    padded = [" ".join(cell.split()) for cell in [*cells, "", ""]][:5]
    theme, nature, expression, meaning, unsure = padded
    expression, meaning = plain(expression), plain(meaning)
    if theme not in vocabulary.themes:
        raise Unreadable(where, f"thème inconnu : « {theme} »")
    word = nature.removeprefix(_ACRONYM)
    if nature not in {FALSE_FRIEND, SYNONYM} and word not in _NATURES:
        raise Unreadable(where, f"nature inconnue : « {nature} »")
    if len(expression) > LONGEST or not expression:
        raise Unreadable(where, f"une expression a de 1 à {LONGEST} caractères")
    is_term = nature in _NATURES or nature == FALSE_FRIEND
    if is_term and (problem := expression_problem(expression)):
        raise Unreadable(where, problem)
    if nature.startswith(_ACRONYM) and not meaning:
        raise Unreadable(where, f"sigle sans développement : « {expression} »")
    return Row(ThemeId(theme), nature, expression, meaning, unsure.lower() == "oui")


def _key(row: Row) -> Key:
    if row.nature == SYNONYM:
        return EditKind.SYNONYM, row.theme, row.expression
    kind = EditKind.ACRONYM if row.nature.startswith(_ACRONYM) else EditKind.TERM
    return kind, row.theme, row.expression


def _edit(row: Row) -> Edit:
    kind, theme, text = _key(row)
    value: dict[str, Any]
    if kind is EditKind.SYNONYM:
        value = {"on": True}
    elif kind is EditKind.TERM:
        value = {"strength": _NATURES.get(row.nature, row.nature)}
    else:
        strength = _NATURES[row.nature.removeprefix(_ACRONYM)]
        value = {"strength": strength, "meaning": row.meaning, "ambiguous": row.ambiguous}
    return Edit(kind, theme, text, value)


def _removal(key: Key) -> Edit:
    kind, theme, text = key
    if kind is EditKind.SYNONYM:
        return Edit(kind, theme, text, {"on": False})
    value: dict[str, Any] = {"strength": NONE}
    if kind is EditKind.ACRONYM:
        value |= {"meaning": "", "ambiguous": False}
    return Edit(kind, theme, text, value)
