"""What is entrusted to the browser and must come back as it was: a form typed in, a way back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

_SALT: Final = "glaneuse typed form"
_SECRETS: Final = re.compile(r"mot_de_passe|code|csrf_token|brouillon|suite")
_ODD: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: where to, and what was in its fields, secrets apart."""

    path: str
    fields: Mapping[str, tuple[str, ...]]

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it."""
        return any(any(values) for values in self.fields.values())


def typed(path: str, form: MultiDict[str, str]) -> Typed:
    """What was typed in a form that could not be received; passwords and codes are left out."""
    fields = {name: tuple(values) for name, values in form.lists() if not _SECRETS.match(name)}
    return Typed(path, fields)


def seal(secret: str, kept: Typed) -> str:
    """The same as one text that nobody can change."""
    fields = {name: list(values) for name, values in kept.fields.items()}
    sealed: str = _signer(secret).dumps([kept.path, fields])
    return sealed


def unseal(secret: str, text: str) -> Typed | None:
    """What was sealed, or None for anything else."""
    try:
        path, fields = _signer(secret).loads(text)
    except (BadData, UnicodeError):
        return None
    return Typed(path, {name: tuple(values) for name, values in fields.items()})


def local_path(text: str) -> str:
    """An address of this site, without its host; "" for anything that could lead elsewhere."""
    if not text.startswith("/") or text.startswith("//") or _ODD.search(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


def _signer(secret: str) -> Any:
    return URLSafeSerializer(secret, salt=_SALT)
