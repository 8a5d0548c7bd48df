"""Who is asking, and whether they may: each request passes here before it reaches a view.

A view says for whom it is (``open_to``, ``open_to_anyone``); one that says nothing is refused,
unless it belongs to the readers' rooms. What concerns one thing is asked again about that thing
(``require``), always through ``people.rights.may``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum
from typing import Any, Final, TypeVar

import flask_login
from flask import (
    Flask,
    Response,
    after_this_request,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from core.errors import GlaneuseError
from core.people import Person, PersonId
from core.settings import Settings
from people.rights import SOMETHING, Action, may
from people.sessions import SignedIn, resume_session
from web import context
from web.hosts import netloc

V = TypeVar("V", bound=Callable[..., Any])


class _Anyone(Enum):
    ANYONE = "anyone"


ANYONE: Final = _Anyone.ANYONE
Access = Action | _Anyone

_MARK: Final = "glaneuse_access"
_READERS: Final = "glaneuse-readers"
_COOKIE: Final = "glaneuse-cookie"
# A typed form that comes back through the sign-in page is larger than it was.
SIGN_IN_LIMIT: Final = 262_144
# Of a form whose session ended meanwhile: it is kept, packed, through the sign-in page.
OUTSIDE_LIMIT: Final = 2**20
# What some forms may weigh, in bytes; the others, what the application says.
LIMITS: Final = {
    # A vocabulary in a table: some twenty times the shipped one's.
    "vocabulary.upload": 8 * 2**20,
    # 50,000 bookmarks, with their icons.
    "reading_imports.show": 24 * 2**20,
    # A letter of hundreds of articles.
    "newsletter_desk.show": 2 * 2**20,
    # A hundred thousand addresses with what else a table has.
    "subscribers.index": 16 * 2**20,
    # An image, and what is said of it.
    "newsletter_pictures.choose": 11 * 2**20,
    "logo.choose": 11 * 2**20,
}


class Forbidden(GlaneuseError):
    """Somebody may not do this, or not on this thing."""

    def __init__(self, action: Action | None) -> None:
        super().__init__(f"not allowed: {action or 'undeclared view'}")
        self.action = action


class Visitor:
    """Somebody signed in, as Flask-Login wants them; what it keeps is the session's token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, signed_in: SignedIn | None) -> None:
        self._token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """The token."""
        return self._token


# -- what views declare ---------------------------------------------------------------------------


def open_to(action: Action) -> Callable[[V], V]:
    """This view is for who may do this on something at least."""

    def mark(view: V) -> V:
        setattr(view, _MARK, action)
        return view

    return mark


def open_to_anyone(view: V) -> V:
    """This view is for anyone, signed in or not."""
    setattr(view, _MARK, ANYONE)
    return view


def is_for_readers(endpoint: str) -> bool:
    """Whether a view belongs to the readers' rooms."""
    return endpoint.rpartition(".")[0] in context.extension(_READERS)


def access_to(app: Flask, endpoint: str) -> Access | None:
    """For whom a view is; None when it does not say, and is therefore closed."""
    if endpoint == "static" or endpoint.rpartition(".")[0] in app.extensions[_READERS]:
        return ANYONE
    access: Access | None = getattr(app.view_functions[endpoint], _MARK, None)
    return access


# -- who is asking --------------------------------------------------------------------------------


def signed_in() -> SignedIn | None:
    """Who is signed in, and through which session."""
    user = flask_login.current_user
    return user.signed_in if user and user.is_authenticated else None


def person() -> Person | None:
    """Who is asking, if signed in."""
    found = signed_in()
    return None if found is None else found.person


def here() -> SignedIn:
    """Who is signed in, in a view that nobody else reaches. Raises Forbidden."""
    found = signed_in()
    if found is None:
        raise Forbidden(None)
    return found


def me() -> PersonId:
    """Whose request it is, in a view that nobody else reaches. Raises Forbidden."""
    return here().person.id


def teammate(action: Action) -> bool:
    """On a reader's page: whether somebody of the team asks for it, who may do this.

    Without a cookie the session is not even read, so that readers' pages do not vary with one.
    """
    if context.extension(_COOKIE) not in request.cookies:
        return False
    after_this_request(_mark_no_store)
    return may(person(), action, SOMETHING)


