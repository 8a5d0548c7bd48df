"""A letter's desk as a browser without script sends it: every field of the page, and a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Fields(HTMLParser):
    """The fields of the forms of a page, by the form's id, and what its buttons say."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[tuple[str, str]]] = {}
        self.buttons: list[str] = []
        self._form: str = ""
        self._area: str = ""
        self._select: str = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = has.get("id", "")
        elif tag == "input" and has.get("name"):
            ticked = has.get("type") not in {"checkbox", "radio"} or "checked" in has
            if ticked:
                self._add(has["name"], has.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = has["name"], []
        elif tag == "select":
            self._select, self._text = has["name"], []
        elif tag == "option" and self._select and ("selected" in has or not self._text):
            self._text = [has.get("value", "")]
        elif tag == "button" and has.get("name") == "geste":
            self.buttons.append(has["value"])

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._add(self._area, "".join(self._text))
            self._area = ""
        elif tag == "select":
            self._add(self._select, "".join(self._text))
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(self._form, []).append((name, value))


@dataclass
class DeskPage:
    """One page of the desk, open in one browser."""

    client: FlaskClient
    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    text: str = ""

    def open(self, address: str = "") -> DeskPage:
        """Read it, as it is or again."""
        page = self.client.get(address or self.address).text
        found = _Fields()
        found.feed(page)
        self.text = page.replace("\u00a0", " ").replace("\u202f", " ")
        self.fields, self.buttons = found.fields.get("lettre", []), found.buttons
        return self

    def values(self, name: str) -> list[str]:
        """What the fields of this name hold."""
        return [value for key, value in self.fields if key == name]

    def of_entries(self, name: str) -> list[str]:
        """The same field of each entry, in order."""
        order = [one[2:] for one in self.values("ordre") if one.startswith("e:")]
        return ["".join(self.values(f"e-{id}-{name}")) for id in order]

    @property
    def entries(self) -> list[str]:
        """The ids of the entries, in order."""
        return [one[2:] for one in self.values("ordre") if one.startswith("e:")]

    @property
    def sections(self) -> list[str]:
        """The ids of the sections, in order."""
        return [one[2:] for one in self.values("ordre") if one.startswith("s:")]

    def press(
        self, gesture: str, typed: Mapping[str, str] | None = None, **headers: str
    ) -> TestResponse:
        """Type something, press a button, and read what comes."""
        answer = self.send(gesture, typed, **headers)
        assert answer.status_code == 303, answer.text[:500]
        self.open(answer.headers["Location"].partition("#")[0])
        return answer

    def send(
        self, gesture: str, typed: Mapping[str, str] | None = None, **headers: str
    ) -> TestResponse:
        """The same, without reading what comes."""
        typed = dict(typed or {})
        data: dict[str, Any] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(typed.pop(name, value))
        data |= typed | {"geste": gesture}
        return self.client.post(self.address, data=data, headers=headers)
