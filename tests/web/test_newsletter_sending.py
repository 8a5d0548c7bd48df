"""From the desk to the public: what forbids sending, schedules, pages; images; the basket."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO

import feedparser
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from core.errors import Unreadable
from core.letters import Letter
from core.newsletters import Content, NewsletterId, NewsletterState
from core.people import Role
from curation.pictures import clean_picture
from people.newsletters import end_of
from tests.web.conftest import Library
from tests.web.newsletter_forms import DeskPage
from tests.web.team import MAIL, PASSWORD, Team, make_team, token_in

DESK = "/bureau/lettres"
SENDING = f"{DESK}/1/envoi"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library, MAIL | {"public_url": "http://localhost"})


@pytest.fixture
def claire(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR))


@pytest.fixture
def karim(team: Team) -> FlaskClient:
    return team.client(team.person(Role.EDITOR, 2))


def begun(client: FlaskClient, depart: str = "periode") -> DeskPage:
    token = token_in(client.get(DESK).text)
    answer = client.post(DESK, data={"csrf_token": token, "depart": depart})
    return DeskPage(client, answer.headers["Location"]).open()


def content(team: Team, id: int = 1) -> Content:
    with team.library.store.read() as tx:
        return tx.newsletters.by_id(NewsletterId(id)).content


def state(team: Team) -> NewsletterState:
    with team.library.store.read() as tx:
        return tx.newsletters.by_id(NewsletterId(1)).state


def press(client: FlaskClient, gesture: str, **fields: str) -> str:
    """A button of the page of sending; the page that follows."""
    page = client.get(SENDING).text
    found = re.search(r'name="version" value="(\d+)"', page)
    data = {"csrf_token": token_in(page), "version": found[1] if found else "1", "geste": gesture}
    return client.post(SENDING, data=data | fields, follow_redirects=True).text


# -- sending --------------------------------------------------------------------------------------


def test_without_followers_it_is_a_page_at_once(team: Team, claire: FlaskClient) -> None:
    begun(claire).press(
        "enregistrer",
        {"edito": "Bonjour à vous.\n\nVoir https://a.example/b?c=1&d.", "signature": "Claire"},
    )
    assert "Personne ne la reçoit par courriel" in press(claire, "envoyer")
    assert state(team) is NewsletterState.SENT
    reader = team.client()
    index = reader.get("/lettres")
    assert index.status_code == 200
    found = re.search(r'href="(/lettres/2[^"]+)"', index.text)
    assert found
    page = reader.get(found[1])
    assert "Bonjour à vous." in page.text
    assert 'href="https://a.example/b?c=1&amp;d"' in page.text
    first = content(team).sections[0].entries[0]
    assert first.url in page.text
    assert "Cookie" not in page.headers.get("Vary", "")
    assert "est partie" in claire.get(f"{DESK}/1").text
    followed = feedparser.parse(reader.get("/lettres/atom.xml").data)
    assert not followed.bozo
    (entry,) = followed.entries
    assert (entry.title, entry.link) == (content(team).subject, f"http://localhost{found[1]}")
    assert first.url in entry.content[0].value


def test_how_its_letters_stand_is_told(team: Team, claire: FlaskClient) -> None:
    begun(claire)
    press(claire, "envoyer")
    with team.library.store.begin() as tx:
        now = team.library.clock()
        for number, end in enumerate((1, 1, 1, 11)):  # the last is another newsletter's
            key = f"follow:{number}{end_of(NewsletterId(end))}"
            tx.outbox.add(Letter(key, "a@exemple.fr", "Objet", "Texte"), now=now)
        sent, refused, *_ = (one.id for one in tx.outbox.next(9, now))
        tx.outbox.mark_sent(sent, run="r", now=now, answer="250")
        tx.outbox.refuse(refused, run="r", now=now, answer="550")
    page = claire.get(SENDING).text.replace("\u00a0", " ")
    assert "1 remise, 1 en attente, 1 refusée." in page


def test_what_is_sent_says_nothing_of_notes(team: Team, claire: FlaskClient) -> None:
    page = begun(claire)
    page.press("enregistrer", {f"e-{page.entries[0]}-note": "NE PAS ENVOYER"})
    press(claire, "envoyer")
    slug = re.search(r'href="(/lettres/2[^"]+)"', team.client().get("/lettres").text)
    assert slug
    assert "NE PAS ENVOYER" not in team.client().get(slug[1]).text
    for form in ("html", "txt"):
        assert "NE PAS ENVOYER" not in claire.get(f"{DESK}/1/lettre.{form}").text


def test_an_empty_letter_does_not_go(team: Team, claire: FlaskClient) -> None:
    begun(claire, "vide")
    assert "La lettre est vide" in claire.get(SENDING).text
    assert "La lettre est vide" in press(claire, "envoyer")
    assert "La lettre est vide" in press(claire, "essayer", adresse="a@exemple.fr")
    assert state(team) is NewsletterState.DRAFT


def test_an_article_withdrawn_meanwhile_is_told_and_forbids(
    team: Team, claire: FlaskClient
) -> None:
    page = begun(claire)
    entry = content(team).sections[0].entries[0]
    assert entry.article
    with team.library.store.begin() as tx:
        tx.articles.withdraw(entry.article, team.library.clock())
    assert "a été retiré de Glaneuse" in page.open().text
    sending = claire.get(SENDING).text
    assert "Ce qui empêche l’envoi" in sending
    assert "envoyer" not in re.findall(r'name="geste" value="(\w+)"', sending)
    assert "a été retiré de Glaneuse" in press(claire, "envoyer")
    assert state(team) is NewsletterState.DRAFT
    page.press(f"retirer:{entry.id}")
    assert "publiée" in press(claire, "envoyer")


def test_an_article_withdrawn_later_leaves_the_public_page(team: Team, claire: FlaskClient) -> None:
    begun(claire)
    press(claire, "envoyer")
    entry = content(team).sections[0].entries[0]
    found = re.search(r'href="(/lettres/2[^"]+)"', team.client().get("/lettres").text)
    assert entry.article
    assert found
    with team.library.store.begin() as tx:
        tx.articles.withdraw(entry.article, team.library.clock())
    page = team.client().get(found[1]).text
    assert entry.url not in page
    assert "a été retiré depuis" in page


def test_it_is_tried_on_one_address_and_not_counted_as_sent(
    team: Team, claire: FlaskClient
) -> None:
    begun(claire)
    assert "told-wrong" in press(claire, "essayer", adresse="claire")
    assert "L’essai part vers claire@exemple.fr" in press(
        claire, "essayer", adresse="claire@exemple.fr"
    )
    with team.library.store.read() as tx:
        (queued,) = tx.outbox.next(10, team.library.clock())
    assert queued.letter.recipient == "claire@exemple.fr"
    assert queued.letter.subject.startswith("[Essai]")
    assert state(team) is NewsletterState.DRAFT


def test_it_is_scheduled_in_paris_time_and_called_back(team: Team, claire: FlaskClient) -> None:
    begun(claire)
    assert "Choisissez un jour et une heure" in press(claire, "programmer", jour="", heure="8:30")
    assert "moment à venir" in press(claire, "programmer", jour="2026-11-20", heure="8:30")
    told = press(claire, "programmer", jour="2026-11-26", heure="8:30")
    assert "jeudi 26" in told
    with team.library.store.read() as tx:
        scheduled = tx.newsletters.by_id(NewsletterId(1)).scheduled
    assert scheduled
    assert scheduled.isoformat() == "2026-11-26T07:30:00+00:00"
    assert "est programmée" in claire.get(f"{DESK}/1").text
    assert "L’envoi est annulé" in press(claire, "annuler")
    assert state(team) is NewsletterState.DRAFT


def test_what_was_read_is_what_is_sent(team: Team, claire: FlaskClient, karim: FlaskClient) -> None:
    begun(claire)
    before = claire.get(SENDING).text
    DeskPage(karim, f"{DESK}/1").open().press("enregistrer", {"objet": "Un objet tout différent"})
    data = {"csrf_token": token_in(before), "version": "1", "geste": "envoyer"}
    answer = claire.post(SENDING, data=data)
    assert answer.status_code == 409
    assert "a changé depuis" in answer.text
    assert state(team) is NewsletterState.DRAFT


def test_two_letters_of_one_day_and_subject_have_two_pages(team: Team, claire: FlaskClient) -> None:
    for id in (1, 2):
        begun(claire)
        page = claire.get(f"{DESK}/{id}/envoi").text
        claire.post(
            f"{DESK}/{id}/envoi",
            data={"csrf_token": token_in(page), "version": "1", "geste": "envoyer"},
        )
    with team.library.store.read() as tx:
        slugs = [one.slug for one in tx.newsletters.published()]
    assert len(set(slugs)) == 2
    assert slugs[0] == f"{slugs[1]}-2"


# -- two editors ----------------------------------------------------------------------------------


def test_two_editors_are_warned_and_nothing_is_lost(
    team: Team, claire: FlaskClient, karim: FlaskClient
) -> None:
    hers = begun(claire)
    his = DeskPage(karim, hers.address).open()
    first, second = hers.entries[:2]
    hers.press("enregistrer", {f"e-{first}-texte": "D’elle.", "objet": "Un objet choisi par elle"})
    his.press("enregistrer", {f"e-{second}-texte": "De lui.", "objet": "Un objet choisi par lui"})
    letter = content(team)
    assert [one.text for one in letter.sections[0].entries[:2]] == ["D’elle.", "De lui."]
    assert letter.subject == "Un objet choisi par elle"
    assert "a écrit en même temps que vous : l’objet" in his.text
    assert "écrit aussi dans cette lettre" in his.text
    version = re.search(r"dans la version (\d+)", his.text)
    assert version
    kept = karim.get(f"{DESK}/1/versions?version={version[1]}").text
    assert "Un objet choisi par lui" in kept
    karim.post(f"{DESK}/1/versions", data={"csrf_token": token_in(kept), "version": version[1]})
    assert content(team).subject == "Un objet choisi par lui"


def test_a_script_is_told_of_the_version_that_its_page_shows(
    team: Team, claire: FlaskClient, karim: FlaskClient
) -> None:
    hers = begun(claire)
    his = DeskPage(karim, hers.address).open()
    hers.press("enregistrer", {"edito": "D’elle."})
    told = his.send("enregistrer", {"signature": "Lui"}, Accept="application/json").get_json()
    assert told["said"].startswith("Enregistré à")
    assert "écrit aussi" in told["others"]
    his.fields = [(k, str(told["version"]) if k == "version" else v) for k, v in his.fields]
    again = his.send("enregistrer", {"signature": "Lui !"}, Accept="application/json").get_json()
    assert not again["alert"]
    assert (content(team).foreword, content(team).signature) == ("D’elle.", "Lui !")


def test_what_comes_after_it_went_is_told_and_kept(
    team: Team, claire: FlaskClient, karim: FlaskClient
) -> None:
    page = begun(claire)
    press(karim, "envoyer")
    answer = page.send("enregistrer", {"edito": "Trop tard."}, Accept="application/json")
    assert answer.status_code == 409
    assert "est partie" in answer.get_json()["alert"]
    assert content(team).foreword == ""
    with team.library.store.read() as tx:
        (draft,) = tx.drafts.of(team.person(Role.EDITOR).id)
    assert draft.fields["edito"] == ("Trop tard.",)


def test_a_lost_session_brings_the_text_back(team: Team, claire: FlaskClient) -> None:
    page = begun(claire)
    nobody = team.client()
    answer = DeskPage(nobody, page.address, page.fields).send(
        "enregistrer", {"edito": "Écrit avant de perdre la session."}
    )
    assert answer.status_code == 401
    sealed = re.search(r'name="brouillon" value="([^"]+)"', answer.text)
    assert sealed
    form = {
        "csrf_token": token_in(answer.text), "brouillon": sealed[1], "mot_de_passe": PASSWORD,
        "adresse": team.person(Role.EDITOR).address,
    }  # fmt: skip
    back = nobody.post("/connexion", data=form)
    assert back.status_code == 303
    again = DeskPage(nobody, page.address).open(back.headers["Location"])
    assert again.values("edito") == ["Écrit avant de perdre la session."]
    assert "Voici ce que vous aviez écrit" in again.text
    assert content(team).foreword == ""
    again.press("enregistrer")
    assert content(team).foreword == "Écrit avant de perdre la session."


# -- images ---------------------------------------------------------------------------------------


def picture(width: int = 2000, height: int = 1000, kind: str = "JPEG") -> bytes:
    made, written = Image.new("RGB", (width, height), (200, 120, 40)), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Claire"
    made.save(written, kind, exif=exif)
    return written.getvalue()


def image_entry(page: DeskPage) -> str:
    return next(one for one in page.entries if page.values(f"e-{one}-alternative"))


def sent_image(client: FlaskClient, content: bytes) -> tuple[DeskPage, TestResponse]:
    page = begun(client)
    page.press("ajouter:image")
    where = page.send(f"image:{image_entry(page)}").headers["Location"]
    form = {
        "csrf_token": token_in(client.get(where).text), "alternative": "Une cour d’école",
        "credit": "Photo C. Martin", "image": (BytesIO(content), "cour.jpg"),
    }  # fmt: skip
    answer = client.post(where, data=form, content_type="multipart/form-data")
    return page.open(), answer


def test_an_image_is_made_small_without_what_cameras_write(team: Team, claire: FlaskClient) -> None:
    page, answer = sent_image(claire, picture())
    assert answer.status_code == 303
    (entry,) = (one for one in content(team).entries if one.image)
    assert (entry.alternative, entry.credit) == ("Une cour d’école", "Photo C. Martin")
    assert f"/lettres/images/{entry.image}" in page.text
    served = team.client().get(f"/lettres/images/{entry.image}")
    assert served.content_type == "image/jpeg"
    assert b"Appareil de Claire" not in served.data
    with Image.open(BytesIO(served.data)) as opened:
        assert opened.size == (1120, 560)
        assert not opened.getexif()
    assert f'src="/lettres/images/{entry.image}"' in claire.get(f"{DESK}/1/apercu/page").text
    assert (
        f'src="http://localhost/lettres/images/{entry.image}"'
        in claire.get(f"{DESK}/1/lettre.html").text
    )


@pytest.mark.parametrize(
    "wrong",
    [b"", b"%PDF-1.7 pas une image", picture()[:500], b"GIF89a" + b"\0" * 60,
     b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
)  # fmt: skip
def test_what_is_no_image_is_said(team: Team, claire: FlaskClient, wrong: bytes) -> None:
    _, answer = sent_image(claire, wrong)
    assert answer.status_code == 422
    said = "Un dessin SVG peut cacher un programme" if b"svg" in wrong else "n’est pas une image"
    assert said in answer.text
    assert not [one for one in content(team).entries if one.image]


def test_an_image_of_forty_megabytes_is_said_to_be_too_heavy(
    team: Team, claire: FlaskClient
) -> None:
    page = begun(claire)
    page.press("ajouter:image")
    where = page.send(f"image:{image_entry(page)}").headers["Location"]
    token = token_in(claire.get(where).text)
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="image"; filename="cour.jpg"\r\n\r\n'
    ).encode()
    body += b"\xff\xd8\xff" + bytes(40 * 2**20) + b"\r\n--x--\r\n"
    answer = claire.post(where, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 303
    assert answer.headers["Location"] == where
    told = claire.get(where).text
    assert "Cette image est trop lourde" in told
    assert not [one for one in content(team).entries if one.image]


def with_size(png: bytes, width: int, height: int) -> bytes:
    """The same file, said to be so large in its first chunk (PNG, section 11.2.2)."""
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


@pytest.mark.parametrize("width", [6_000, 10_000, 20_000, 2_000_000])
def test_an_image_of_too_many_points_is_refused(width: int) -> None:
    with pytest.raises(Unreadable, match="trop de points"):
        clean_picture(with_size(picture(1, 1, "PNG"), width, 10_000))


# -- the basket -----------------------------------------------------------------------------------


def test_the_basket_is_filled_from_an_article_and_emptied_into_a_letter(
    team: Team, claire: FlaskClient, karim: FlaskClient
) -> None:
    id = team.library.ids[2]
    for client, note in ((claire, "À la une."), (karim, "Plutôt bref.")):
        page = client.get(f"/articles/{id}").text
        assert "La lettre" in page
        answer = client.post(
            f"/articles/{id}/lettre", data={"csrf_token": token_in(page), "note": note}
        )
        assert answer.status_code == 303
        assert "panier de la prochaine lettre" in client.get(f"/articles/{id}").text
    assert "Ajouter à la lettre" not in team.client().get(f"/articles/{id}").text
    basket = claire.get(f"{DESK}/panier").text
    assert "À la une." in basket
    assert "Plutôt bref." in basket
    letter = begun(claire, "vide")
    letter.press("panier", {"dans": letter.sections[0]})
    (entry,) = content(team).entries
    assert entry.article == id
    assert "Plutôt bref." in entry.note
    assert "Le panier est vide" in claire.get(f"{DESK}/panier").text


def test_something_is_taken_out_of_the_basket(team: Team, claire: FlaskClient) -> None:
    id = team.library.ids[2]
    token = token_in(claire.get(f"/articles/{id}").text)
    claire.post(f"/articles/{id}/lettre", data={"csrf_token": token, "note": "x" * 600})
    assert "Le panier est vide" in claire.get(f"{DESK}/panier").text
    claire.post(f"/articles/{id}/lettre", data={"csrf_token": token})
    page = claire.get(f"{DESK}/panier").text
    key = re.search(r'name="retirer" value="(\w+)"', page)
    assert key
    claire.post(f"{DESK}/panier", data={"csrf_token": token_in(page), "retirer": key[1]})
    assert "Le panier est vide" in claire.get(f"{DESK}/panier").text


# -- large and old --------------------------------------------------------------------------------


def test_two_hundred_articles_are_written_and_sent(team: Team, claire: FlaskClient) -> None:
    page = begun(claire, "vide")
    links = "\n".join(f"https://ailleurs.example/{n}" for n in range(40))
    for _ in range(5):
        page.press("liens", {"lien": links})
    assert len(page.entries) == 200
    assert "c’est une liste, plus un choix" in page.text
    last = page.entries[-1]
    page.press(f"monter:{last}", {"objet": "Deux cents liens à lire", f"e-{last}-titre": "Le 200e"})
    assert page.entries[-2] == last
    answer = page.send("enregistrer", {"edito": "Oui."}, Accept="application/json")
    assert answer.get_json()["said"].startswith("Enregistré")
    assert "publiée" in press(claire, "envoyer")
    nobody = team.client()
    lost = DeskPage(nobody, page.address, page.fields).send("enregistrer", {"edito": "Perdu ?"})
    assert lost.status_code == 401
    assert 'name="brouillon"' in lost.text


def test_a_draft_is_removed_once_confirmed_and_nothing_else_is(claire: FlaskClient) -> None:
    begun(claire)
    page = claire.get(f"{DESK}/1/supprimer").text
    claire.post(f"{DESK}/1/supprimer", data={"csrf_token": token_in(page)})
    assert claire.get(f"{DESK}/1").status_code == 404
    begun(claire)
    claire.post(f"{DESK}/2/envoi", data={
        "csrf_token": token_in(claire.get(f"{DESK}/2/envoi").text), "version": "1",
        "geste": "envoyer",
    })  # fmt: skip
    claire.post(f"{DESK}/2/supprimer", data={"csrf_token": token_in(page)})
    assert claire.get(f"{DESK}/2").status_code == 200