def require(action: Action, thing: object) -> None:
    """Go on only if who is asking may do this on this very thing. Raises Forbidden."""
    if not may(person(), action, thing):
        raise Forbidden(action)


def let_in(token: str) -> None:
    """Whoever holds this browser is signed in: nothing of what it held before remains."""
    session.clear()
    flask_login.login_user(Visitor(token, None))


def let_out() -> str:
    """This browser is signed in no more; the token it held, "" when it held none."""
    token = str(session.get("_user_id", ""))
    session.clear()
    flask_login.logout_user()
    session.clear()
    return token


def exempt(app: Flask, *views: Any) -> None:
    """Have these views or blueprints check their forms by themselves (``web/open_forms.py``)."""
    for view in views:
        app.extensions["csrf"].exempt(view)


# -- each request ---------------------------------------------------------------------------------


def install(
    app: Flask,
    settings: Settings,
    *,
    readers: Collection[str],
    secret: str,
    ask_to_sign_in: Callable[[], AnyResponse],
    form_expired: Callable[[CSRFError], AnyResponse],
) -> None:
    """Have every request checked. ``readers``: the blueprints that are for anyone.

    ``ask_to_sign_in`` answers who must sign in first; ``form_expired`` who sent a form that does
    not come from a page of ours, or from one too old.
    """
    secure = settings.public_url.startswith("https://")
    app.secret_key = secret
    app.extensions[_READERS] = frozenset(readers)
    app.extensions[_COOKIE] = "__Host-glaneuse" if secure else "glaneuse"
    app.config.update(
        SESSION_COOKIE_NAME=app.extensions[_COOKIE],
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session itself
        WTF_CSRF_SSL_STRICT=False,  # some browsers send no Referer; the token is enough
    )
    _install_login(app)
    app.before_request(lambda: _check(app, ask_to_sign_in))
    CSRFProtect(app)
    app.register_error_handler(CSRFError, form_expired)
    app.after_request(_keep_nowhere)


def _install_login(app: Flask) -> None:
    manager = flask_login.LoginManager()
    manager.session_protection = None  # phones change address all day; sessions end by themselves
    manager.user_loader(_visitor)
    # Not ``init_app``: for its « remember me », which is not used here, it reads the session in
    # every answer, and so would have readers' pages vary with a cookie that they do not have.
    app.login_manager = manager  # type: ignore[attr-defined]


def _visitor(token: str) -> Visitor | None:
    found = resume_session(context.parts().store, token, context.now())
    return Visitor(token, found) if found else None


def _check(app: Flask, ask_to_sign_in: Callable[[], AnyResponse]) -> AnyResponse | None:
    if request.endpoint is None:
        return None  # an unknown address, or a method that it does not take
    access = access_to(app, request.endpoint)
    if access is ANYONE:
        if request.blueprint == "accounts":
            request.max_content_length = SIGN_IN_LIMIT
        return None
    if access is None:
        raise Forbidden(None)
    if limit := LIMITS.get(request.endpoint):
        limit = limit if person() else min(limit, OUTSIDE_LIMIT)
        request.max_content_length = request.max_form_memory_size = limit
    if may(person(), access, SOMETHING):
        return None
    if person() is None:
        return ask_to_sign_in()
    raise Forbidden(access)


def _keep_nowhere(response: Response) -> Response:
    """What is for somebody is kept in no cache."""
    if request.blueprint and request.blueprint not in context.extension(_READERS):
        return _mark_no_store(response)
    return response


def _mark_no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def is_from_here() -> bool:
    """Whether a form was sent from a page of ours, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "null")
    # A proxy may well ask us under another name than the one that readers know.
    ours = {request.host.lower(), netloc(context.parts().settings.public_url)}
    return site in {"same-origin", "none"} and (origin == "null" or netloc(origin) in ours - {""})


def back_to_sign_in() -> AnyResponse:
    """To the sign-in page, and back here afterwards."""
    wanted = request.full_path.rstrip("?") if request.query_string else request.path
    return make_response(redirect(url_for("accounts.sign_in", suite=wanted)))
