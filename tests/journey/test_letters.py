"""Letters, personal data and retention, by the commands that anybody would type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.clock import now
from core.newsletters import Content, Entry, EntryKind, Section
from core.subscriptions import NEWSLETTER, Contact, RequestKind, Rhythm, Subject, SubjectKind
from glaneuse.schedule import JOBS
from people.subscriptions import agree
from tests.journey.conftest import Glaneuse, glaneuse_on
from tests.parts import Parts
from web.server import free_port

WHO = "camille@exemple.fr"
ARTICLES = "\n".join(
    json.dumps(one)
    for one in (
        {"url": "https://carnet.example/1", "title": "Expulsions locatives : que peut le FSL ?",
         "text": "Le fonds de solidarité pour le logement et l'expulsion locative. " * 40},
        {"url": "https://carnet.example/2", "title": "RSA et logement social, un an après",
         "text": "Le revenu de solidarité active, le RSA, et le logement social. " * 40},
    )
)  # fmt: skip


class Inbox:
    """Everybody's inbox, on loopback."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 2.0.0 Ok"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """An inbox, and the port of the server before it."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port("127.0.0.1", 0))
    controller.start()
    yield inbox, controller.port
    controller.stop()


@pytest.fixture
def site(parts: Parts, tmp_path: Path, inbox: tuple[Inbox, int]) -> Glaneuse:
    """The command line on a folder whose mail goes to the inbox, with somebody who follows."""
    made = glaneuse_on(parts, tmp_path / "data")
    settings = {
        "GLANEUSE_SMTP_URL": f"smtp://127.0.0.1:{inbox[1]}",
        "GLANEUSE_MAIL_FROM": "lettre@glaneuse.example",
        "GLANEUSE_PUBLIC_URL": "https://glaneuse.example",
        "GLANEUSE_MAIL_RATE": "1000",
    }
    site = replace(made, environment={**made.environment, **settings})
    site("init")
    _follow(site)
    return site


def _follow(site: Glaneuse) -> None:
    """Two subscriptions, begun three days ago."""
    begun = now() - timedelta(days=3)
    with site.store() as store, store.begin() as tx:
        for subject in (
            Subject(SubjectKind.THEME, "logement"),
            Subject(SubjectKind.SEARCH, "q=rsa"),
        ):
            tx.subscriptions.ask(
                WHO, subject, Rhythm.DAILY, words="Je demande…", version="1", now=begun,
                expires=begun + timedelta(days=7),
            )  # fmt: skip
        pending = tx.subscriptions.pending(WHO, begun)
        agree(tx, WHO, [one.id for one in pending], begun)
        tx.requests.add(Contact(RequestKind.OTHER, "", "Camille", WHO, "Bonjour"), begun)


