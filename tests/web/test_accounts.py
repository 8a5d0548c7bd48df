"""Signing in, links, forms that come back, and what the entrance never does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from core.errors import BadSettings
from core.people import LinkPurpose, Role
from core.subscriptions import Contact, RequestKind
from people.links import LASTS
from people.passwords import Passwords
from people.sessions import IDLE
from people.throttle import LETTERS_PER_ACCOUNT, PER_ACCOUNT
from tests.parts import Parts
from tests.web.conftest import Library
from tests.web.team import (
    MAIL,
    OTHER_PASSWORD,
    PASSWORD,
    Team,
    address_of,
    make_team,
    token_in,
    value_of,
)
from web.invitations import link_address

EDITOR = address_of(Role.EDITOR)


@pytest.fixture
def team(empty_library: Library) -> Team:
    return make_team(empty_library)


@pytest.fixture
def writing_team(empty_library: Library) -> Team:
    """One whose letters can leave."""
    return make_team(empty_library, MAIL)


def _send(
    client: FlaskClient, path: str, data: dict[str, str], base_url: str | None = None
) -> TestResponse:
    """Fill in the form of a page and send it."""
    token = token_in(client.get(path, base_url=base_url).text)
    return client.post(path, data={"csrf_token": token, **data}, base_url=base_url)


def _sign_in(
    client: FlaskClient, address: str = EDITOR, password: str = PASSWORD, suite: str = ""
) -> TestResponse:
    data = {"adresse": address, "mot_de_passe": password, "suite": suite}
    return _send(client, "/connexion", data)


def _alert(answer: TestResponse) -> str:
    found = re.search(r'role="alert"><p>(.*?)</p>', answer.text)
    return found.group(1) if found else ""


def _errors(answer: TestResponse) -> list[str]:
    return re.findall(r'class="field-error" id="[^"]+">(.*?)</p>', answer.text)


# -- in and out -----------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_desk_and_signing_out_ends_it(team: Team) -> None:
    client = team.client()
    assert _sign_in(client).headers["Location"] == "/bureau"
    desk = client.get("/bureau")
    assert "Rédaction" in desk.text
    assert client.post("/deconnexion", data={"csrf_token": token_in(desk.text)}).status_code == 303
    assert client.get("/bureau").status_code == 302
    with team.library.store.read() as tx:
        assert tx.sessions.of(team.person(Role.EDITOR).id) == []


def test_the_desk_leads_to_each_task_and_tells_what_waits_there(team: Team) -> None:
    contact = Contact(RequestKind.OTHER, "", "Camille", "camille@exemple.fr", "Bonjour.")
    with team.library.store.begin() as tx:
        tx.requests.add(contact, team.library.clock())
    admin, trainer = (team.client(team.person(role)) for role in (Role.ADMIN, Role.TRAINER))
    desk = admin.get("/bureau").text
    assert '<a href="/administration/demandes">Répondre à qui écrit' in desk
    assert "1 à traiter" in desk
    assert "Répondre à qui écrit" not in trainer.get("/bureau").text
    assert '<a href="/bureau/bibliographies">Choisir, ordonner' in trainer.get("/bureau").text


@pytest.mark.parametrize("address", [EDITOR, "inconnue@exemple.fr", "pas une adresse", "é\x00 "])
def test_a_wrong_password_and_an_unknown_account_are_told_in_the_same_words(
    team: Team, address: str
) -> None:
    answer = _sign_in(team.client(), address, "pas le bon du tout")
    known = _sign_in(team.client(), EDITOR, "pas le bon non plus")
    assert answer.status_code == known.status_code == 422
    assert (
        _alert(answer) == _alert(known) == "Cette adresse et ce mot de passe ne vont pas ensemble."
    )
    assert re.sub(r'value="[^"]*"', "", answer.text) == re.sub(r'value="[^"]*"', "", known.text)


def test_as_many_hashes_are_verified_for_an_unknown_account(empty_library: Library) -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            self.verified += 1
            return bool(super().verify(hash, password))

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    team = make_team(empty_library, passwords=Passwords(hasher))
    counts = []
    for address in (EDITOR, "inconnue@exemple.fr"):
        before = hasher.verified
        _sign_in(team.client(), address, "pas le bon du tout")
        counts.append(hasher.verified - before)
    assert counts == [1, 1]


@pytest.mark.parametrize("address", [EDITOR, "inconnue@exemple.fr"])
def test_too_many_tries_must_wait_even_with_the_right_password(team: Team, address: str) -> None:
    for _ in range(PER_ACCOUNT.times):
        assert _sign_in(team.client(), address, "pas le bon").status_code == 422
    answer = _sign_in(team.client(), address)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= PER_ACCOUNT.period.total_seconds() + 1
    assert "Recommencez dans 15" in _alert(answer)
    team.library.clock.now += PER_ACCOUNT.period
    assert _sign_in(team.client(), address).status_code in {303, 422}


def test_a_session_left_idle_is_over(team: Team) -> None:
    client = team.client()
    _sign_in(client)
    team.library.clock.now += IDLE - timedelta(minutes=1)
    assert client.get("/bureau").status_code == 200
    team.library.clock.now += IDLE
    assert client.get("/bureau").headers["Location"] == "/connexion?suite=/bureau"


def test_signing_out_everywhere_ends_every_session_at_once(team: Team) -> None:
    phone, desk = team.client(), team.client()
    for client in (phone, desk):
        _sign_in(client)
    other = team.client(team.person(Role.EDITOR, 2))
    token = token_in(desk.get("/compte").text)
    answer = desk.post("/compte/deconnecter-partout", data={"csrf_token": token})
    assert answer.headers["Location"] == "/connexion"
    assert [one.get("/bureau").status_code for one in (phone, desk, other)] == [302, 302, 200]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(team: Team) -> None:
    client, thief = team.client(), team.client()
    _sign_in(client)
    cookie = client.get_cookie("glaneuse")
    assert cookie
    client.post("/deconnexion", data={"csrf_token": token_in(client.get("/compte").text)})
    thief.set_cookie("glaneuse", cookie.value)
    assert thief.get("/bureau").status_code == 302


# -- the browser's cookie -------------------------------------------------------------------------


def test_no_session_from_before_survives_signing_in(team: Team) -> None:
    """Session fixation: what an attacker planted is gone, and knows nothing of what follows."""
    client, attacker = team.client(), team.client()
    attacker.get("/connexion")
    planted = attacker.get_cookie("glaneuse")
    assert planted
    client.set_cookie("glaneuse", planted.value)
    page = attacker.get("/connexion")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    data = {"csrf_token": token_in(page.text), "adresse": EDITOR, "mot_de_passe": PASSWORD}
    assert client.post("/connexion", data=data).status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
        assert session["_user_id"]
    assert attacker.get("/bureau").status_code == 302


def test_two_sign_ins_never_share_a_token(team: Team) -> None:
    tokens = set()
    for _ in range(3):
        client = team.client()
        _sign_in(client)
        with client.session_transaction() as session:
            tokens.add(session["_user_id"])
    assert len(tokens) == 3


def test_the_cookie_is_for_this_site_alone(empty_library: Library) -> None:
    team = make_team(empty_library, {"public_url": "https://glaneuse.example"})
    answer = team.client().get("/connexion", base_url="https://glaneuse.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-glaneuse=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_readers_get_no_cookie_and_pages_that_do_not_depend_on_one(own_library: Library) -> None:
    client = make_team(own_library).client()
    pages = ("/", "/recherche?q=rue", "/themes", "/themes/numerique", "/sources", "/semaines",
             "/articles/1", "/a-propos", "/nulle-part", "/semaines/flux.xml")  # fmt: skip
    for path in pages:
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert "Cookie" not in answer.headers.get("Vary", ""), path


def test_team_pages_stay_in_no_cache(team: Team) -> None:
    client = team.client(team.person(Role.ADMIN))
    for path in ("/connexion", "/bureau", "/compte", "/administration", "/mot-de-passe-oublie"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_a_weak_secret_starts_nothing(empty_library: Library) -> None:
    with pytest.raises(BadSettings):
        make_team(empty_library, {"secret_key": "secret"})


# -- where to go afterwards -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "suite",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/\n//evil.example",
        "evil.example",
        "/deconnexion",
        "/nulle-part",
        "https://localhost@evil.example/",
        "///evil.example",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(team: Team, suite: str) -> None:
    answer = _sign_in(team.client(), suite=suite)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/bureau")


@pytest.mark.parametrize("suite", ["/compte", "/recherche?q=rue&tri=date", "/compte/mot-de-passe"])
def test_one_goes_on_to_where_one_was_going(team: Team, suite: str) -> None:
    client = team.client()
    assert _sign_in(client, suite=suite).headers["Location"] == suite
    assert client.get(f"/connexion?suite={suite.partition('&')[0]}").status_code == 303


def test_a_false_host_is_in_no_letter_and_no_redirection(writing_team: Team) -> None:
    client = writing_team.client()
    evil = {"base_url": "http://127.0.0.1:8001"}  # a name that is answered, but is not the site's
    _send(client, "/mot-de-passe-oublie", {"adresse": EDITOR}, **evil).close()
    with writing_team.library.store.read() as tx:
        (entry,) = tx.outbox.entries()
        letter = tx.outbox.letter(entry.id)
    assert "https://glaneuse.example/nouveau-mot-de-passe/" in letter.text
    assert "127.0.0.1" not in letter.text + letter.html
    location = client.get("/bureau", **evil).headers["Location"]
    assert location == "/connexion?suite=/bureau"


# -- links ----------------------------------------------------------------------------------------


def test_an_invitation_leads_to_a_password_then_to_the_role_page(team: Team) -> None:
    person = team.add("nouvelle@exemple.fr", Role.TRAINER, invited=True)
    purpose, token = team.link(person)
    assert purpose is LinkPurpose.INVITATION
    client = team.client()
    weak = _send(client, f"/invitation/{token}", {"mot_de_passe": "motdepasse12"})
    assert weak.status_code == 422
    assert "se devine trop facilement" in _errors(weak)[0]
    assert 'aria-describedby="mot_de_passe-aide mot_de_passe-erreur"' in weak.text
    answer = _send(client, f"/invitation/{token}", {"mot_de_passe": OTHER_PASSWORD})
    assert answer.headers["Location"] == "/connexion"
    assert _sign_in(client, person.address, OTHER_PASSWORD).headers["Location"] == "/bureau"
    assert "Formation" in client.get("/bureau").text


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_used_twice_or_too_late_says_what_to_do_next(
    team: Team, purpose: LinkPurpose
) -> None:
    path = {"invitation": "/invitation/", "reset": "/nouveau-mot-de-passe/"}[purpose]
    person = team.person(Role.EDITOR)
    if purpose is LinkPurpose.INVITATION:
        person = team.add("nouvelle@exemple.fr", invited=True)
    client = team.client()
    _, token = team.link(person)
    _send(client, path + token, {"mot_de_passe": OTHER_PASSWORD})
    again = client.get(path + token)
    assert again.status_code == 410
    assert "Ce lien a déjà servi" in again.text
    assert 'href="/connexion"' in again.text
    other = team.person(Role.EDITOR, 2)
    if purpose is LinkPurpose.INVITATION:
        other = team.add("autre@exemple.fr", invited=True)
    _, token = team.link(other)
    team.library.clock.now += LASTS[purpose]
    late = client.get(path + token)
    assert late.status_code == 410
    assert "Ce lien n’est plus valable" in late.text
    assert "demander un nouveau lien" in late.text
    with client.session_transaction() as session:
        session.clear()
    cut = client.get(path + token[:-3])
    assert cut.status_code == 410
    assert "copiez-le en entier" in cut.text


def test_asking_for_a_link_answers_alike_and_writes_to_known_accounts_only(
    writing_team: Team,
) -> None:
    pages = []
    suspended = writing_team.person(Role.TRAINER)
    with writing_team.library.store.begin() as tx:
        tx.accounts.change(suspended.id, disabled=True)
    for address in (EDITOR.upper(), "inconnue@exemple.fr", suspended.address):
        client = writing_team.client()
        base = {"base_url": writing_team.base_url}
        answer = _send(client, "/mot-de-passe-oublie", {"adresse": address}, **base)
        pages.append((answer.status_code, answer.text))
        with writing_team.library.store.read() as tx:
            written = len(tx.outbox.entries())
        answer.close()
        # Written once the answer has gone, not while somebody measures how long it takes.
        assert written == len(pages) - 1 if address == EDITOR.upper() else written == 1
    assert len(set(pages)) == 1
    assert pages[0][0] == 200
    with writing_team.library.store.read() as tx:
        (entry,) = tx.outbox.entries()
        letter = tx.outbox.letter(entry.id)
    assert letter.recipient == EDITOR
    assert letter.urgent


def test_nobody_s_inbox_is_filled_with_links(writing_team: Team) -> None:
    base = {"base_url": writing_team.base_url}
    for _ in range(LETTERS_PER_ACCOUNT.times):
        client = writing_team.client()
        _send(client, "/mot-de-passe-oublie", {"adresse": EDITOR}, **base).close()
    answer = _send(writing_team.client(), "/mot-de-passe-oublie", {"adresse": EDITOR}, **base)
    assert answer.status_code == 429
    answer.close()
    with writing_team.library.store.read() as tx:
        assert len(tx.outbox.entries()) == LETTERS_PER_ACCOUNT.times


def test_without_mail_the_page_says_whom_to_ask(team: Team) -> None:
    page = team.client().get("/mot-de-passe-oublie").text
    assert "n’envoie pas de courrier" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


# -- administration -------------------------------------------------------------------------------


def test_an_admin_invites_and_passes_the_link_on(team: Team) -> None:
    client = team.client(team.person(Role.ADMIN))
    data = {"adresse": "Nouvelle@Exemple.fr", "nom": "  Zoé\u202e \n M ", "role": "documentalist"}
    page = _send(client, "/administration/inviter", data).text
    link = re.search(r'value="http://localhost(/invitation/[^"]+)"', page)
    assert link
    assert team.client().get(link.group(1)).status_code == 200
    with team.library.store.read() as tx:
        person = tx.accounts.by_address("nouvelle@exemple.fr")
        (entry,) = tx.audit.recent(kind="account", key=person.id)
    assert (person.name, person.role) == ("Zoé M", Role.DOCUMENTALIST)
    assert entry.who == team.person(Role.ADMIN).id
    assert "Invitation" in client.get("/administration/historique").text


def test_with_mail_the_invitation_is_sent_and_its_link_shown_to_nobody(writing_team: Team) -> None:
    client = writing_team.client(writing_team.person(Role.ADMIN))
    data = {"adresse": "nouvelle@exemple.fr", "nom": "", "role": "editor"}
    base = {"base_url": writing_team.base_url}
    answer = _send(client, "/administration/inviter", data, **base)
    assert answer.status_code == 303
    assert "/invitation/" not in client.get("/administration", **base).text
    with writing_team.library.store.read() as tx:
        (entry,) = tx.outbox.entries()
        text = tx.outbox.letter(entry.id).text
    link = re.search(r"https://glaneuse\.example(/invitation/\S+)", text)
    assert link
    assert client.get(link.group(1), **base).status_code == 200
    assert "1 message en attente" in client.get("/administration", **base).text.replace(
        "\u00a0", " "
    )


def test_an_address_with_an_account_is_said_beside_its_field(team: Team) -> None:
    client = team.client(team.person(Role.ADMIN))
    data = {"adresse": EDITOR.upper(), "nom": "Gardé", "role": "trainer"}
    answer = _send(client, "/administration/inviter", data)
    assert answer.status_code == 422
    assert _errors(answer) == ["Cette adresse a déjà un compte."]
    assert value_of(answer.text, "nom") == "Gardé"
    assert 'checked id="role-1"' in answer.text


def test_the_last_admin_stays(team: Team) -> None:
    first, second = team.person(Role.ADMIN, 1), team.person(Role.ADMIN, 2)
    client = team.client(first)
    with team.library.store.begin() as tx:
        tx.accounts.change(first.id, disabled=False)
        tx.sessions.end_all(second.id)
    data = {"nom": "", "role": "trainer"}
    assert _send(client, f"/administration/comptes/{second.id}", data).status_code == 303
    page = client.get(f"/administration/comptes/{first.id}").text
    assert "par quelqu’un d’autre" in page


# -- the second factor ----------------------------------------------------------------------------


def test_a_second_factor_is_set_up_asked_for_and_taken_away(team: Team) -> None:
    client, clock = team.client(), team.library.clock
    _sign_in(client)
    token = token_in(client.get("/compte/double-verification").text)
    client.post("/compte/double-verification/preparer", data={"csrf_token": token})
    page = client.get("/compte/double-verification").text
    image = client.get("/compte/double-verification/qr.svg")
    assert image.mimetype == "image/svg+xml"
    assert image.headers["Cache-Control"] == "no-store"
    secret = re.sub(r"\s", "", re.findall(r'class="key">(.*?)<', page)[0])
    totp = pyotp.TOTP(secret)
    wrong = _send(client, "/compte/double-verification", {"code": "000000"})
    assert wrong.status_code == 422
    right = _send(client, "/compte/double-verification", {"code": totp.at(clock())})
    codes = re.findall(r"<code>([^<]+)</code>", right.text)
    assert len(codes) == 10
    assert secret not in client.get("/compte/double-verification").text
    assert client.get("/compte/double-verification/qr.svg").status_code == 404

    clock.now += timedelta(minutes=1)
    other = team.client()
    half = _sign_in(other, suite="/compte")
    assert half.status_code == 200
    assert other.get("/bureau").status_code == 302
    data = {"csrf_token": token_in(half.text), "code": "123456", "suite": "/compte"}
    assert other.post("/connexion/code", data=data).status_code == 422
    data["code"] = totp.at(clock())
    assert other.post("/connexion/code", data=data).headers["Location"] == "/compte"
    spare = team.client()
    half = _sign_in(spare)
    data = {"csrf_token": token_in(half.text), "code": codes[0].upper()}
    assert spare.post("/connexion/code", data=data).headers["Location"] == "/bureau"

    off = "/compte/double-verification/retirer"
    assert _send(spare, off, {"mot_de_passe_actuel": "faux"}).status_code == 422
    assert _send(spare, off, {"mot_de_passe_actuel": PASSWORD}).status_code == 303
    assert _sign_in(team.client()).status_code == 303


def test_half_a_sign_in_is_forgotten_soon_and_after_a_new_password(team: Team) -> None:
    person = team.person(Role.EDITOR)
    with team.library.store.begin() as tx:
        tx.accounts.propose_second_factor(person.id, pyotp.random_base32())
        tx.accounts.confirm_second_factor(person.id, ["x"])
    client = team.client()
    _sign_in(client)
    assert client.get("/connexion/code").status_code == 200
    team.library.clock.now += timedelta(minutes=11)
    assert client.get("/connexion/code").headers["Location"] == "/connexion"
    _sign_in(client)
    with team.library.store.begin() as tx:
        tx.accounts.set_password(person.id, "$argon2id$changed")
    assert client.get("/connexion/code").headers["Location"] == "/connexion"


# -- one's own password ---------------------------------------------------------------------------


def test_another_password_needs_the_present_one_and_signs_out_elsewhere(team: Team) -> None:
    client, phone = team.client(), team.client()
    for one in (client, phone):
        _sign_in(one)
    path = "/compte/mot-de-passe"
    wrong = _send(client, path, {"mot_de_passe_actuel": "x", "mot_de_passe": OTHER_PASSWORD})
    assert _errors(wrong) == ["Ce n’est pas votre mot de passe actuel."]
    weak = _send(client, path, {"mot_de_passe_actuel": PASSWORD, "mot_de_passe": "court"})
    assert "12 caractères" in _errors(weak)[0]
    assert PASSWORD not in weak.text
    done = _send(client, path, {"mot_de_passe_actuel": PASSWORD, "mot_de_passe": OTHER_PASSWORD})
    assert done.status_code == 303
    assert client.get("/bureau").status_code == 200
    assert phone.get("/bureau").status_code == 302
    assert _sign_in(team.client(), password=OTHER_PASSWORD).status_code == 303


# -- what was typed is never lost -----------------------------------------------------------------


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(team: Team) -> None:
    client, admin = team.client(), address_of(Role.ADMIN)
    _sign_in(client, admin)
    token = token_in(client.get("/administration/inviter").text)
    team.library.clock.now += IDLE
    text = 'Zoé "M" <b> & 字 🧺 ’'
    data = {"csrf_token": token, "adresse": "z@exemple.fr", "nom": text, "role": "trainer"}
    asked = client.post("/administration/inviter", data=data)
    assert asked.status_code == 401
    assert "ce que vous avez écrit reviendra" in _alert(asked)
    entry = {
        "csrf_token": token_in(asked.text),
        "brouillon": value_of(asked.text, "brouillon"),
        "adresse": admin,
        "mot_de_passe": "pas le bon",
    }
    again = client.post("/connexion", data=entry)
    assert value_of(again.text, "brouillon") == entry["brouillon"]
    back = client.post("/connexion", data=entry | {"mot_de_passe": PASSWORD})
    assert back.headers["Location"].startswith("/administration/inviter?brouillon=")
    page = client.get(back.headers["Location"]).text
    assert "Voici ce que vous aviez écrit" in page
    assert (value_of(page, "adresse"), value_of(page, "nom")) == ("z@exemple.fr", text)
    assert 'checked id="role-1"' in page
    with team.library.store.read() as tx:
        assert "z@exemple.fr" not in [one.address for one in tx.accounts.all()]  # not sent yet


def test_passwords_and_codes_are_in_no_kept_form(team: Team) -> None:
    client = team.client()
    secrets = {"mot_de_passe": "secret1", "mot_de_passe_actuel": "secret2", "code": "secret3"}
    asked = client.post("/compte", data=secrets | {"nom": "Camille"})
    assert asked.status_code == 401
    entry = {
        "csrf_token": token_in(asked.text),
        "brouillon": value_of(asked.text, "brouillon"),
        "adresse": EDITOR,
        "mot_de_passe": PASSWORD,
    }
    client.post("/connexion", data=entry)
    with team.library.store.read() as tx:
        (draft,) = tx.drafts.of(team.person(Role.EDITOR).id)
    assert dict(draft.fields) == {"nom": ("Camille",)}


def test_a_form_of_another_session_comes_back_to_be_sent_again(team: Team) -> None:
    client = team.client(team.person(Role.EDITOR))
    answer = client.post("/compte", data={"csrf_token": "too old", "nom": "Camille"})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert value_of(page, "nom") == "Camille"
    assert team.person(Role.EDITOR).name == ""


STALE = {"csrf_token": "too old"}


def test_a_form_too_old_is_shown_again_to_who_is_not_signed_in(writing_team: Team) -> None:
    client, here = writing_team.client(), {"base_url": writing_team.base_url}
    for path in ("/connexion", "/mot-de-passe-oublie"):
        stale = STALE | {"adresse": EDITOR, "mot_de_passe": PASSWORD}
        answer = client.post(path, data=stale, **here)
        assert answer.status_code == 400
        assert f'action="{path}"' in answer.text
        assert value_of(answer.text, "adresse") == EDITOR
        assert PASSWORD not in answer.text
        assert "ouverte depuis longtemps" in _alert(answer)
    data = {"csrf_token": token_in(answer.text), "adresse": EDITOR}
    client.post("/mot-de-passe-oublie", data=data, **here).close()
    with writing_team.library.store.read() as tx:
        assert len(tx.outbox.entries()) == 1


def test_a_password_form_too_old_is_shown_again_and_its_link_still_works(team: Team) -> None:
    client = team.client()
    purpose, token = team.link(team.person(Role.EDITOR))
    path = link_address("", purpose, token)
    answer = client.post(path, data=STALE | {"mot_de_passe": OTHER_PASSWORD})
    assert answer.status_code == 400
    assert EDITOR in answer.text
    assert OTHER_PASSWORD not in answer.text
    assert "ouverte depuis longtemps" in _alert(answer)
    data = {"csrf_token": token_in(answer.text), "mot_de_passe": OTHER_PASSWORD}
    assert client.post(path, data=data).status_code == 303
    assert client.post(path, data=STALE).status_code == 410
    assert client.post("/connexion/code", data=STALE | {"code": "123456"}).status_code == 400
    assert client.post("/deconnexion", data=STALE).status_code == 400


def test_a_form_from_another_site_is_shown_empty_with_the_reason(team: Team) -> None:
    headers = {"Origin": "https://evil.example"}
    data = STALE | {"adresse": "pirate@evil.example"}
    for path in ("/mot-de-passe-oublie", "/connexion"):
        answer = team.client().post(path, data=data, headers=headers)
        assert answer.status_code == 400
        assert "autre site" in _alert(answer)
        assert "pirate" not in answer.text


def test_a_form_from_another_site_is_not_kept(team: Team) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        client = team.client()
        asked = client.post("/compte", data={"nom": "Pirate"}, headers=headers)
        assert asked.status_code == 401
        assert 'name="brouillon"' not in asked.text
        signed_in = team.client(team.person(Role.EDITOR))
        refused = signed_in.post("/compte", data={"nom": "Pirate"}, headers=headers)
        assert refused.status_code == 400
    with team.library.store.read() as tx:
        assert tx.drafts.of(team.person(Role.EDITOR).id) == []


def test_a_tampered_draft_brings_nothing_back(team: Team) -> None:
    client = team.client()
    for sealed in ("x", "WyIvY29tcHRlIiwge31d.x", "é", "." * 1000):
        page = client.get("/connexion")
        data = {"csrf_token": token_in(page.text), "adresse": EDITOR, "mot_de_passe": PASSWORD}
        answer = client.post("/connexion", data=data | {"brouillon": sealed})
        assert answer.headers["Location"] == "/bureau"
        client = team.client()


def test_a_long_form_passes_through_the_sign_in_page(team: Team) -> None:
    client = team.client()
    text = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(7000))
    asked = client.post("/compte", data={"nom": text})
    assert asked.status_code == 401
    entry = {
        "csrf_token": token_in(asked.text),
        "brouillon": value_of(asked.text, "brouillon"),
        "adresse": EDITOR,
        "mot_de_passe": PASSWORD,
    }
    back = client.post("/connexion", data=entry)
    assert value_of(client.get(back.headers["Location"]).text, "nom") == text


# -- any bytes ------------------------------------------------------------------------------------

_FORMS = (
    ("/connexion", ("adresse", "mot_de_passe", "suite", "brouillon")),
    ("/connexion/code", ("code", "suite", "brouillon")),
    ("/mot-de-passe-oublie", ("adresse",)),
    ("/administration/inviter", ("adresse", "nom", "role")),
    ("/administration/comptes/3", ("nom", "role", "suspendu")),
    ("/compte", ("nom",)),
    ("/compte/mot-de-passe", ("mot_de_passe_actuel", "mot_de_passe")),
    ("/compte/double-verification", ("code",)),
    ("/compte/double-verification/retirer", ("mot_de_passe_actuel",)),
)


@pytest.fixture(scope="module")
def bytes_team(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory, library: Library
) -> Iterator[Team]:
    from tests.web.conftest import make_library  # noqa: PLC0415

    made = make_library(parts, tmp_path_factory.mktemp("bytes"), library.vocabulary, [])
    yield make_team(replace(made, clock=library.clock), MAIL | {"public_url": ""})
    made.store.close()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_bytes_in_any_field_get_an_answer(bytes_team: Team, data: st.DataObject) -> None:
    path, names = data.draw(st.sampled_from(_FORMS))
    signed_in = path.startswith(("/compte", "/administration")) and data.draw(st.booleans())
    client = bytes_team.client(bytes_team.person(Role.ADMIN) if signed_in else None)
    token = token_in(client.get("/compte" if signed_in else "/connexion").text)
    fields = {name: data.draw(st.binary(max_size=80)) for name in names}
    body = b"&".join(
        name.encode() + b"=" + b"".join(b"%%%02x" % one for one in value)
        for name, value in (fields | {"csrf_token": token.encode()}).items()
    )
    kind = "application/x-www-form-urlencoded"
    answer = client.post(path, data=body, content_type=kind)
    assert answer.status_code < 500
    if answer.status_code != 303:
        assert 'lang="fr"' in answer.text
    answer.close()


@pytest.mark.parametrize("path", ["/connexion", "/compte?brouillon=%00", "/compte?brouillon=é"])
def test_odd_addresses_get_an_answer(team: Team, path: str) -> None:
    client = team.client(team.person(Role.EDITOR))
    assert client.get(path).status_code < 400


def test_a_form_too_long_is_refused_in_french(team: Team) -> None:
    client = team.client(team.person(Role.EDITOR))
    answer = client.post("/compte", data={"nom": "x" * 300_000})
    assert answer.status_code == 413
    assert "plus long que ce que Glaneuse accepte" in answer.text
