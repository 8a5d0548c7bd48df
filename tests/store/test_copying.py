"""Copies from one database to another, backups and what comes back from them."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from core.errors import Conflict, StoreFailed, Unreadable
from core.model import Announcement, Extracted, SourceKind, Tagging, ThemeId, Validators
from store import Store
from store.backup import DATABASE, MANIFEST, back_up, read_backup, restore
from store.copying import NotEmpty, copy_all, copy_bodies, counts, tables_of
from store.database import HEAD, migrate, open_engine, schema_version
from store.sources import Success
from store.tables import articles, changes, metadata

NOW = datetime(2026, 11, 25, 9, 30, 15, 123456, tzinfo=UTC)


def fill(store: Store, count: int = 12) -> None:
    """Articles with everything, one of them gone: its key must not be given again."""
    with store.begin() as tx:
        source = tx.sources.add(
            name="Le Carnet « du lien »",
            url="https://carnet.example/",
            feed="https://carnet.example/feed",
            kind=SourceKind.FEED,
            now=NOW,
        )
        for number in range(count):
            article = Extracted(
                f"https://carnet.example/é{number}",
                f"Titre {number} — l’œuvre",
                "Paragraphe.\n\nAutre 😀.",
                published=NOW - timedelta(hours=number),
            )
            id, _ = tx.articles.save(article, source_id=source.id, now=NOW)
            tx.articles.save_taggings([(id, [Tagging(ThemeId("numerique"), 1 / 3)])], tagger="t")
        tx.sources.add(
            name="Rien", url="https://r.example/", feed="", kind=SourceKind.IMPORT, now=NOW
        )
        after = {"name": "« Après »", "n": 1.5, "liste": [None, True]}
        tx.audit.record(None, "rename", "source", "carnet", {"name": "Avant"}, after, now=NOW)
    engine = store._engine
    with engine.begin() as connection:
        connection.execute(changes.delete())


def wait_for_a_reader(store: Store) -> None:
    """A page fetched and not yet read, its source known not to have changed."""
    body = store.bodies.put(b"<p>page</p>", NOW)
    with store.begin() as tx:
        source = tx.sources.all()[0]
        tx.pages.add(
            source_id=source.id,
            url="https://carnet.example/p",
            final_url="https://carnet.example/p",
            fetched=NOW,
            content_type="text/html",
            body=body,
            announcement=Announcement("https://carnet.example/p"),
        )
        seen = Success(source.id, NOW, Validators("etag", "hier"), NOW)
        tx.sources.record_successes([seen], now=NOW)


@pytest.fixture
def other_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of the other kind."""
    if database_url.startswith("sqlite"):
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{tmp_path}/other.sqlite"


@pytest.fixture
def opened() -> Iterator[Callable[[str], sqlalchemy.Engine]]:
    """Open engines that are closed at the end."""
    engines: list[sqlalchemy.Engine] = []

    def opened(url: str) -> sqlalchemy.Engine:
        engines.append(open_engine(url))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.dispose()


Opened = Callable[[str], sqlalchemy.Engine]


def test_a_copy_is_the_same_and_gives_no_key_again(
    store: Store, database_url: str, other_url: str, opened: Opened
) -> None:
    fill(store)
    source, target = opened(database_url), opened(other_url)
    migrate(target)
    seen: list[tuple[int, int]] = []
    copied = copy_all(source, target, progress=lambda done, total: seen.append((done, total)))
    assert copied.rows["articles"] == 12
    assert copied.total == sum(counts(source).values())
    assert seen[-1][0] == seen[-1][1] == 2 * copied.total
    with source.connect() as old, target.connect() as new:
        for table in metadata.sorted_tables:
            query = sqlalchemy.select(table)
            rows = {tuple(map(str, row)) for row in old.execute(query)}
            assert {tuple(map(str, row)) for row in new.execute(query)} == rows
    with Store.open(other_url) as copy, copy.begin() as tx:
        found = tx.articles.recent(limit=1)[0]
        assert found.title == "Titre 0 — l’œuvre"
        assert found.published == NOW
        assert found.taggings[0].score == 1 / 3
        with store.begin() as old_tx:
            mark = [_next_change(one) for one in (old_tx, tx)]
    assert mark[0] == mark[1]


def _next_change(tx: object) -> int:
    connection = tx.articles._connection  # type: ignore[attr-defined]
    key = connection.execute(changes.insert(), {"article_id": 1}).inserted_primary_key
    return int(key[0])


def test_a_database_that_holds_something_receives_nothing(
    store: Store, database_url: str, other_url: str, opened: Opened
) -> None:
    fill(store)
    with Store.open(other_url) as other:
        fill(other, 1)
    with pytest.raises(NotEmpty):
        copy_all(opened(database_url), opened(other_url))


def test_a_row_that_cannot_be_copied_is_named_and_nothing_stays(
    postgresql_url: str, tmp_path: Path, opened: Opened
) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    with Store.open(url) as store:
        fill(store)
    source, target = opened(url), opened(postgresql_url)
    with source.begin() as connection:  # which PostgreSQL refuses
        connection.execute(articles.update().where(articles.c.id == 7).values(title="a\0b"))
    migrate(target)
    with pytest.raises(StoreFailed, match="table articles, lignes 1 … 12"):
        copy_all(source, target)
    assert set(counts(target).values()) == {0}