def test_letters_go_once_and_collecting_sends_none(
    site: Glaneuse, inbox: tuple[Inbox, int]
) -> None:
    site("import", "-", text=ARTICLES)
    site("tag")
    site("index")
    site("update")
    assert inbox[0].taken == []
    said = site("letters", "send")
    assert "2 lettres écrites" in said
    assert "2 messages remis" in said
    again = site("letters", "send")
    assert "0 lettre écrite" in again
    held = {str(one["Subject"]): one for one in inbox[0].taken}
    assert len(inbox[0].taken) == len(held) == 2
    (theme,) = (one for subject, one in held.items() if "nouveaux articles" in subject)
    assert theme["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(theme["List-Unsubscribe"]).startswith("<https://glaneuse.example/abonnement/")
    (search,) = (one for subject, one in held.items() if "rsa" in subject)
    body = search.get_body(("plain",))
    assert body is not None
    assert "https://carnet.example/2" in body.get_content()
    assert "https://carnet.example/1" not in body.get_content()


def test_without_mail_one_line_says_what_to_set(glaneuse: Glaneuse) -> None:
    done = glaneuse.run("letters", "send")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "SMTP_URL, MAIL_FROM et PUBLIC_URL" in line


def test_an_address_is_exported_then_erased(site: Glaneuse) -> None:
    held = json.loads(site("privacy", "export", "Camille@exemple.fr"))
    assert {one["subject"]["key"] for one in held["subscriptions"]} == {"logement", "q=rsa"}
    assert [one["words"] for one in held["consents"]] == ["Je demande…"] * 2
    assert held["requests"][0]["contact"]["message"] == "Bonjour"
    refused = site.run("privacy", "erase", WHO, text="n\n")
    assert refused.returncode == 130
    assert json.loads(site("privacy", "export", WHO)) == held | {"address": WHO}
    assert "4 abonnements ou accords, 1 demande" in site("privacy", "erase", WHO, text="oui\n")
    held = json.loads(site("privacy", "export", WHO))
    assert held.pop("address") == WHO
    assert not any(held.values())
    assert "Rien n’était gardé" in site("privacy", "erase", WHO, "--yes")


def test_subscribers_come_from_a_file_leave_by_a_complaint_and_go_out_as_a_file(
    site: Glaneuse, tmp_path: Path
) -> None:
    file = tmp_path / "adresses.csv"
    file.write_bytes("adresse;nom\na@exemple.fr;Élodie\nrien\nb@exemple.fr;B\n".encode("cp1252"))
    given = ("letters", "import", str(file), "--origin", "Feuille du colloque")
    assert site.run(*given).returncode == 2
    done = site.run(*given, "--agreed")
    assert done.stdout.startswith("2 adresses ajoutées, ")
    assert "\nligne 3 : rien : Il faut une adresse complète" in done.stderr
    assert "2 abonnements" not in site("letters", "complained", "a@exemple.fr")
    assert "0 adresse ajoutée, 1 déjà abonnées" in site.run(*given, "--agreed").stdout
    listed = site("letters", "export").splitlines()
    assert [line.partition(";")[0] for line in listed[1:]] == ["b@exemple.fr"]


def test_what_is_no_address_is_one_line(site: Glaneuse) -> None:
    done = site.run("privacy", "export", "pas une adresse")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_retention_says_what_it_forgot(site: Glaneuse) -> None:
    with site.store() as store, store.begin() as tx:
        long_ago = now() - timedelta(days=20)
        tx.subscriptions.ask(
            "jamais@exemple.fr", Subject(SubjectKind.THEME, "logement"), Rhythm.DAILY, words="",
            version="1", now=long_ago, expires=long_ago + timedelta(days=7),
        )  # fmt: skip
    assert site("retention") == "demandes d’abonnement jamais confirmées : 1\n"
    assert site("retention") == "Rien à effacer.\n"


def test_the_doctor_says_which_mentions_are_missing(site: Glaneuse) -> None:
    done = site.run("doctor", "--json")
    (check,) = (one for one in json.loads(done.stdout) if one["name"] == "Mentions légales")
    assert not check["ok"]
    assert "PUBLISHER" in check["advice"]


def test_a_letter_of_the_editors_goes_at_its_time_and_once(
    site: Glaneuse, inbox: tuple[Inbox, int]
) -> None:
    begun = now() - timedelta(hours=1)
    entry = Entry("e", EntryKind.LINK, title="Un rapport sur l’accueil", url="https://r.example/1")
    content = Content("Accueil : un rapport", sections=(Section("s", "À la une", (entry,)),))
    with site.store() as store, store.begin() as tx:
        tx.subscriptions.ask(
            WHO, NEWSLETTER, Rhythm.ISSUE, words="Je demande…", version="1", now=begun,
            expires=begun + timedelta(days=7),
        )  # fmt: skip
        agree(tx, WHO, [one.id for one in tx.subscriptions.pending(WHO, begun)], begun)
        week = timedelta(days=7)
        for at, slug in ((begun, "a"), (now() + week, "plus-tard")):
            id = tx.newsletters.add(content, since=begun - week, until=begun, by=None, now=begun)
            tx.newsletters.schedule(id, at, slug=slug, over=1)
        (job,) = (one for one in JOBS if one.name == "newsletters")
        assert job.wanted(tx, now())
    assert "1 lettre de la rédaction" in site("letters", "send")
    assert "0 lettre de la rédaction" in site("letters", "send")
    (message,) = (one for one in inbox[0].taken if one["List-Id"] == "<lettre.glaneuse.example>")
    assert message["Subject"] == "Accueil : un rapport"
    body = message.get_body(("plain",))
    assert body is not None
    assert "https://glaneuse.example/lettres/a" in body.get_content()
    with site.store() as store, store.read() as tx:
        assert [one.slug for one in tx.newsletters.published()] == ["a"]
        assert not job.wanted(tx, now())
