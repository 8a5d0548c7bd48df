"""What ``/metrics`` tells, as small charts for who administers the site."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from core.letters import Letter
from core.model import Announcement
from core.people import Role
from tests.web.conftest import Library
from tests.web.team import make_team
from web.watching import lasting, lines

PAGE = "/administration/fonctionnement"


def words(page: str) -> str:
    said = unescape(re.sub(r"<title>.*?</title>|<[^>]+>", " ", page)).replace("\u202f", " ")
    return re.sub(r"\s+", " ", said.replace("\u00a0", " "))


def test_it_shows_what_waits_and_since_when_visits_searches_mail_and_jobs(
    own_library: Library,
) -> None:
    team = make_team(own_library)
    now = own_library.clock()
    with own_library.store.begin() as tx:
        source = tx.sources.all()[0]
        for number, (age, why) in enumerate(((0, ""), (1, "rien à lire"), (2, "rien à lire"))):
            tx.pages.add(
                source_id=source.id, url=f"https://a.example/{number}",
                final_url=f"https://a.example/{number}", fetched=now - timedelta(days=age, hours=1),
                content_type="text/html", body="", rejected=why,
                announcement=Announcement(f"https://a.example/{number}"),
            )  # fmt: skip
        late = now - timedelta(minutes=12)
        tx.outbox.add(Letter("k", "camille@exemple.fr", "Objet secret", "Texte"), now=late)
        tx.jobs.start("mail", now=now - timedelta(seconds=90))
        tx.jobs.end("mail", now=now, code=1, said="le serveur ne répond pas")
    client = team.client(team.person(Role.ADMIN))
    for question in ("maraude", "logement"):
        client.get(f"/recherche?q={question}", base_url=team.base_url)
    answer = client.get(PAGE, base_url=team.base_url)
    said = words(answer.text)
    assert answer.status_code == 200
    assert "Messages à envoyer 1 12 min" in said
    assert "Pages à lire 1 1 h" in said
    assert "Articles à comparer" in said
    assert "Envoi du courrier" in said
    assert "1 min, en échec : le serveur ne répond pas" in said
    bands = re.findall(r"(?:jusqu’à|plus de) [\d ]+ ms (\d+)", said)
    assert sum(map(int, bands)) == 2
    figures = re.findall(r"<figure.*?</figure>", answer.text, re.DOTALL)
    assert [len(re.findall(r"<rect [^>]*height=\"(?!0\.0)", one)) for one in figures] == [3, 2]
    assert "secret" not in answer.text
    assert "exemple.fr" not in said.partition("Fonctionnement")[2].partition("Se déconnecter")[0]


def test_an_empty_site_says_so(own_library: Library) -> None:
    team = make_team(own_library)
    said = words(team.client(team.person(Role.ADMIN)).get(PAGE, base_url=team.base_url).text)
    assert "Aucune recherche depuis le dernier démarrage du site." in said
    assert "Aucune n’a encore commencé" in said


@pytest.mark.parametrize(
    ("wait", "said"),
    [(40, "40 s"), (60, "1 min"), (719, "11 min"), (90_000, "25 h"), (260_000, "3 jours")],
)  # fmt: skip
def test_a_wait_is_told_in_one_unit(wait: int, said: str) -> None:
    assert lasting(timedelta(seconds=wait)).replace("\u00a0", " ") == said


def test_what_is_not_zero_is_seen() -> None:
    drawn = lines([("a", 10_000, ""), ("b", 1, ""), ("c", 0, "")])
    assert [one.width for one in drawn] == [100.0, 1.0, 0.0]
    assert lines([("a", 0, "")])[0].width == 0.0
