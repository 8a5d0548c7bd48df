"""YAML read with its line numbers, so that an editor's slip is named where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from core.errors import BadVocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the file, with the field that holds it."""

    file: str
    field: str
    node: yaml.Node

    def error(self, reason: str) -> BadVocabulary:
        """The error to raise about this value."""
        return BadVocabulary(self.file, self.node.start_mark.line + 1, self.field, reason)

    def mapping(
        self, needed: tuple[str, ...] = (), allowed: tuple[str, ...] = ()
    ) -> dict[str, Entry]:
        """The fields of a mapping; raises BadVocabulary for one missing, unknown or double."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"on attend des champs ({', '.join(needed or allowed)})")
        fields: dict[str, Entry] = {}
        for key, value in self.node.value:
            name = Entry(self.file, self.field, key).text()
            entry = Entry(self.file, name, value)
            if name not in needed and name not in allowed:
                raise Entry(self.file, name, key).error("champ inconnu")
            if name in fields:
                raise Entry(self.file, name, key).error("champ écrit deux fois")
            fields[name] = entry
        for name in needed:
            if name not in fields:
                raise BadVocabulary(self.file, self.node.start_mark.line + 1, name, "champ absent")
        return fields

    def items(self) -> Iterator[Entry]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("on attend une liste, un tiret par ligne")
        for node in self.node.value:
            yield Entry(self.file, self.field, node)

    def text(self) -> str:
        """The words of a value, never empty."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.error("on attend du texte")
        return " ".join(self.node.value.split())

    def slug(self) -> str:
        """An identifier: lower-case letters, digits and hyphens."""
        text = self.text()
        if not _SLUG.fullmatch(text):
            raise self.error(f"« {text} » : un identifiant s’écrit en minuscules et tirets")
        return text

    def flag(self) -> bool:
        """« oui » or « non »."""
        text = self.text().lower()
        if text not in ("oui", "non"):
            raise self.error(f"« {text} » : écrire oui ou non")
        return text == "oui"


def read_yaml(path: Path) -> Entry:
    """The whole file; raises BadVocabulary when it is absent, not text or not YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError as error:
        raise BadVocabulary(path.name, 0, "", error.strerror or "illisible") from error
    except UnicodeDecodeError as error:
        raise BadVocabulary(path.name, 0, "", "le fichier n’est pas en UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise BadVocabulary(path.name, line, "", getattr(error, "problem", str(error))) from error
    if node is None:
        raise BadVocabulary(path.name, 0, "", "le fichier est vide")
    return Entry(path.name, "", node)
