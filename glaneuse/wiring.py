"""Settings → objects: the only place that chooses the database, the engine and the tagger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import AlreadyRunning
from core.settings import Settings, completed, read_settings

if TYPE_CHECKING:
    from indexer.engine import SearchEngine
    from indexer.french import French
    from mail.transport import Transport
    from store import Store
    from taxonomy.describing import Describer
    from taxonomy.tagger import Tagger
    from taxonomy.vocabulary import Vocabulary


def settings_from(data_dir: Path | None) -> Settings:
    """The settings of this installation. Raises BadSettings."""
    return read_settings(os.environ, data_dir)


def as_said(settings: Settings, store: Store) -> Settings:
    """The settings, completed by what an admin said in the browser."""
    with store.read() as tx:
        return completed(settings, tx.said_settings.all())


def open_store(settings: Settings) -> Store:
    """The store, its schema brought up to date. Raises StoreFailed."""
    from store import Store

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Store.open(settings.database_url, settings.bodies_url)


def open_engine(settings: Settings, *, writing: bool = False) -> SearchEngine:
    """The search engine: Meilisearch when its address is set, else the embedded one."""
    if settings.meilisearch_url:
        from indexer.meili import MeiliEngine

        key = settings.meilisearch_key
        if not writing and settings.meilisearch_search_key:
            key = settings.meilisearch_search_key
        url, name = settings.meilisearch_url, settings.meilisearch_index
        return MeiliEngine(url, key, name, french=open_french(settings))
    from indexer.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.index_dir, open_french(settings))


@contextmanager
def scratch_engine(settings: Settings) -> Iterator[SearchEngine]:
    """An index of its own on the Meilisearch server, dropped at the end."""
    from indexer.meili import MeiliEngine

    name = f"{settings.meilisearch_index}-scratch-{os.urandom(8).hex()}"
    url, key = settings.meilisearch_url, settings.meilisearch_key
    engine = MeiliEngine(url, key, name, timeout=60, french=open_french(settings))
    try:
        yield engine
    finally:
        engine.drop()


def open_french(settings: Settings) -> French:
    """The analysis of French with the field's words; its tables are made once, in the data folder.

    Raises BadVocabulary.
    """
    from indexer.forms import Tables
    from indexer.french import VERSION, French
    from indexer.lexicon import Acronym, Lexicon
    from taxonomy import morphology, senses
    from taxonomy.vocabulary import load_vocabulary

    tables = Tables(settings.data_dir / "french", f"{VERSION}-{morphology.version()}")
    if not tables.are_made:
        tables.make(morphology.lemmas())
    vocabulary = load_vocabulary()
    acronyms = (Acronym(one.forms, one.meaning, one.ambiguous) for one in vocabulary.acronyms)
    compounds = morphology.compounds(vocabulary)
    return French(
        Lexicon(
            tables.forms,
            compounds,
            tuple(acronyms),
            morphology.ORDINARY,
            tables.has_word,
            senses.load_senses,
            senses.version(),
        )
    )


def vocabulary_of(store: Store) -> Vocabulary:
    """The vocabulary of this installation: as shipped, and as edited here. Raises BadVocabulary."""
    from taxonomy.edits import edited
    from taxonomy.vocabulary import load_vocabulary

    with store.read() as tx:
        return edited(load_vocabulary(), tx.vocabulary_edits.edits())


def vocabulary_here(settings: Settings) -> Vocabulary:
    """The vocabulary of this installation when there is one, else as shipped.

    For commands that need no database, and make none. Raises BadVocabulary, StoreFailed.
    """
    from store import Store
    from taxonomy.vocabulary import load_vocabulary

    if not Store.is_at(settings.database_url):
        return load_vocabulary()
    with open_store(settings) as store:
        return vocabulary_of(store)


def open_tagger(settings: Settings, vocabulary: Vocabulary | None = None) -> Tagger:
    """The tagger, with the shipped vocabulary when given none; takes seconds to load.

    It judges by what `glaneuse learn` made here, else by the shipped model. Raises BadVocabulary,
    Unreadable.
    """
    from taxonomy.model import load_model
    from taxonomy.tagger import Tagger
    from taxonomy.vocabulary import load_vocabulary

    own = settings.model_file
    model = load_model(own) if own.exists() else load_model()
    return Tagger(vocabulary or load_vocabulary(), model)


def open_describer() -> Describer:
    """What gives kinds and names, with the shipped files. Raises BadVocabulary."""
    from taxonomy.describing import Describer
    from taxonomy.genres import load_genres
    from taxonomy.lexicon import load_lexicon

    return Describer(load_lexicon(), load_genres())


def open_rarity() -> dict[str, float]:
    """How rare the field's words are. Raises BadVocabulary, Unreadable."""
    from taxonomy.lexicon import load_lexicon
    from taxonomy.model import load_model
    from taxonomy.rarity import rarity

    return rarity(load_model(), load_lexicon())


def open_transport(settings: Settings) -> Transport:
    """The way to the mail server. Raises MailUnavailable when none is set, BadSettings."""
    from mail.message import sender_from
    from mail.transport import Transport, read_server

    server = read_server(settings.smtp_url)
    return Transport(server, sender_from(settings).host)


# What a process may hold a folder for.
WORKS = ("run", "collect", "tag", "stories", "learn", "letters", "mail")


@contextmanager
def alone_for_all(settings: Settings) -> Iterator[None]:
    """No other process works on this data folder. Raises AlreadyRunning."""
    with ExitStack() as stack:
        for work in WORKS:
            stack.enter_context(alone(settings, work))
        yield


@contextmanager
def alone(settings: Settings, work: str) -> Iterator[None]:
    """Only one process at a time does ``work`` on this data folder. Raises AlreadyRunning."""
    from filelock import FileLock, Timeout

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.data_dir / f"{work}.lock", timeout=0):
            yield
    except Timeout as error:
        raise AlreadyRunning(work) from error
