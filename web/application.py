"""The web application, made of what it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final

from flask import Flask, url_for
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter

from core.clock import Clock
from core.settings import Settings
from indexer.engine import SearchEngine
from people.passwords import Passwords
from store import Store
from taxonomy.genres import Genres, load_genres
from taxonomy.lexicon import Lexicon, load_lexicon
from taxonomy.vocabulary import Vocabulary
from web import (
    about,
    accounts,
    administration,
    api,
    articles,
    bibliographies,
    contact,
    context,
    copies,
    corrections,
    desks,
    dossiers,
    errors,
    feeds,
    guard,
    headers,
    health,
    holdings,
    home,
    hosts,
    installation,
    kinds,
    legal,
    logo,
    metrics,
    names,
    news,
    newsletter_basket,
    newsletter_desk,
    newsletter_pictures,
    newsletter_sending,
    newsletters,
    own_account,
    pace,
    proposals,
    reading_exports,
    reading_imports,
    reading_items,
    reading_lists,
    reading_shares,
    readings,
    reliability,
    requests_log,
    rises,
    search,
    shelving,
    skills,
    sources,
    stories,
    story_desk,
    subscribers,
    subscriptions,
    themes,
    typography,
    vocabulary_desk,
    watching,
    weeks,
)
from web.entrance import open_entrance
from web.memory import Memory
from web.site import Site
from web.trials import Laboratory, Trial
from web.words import Words

ROOMS: Final = (
    home, news, search, themes, sources, articles, weeks, feeds, about, legal, reliability, api,
    metrics, names, kinds, rises, stories, bibliographies, newsletters,
)  # fmt: skip
# Rooms of the team: each view in them says for whom it is.
TEAM: Final = (
    accounts, desks, own_account, administration, watching, corrections, copies, story_desk,
    holdings, vocabulary_desk, proposals, health, reading_lists, reading_items, reading_shares,
    reading_exports, reading_imports, shelving, dossiers, skills,
    newsletter_desk, newsletter_sending, newsletter_pictures, newsletter_basket, subscribers,
    installation, logo,
)  # fmt: skip
# Forms for anyone, without cookie: kept in no cache, checked by web/open_forms.py.
OPEN: Final = (subscriptions, contact)
STATIC = Path(__file__).parent / "static"
A_YEAR = timedelta(days=365)


class SlugConverter(BaseConverter):
    """A name in an address, as ``core.text.slugify`` makes them."""

    regex = "[a-z0-9][a-z0-9-]{0,199}"


def create_app(
    settings: Settings,
    store: Store,
    engine: SearchEngine,
    vocabulary: Vocabulary,
    clock: Clock,
    *,
    passwords: Passwords | None = None,
    lexicon: Lexicon | None = None,
    genres: Genres | None = None,
    trial: Trial | None = None,
    private_until_complete: bool = False,
) -> Flask:
    """The front end that reads this store and asks this engine.

    Readers change nothing; the team does, behind the entrance. ``passwords``: how they are
    hashed, when not as usual; ``lexicon`` and ``genres``: what is named and the kinds of text, as
    shipped unless given; ``trial``: how edits of the vocabulary are tried, likewise;
    ``private_until_complete``: whether readers wait for the legal notice to be complete.
    Raises BadSettings for a weak SECRET_KEY, BadVocabulary.
    """
    app = Flask("web", root_path=str(STATIC.parent))
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=A_YEAR, MAX_CONTENT_LENGTH=65_536)
    app.extensions[context.KEY] = context.Parts(
        Site(store, settings, clock),
        store,
        engine,
        Words(store, vocabulary, clock),
        clock,
        Memory(clock),
        lexicon or load_lexicon(),
        genres or load_genres(),
    )
    entrance = open_entrance(settings, store, passwords or Passwords())
    app.extensions[context.ENTRANCE] = entrance
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.converters["slug"] = SlugConverter
    _prepare_templates(app)
    errors.install(app)
    headers.install(app)
    hosts.install(app, settings)
    guard.install(
        app,
        settings,
        readers={room.bp.name for room in ROOMS},
        secret=entrance.secret,
        ask_to_sign_in=accounts.ask_to_sign_in,
        form_expired=accounts.form_expired,
    )
    installation.install(app, private_until_complete=private_until_complete)
    desks.install(app)
    corrections.install(app)
    copies.install(app)
    story_desk.install(app)
    newsletter_basket.install(app)
    vocabulary_desk.install(app, trial or Laboratory(model=settings.model_file))
    readings.install(app)
    reading_exports.install(app)
    reading_imports.install(app)
    shelving.install(app)
    legal.install(app)
    metrics.install(app, store, clock)
    requests_log.install(app)
    pace.install(app, settings.request_rate, monotonic)
    subscriptions.install(app)
    for room in (*ROOMS, *TEAM, *OPEN):
        app.register_blueprint(room.bp)
    guard.exempt(app, subscriptions.bp, contact.show)
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined  # a misspelt name is an error, not a blank
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    typography.install(app)
    versions = {path.name: _version(path) for path in STATIC.iterdir()}

    def asset(name: str) -> str:
        """The address of a file of ours; it changes with the file."""
        return url_for("static", filename=name, v=versions[name])

    app.jinja_env.globals |= {"asset": asset, "url_for": _remembering(app)}


def _remembering(app: Flask) -> Callable[..., str]:
    """``url_for`` for templates: a page has a hundred addresses, most of them those of the last.

    They begin with a slash and depend on nothing of the request.
    """

    @lru_cache(maxsize=8192)
    def address(endpoint: str, **values: Any) -> str:
        return app.url_map.bind("").build(endpoint, values)

    def remembered(endpoint: str, **values: Any) -> str:
        return (url_for if "_anchor" in values else address)(endpoint, **values)

    return remembered


def _version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]