def test_raw_pages_are_copied_apart(tmp_path: Path, postgresql_url: str, opened: Opened) -> None:
    bodies_url = f"sqlite:///{tmp_path}/pages.sqlite"
    with Store.open(f"sqlite:///{tmp_path}/store.sqlite", bodies_url) as store:
        key = store.bodies.put(b"<p>page</p>", NOW)
    with Store.open(postgresql_url) as target:
        copied = copy_bodies(opened(bodies_url), opened(postgresql_url))
        assert copied.rows == {"page_bodies": 1}
        assert target.bodies.get([key]) == {key: b"<p>page</p>"}


def test_a_backup_comes_back_elsewhere(
    store: Store, database_url: str, other_url: str, tmp_path: Path, opened: Opened
) -> None:
    fill(store)
    wait_for_a_reader(store)
    key = tmp_path / "secret"
    key.write_text("s")
    made = back_up(
        opened(database_url), tmp_path / "b", program="1", now=NOW, besides={"secret.key": key}
    )
    folder = tmp_path / "b"
    assert made == read_backup(folder)
    assert {file.name for file in folder.iterdir()} == {DATABASE, MANIFEST, "secret.key"}
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}
    assert (made.schema, made.rows["articles"], made.rows["pages"]) == (HEAD, 12, 1)
    restore(folder, other_url)
    with Store.open(other_url) as copy, copy.read() as tx:
        assert tx.articles.count(off_field=True) == 12
        # Its raw page was elsewhere: the source is asked again for all that it announces.
        assert tx.pages.count_waiting() == 0
        assert tx.sources.all()[0].validators == Validators()
    with pytest.raises(NotEmpty):
        restore(folder, other_url)
    with pytest.raises(Conflict):
        back_up(opened(database_url), folder, program="1", now=NOW, besides={})


def test_a_backup_shows_one_moment_while_others_write(
    store: Store, database_url: str, tmp_path: Path, opened: Opened
) -> None:
    """Each article is written with its tagging: a backup never has one without the other."""
    fill(store, 2)
    stop = threading.Event()

    def write() -> None:
        number = 0
        with Store.open(database_url) as other:
            while not stop.is_set():
                number += 1
                with other.begin() as tx:
                    article = Extracted(f"https://n.example/{number}", "Titre", "Texte.")
                    source = tx.sources.all()[0].id
                    id, _ = tx.articles.save(article, source_id=source, now=NOW)
                    given = [Tagging(ThemeId("numerique"), 1.0)]
                    tx.articles.save_taggings([(id, given)], tagger="t")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [
            back_up(opened(database_url), tmp_path / f"b{n}", program="1", now=NOW, besides={})
            for n in range(4)
        ]
    finally:
        stop.set()
        writer.join()
    for manifest in made:
        assert manifest.rows["articles"] == manifest.rows["taggings"]
    assert made[-1].rows["articles"] > made[0].rows["articles"] >= 2


@pytest.mark.parametrize("harm", ["byte", "manifest", "file", "future"])
def test_a_damaged_backup_is_refused(harm: str, tmp_path: Path, opened: Opened) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    with Store.open(url) as store:
        fill(store)
    folder = tmp_path / "b"
    back_up(opened(url), folder, program="1", now=NOW, besides={})
    match harm:
        case "byte":
            content = bytearray((folder / DATABASE).read_bytes())
            content[len(content) // 2] ^= 1
            (folder / DATABASE).write_bytes(content)
        case "manifest":
            (folder / MANIFEST).write_text("{")
        case "file":
            (folder / DATABASE).unlink()
        case "future":
            text = json.loads((folder / MANIFEST).read_text()) | {"schema": "9999"}
            (folder / MANIFEST).write_text(json.dumps(text))
    with pytest.raises(Unreadable):
        restore(folder, f"sqlite:///{tmp_path}/new.sqlite")
    assert not (tmp_path / "new.sqlite").exists() or not _tables(tmp_path / "new.sqlite")


def _tables(file: Path) -> list[object]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_backup_that_was_cut_leaves_no_folder(
    store: Store, database_url: str, tmp_path: Path, opened: Opened
) -> None:
    fill(store)
    missing = {"glaneuse.toml": tmp_path / "no such file"}
    with pytest.raises(StoreFailed):
        back_up(opened(database_url), tmp_path / "b", program="1", now=NOW, besides=missing)
    assert not (tmp_path / "b").exists()
    back_up(opened(database_url), tmp_path / "b", program="1", now=NOW, besides={})


@pytest.mark.parametrize("to_sqlite", [False, True])
def test_an_earlier_schema_is_backed_up_and_comes_back_in_today_s(
    to_sqlite: bool, postgresql_url: str, tmp_path: Path, opened: Opened
) -> None:
    urls = [f"sqlite:///{tmp_path}/bare.sqlite", postgresql_url]
    url, other_url = reversed(urls) if to_sqlite else urls
    engine = opened(url)
    migrate(engine, to="0001")
    names = {table.name for table in tables_of(engine)}
    assert "articles" in names
    assert "people" not in names
    with engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(
                "INSERT INTO sources (slug, name, url, feed, kind, status, etag, last_modified,"
                " added, errors_in_a_row, last_error, removed)"
                " VALUES ('s', 'S', 'https://s.example/', 'https://s.example/f', 'feed', 'new',"
                " '', '', '2026-11-25 09:00:00.000000', 0, '', false)"
            )
        )
    made = back_up(engine, tmp_path / "b", program="0", now=NOW, besides={})
    assert made.schema == "0001"
    restore(tmp_path / "b", other_url)
    with Store.open(other_url) as store, store.read() as tx:
        assert schema_version(opened(other_url)) == HEAD
        assert [source.slug for source in tx.sources.all()] == ["s"]
