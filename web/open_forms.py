"""Forms for anyone: no session, hence no cookie, hence no token tied to one.

There is nothing of a reader that another site could ride on. What remains is that others would
have readers' browsers send our forms for them, each from its own address: the browser itself says
where a form comes from (``Sec-Fetch-Site``, ``Origin``), and a form must have been read here
within a day. See docs/decisions/0006.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from people.throttle import TooMany
from web.context import entrance, now
from web.forms import FrenchForm
from web.guard import is_from_here

LASTS: Final = timedelta(days=1)
OLD: Final = (
    "Cette page était ouverte depuis longtemps. Relisez ce que vous avez écrit, puis envoyez "
    "de nouveau."
)
ELSEWHERE: Final = (
    "Votre navigateur dit que ce formulaire vient d’un autre site : il n’a pas été reçu. Relisez "
    "ce que vous avez écrit, puis envoyez de nouveau depuis cette page."
)
BUSY: Final = "Trop de demandes sont arrivées. Recommencez dans {} minute{}."


class OpenForm(FrenchForm):
    """A form that anyone may send. ``site_web`` is a trap: hidden, only programs fill it."""

    jeton = HiddenField()
    site_web = StringField("Ne remplissez pas ce champ")

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it: it is to be thanked, and forgotten."""
        return bool(self.site_web.data)

    @property
    def doubt(self) -> str:
        """Why it is not received, if it does not come from a page of ours, read lately."""
        if not is_from_here():
            return ELSEWHERE
        return "" if _is_fresh(self.jeton.data or "", now()) else OLD


def form_token() -> str:
    """What a form of this page carries, to say when it was read."""
    token: str = _signer().dumps(int(now().timestamp()))
    return token


def busy_sentence(busy: TooMany) -> str:
    """Not now, but when."""
    minutes = max(1, round(busy.wait.total_seconds() / 60))
    return BUSY.format(minutes, "s" if minutes > 1 else "")


def say_when(page: Response, busy: TooMany) -> Response:
    """The same, for programs."""
    page.headers["Retry-After"] = str(int(busy.wait.total_seconds()) + 1)
    return page


def _is_fresh(token: str, when: datetime) -> bool:
    try:
        read: Any = _signer().loads(token)
        age = when - datetime.fromtimestamp(int(read), UTC)
    except (BadData, UnicodeError, TypeError, ValueError, OverflowError):
        return False
    return timedelta() <= age + timedelta(seconds=1) and age <= LASTS


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(entrance().secret, salt=f"glaneuse form {request.endpoint}")
