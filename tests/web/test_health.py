"""How the sources are doing, as the team, the readers and a letter tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from core.model import Extracted, SourceKind, SourceStatus, Validators
from core.people import Role
from store import Store
from store.backfills import Step
from store.sources import Success
from tests.web.conftest import Library
from tests.web.team import Team, make_team
from web.health import LOW_DISK, rhythm_of, tell_troubles

DAY = timedelta(days=1)


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


def follow(
    team: Team, name: str, ages: list[int], *, failed: int = 0, refused: bool = False
) -> str:
    """A source whose articles are so many days old; its slug."""
    store: Store = team.library.store
    now = team.library.clock()
    with store.begin() as tx:
        source = tx.sources.add(
            name=name, url=f"https://{name.lower()}.example/",
            feed=f"https://{name.lower()}.example/feed", kind=SourceKind.FEED, now=now,
        )  # fmt: skip
        for age in ages:
            url = f"https://{name.lower()}.example/{age}"
            read = Extracted(url, f"Article {age}", "Un texte.", published=now - age * DAY)
            tx.articles.save(read, source_id=source.id, now=now)
        tx.sources.record_successes(
            [Success(source.id, now + DAY, Validators(), now)], now=now - failed * DAY
        )
        for day in range(failed, 0, -1):
            tx.sources.record_failure(
                source.id, now=now - day * DAY + timedelta(hours=1), next_visit=now + DAY,
                error="page introuvable (404)",
                status=SourceStatus.REFUSED if refused else SourceStatus.FAILING,
            )  # fmt: skip
    return source.slug


def test_the_team_sees_what_goes_wrong_first_and_each_week(team: Team) -> None:
    follow(team, "Vive", list(range(1, 20)))
    silent = follow(team, "Muette", list(range(40, 60)))
    follow(team, "Cassee", [1, 2, 3], failed=5)
    follow(team, "Fermee", [], failed=5, refused=True)
    editor = team.client(team.person(Role.EDITOR))
    page = editor.get("/bureau/sante").text
    assert "Rien de nouveau depuis le" in page
    assert "page introuvable (404)" in page
    assert "Refuse les robots" in page
    assert page.index("Muette") < page.index("Vive")
    assert "environ un article par jour" in page
    assert "<svg" in page
    one = editor.get(f"/bureau/sante/{silent}").text
    assert "<table" in one
    assert "Articles par semaine" in one
    assert "style=" not in one


def test_the_team_sees_how_far_the_archives_of_a_source_are_read(team: Team) -> None:
    slug = follow(team, "Ancienne", [1, 2])
    editor = team.client(team.person(Role.EDITOR))
    said = "Archives en cours de lecture, vers le 1er janvier 2026 : 84 articles en 12 pages"
    with team.library.store.begin() as tx:
        id = tx.sources.by_slug(slug).id
        tx.backfills.ask(id, datetime(2026, 1, 1, tzinfo=UTC), [Step("feed", "https://a.example/")])
        held = replace(tx.backfills.of([id])[id], pages=12, found=84)
        tx.backfills.put(held)
    for address in ("/bureau/sante", f"/bureau/sante/{slug}"):
        assert said in " ".join(unescape(editor.get(address).text).split())
    with team.library.store.begin() as tx:
        tx.backfills.put(replace(held, todo=(), done=team.library.clock()))
    assert "Archives" not in editor.get("/bureau/sante").text
    assert "Archives lues jusqu’au" in editor.get(f"/bureau/sante/{slug}").text


def test_readers_see_that_a_source_is_silent_or_refuses(team: Team) -> None:
    silent = follow(team, "Muette", list(range(40, 60)))
    follow(team, "Fermee", [], failed=5, refused=True)
    page = team.client().get("/sources").text
    assert "Rien de nouveau depuis le" in page
    assert "Refuse les robots" in page
    assert "Rien de nouveau depuis le" in team.client().get(f"/sources/{silent}").text


def test_new_troubles_are_written_once_a_day_to_who_keeps_sources(team: Team) -> None:
    now = team.library.clock()
    follow(team, "Cassee", [1, 2, 3], failed=3)
    for when, letters in ((now, 0), (now + DAY, 6), (now + DAY, 0), (now + 2.2 * DAY, 0)):
        with team.library.store.begin() as tx:
            assert tell_troubles(tx, team.settings, when) == letters
    with team.library.store.read() as tx:
        letter = tx.outbox.letter(tx.outbox.next(1, now + DAY)[0].id)
    assert "Cassee" in letter.text


def test_a_full_disk_and_uncertain_letters_are_told_once_a_day(team: Team) -> None:
    now = team.library.clock()
    with team.library.store.begin() as tx:
        assert tell_troubles(tx, team.settings, now, free=LOW_DISK) == 0
        assert tell_troubles(tx, team.settings, now, free=100 * 2**20) == 6
        assert tell_troubles(tx, team.settings, now, free=100 * 2**20) == 0
        first = tx.outbox.next(1, now)[0].id
        tx.outbox.mark_handing(first, run="r", now=now)
        tx.outbox.doubt_abandoned(run="autre", answer="coupé")
        assert tell_troubles(tx, team.settings, now + DAY, free=LOW_DISK) == 6
        letters = [tx.outbox.letter(one.id).text for one in tx.outbox.entries()]
    assert "100\u00a0Mio sur le disque" in letters[-1]
    assert "1\u00a0message dont personne ne sait s’il est parti" in letters[0]


@pytest.mark.parametrize(
    ("gap", "said"),
    [(None, "rythme inconnu"), (timedelta(hours=6), "environ 4\u00a0articles par jour"),
     (DAY, "environ un article par jour"), (3 * DAY, "environ tous les 3\u00a0jours"),
     (7 * DAY, "environ toutes les semaines"), (30 * DAY, "environ toutes les 4\u00a0semaines")],
)  # fmt: skip
def test_a_rhythm_is_said(gap: timedelta | None, said: str) -> None:
    assert rhythm_of(gap) == said
