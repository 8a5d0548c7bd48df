"""How long a reading list of 500 items takes to open, at the desk and as students read it.

``python -m benchmarks.lists [ITEMS]``: milliseconds, the median and the worst of 20 requests.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask.testing import FlaskClient

from core.people import Role
from core.reading_lists import (
    Advice,
    Contents,
    Item,
    ItemId,
    Section,
    SectionId,
    SkillId,
    Visibility,
)
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.settings import read_settings
from curation.reading_lists import begin_list
from indexer.embedded import EmbeddedEngine
from people.accounts import invite
from people.sessions import begin_session
from store import Store
from taxonomy.vocabulary import load_vocabulary
from web.application import create_app
from web.reading_exports import FORMS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TIMES = 20


def contents(items: int) -> Contents:
    """A list as a documentalist would keep it, in ten sections."""
    made = [
        Item(
            ItemId(f"i{number}"),
            Reference(
                kind=list(ReferenceKind)[number % len(ReferenceKind)],
                title=f"Ce que l’accueil des personnes apprend à l’équipe numéro {number}",
                authors=(Author("Durand", "Anne"), Author(f"Roux-{number}", "Paul")),
                container="Revue du terrain",
                published=PartialDate(2000 + number % 26, 1 + number % 12),
                url=f"https://revue.example/articles/{number}",
                pages="12-25",
            ),
            note="À lire pour la façon dont la parole des personnes est rapportée.",
            question="Qui parle, et à la place de qui ?",
            advice=Advice.ADVISED,
            minutes=20,
            session=f"S{number % 8}",
            skills=(SkillId("dc2018-dc1"), SkillId("blocs2026-bloc-2")),
        )
        for number in range(items)
    ]
    each = -(-items // 10)
    sections = (
        Section(SectionId(f"s{n}"), f"Partie {n + 1}", "", tuple(made[n * each : (n + 1) * each]))
        for n in range(10)
    )
    return Contents("Une longue bibliographie", sections=tuple(sections))


def measure(client: FlaskClient, address: str) -> str:
    """« 120 ms, 140 at worst » for a page."""
    taken = []
    for _ in range(TIMES):
        start = perf_counter()
        answer = client.get(address)
        taken.append(1000 * (perf_counter() - start))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return f"{median(taken):6.0f} ms, {max(taken):.0f} at worst"


def main(items: int) -> None:
    """Print each figure."""
    with TemporaryDirectory() as folder:
        settings = read_settings({"GLANEUSE_CONTACT": "c@glaneuse.example"}, Path(folder))
        with Store.open(settings.database_url) as store:
            engine = EmbeddedEngine(settings.index_dir)
            app = create_app(settings, store, engine, load_vocabulary(), lambda: NOW)
            with store.begin() as tx:
                owner = invite(
                    tx, by=None, address="f@exemple.fr", name="", role=Role.TRAINER, now=NOW
                )
                one = begin_list(tx, contents(items), owner=owner.id, now=NOW)
                tx.reading_lists.set_visibility(one.id, Visibility.PUBLIC)
                token = begin_session(tx, owner, device="", now=NOW)
            client, reader = app.test_client(), app.test_client()
            with client.session_transaction() as session:
                session["_user_id"] = token
            print(f"{items} items")
            print("  desk      ", measure(client, f"/bureau/bibliographies/{one.slug}"))
            print("  public    ", measure(reader, f"/bibliographies/{one.slug}"))
            for form in FORMS:
                start = perf_counter()
                reader.get(f"/bibliographies/{one.slug}.{form}")
                print(f"  .{form:9}", f"{1000 * (perf_counter() - start):6.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
