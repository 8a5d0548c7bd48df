"""Reading lists at the desk, and as students read them."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.people import Role
from core.reading_lists import ReadingList
from tests.web.conftest import Library
from tests.web.team import Team, make_team, token_in
from web.reading_exports import FORMS

DESK = "/bureau/bibliographies"


@pytest.fixture
def team(own_library: Library) -> Team:
    return make_team(own_library)


@pytest.fixture
def trainer(team: Team) -> FlaskClient:
    return team.client(team.person(Role.TRAINER))


def send(client: FlaskClient, address: str, **fields: str | list[str]) -> TestResponse:
    token = token_in(client.get("/bureau").text)
    return client.post(address, data={"csrf_token": token, **fields})


def begin(client: FlaskClient, title: str = "Le non-recours") -> str:
    answer = send(client, DESK, titre=title)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def held(team: Team, slug: str) -> ReadingList:
    with team.library.store.read() as tx:
        return tx.reading_lists.by_slug(slug)


def titles(team: Team, slug: str) -> list[list[str]]:
    contents = held(team, slug).contents
    return [[item.reference.title for item in part.items] for part in contents.sections]


def by_hand(client: FlaskClient, slug: str, title: str, **fields: str) -> TestResponse:
    given = {"genre": "livre", "titre": title, "langue": "fr"} | fields
    return send(client, f"{DESK}/{slug}/ajouter", **given)


def filled(team: Team, client: FlaskClient, *names: str) -> tuple[str, list[str]]:
    slug = begin(client)
    for name in names:
        assert by_hand(client, slug, name).status_code == 303
    return slug, [item.id for item in held(team, slug).contents.items]


def test_a_trainer_begins_a_list_and_finds_it_again(trainer: FlaskClient) -> None:
    slug = begin(trainer)
    assert re.fullmatch(r"le-non-recours-[a-z0-9]{12}", slug)
    assert "Le non-recours" in trainer.get(DESK).text
    page = trainer.get(f"{DESK}/{slug}").text
    assert "Privée" in page
    assert send(trainer, DESK, titre=" ").status_code == 422


def test_an_article_is_added_in_one_click_from_the_search_and_its_page(
    team: Team, trainer: FlaskClient
) -> None:
    slug = begin(trainer)
    found = trainer.get("/recherche?q=des").text
    assert 'id="etagere"' in found
    ids = re.findall(r'form="etagere" name="un" value="(\d+)"', found)
    back = "/recherche?q=des"
    one = send(trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug, un=ids[0], retour=back)
    assert (one.status_code, one.location) == (303, back)
    assert "Ajouté à « Le non-recours »" in unescape(trainer.get(back).text).replace("\xa0", " ")
    ticked = send(
        trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug, article=ids, retour=back
    )
    assert ticked.status_code == 303
    assert "y étaient déjà" in unescape(trainer.get(back).text)
    assert [item.article for item in held(team, slug).contents.items] == [int(i) for i in ids]
    page = trainer.get(f"/articles/{ids[0]}").text
    assert f'name="un" value="{ids[0]}"' in page
    week = trainer.get("/semaines/derniere", follow_redirects=True).text
    assert 'form="etagere"' in week


def test_readers_pages_are_what_they_were(team: Team, trainer: FlaskClient) -> None:
    begin(trainer)
    for address in ("/recherche?q=des", "/articles/1", "/semaines/2026-S47", "/"):
        trainer.get(address)
        answer = team.client().get(address)
        assert "etagere" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_an_unknown_way_back_leads_to_the_list(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    answer = send(
        trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug, un="1", retour="//mal.example"
    )
    assert answer.location == f"{DESK}/{slug}"
    without = send(trainer, "/bureau/ajouter-a-une-bibliographie", liste="", un="2")
    assert held(team, without.location.rpartition("/")[2]).contents.size == 1
    assert "Cochez" in send(trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug).text


def test_a_reference_is_typed_by_hand(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    answer = by_hand(
        trainer, slug, "L’aide sociale", auteurs="Durand, Anne\nMinistère du travail, ",
        date_="novembre 2025", dans="", editeur="Dunod", consigne="required", minutes="45",
        seance="S1", competence="dc2018-dc1", note="Pour commencer", question="Et ici ?",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    (item,) = held(team, slug).contents.items
    reference = item.reference
    assert [(one.family, one.given) for one in reference.authors] == [
        ("Durand", "Anne"), ("Ministère du travail", ""),
    ]  # fmt: skip
    assert (str(reference.published), reference.publisher) == ("2025-11", "Dunod")
    assert (item.advice, item.minutes, item.session, item.skills) == (
        "required", 45, "S1", ("dc2018-dc1",),
    )  # fmt: skip
    again = by_hand(trainer, slug, "L’aide sociale", auteurs="Durand, Anne", date_="2025", dans="")
    assert again.status_code == 422
    page = trainer.get(f"{DESK}/{slug}").text
    assert "Pour commencer" in page
    assert "DC1" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"titre": " "}, "Écrivez le titre"),
        ({"date_": "hier"}, "Écrivez 2026"),
        ({"adresse": "dunod"}, "https://"),
        ({"minutes": "vingt"}, "nombre de minutes"),
        ({"genre": "zut"}, "Choisissez une sorte"),
        ({"consigne": "zut"}, "Choisissez une consigne"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(
    trainer: FlaskClient, fields: dict[str, str], sentence: str
) -> None:
    slug = begin(trainer)
    given = {"titre": "Un livre", "note": "Mes raisons"} | fields
    answer = send(trainer, f"{DESK}/{slug}/ajouter", **({"genre": "livre"} | given))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Mes raisons" in answer.text


def test_a_text_pasted_fills_the_form(trainer: FlaskClient) -> None:
    slug = begin(trainer)
    text = "Warin, P. (2017). Le non-recours aux politiques sociales. ISBN 978-2-7061-2551-5"
    page = send(trainer, f"{DESK}/{slug}/ajouter", colle=text, lire="1")
    assert page.status_code == 200
    assert 'value="978-2-7061-2551-5"' in page.text
    assert 'value="2017"' in page.text
    doi = send(
        trainer, f"{DESK}/{slug}/ajouter", colle="Un article. doi:10.3917/vsoc.171.0009", lire="1"
    )
    assert 'value="10.3917/vsoc.171.0009"' in doi.text


def test_a_pasted_text_that_is_not_read_stays_and_says_why(trainer: FlaskClient) -> None:
    slug = begin(trainer)
    text = "Durand A., Le lien, Paris, 2020, ISBN 978-2-10-080123-0"
    page = send(trainer, f"{DESK}/{slug}/ajouter", colle=text, lire="1")
    assert page.status_code == 422
    assert "Cet ISBN est faux" in page.text
    assert f">\n{text}</textarea>" in page.text
    nothing = send(trainer, f"{DESK}/{slug}/ajouter", colle="  ", lire="1")
    assert "Collez d’abord une référence." in nothing.text


def test_items_are_ordered_by_buttons(team: Team, trainer: FlaskClient) -> None:
    slug, (a, b, c) = filled(team, trainer, "A", "B", "C")
    answer = send(trainer, f"{DESK}/{slug}", geste=f"monter:{c}", vu="4")
    assert answer.location.endswith(f"#monter-{c}")
    assert titles(team, slug) == [["A", "C", "B"]]
    send(trainer, f"{DESK}/{slug}", geste="partie", partie="Pour commencer")
    send(trainer, f"{DESK}/{slug}", geste="partie", partie="Pour finir")
    last = held(team, slug).contents.sections[-1].id
    send(trainer, f"{DESK}/{slug}", geste="envoyer", ref=[a, b], vers=last)
    assert titles(team, slug) == [["C"], [], ["A", "B"]]
    first = held(team, slug).contents.sections[0].id
    send(trainer, f"{DESK}/{slug}", geste=f"placer:{b}:{first}:{c}")
    assert titles(team, slug) == [["B", "C"], [], ["A"]]
    assert "Cochez" in send(trainer, f"{DESK}/{slug}", geste="retirer").text
    send(trainer, f"{DESK}/{slug}", geste=f"retirer:{a}")
    assert titles(team, slug) == [["B", "C"], [], []]
    number = held(team, slug).revision
    assert send(trainer, f"{DESK}/{slug}", geste=f"annuler:{number}").status_code == 303
    assert titles(team, slug) == [["B", "C"], [], ["A"]]


def named(team: Team, client: FlaskClient, slug: str, number: int = 2) -> FlaskClient:
    """A colleague who may change the list too."""
    colleague = team.person(Role.TRAINER, number)
    answer = send(client, f"{DESK}/{slug}/partage", geste="collegue", adresse=colleague.address)
    assert answer.status_code == 303, answer.text
    return team.client(colleague)


def test_two_people_moving_the_same_item(team: Team, trainer: FlaskClient) -> None:
    slug, (_, _, c) = filled(team, trainer, "A", "B", "C")
    colleague = named(team, trainer, slug)
    seen = str(held(team, slug).revision)
    assert send(colleague, f"{DESK}/{slug}", geste=f"monter:{c}", vu=seen).status_code == 303
    late = send(trainer, f"{DESK}/{slug}", geste=f"monter:{c}", vu=seen)
    assert late.status_code == 409
    assert "trainer2@exemple.fr a déplacé cette référence entre-temps" in late.text
    assert titles(team, slug) == [["A", "C", "B"]]
    seen = str(held(team, slug).revision)
    assert send(trainer, f"{DESK}/{slug}", geste=f"monter:{c}", vu=seen).status_code == 303
    assert titles(team, slug) == [["C", "A", "B"]]


def test_an_item_taken_away_while_it_is_edited(team: Team, trainer: FlaskClient) -> None:
    slug, (a, _) = filled(team, trainer, "A", "B")
    colleague = named(team, trainer, slug)
    page = trainer.get(f"{DESK}/{slug}/references/{a}").text
    mark = re.search(r'name="vu"[^>]*value="([0-9a-f]+)"', page)
    assert mark
    send(colleague, f"{DESK}/{slug}", geste=f"retirer:{a}")
    late = send(
        trainer, f"{DESK}/{slug}/references/{a}", genre="livre", titre="A", note="Mes raisons",
        vu=mark[1],
    )  # fmt: skip
    assert late.status_code == 409
    assert "n’est plus dans la bibliographie" in late.text
    assert "Mes raisons" in late.text
    assert send(trainer, f"{DESK}/{slug}", geste=f"monter:{a}").status_code == 409


def test_two_people_writing_on_the_same_item(team: Team, trainer: FlaskClient) -> None:
    slug, (a,) = filled(team, trainer, "A")
    colleague = named(team, trainer, slug)
    address = f"{DESK}/{slug}/references/{a}"
    mark = re.search(r'name="vu"[^>]*value="([0-9a-f]+)"', trainer.get(address).text)
    assert mark
    first = {"genre": "livre", "titre": "A", "note": "La première", "vu": mark[1]}
    assert send(colleague, address, **first).status_code == 303
    late = send(trainer, address, **(first | {"note": "La seconde"}))
    assert late.status_code == 409
    assert "La première" in late.text
    assert "La seconde" in late.text
    mark = re.search(r'name="vu"[^>]*value="([0-9a-f]+)"', late.text)
    assert mark
    assert (
        send(trainer, address, **(first | {"note": "Les deux", "vu": mark[1]})).status_code == 303
    )
    assert next(held(team, slug).contents.items).note == "Les deux"


def test_what_a_colleague_may_and_may_not(team: Team, trainer: FlaskClient) -> None:
    slug, _ = filled(team, trainer, "A")
    colleague = named(team, trainer, slug)
    assert "Que vous modifiez avec des collègues" in colleague.get(DESK).text
    assert by_hand(colleague, slug, "B").status_code == 303
    for gesture in ("visibilite", "jeter", "adresse", "collegue"):
        answer = send(colleague, f"{DESK}/{slug}/partage", geste=gesture, visibilite="public")
        assert answer.status_code == 403
    send(trainer, f"{DESK}/{slug}/partage", geste="retirer-collegue", personne="0")
    assert colleague.get(f"{DESK}/{slug}").status_code == 200
    person = team.person(Role.TRAINER, 2)
    send(trainer, f"{DESK}/{slug}/partage", geste="retirer-collegue", personne=str(person.id))
    assert colleague.get(f"{DESK}/{slug}").status_code == 404
    unknown = send(trainer, f"{DESK}/{slug}/partage", geste="collegue", adresse="a@nulle.fr")
    assert "Personne de l’équipe" in unknown.text


def share(client: FlaskClient, slug: str, how: str) -> None:
    answer = send(client, f"{DESK}/{slug}/partage", geste="visibilite", visibilite=how)
    assert answer.status_code == 303


def test_a_list_is_read_once_it_is_shared(team: Team, trainer: FlaskClient) -> None:
    slug, _ = filled(team, trainer, "Un livre rare")
    reader, address = team.client(), f"/bibliographies/{slug}"
    assert reader.get(address).status_code == 404
    assert trainer.get(address).location == f"{DESK}/{slug}"
    share(trainer, slug, "link")
    page = reader.get(address)
    assert "Un livre rare" in page.text
    assert "noindex" in page.text
    assert slug not in reader.get("/bibliographies").text
    share(trainer, slug, "public")
    assert "noindex" not in reader.get(address).text
    for found in ("", "?q=RARE", "?q=recours livre"):
        assert slug in reader.get(f"/bibliographies{found}").text
    assert slug not in reader.get("/bibliographies?q=zut").text
    assert reader.get(f"{address}/code.svg").mimetype == "image/svg+xml"
    assert "Un livre rare" in reader.get(f"{address}/atom.xml").text
    assert "Un livre rare" in reader.get(f"{address}.ris").text
    send(trainer, f"{DESK}/{slug}/partage", geste="adresse")
    assert reader.get(address).status_code == 404


def test_an_edition_does_not_change(team: Team, trainer: FlaskClient) -> None:
    slug, (a,) = filled(team, trainer, "Livre premier")
    share(trainer, slug, "link")
    answer = send(trainer, f"{DESK}/{slug}/editions", nom="Promotion 2026")
    assert answer.status_code == 303
    by_hand(trainer, slug, "Livre second")
    send(trainer, f"{DESK}/{slug}", geste=f"retirer:{a}")
    reader = team.client()
    frozen = reader.get(f"/bibliographies/{slug}/editions/1").text
    assert "Livre premier" in frozen
    assert "Livre second" not in frozen
    assert "Promotion 2026" in frozen
    assert "Livre second" in reader.get(f"/bibliographies/{slug}").text
    share(trainer, slug, "private")
    assert reader.get(f"/bibliographies/{slug}").status_code == 404
    assert "Livre premier" in reader.get(f"/bibliographies/{slug}/editions/1").text
    send(trainer, f"{DESK}/{slug}/editions/1", visibilite="private")
    assert reader.get(f"/bibliographies/{slug}/editions/1").status_code == 404
    assert reader.get(f"/bibliographies/{slug}/editions/1.ris").status_code == 404
    assert "Livre premier" in trainer.get(f"{DESK}/{slug}/editions/1").text


def test_the_bin(team: Team, trainer: FlaskClient) -> None:
    slug, _ = filled(team, trainer, "A")
    share(trainer, slug, "public")
    send(trainer, f"{DESK}/{slug}/editions", nom="")
    send(trainer, f"{DESK}/{slug}/partage", geste="jeter")
    reader = team.client()
    assert reader.get(f"/bibliographies/{slug}").status_code == 404
    assert reader.get(f"/bibliographies/{slug}/editions/1").status_code == 404
    assert trainer.get(f"{DESK}/{slug}").status_code == 404
    assert "Corbeille" in trainer.get(DESK).text
    assert send(trainer, f"{DESK}/{slug}/remettre").status_code == 303
    assert reader.get(f"/bibliographies/{slug}").status_code == 200


def test_a_public_list_is_copied(team: Team, trainer: FlaskClient) -> None:
    slug, _ = filled(team, trainer, "A", "B")
    other = team.client(team.person(Role.TRAINER, 2))
    copy = "/bureau/copier-une-bibliographie"
    assert send(other, copy, liste=slug).status_code == 404
    share(trainer, slug, "public")
    assert "Copier dans mes bibliographies" in other.get(f"/bibliographies/{slug}").text
    mine = send(other, copy, liste=slug).location.rpartition("/")[2]
    assert held(team, mine).owner == team.person(Role.TRAINER, 2).id
    assert titles(team, mine) == [["A", "B"]]
    assert "Copie de" in other.get(f"{DESK}/{mine}").text
    assert by_hand(other, mine, "C").status_code == 303
    assert titles(team, slug) == [["A", "B"]]


def test_the_history_undoes_any_change(team: Team, trainer: FlaskClient) -> None:
    slug, _ = filled(team, trainer, "A", "B")
    send(trainer, f"{DESK}/{slug}/fiche", titre="Autre titre", vu=_mark(trainer, slug))
    page = trainer.get(f"{DESK}/{slug}/historique").text
    assert page.count("Annuler<") == 3
    assert send(trainer, f"{DESK}/{slug}/historique", numero="2").status_code == 303
    assert titles(team, slug) == [["B"]]
    assert held(team, slug).contents.title == "Autre titre"
    assert send(trainer, f"{DESK}/{slug}/historique", numero="2").status_code == 409
    assert send(trainer, f"{DESK}/{slug}/historique", numero="99").status_code == 404


def _mark(client: FlaskClient, slug: str) -> str:
    found = re.search(r'name="vu"[^>]*value="([0-9a-f]+)"', client.get(f"{DESK}/{slug}/fiche").text)
    assert found
    return found[1]


def test_the_sheet_of_a_list(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    answer = send(
        trainer, f"{DESK}/{slug}/fiche", titre="Titre", introduction="Pour\nvous", public="ES 1",
        matiere="Droit", theme=["numerique", "zut"], competence=["dc2018-dc2", "blocs2026-bloc-1"],
        vu=_mark(trainer, slug),
    )  # fmt: skip
    assert answer.status_code == 303
    contents = held(team, slug).contents
    assert (contents.introduction, contents.audience) == ("Pour\nvous", "ES 1")
    assert contents.themes == ("numerique",)
    assert contents.skills == ("dc2018-dc2", "blocs2026-bloc-1")
    share(trainer, slug, "public")
    reader = team.client()
    assert slug in reader.get("/bibliographies?theme=numerique&matiere=Droit").text
    assert "Bloc 1" in reader.get(f"/bibliographies/{slug}").text
    late = send(trainer, f"{DESK}/{slug}/fiche", titre="Tard", vu="x")
    assert late.status_code == 409


def test_what_became_of_a_page_is_told(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    send(trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug, article=["1", "2", "3"])
    now, library = team.library.clock(), team.library
    with library.store.begin() as tx:
        title = tx.articles.by_id(library.ids[2]).title
        tx.revisits.missing(library.ids[0], since=now, gone=None, next_due=None)
        tx.revisits.missing(library.ids[1], since=now, gone=now, next_due=None)
        tx.articles.withdraw(library.ids[2], now)
    page = unescape(trainer.get(f"{DESK}/{slug}").text)
    assert "Lien mort depuis le 22 novembre 2026" in page.replace("\xa0", " ")
    assert "Retiré par son éditeur" in page.replace("\xa0", " ")
    assert "à la demande de son éditeur" in page.replace("\xa0", " ")
    assert "3 liens à revoir" in page.replace("\xa0", " ")
    share(trainer, slug, "public")
    public = unescape(team.client().get(f"/bibliographies/{slug}").text)
    assert title not in public
    assert title not in team.client().get(f"/bibliographies/{slug}.ris").text
    assert held(team, slug).contents.size == 3
    other = team.client(team.person(Role.TRAINER, 2))
    copied = send(other, "/bureau/copier-une-bibliographie", liste=slug).location
    assert held(team, copied.rpartition("/")[2]).contents.size == 2
    admin = team.client(team.person(Role.ADMIN))
    assert slug in admin.get(DESK).text
    assert slug not in other.get(DESK).text


# -- in and out -----------------------------------------------------------------------------------

RIS = """TY  - BOOK
TI  - L’aide sociale
AU  - Durand, Anne
PY  - 2020
ER  -

