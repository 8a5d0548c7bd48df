"""Following by mail on the web: what pages say, what they refuse, and what a GET never does."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.letters import Letter, LetterState
from core.people import Role
from core.subscriptions import NEWSLETTER, Ending, Rhythm, Subscription
from people.subscriptions import LINK_LASTS, SIGN_UPS_PER_PLACE, Tokens
from store.suppressions import SuppressionReason
from tests.web.conftest import Library
from tests.web.team import MAIL, Team, make_team, token_in
from web.contact import PER_PLACE
from web.subscriptions import masked

WHO = "camille@exemple.fr"
THEME = "/suivre/theme/numerique"
SEARCH = "/suivre/recherche?q=h%C3%A9bergement&theme=logement"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library, MAIL)


@pytest.fixture
def reader(team: Team) -> FlaskClient:
    """A reader whose browser keeps no cookie."""
    return team.app.test_client(use_cookies=False)


def sealed(page: str) -> str:
    found = re.search(r'name="jeton"[^>]*value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def sign_up(
    reader: FlaskClient, address: str = WHO, page: str = THEME, **fields: str
) -> TestResponse:
    data = {"adresse": address, "rythme": "daily", "jeton": sealed(reader.get(page).text)}
    return reader.post(page, data=data | fields)


def letters(team: Team) -> list[Letter]:
    with team.library.store.read() as tx:
        return [tx.outbox.letter(one.id) for one in reversed(tx.outbox.entries())]


def link_in(letter: Letter) -> str:
    found = re.search(r"https://glaneuse\.example(/abonnement/\S+)", letter.text)
    assert found, letter.text
    return found[1]


def confirm(team: Team, reader: FlaskClient) -> TestResponse:
    link = link_in(letters(team)[-1])
    ids = re.findall(r'name="demande"[^>]*value="([0-9]+)"', reader.get(link).text)
    return reader.post(link, data={"action": "confirmer", "demande": ids})


def followed(team: Team, address: str = WHO) -> list[Subscription]:
    with team.library.store.read() as tx:
        return tx.subscriptions.of(address)


def own_page(team: Team, reader: FlaskClient) -> str:
    sign_up(reader)
    confirm(team, reader)
    return f"/abonnement/{Tokens(_secret(team)).of_subscription(followed(team)[0])}"


def _secret(team: Team) -> str:
    return str(team.app.secret_key)


# -- signing up -----------------------------------------------------------------------------------


def test_a_theme_and_a_search_say_how_to_follow_them(reader: FlaskClient) -> None:
    assert f'href="{THEME}"' in reader.get("/themes/numerique").text
    page = unescape(reader.get("/recherche?tri=date&theme=logement&q=h%C3%A9bergement&page=2").text)
    assert f'href="{SEARCH}"' in page
    assert "/suivre/" not in reader.get("/recherche").text


def test_signing_up_writes_one_letter_and_keeps_the_words(team: Team, reader: FlaskClient) -> None:
    answer = sign_up(reader)
    assert answer.status_code == 200
    assert "Regardez votre courrier" in answer.text
    (letter,) = letters(team)
    assert (letter.recipient, letter.urgent, letter.list_id) == (WHO, True, "")
    assert "le thème « Numérique »" in letter.text.replace("\xa0", " ")
    with team.library.store.read() as tx:
        (consent,) = tx.subscriptions.consents_of(WHO)
    assert "nouveaux articles du thème « Numérique »" in consent.words
    assert (consent.rhythm, consent.confirmed) == (Rhythm.DAILY, None)
    assert followed(team) == []
    shown = unescape(reader.get(THEME).text).replace("\xa0", " ")
    assert consent.words in shown


def test_what_was_searched_is_not_written_to_somebody_who_may_not_have_asked(
    team: Team, reader: FlaskClient
) -> None:
    page = "/suivre/recherche?q=Gagnez+gros+sur+arnaque.example"
    sign_up(reader, page=page)
    (letter,) = letters(team)
    assert "arnaque" not in letter.text + letter.html + letter.subject
    assert "arnaque.example" in reader.get(link_in(letter)).text


def _answer(reader: FlaskClient, address: str, **fields: str) -> str:
    """What somebody who signs an address up is told, but for the address itself."""
    return sign_up(reader, address, **fields).text.replace(address, "ADDRESS")


def test_the_answer_is_the_same_whatever_is_known_of_the_address(
    team: Team, reader: FlaskClient
) -> None:
    own_page(team, reader)
    with team.library.store.begin() as tx:
        tx.suppressions.add("barred@exemple.fr", SuppressionReason.LEFT, now=team.library.clock())
    before = len(letters(team))
    answers = {
        _answer(reader, "new@exemple.fr"),
        _answer(reader, "new@exemple.fr"),  # asked for already
        _answer(reader, WHO),  # follows it already
        _answer(reader, "barred@exemple.fr"),
        _answer(reader, "trapped@exemple.fr", site_web="https://spam.example"),
        _answer(reader, "admin1@exemple.fr"),  # has an account
    }
    assert len(answers) == 1
    written = {letter.recipient for letter in letters(team)[before:]}
    assert written == {"new@exemple.fr", WHO, "admin1@exemple.fr"}


@pytest.mark.parametrize(
    "address", ["", "x", "a@b", "a@b.fr\r\nBcc: c@d.fr", "<a@b.fr>", "\0@b.fr"]
)
def test_what_is_no_address_comes_back_with_a_sentence(
    team: Team, reader: FlaskClient, address: str
) -> None:
    answer = sign_up(reader, address)
    assert answer.status_code == 422
    assert 'id="adresse-erreur"' in answer.text
    assert letters(team) == []


def test_any_bytes_whatever_are_answered_in_french(reader: FlaskClient) -> None:
    for content in (b"", b"\xff\xfe=%00&adresse=%ff%fe&rythme=%00", b"adresse=" + b"\xe9" * 5000):
        answer = reader.post(THEME, data=content, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 422
        assert "adresse" in answer.text
    assert reader.get("/suivre/recherche?q=%ff%00&theme=%00").status_code == 200
    assert reader.get("/suivre/theme/nulle-part").status_code == 404
    assert "Quelle recherche suivre" in reader.get("/suivre/recherche").text


def test_a_form_sent_from_elsewhere_or_read_too_long_ago_is_not_received(
    team: Team, reader: FlaskClient
) -> None:
    token = sealed(reader.get(THEME).text)
    data = {"adresse": WHO, "rythme": "daily", "jeton": token}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert reader.post(THEME, data=data, headers=headers).status_code == 400
    contact = sealed(reader.get("/contact").text)
    for wrong in ("", "made up", contact):
        assert reader.post(THEME, data=data | {"jeton": wrong}).status_code == 400
    team.library.clock.now += timedelta(days=1, seconds=1)
    late = reader.post(THEME, data=data)
    assert late.status_code == 400
    assert WHO in late.text  # nothing typed is lost
    assert letters(team) == []
    assert reader.post(THEME, data=data | {"jeton": sealed(late.text)}).status_code == 200


def test_too_many_sign_ups_from_one_place_are_told_when_to_come_back(reader: FlaskClient) -> None:
    for n in range(SIGN_UPS_PER_PLACE.times):
        assert sign_up(reader, f"a{n}@exemple.fr").status_code == 200
    answer = sign_up(reader, "last@exemple.fr")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "last@exemple.fr" in answer.text


def test_readers_get_no_cookie_and_no_cache_keeps_their_pages(
    team: Team, reader: FlaskClient
) -> None:
    page = own_page(team, reader)
    for address in (THEME, SEARCH, page, f"{page}/quitter", "/contact", "/abonnement/x"):
        answer = reader.get(address)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    for address in ("/mentions-legales", "/donnees-personnelles", "/accessibilite"):
        answer = reader.get(address)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] == "public, max-age=15"


def test_without_mail_the_page_says_so_and_shows_the_feed(own_library: Library) -> None:
    reader = own_library.app().test_client()
    assert "/suivre/" not in reader.get("/themes/numerique").text
    answer = reader.post(THEME, data={"adresse": WHO})
    assert "n’envoie pas de courrier" in answer.text
    assert "/themes/numerique/atom.xml" in answer.text


# -- confirming -----------------------------------------------------------------------------------


def test_opening_the_link_confirms_nothing_and_the_button_does(
    team: Team, reader: FlaskClient
) -> None:
    sign_up(reader)
    link = link_in(letters(team)[0])
    for _ in range(3):  # scanners
        assert reader.get(link).status_code == 200
        assert reader.head(link).status_code == 200
    assert followed(team) == []
    answer = confirm(team, reader)
    assert answer.status_code == 303
    page = reader.get(answer.headers["Location"])
    assert "C’est confirmé" in page.text
    (begun,) = followed(team)
    assert begun.is_active
    again = reader.get(link)
    assert again.status_code == 410
    assert "Ce lien a déjà servi" in again.text


def test_confirming_nothing_asks_again(team: Team, reader: FlaskClient) -> None:
    sign_up(reader)
    link = link_in(letters(team)[0])
    answer = reader.post(link, data={"action": "confirmer", "demande": ["999", "x", "²"]})
    assert answer.status_code == 422
    assert followed(team) == []
    assert confirm(team, reader).status_code == 303


def test_one_link_confirms_what_was_asked_the_same_day(team: Team, reader: FlaskClient) -> None:
    sign_up(reader)
    sign_up(reader, page=SEARCH)
    assert len(letters(team)) == 1
    confirm(team, reader)
    assert len(followed(team)) == 2


def test_a_late_link_says_what_to_do(team: Team, reader: FlaskClient) -> None:
    sign_up(reader)
    team.library.clock.now += LINK_LASTS
    answer = reader.get(link_in(letters(team)[0]))
    assert answer.status_code == 410
    assert "demandez de nouveau" in answer.text


def test_it_was_not_me(team: Team, reader: FlaskClient) -> None:
    sign_up(reader)
    answer = reader.post(link_in(letters(team)[0]), data={"action": "refuser"})
    assert "n’écrira plus" in answer.text
    team.library.clock.now += timedelta(days=3)
    sign_up(reader)
    assert len(letters(team)) == 1


# -- changing and leaving -------------------------------------------------------------------------


def test_one_click_leaves_without_cookie_nor_token(team: Team, reader: FlaskClient) -> None:
    page = own_page(team, reader)
    with team.library.store.begin() as tx:
        waiting = Letter(f"follow:{followed(team)[0].id}:x", WHO, "Objet", "Texte")
        id = tx.outbox.add(waiting, now=team.library.clock())
    answer = reader.post(f"{page}/quitter", data=ONE_CLICK, headers={"Origin": "null"})
    assert answer.status_code == 200
    assert followed(team)[0].ending is Ending.ONE_CLICK
    with team.library.store.read() as tx:
        assert tx.outbox.by_id(id).state is LetterState.DROPPED
    assert reader.post(f"{page}/quitter", data=ONE_CLICK).status_code == 200  # once more
    multipart = reader.post(f"{page}/quitter", data=ONE_CLICK, content_type="multipart/form-data")
    assert multipart.status_code == 200


def test_a_get_never_leaves(team: Team, reader: FlaskClient) -> None:
    page = own_page(team, reader)
    for address in (f"{page}/quitter", f"{page}/quitter?List-Unsubscribe=One-Click", page):
        assert reader.get(address).status_code == 200
        reader.head(address)
    assert followed(team)[0].is_active
    assert "Me désabonner" in reader.get(f"{page}/quitter").text
    reader.post(f"{page}/quitter")
    assert followed(team)[0].ending is Ending.LEFT


def test_the_page_of_a_subscription_changes_it(team: Team, reader: FlaskClient) -> None:
    page = own_page(team, reader)
    shown = reader.get(page).text
    assert WHO not in shown
    assert "c…@exemple.fr" in shown
    sign_up(reader, page=SEARCH)
    confirm(team, reader)
    answer = reader.post(page, data={"action": "rythme", "rythme": "weekly"})
    assert "rythme est changé" in reader.get(answer.headers["Location"]).text
    assert [one.rhythm for one in followed(team)] == [Rhythm.WEEKLY, Rhythm.DAILY]
    reader.post(page, data={"action": "tout"})
    assert not any(one.is_active for one in followed(team))
    assert "a pris fin" in reader.get(page).text
    for action in ({"action": "rythme", "rythme": "hourly"}, {"action": "x"}, {}):
        assert reader.post(page, data=action).status_code == 400


def test_a_forwarded_letter_agrees_to_nothing(team: Team, reader: FlaskClient) -> None:
    page = own_page(team, reader)
    sign_up(reader, page=SEARCH)
    assert len(letters(team)) == 2  # the first link was used: it confirms no more
    shown = reader.get(page).text
    assert "En attente de votre accord" in shown
    assert 'name="demande"' not in shown
    with team.library.store.read() as tx:
        (asked,) = tx.subscriptions.pending(WHO, team.library.clock())
    data = {"action": "confirme", "demande": str(asked.id)}
    assert reader.post(page, data=data).status_code == 400
    assert len(followed(team)) == 1
    confirm(team, reader)
    assert len(followed(team)) == 2


def test_never_write_again_and_changing_one_s_mind(team: Team, reader: FlaskClient) -> None:
    page = own_page(team, reader)
    reader.post(page, data={"action": "jamais"})
    assert "Permettre de nouveau" in reader.get(page).text
    team.library.clock.now += timedelta(days=2)
    sign_up(reader)
    assert len(letters(team)) == 1
    reader.post(page, data={"action": "reprendre"})
    sign_up(reader)
    assert len(letters(team)) == 2


@pytest.mark.parametrize(
    "path", ["/abonnement/x", "/abonnement/x/quitter", "/abonnement/confirmer/x"]
)
def test_a_link_that_leads_nowhere_says_so(reader: FlaskClient, path: str) -> None:
    for answer in (reader.get(path), reader.post(path, data=ONE_CLICK | {"action": "tout"})):
        assert answer.status_code == 410
        assert "Ce lien ne mène nulle part" in answer.text


def test_an_address_is_masked_enough() -> None:
    assert masked("camille.durand@exemple.fr") == "c…@exemple.fr"


# -- contact and pages due ------------------------------------------------------------------------

WITHDRAWAL = {
    "objet": "withdrawal",
    "article": "https://www.observatoire.example/33?utm_source=x",
    "nom": "Camille",
    "adresse": WHO,
    "message": "Cet article\r\nest de moi.",
}


def write(reader: FlaskClient, **fields: str) -> TestResponse:
    token = sealed(reader.get("/contact").text)
    return reader.post("/contact", data=WITHDRAWAL | {"jeton": token} | fields)


def test_a_withdrawal_is_kept_sent_and_dealt_with(team: Team, reader: FlaskClient) -> None:
    assert "numéro" in write(reader).text
    (letter,) = letters(team)
    assert letter.recipient == "contact@glaneuse.example"
    assert letter.headers["Reply-To"] == WHO
    assert "est de moi." in letter.text
    client = team.client(team.person(Role.ADMIN))
    page = client.get("/administration/demandes", base_url=team.base_url).text
    assert "Le numérique, un guichet sans visage" in page
    assert "1\xa0demande à traiter" in page
    data = {"csrf_token": token_in(page)}
    client.post("/administration/demandes/1", data=data, base_url=team.base_url)
    assert "Tout est traité" in client.get("/administration/demandes", base_url=team.base_url).text
    trail = client.get("/administration/historique", base_url=team.base_url).text
    assert "Demande traitée" in trail
    assert WHO not in trail
    page = client.get("/administration/demandes", base_url=team.base_url).text
    data = {"csrf_token": token_in(page), "action": "rouvrir"}
    client.post("/administration/demandes/1", data=data, base_url=team.base_url)
    with team.library.store.read() as tx:
        assert tx.requests.count_waiting() == 1


def test_a_page_of_ours_names_its_article_too(team: Team, reader: FlaskClient) -> None:
    id = team.library.id("Le numérique")
    write(reader, article=f"https://glaneuse.example/articles/{id}/le-numerique")
    client = team.client(team.person(Role.ADMIN))
    page = client.get("/administration/demandes", base_url=team.base_url).text
    assert "Le numérique, un guichet sans visage" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("article", ""),
        ("article", "javascript:alert(1)"),
        ("article", "http://[x"),
        ("adresse", "x"),
        ("adresse", "a@b.fr\r\nBcc: c@d.fr"),
        ("message", " \r\n"),
        ("message", "x" * 5001),
        ("nom", "x" * 101),
        ("objet", "x"),
    ],
)
def test_a_request_that_lacks_something_comes_back_whole(
    team: Team, reader: FlaskClient, field: str, value: str
) -> None:
    answer = write(reader, **{field: value})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    kept = {"message": "est de moi.", "nom": 'value="Camille"'}
    assert all(part in answer.text for name, part in kept.items() if name != field)
    assert letters(team) == []


def test_requests_are_limited_and_programs_thanked(team: Team, reader: FlaskClient) -> None:
    assert write(reader, site_web="x").status_code == 200
    assert letters(team) == []
    for n in range(PER_PLACE.times):
        assert write(reader, adresse=f"a{n}@exemple.fr").status_code == 200
    assert write(reader, adresse="b@exemple.fr").status_code == 429


def test_hostile_words_are_shown_as_words(team: Team, reader: FlaskClient) -> None:
    write(reader, message="<script>alert(1)</script>\0\u202e", nom="<b>x</b>", objet="other")
    client = team.client(team.person(Role.ADMIN))
    page = client.get("/administration/demandes", base_url=team.base_url).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_what_the_pages_lack_is_told_to_the_admin_alone(own_library: Library) -> None:
    settings = MAIL | {"publisher": "Association Les Glaneurs", "host": "Hébergeur Exemple"}
    team = make_team(own_library, settings)
    page = team.app.test_client().get("/mentions-legales").text
    assert "Association Les Glaneurs" in page
    assert "Hébergeur Exemple" in page
    assert "Direction de la publication" not in page
    admin = team.client(team.person(Role.ADMIN))
    told = admin.get("/administration", base_url=team.base_url).text
    assert "DIRECTOR" in told
    assert "PUBLISHER_ADDRESS" in told
    assert "<code>HOST</code>" not in told


# -- the newsletter -------------------------------------------------------------------------------


def test_the_newsletter_is_followed_at_each_issue_and_left(team: Team, reader: FlaskClient) -> None:
    assert 'href="/suivre/lettre"' in reader.get("/lettres").text
    answer = sign_up(reader, page="/suivre/lettre")
    assert "Regardez votre courrier" in answer.text
    (letter,) = letters(team)
    assert "la lettre de la rédaction sur Glaneuse, à chaque parution" in letter.text
    confirm(team, reader)
    (begun,) = followed(team)
    assert (begun.subject, begun.rhythm) == (NEWSLETTER, Rhythm.ISSUE)
    own = f"/abonnement/{Tokens(_secret(team)).of_subscription(begun)}"
    page = reader.get(own).text
    assert "à chaque parution" in page
    assert 'name="rythme"' not in page
    assert reader.post(own, data={"action": "rythme", "rythme": "daily"}).status_code == 400
    assert reader.post(f"{own}/quitter").status_code == 200
    assert not followed(team)[0].is_active


def test_themes_are_followed_with_the_newsletter_and_confirmed_by_one_letter(
    team: Team, reader: FlaskClient
) -> None:
    page = "/suivre/lettre"
    data = {"adresse": WHO, "jeton": sealed(reader.get(page).text), "rythme": "daily"}
    themes = {"theme": ["logement", "numerique"]}
    assert reader.post(page, data=data | themes).status_code == 200
    (letter,) = letters(team)
    assert "à chaque parution, et 2 thèmes" in letter.text.replace("\u00a0", " ")
    question = reader.get(link_in(letter)).text
    assert len(re.findall(r'name="demande"[^>]* checked', question)) == 3
    confirm(team, reader)
    assert {(one.subject.key, one.rhythm) for one in followed(team)} == {
        ("", Rhythm.ISSUE), ("logement", Rhythm.DAILY), ("numerique", Rhythm.DAILY),
    }  # fmt: skip
    with team.library.store.read() as tx:
        assert all("des thèmes cochés" in one.words for one in tx.subscriptions.consents_of(WHO))


def test_what_was_asked_for_at_another_moment_is_not_ticked(
    team: Team, reader: FlaskClient
) -> None:
    sign_up(reader, page="/suivre/lettre")
    team.library.clock.now += timedelta(hours=1)
    sign_up(reader)
    question = reader.get(link_in(letters(team)[0])).text
    assert len(re.findall(r'name="demande"', question)) == 2
    assert len(re.findall(r'name="demande"[^>]* checked', question)) == 1


@pytest.mark.parametrize("wrong", [["inconnu"], [f"theme-{n}" for n in range(40)], ["<b>"]])
def test_themes_that_are_none_are_refused_in_french(
    team: Team, reader: FlaskClient, wrong: list[str]
) -> None:
    page = "/suivre/lettre"
    data = {"adresse": WHO, "jeton": sealed(reader.get(page).text), "theme": wrong}
    answer = reader.post(page, data=data)
    assert answer.status_code == 422
    assert "thème" in answer.text.partition('class="field-error"')[2][:200]
    assert letters(team) == []


def test_nothing_else_is_followed_at_each_issue(team: Team, reader: FlaskClient) -> None:
    own = own_page(team, reader)
    assert reader.post(own, data={"action": "rythme", "rythme": "issue"}).status_code == 400
    assert sign_up(reader, "autre@exemple.fr", rythme="issue").status_code == 422