TY  - JOUR
AU  - Sans titre, Jean
ER  -

TY  - ELEC
TI  - Une page
UR  - https://a.example/page
ER  -
"""


def bring(
    client: FlaskClient, slug: str, body: str | bytes, name: str = "refs.ris"
) -> TestResponse:
    token = token_in(client.get("/bureau").text)
    held = body.encode() if isinstance(body, str) else body
    data = {"csrf_token": token, "fichier": (io.BytesIO(held), name)}
    answer = client.post(f"{DESK}/{slug}/importer", data=data)
    answer.request.environ["wsgi.input"].close()  # the client keeps large ones in a file
    return answer


def said(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\xa0", " ")


def test_a_file_is_imported_once_and_its_bad_lines_are_named(
    team: Team, trainer: FlaskClient
) -> None:
    slug = begin(trainer)
    first = said(bring(trainer, slug, RIS))
    assert "2 références ajoutées, 1 n’a pas été lue." in first
    assert "Ligne 7" in first
    assert "Sans titre, Jean\nER  -</textarea>" in first
    again = said(bring(trainer, slug, RIS))
    assert "0 référence ajoutée, 2 y étaient déjà, 1 n’a pas été lue." in again
    assert titles(team, slug) == [["L’aide sociale", "Une page"]]
    retried = send(trainer, f"{DESK}/{slug}/importer", colle="TY  - JOUR\nTI  - Titré\nER  - \n")
    assert "1 référence ajoutée" in said(retried)
    number = held(team, slug).revision
    send(trainer, f"{DESK}/{slug}", geste=f"annuler:{number}")
    assert held(team, slug).contents.size == 2


def test_a_table_gives_its_bad_lines_back_under_its_header(trainer: FlaskClient) -> None:
    slug = begin(trainer)
    table = "titre;auteur;date\nUn livre;Durand;2020\n;Roux;2021\nAutre;Roux;hier\n"
    answer = said(bring(trainer, slug, table, "refs.csv"))
    assert "2 références ajoutées, 1 n’a pas été lue, 1 à compléter." in answer
    assert "titre;auteur;date\n;Roux;2021</textarea>" in answer


def test_an_article_of_glaneuse_is_known_by_its_address(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    with team.library.store.read() as tx:
        article = tx.articles.by_id(team.library.ids[0])
    bring(trainer, slug, f"TY  - ELEC\nTI  - Autre titre\nUR  - {article.url}\nER  - \n")
    (item,) = held(team, slug).contents.items
    assert item.article == article.id


def test_an_address_that_is_no_page_s_is_never_followed(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    bring(trainer, slug, "TY  - ELEC\nTI  - Titre\nUR  - javascript:alert(1)\nER  - \n")
    (item,) = held(team, slug).contents.items
    assert (item.reference.url, item.reference.note) == ("", "javascript:alert(1)")


def test_what_cannot_be_imported_is_told(trainer: FlaskClient) -> None:
    slug = begin(trainer)
    assert "Choisissez un fichier" in said(bring(trainer, slug, ""))
    assert "aucune des formes connues" in said(bring(trainer, slug, b"%PDF-1.7 \x00\xff"))
    links = "".join(
        f'<DT><A HREF="https://a.example/{n}" ADD_DATE="1">Lien {n}</A>\n' for n in range(50_000)
    )
    head = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n"
    answer = said(bring(trainer, slug, f"{head}{links}</DL>", "signets.html"))
    assert "2000 références au plus" in answer


def test_an_export_is_whole_while_somebody_edits(team: Team, trainer: FlaskClient) -> None:
    slug, ids = filled(team, trainer, *(f"Livre {n}" for n in range(5)))
    share(trainer, slug, "public")
    with team.library.store.read() as tx:
        tx.reading_lists.by_slug(slug)
        send(trainer, f"{DESK}/{slug}", geste=f"retirer:{ids[0]}")
        assert tx.reading_lists.by_slug(slug).contents.size == 5
    for form in FORMS:
        answer = team.client().get(f"/bibliographies/{slug}.{form}")
        assert answer.status_code == 200, form
        assert f'filename="{slug}.{form}"' in answer.headers["Content-Disposition"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
        own = trainer.get(f"{DESK}/{slug}/export.{form}")
        assert own.status_code == 200
    assert team.client().get(f"/bibliographies/{slug}.exe").status_code == 404


def test_a_dossier_is_proposed_changed_and_kept(team: Team, trainer: FlaskClient) -> None:
    slug = begin(trainer)
    page = trainer.get(f"/bureau/dossier?q=la+stagiaire+raconte&liste={slug}").text
    ids = re.findall(r'name="article" value="(\d+)" checked', page)
    assert 2 <= len(ids) <= 10
    assert "au plus près de la question" in page
    query = {"q": "la stagiaire raconte", "vu": ids, "article": ids[1:], "liste": slug}
    other = trainer.get("/bureau/dossier", query_string=query).text
    left = re.findall(r'name="article" value="(\d+)" checked', other)
    assert ids[0] not in left
    assert set(ids[1:]) <= set(left)
    assert "csrf_token" not in re.sub(r"<button[^>]*>", "", other.split('class="dossier"')[1])
    send(trainer, "/bureau/ajouter-a-une-bibliographie", liste=slug, article=ids)
    assert held(team, slug).contents.size == len(ids)
    assert "rien d’assez proche" in trainer.get("/bureau/dossier?q=zzyzx").text
    by_theme = trainer.get("/bureau/dossier?theme=logement").text
    assert "checked" in by_theme


def test_the_documentalist_edits_the_grids_of_competences(team: Team, trainer: FlaskClient) -> None:
    keeper, address = team.client(team.person(Role.DOCUMENTALIST)), "/bureau/competences"
    assert "DC4" in keeper.get(address).text
    given = {"grille": "blocs2026", "nom": "Blocs de 2026", "lignes": "Bloc 1 : Accueillir\nB2"}
    assert send(keeper, address, **given).status_code == 303
    added = {"grille": "", "nom": "DEAES", "lignes": "Bloc A : Accompagner"}
    assert send(keeper, address, **added).status_code == 303
    assert send(keeper, address, **added).status_code == 422
    wrong = send(keeper, address, **(given | {"lignes": "A\nA"}))
    assert (wrong.status_code, "le même code" in wrong.text) == (422, True)
    sheet = trainer.get(f"{DESK}/{begin(trainer)}/fiche").text
    for shown in ("Bloc 1", "Accueillir", "B2", "DEAES", "Bloc A", "DC1"):
        assert shown in sheet
    assert "Bloc 3" not in sheet
