"""The reading of a page: its parts, its limits, hostile input."""

from __future__ import annotations

from datetime import UTC, date, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Access, Announcement, Extracted, Rejected
from core.weeks import paris_date
from crawler.extract import extract
from crawler.plain import to_text

TODAY = date(2026, 11, 22)
URL = "https://revue.example.org/2026/accueil-de-jour"
PROSE = (
    "<p>L’accueil de jour ouvre à huit heures et ne ferme qu’à la nuit. On y vient pour un café, "
    "une douche, un courrier, et l’on y reste pour parler avec l’équipe éducative.</p>"
    "<p>Trois professionnelles se relaient ; elles connaissent chaque prénom et chaque chien, et "
    "tiennent à ce que personne n’ait à raconter deux fois la même histoire.</p>"
)


def page(body: str = PROSE, head: str = "", title: str = "Un accueil de jour à Nevers") -> str:
    return f"<html lang=fr><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}"


def read(text: str | bytes, url: str = URL, announcement: Announcement | None = None) -> Extracted:
    body = text.encode() if isinstance(text, str) else text
    article = extract(body, url=url, announcement=announcement, today=TODAY)
    assert isinstance(article, Extracted), article
    return article


def refused(body: bytes, content_type: str = "", limit: int = 10_000_000) -> str:
    answer = extract(body, url=URL, content_type=content_type, today=TODAY, limit=limit)
    assert isinstance(answer, Rejected), answer
    return answer.reason


def day(article: Extracted) -> str:
    assert article.published is not None
    return paris_date(article.published).isoformat()


# Pages made without paragraphs: what the text stands in is called as boxes are, too.
LINES = (
    """
L’accueil de jour ouvre à huit heures et ne ferme qu’à la nuit. On y vient pour un café, une
douche, un courrier, et l’on y reste pour parler avec l’équipe éducative.

Trois professionnelles se relaient ; elles connaissent <b>chaque prénom</b> et chaque chien, et
tiennent à ce que personne n’ait à raconter deux fois la même histoire.

Le vendredi, on y mange ensemble : la cuisine est petite, alors chacun apporte un plat, et les
voisines viennent avec leurs enfants quand il fait froid dehors.

La commune a promis un local plus grand pour le printemps ; en attendant, les permanences
juridiques se tiennent dans le couloir, entre deux chaises et une imprimante.

Une assistante de service social du département passe le mardi, et la maraude dépose ses fiches le
soir : ainsi, dit la cheffe de service, la nuit et le jour se parlent enfin.
""".strip()
    .replace("\n", " ")
    .split("  ")
)
FOOT = "<footer><p>La revue des Loges, association régie par la loi de 1901.</p></footer>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=widget>{'<br><br>'.join(LINES)}</div>{FOOT}",
        f"<div class='sidebar-right'>{''.join(f'<div>{one}</div>' for one in LINES)}</div>{FOOT}",
        f"<aside><ul>{''.join(f'<li>{one}</li>' for one in LINES)}</ul></aside>{FOOT}",
        f"<div id=extra><table><tr><td>{'<br><br>'.join(LINES)}</table></div>{FOOT}",
    ],
    ids=["breaks", "divs", "list", "table"],
)
def test_a_text_without_paragraphs_is_kept_whatever_its_box_is_called(body: str) -> None:
    text = read(page(body)).text
    for line in LINES:
        assert line[:30] in text
        assert line[-30:] in text
    assert "loi de 1901" not in text


def test_long_teasers_beside_a_short_text_in_paragraphs_still_go() -> None:
    teasers = "".join(
        f"<li><a href='/{n}'>Un autre article du site, le numéro {n}</a> {LINES[n % 5]}</li>"
        for n in range(6)
    )
    text = read(page(f"<article>{PROSE}</article><div class=sidebar><ul>{teasers}</ul></div>")).text
    assert "Trois professionnelles" in text
    assert "vendredi" not in text


# Bytes


def test_a_control_character_in_a_text_cut_by_breaks_costs_nothing() -> None:
    broken = PROSE.replace("Trois", "Tro\x08is").replace("chaque", "chaque\x1f")
    text = read(page(f"<div>Une ligne\x0c.<br><br>{broken}</div>")).text
    assert "tiennent à ce que personne" in text
    assert not set(text) & set(map(chr, (*range(9), 11, 12, *range(14, 32))))


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "iso-8859-1", "text/html; charset=ISO-8859-1"),
        ("utf-8-sig", "", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "utf-8", "text/html; charset=utf-8"),
        ("cp1252", "", ""),
        ("cp1252", "", "text/html; charset=windows-1252"),
        ("utf-16", "", ""),
    ],
)
def test_the_bytes_decide_when_the_declared_encoding_is_wrong(
    encoding: str, declared: str, content_type: str
) -> None:
    body = page(head=f'<meta charset="{declared}">' if declared else "").encode(encoding)
    article = extract(body, url=URL, content_type=content_type, today=TODAY)
    assert isinstance(article, Extracted)
    assert "L’accueil de jour ouvre à huit heures" in article.text


def test_a_few_wrong_bytes_in_utf_8_are_read_as_windows_1252() -> None:
    body = page().encode().replace("équipe".encode(), "équipe".encode("cp1252"))
    assert "avec l’équipe éducative" in read(body).text


def test_nul_and_control_characters_leave_no_trace() -> None:
    article = read(page().replace("café", "ca\x00fé\u202e\u200b").replace("douche", "douche\x07"))
    assert "un café, une douche, un courrier" in article.text


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "", "page vide"),
        (b" \r\n ", "text/html", "page vide"),
        (b"%PDF-1.7 ...", "", "binaire"),
        (b"\x89PNG\r\n\x1a\n....", "text/html", "binaire"),
        (b"<html>", "application/pdf", "application/pdf"),
        (b"<html>", "image/png; q=1", "image/png"),
        (b"Bonjour, ceci est un texte.", "", "aucune balise"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "", "un flux"),
        (b"<html><body></body></html>", "", "aucun texte"),
        (bytes(range(256)) * 20, "", "binaire"),
    ],
)
def test_what_is_no_page_is_rejected_with_its_reason(
    body: bytes, content_type: str, reason: str
) -> None:
    assert reason in refused(body, content_type)


def test_a_page_over_the_limit_is_rejected_unread() -> None:
    assert "plus de 1000" in refused(page().encode() * 5, limit=1000)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.booleans())
def test_any_bytes_give_an_answer(noise: bytes, inside: bool) -> None:
    body = page().encode() + noise + PROSE.encode() if inside else noise
    answer = extract(body, url=URL, today=TODAY)
    assert isinstance(answer, Extracted | Rejected)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<div class='share'>",
                "</div>",
                "<h1>",
                "</h1>",
                "<table><tr><td>",
                "<br><br>",
                "<p>",
                "<a href='x'>À lire aussi",
                "<time datetime='2099-13-45'>",
                "<form>",
                "<footer>",
                "<meta property='og:title' content='&lt;b&gt;'>",
                "Publié le 22 juillet 2020 par X Y",
                '<script type=\'application/ld+json\'>{"@type":["Article"],"author":[1]}</script>',
                "<link rel=canonical href='http://[bad'>",
                "<body class=share>",
                "texte " * 30,
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_gives_an_answer_without_markup(pieces: list[str]) -> None:
    answer = extract("".join(["<html>", *pieces]).encode(), url=URL, today=TODAY)
    if isinstance(answer, Extracted):
        assert "<div" not in answer.text + answer.title + answer.author


@pytest.mark.parametrize("depth", [300, 1500, 50_000])
def test_a_deeply_nested_page_gives_an_answer(depth: int) -> None:
    body = page("<div>" * depth + PROSE).encode()
    assert isinstance(extract(body, url=URL, today=TODAY), Extracted | Rejected)


def test_a_page_of_countless_elements_is_read_simply() -> None:
    article = read(page(PROSE + "<span>a</span>" * 9000))
    assert "L’accueil de jour ouvre" in article.text


# Gates


@pytest.mark.parametrize(
    "markup",
    [
        "<title>Just a moment...</title><body>Checking your browser before accessing.",
        "<title>Connexion</title><h1>Connexion</h1><form><input type=password></form>",
        "<title>404 - Page non trouvée</title><h1>Page non trouvée</h1><p>" + "Désolé. " * 40,
        "<title>Erreur 403</title><h1>Accès refusé</h1>",
        (
            "<title>Revue</title><h1>Un instant</h1><script src='https://geo.captcha-delivery.com/x'>"
            "</script>"
        ),
        (
            "<title>Espace adhérents</title><h1>Espace adhérents</h1><form>"
            "<input type='password'></form>"
        ),
    ],
)
def test_a_gate_is_no_article(markup: str) -> None:
    assert "porte close" in refused(f"<html>{markup}".encode())


def test_a_gate_is_no_article_even_when_a_feed_announced_it() -> None:
    announced = Announcement(URL, "Un accueil de jour", "Le résumé de la revue.")
    body = b"<html><title>Just a moment...</title><body><h1>Just a moment...</h1></body></html>"
    answer = extract(body, url=URL, announcement=announced, today=TODAY)
    assert isinstance(answer, Rejected)


def test_an_article_about_logging_in_is_an_article() -> None:
    title = "Connexion : les accueils de jour face au tout-numérique"
    assert read(page(PROSE * 2 + "<p>Fin du texte.</p>", title=title)).title == title


# What a feed knows


def test_the_feed_s_summary_stands_for_a_text_that_is_only_for_subscribers() -> None:
    announced = Announcement(URL, "Un accueil de jour", "Le résumé donné par la revue.")
    body = page("<p>Cet article est réservé aux abonnés.</p>")
    article = read(body, announcement=announced)
    assert article.text == "Le résumé donné par la revue."
    assert article.access is Access.SUBSCRIBERS


def test_the_feed_s_whole_text_completes_a_page_that_gives_little() -> None:
    announced = Announcement(URL, content="Le texte entier." * 100)
    assert read(page("<p>Deux mots.</p>"), announcement=announced).text == announced.content


def test_the_feed_s_hour_completes_a_date_of_the_same_day() -> None:
    at = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
    body = page("<p>Publié le 18 novembre 2026</p>" + PROSE)
    assert read(body, announcement=Announcement(URL, published=at)).published == at


def test_what_the_page_says_wins_over_the_feed_s_other_day() -> None:
    late = Announcement(URL, published=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    assert day(read(page("<p>Publié le 18 novembre 2026</p>" + PROSE), announcement=late)) == (
        "2026-11-18"
    )
    assert day(read(page(), announcement=late)) == "2026-11-20"


# Dates in their place


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            '<meta property="article:published_time" content="2020-07-22T10:00:00+02:00">',
            PROSE,
            "2020-07-22",
        ),
        ('<meta name="DC.date.issued" content="2020-07-22">', PROSE, "2020-07-22"),
        (
            "",
            '<p><span itemprop="datePublished" content="2020-07-22">hier</span></p>' + PROSE,
            "2020-07-22",
        ),
        (
            "",
            "<p class=date><span>22</span> <span>juil.</span> <span>2020</span></p>" + PROSE,
            "2020-07-22",
        ),
        ("", "<p>Mis à jour le 3 août 2021, publié le 22 juillet 2020</p>" + PROSE, "2020-07-22"),
        ("", "<p>22 juillet 2020 (mis à jour le 3 août 2021)</p>" + PROSE, "2020-07-22"),
        ("", "<p>Mis à jour le 3 août 2021</p>" + PROSE, "2021-08-03"),
        ("", PROSE + "<p>Article publié le 22/07/2020 dans Pratiques</p>", "2020-07-22"),
        (
            "",
            "<p>Le 12 mars 2099 à Lyon</p><p>Mis en ligne le 22 juillet 2020</p>" + PROSE,
            "2020-07-22",
        ),
        (
            "",
            "<div class=meta>Posté par Marie Dupont le 22 juillet 2020 dans Actus</div>" + PROSE,
            "2020-07-22",
        ),
        (
            '<meta property="article:published_time" content="2099-01-01">',
            "<p>Publié hier</p>" + PROSE,
            "2026-11-21",
        ),
    ],
)
def test_the_date_is_the_publication_s(head: str, body: str, expected: str) -> None:
    url = "https://revue.example.org/accueil-de-jour"
    assert day(read(page(body, head), url)) == expected


@pytest.mark.parametrize(
    "body",
    [
        PROSE + "<div id=comments><p>Publié le 3 août 2021</p></div>",
        PROSE + "<div class=related><p>Publié le 3 août 2021</p></div>",
        PROSE + "<footer>© 2021 – mis en page le 3 août 2021</footer>",
        PROSE + "<div class=sidebar><h3>Agenda</h3><p>3 août 2021</p></div>",
    ],
)
def test_a_date_of_something_else_is_not_the_article_s(body: str) -> None:
    assert read(page(body), "https://revue.example.org/accueil").published is None


# Addresses


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://revue.example.org/accueil", "https://revue.example.org/accueil"),
        ("/accueil?utm_source=x", "https://revue.example.org/accueil"),
        ("https://www.ailleurs.example.com/a", URL),
        ("https://www.revue.example.org/accueil", "https://www.revue.example.org/accueil"),
        ("https://revue.example.org/", URL),
        ("https://revue.example.org/2026/", URL),
        ("http://localhost:3000/a", URL),
        ("http://192.168.1.4/a", URL),
        ("javascript:alert(1)", URL),
        ("http://[bad", URL),
        ("", URL),
    ],
)
def test_a_canonical_address_is_believed_when_it_is_an_article_s(
    canonical: str, expected: str
) -> None:
    assert read(page(head=f'<link rel="canonical" href="{canonical}">')).url == expected


def test_an_amp_page_has_the_article_s_address() -> None:
    head = f'<link rel="canonical" href="{URL}/">'
    assert read(page(head=head), f"{URL}/amp/").url == f"{URL}/"


# Authors


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Par Marie Dupont", "Marie Dupont"),
        (
            "Par Marie Dupont et Jean de La Tour, éducateurs spécialisés",
            "Marie Dupont, Jean de La Tour",
        ),
        ("par MARIE DUPONT | 22 juillet 2020", "Marie Dupont"),
        ("22 juillet 2020, par Marie-Ève L’Hermitte", "Marie-Ève L’Hermitte"),
        ("Publié le 22 juillet 2020 par Marie Dupont dans Actualités", "Marie Dupont"),
        ("Propos recueillis par Élise N’Guyen", "Élise N’Guyen"),
        ("Par la rédaction", ""),
        ("Par admin", ""),
        ("Par @mdupont", ""),
        ("Par www.exemple.fr", ""),
        ("Par ailleurs, rien ne change", ""),
    ],
)
def test_a_byline_names_people(byline: str, expected: str) -> None:
    assert read(page(f"<p>{byline}</p>{PROSE}")).author == expected


# Access, title, language, image


@pytest.mark.parametrize(
    ("head", "body", "access"),
    [
        ("", PROSE, Access.FREE),
        ("", PROSE + "<p>Il vous reste 80 % de cet article à lire.</p>", Access.SUBSCRIBERS),
        ("", PROSE + "<p>La suite est réservée aux abonnés</p>", Access.SUBSCRIBERS),
        ("", PROSE + "<p>Abonnez-vous pour lire la suite</p>", Access.SUBSCRIBERS),
        ("", PROSE + "<p>Pour lire la suite de l’article, connectez-vous</p>", Access.SUBSCRIBERS),
        ("", "<header><a>Abonnez-vous</a></header>" + PROSE, Access.FREE),
        ("", PROSE + "<div class=related><p>Article réservé aux abonnés</p></div>", Access.FREE),
        ('<meta property="article:content_tier" content="locked">', PROSE, Access.SUBSCRIBERS),
    ],
)
def test_access_is_what_the_page_says(head: str, body: str, access: Access) -> None:
    assert read(page(body, head)).access is access


@pytest.mark.parametrize(
    ("title", "h1", "site"),
    [
        (
            "Un accueil de jour à Nevers | Le Lien du Centre",
            "Un accueil de jour à Nevers",
            "Le Lien du Centre",
        ),
        (
            "Le Lien du Centre - Un accueil de jour à Nevers",
            "Un accueil de jour à Nevers",
            "Le Lien du Centre",
        ),
        (
            "Protection de l’enfance - Assistants familiaux : la loi",
            "Protection de l’enfance - Assistants familiaux : la loi",
            "",
        ),
        ("L&amp;#8217;aide &amp;amp; le soin", "L’aide & le soin", ""),
    ],
)
def test_the_title_is_without_the_site_s_name(title: str, h1: str, site: str) -> None:
    body = f"<html><head><title>{title}</title></head><h1>{h1.replace('&', '&amp;')}</h1>{PROSE}"
    article = read(body)
    assert (article.title, article.site) == (h1, site)


def test_the_language_is_the_text_s_whatever_is_declared() -> None:
    assert read(page().replace("lang=fr", "lang=en-US")).language == "fr"
    english = "<p>The house is open to all of the people who are in need of a place to be.</p>" * 4
    assert read(page(english).replace("lang=fr", "lang=fr-FR")).language == "en"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("https://i.example.org/a.jpg", "https://i.example.org/a.jpg"),
        ("/a.jpg", "https://revue.example.org/a.jpg"),
        ("data:image/png;base64,AAAA", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_a_web_address_is_an_image_s(image: str, expected: str) -> None:
    assert read(page(head=f'<meta property="og:image" content="{image}">')).image == expected


def test_markup_written_as_text_stays_text() -> None:
    article = read(
        page(PROSE + "<p>Écrire &lt;script&gt;alert(1)&lt;/script&gt; ne sert à rien.</p>")
    )
    assert "<script>alert(1)</script>" in article.text


def test_a_press_review_keeps_the_articles_it_cites() -> None:
    body = PROSE + "<p>Lire l’article de <a href='https://x.example.org/a'>La Gazette</a></p>"
    assert "Lire l’article de La Gazette" in read(page(body)).text


# What is taken out, and what is not


PROSE_KEPT = [
    "À lire aussi bien les rapports que les carnets, on comprend mieux.",
    "Partager un repas, c’est déjà du travail social.",
    "Recevez-les sans rendez-vous, disait-elle aux stagiaires.",
    "Le partage d’informations à caractère secret reste encadré par la loi.",
    "Nous utilisons des mots simples, pas des acronymes.",
    "Publié trop tôt, le décret a dû être repris en mars.",
    "Photo de famille : sept frères et sœurs, trois foyers.",
    "Par ailleurs, les équipes demandent du temps.",
    "Abonnés au silence, les parents ne répondent plus.",
    "Il vous reste deux mois pour déposer le dossier.",
    "Commentaires et ratures couvrent son carnet.",
    "Le lien",
    "Trois jours de formation suffisent-ils ?",
]


@pytest.mark.parametrize("line", PROSE_KEPT)
def test_prose_is_never_taken_for_a_notice(line: str) -> None:
    assert (
        line
        in read(page(f"{PROSE}<p>{line}</p>{PROSE}".replace("<p>Le lien<", "<h2>Le lien<"))).text
    )


LEFT_OUT = [
    "Partager sur Facebook",
    "Partager sur Facebook | Imprimer | Envoyer par mail",
    "Cliquez pour partager sur X(ouvre dans une nouvelle fenêtre)",
    "Temps de lecture : 4 minutes",
    "Lecture 3 min",
    "À lire aussi : Les foyers ferment",
    "Lire aussi : « Les foyers ferment »",
    "Abonnez-vous à notre newsletter",
    "Inscrivez-vous à notre lettre d’information pour ne rien manquer.",
    "Crédit photo : Jeanne Renoir",
    "© Jeanne Renoir / Agence",
    "Laisser un commentaire",
    "3 commentaires",
    "En poursuivant votre navigation, vous acceptez l’utilisation de cookies.",
    "Tout accepter",
    "Mots-clés : insertion, logement",
    "Publié dans : Actualités",
    "Article précédent",
    "Haut de page",
    "Vous êtes ici : Accueil > Actualités > Insertion",
    "Il vous reste 64 % de cet article à lire.",
    "Tous droits réservés",
    "J’aime chargement…",
]


@pytest.mark.parametrize("line", LEFT_OUT)
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_notice_is_left_out_though_nothing_marks_it(line: str, where: str) -> None:
    notice = f"<p>{line}</p>"
    text = read(page(notice + PROSE if where == "before" else PROSE + notice)).text
    assert line not in text
    assert "café" in text


def test_headings_whose_ids_are_words_stay() -> None:
    after = "<p>Le secret se partage à trois conditions, que l’équipe relit chaque automne.</p>"
    body = f"<article>{PROSE}<h2 id='partage'>Le partage du secret</h2>{after}{after}</article>"
    assert "Le partage du secret" in read(page(body)).text


def test_a_layout_s_class_does_not_take_the_article_away() -> None:
    markup = (
        "<html><body><h1><a href='/'>La revue des Loges</a></h1><div class='right-sidebar "
        f"comments-open'><h1>Un accueil de jour à Nevers</h1>{PROSE}</div></body></html>"
    )
    article = read(markup)
    assert article.title == "Un accueil de jour à Nevers"
    assert article.site == "La revue des Loges"
    assert "tiennent à ce que personne" in article.text


# Endless and hostile pages


LINE = "La maison reste ouverte la nuit aux personnes qui en ont besoin, et l’équipe veille. "


@pytest.mark.parametrize(
    "markup",
    [
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + f">{LINE * 5}</p>",
        "<p " + " ".join(f'a{n}=">"' for n in range(100_000)) + f">{LINE * 5}</p>",
        f"<p class='{'encart ' * 300_000}'>{LINE * 5}</p>",
        f"<h2>{LINE}" * 4_000,
        "<div>" * 59_000 + LINE,
        "<blockquote>" * 20_000 + LINE,
        "<p>" + f"<br><br><div>{LINE}" * 15_000,
        f"<div>À lire aussi : Un titre {LINE}" * 10_000,
        "".join(f"<p>{LINE}{n}</p>" for n in range(20_000)),
        "<br>" * 100_000 + LINE,
    ],
    ids="attributes quoted classes h2 div blockquote breaks also paragraphs br".split(),
)
def test_a_page_made_to_burn_time_has_its_answer_within_seconds(markup: str) -> None:
    start = process_time()
    answer = extract(page(markup).encode(), url=URL, today=TODAY)
    assert isinstance(answer, Extracted | Rejected)
    assert process_time() - start < 10  # two or three on an idle machine, minutes without bounds


def test_attributes_beyond_a_hundred_take_nothing_of_the_text_away() -> None:
    many = " ".join(f"data-a{n}='x > y'" for n in range(500))
    script = "<script>if (i<a) { " + "x = 1 ; " * 400 + "}</script>"
    article = read(page(f"{script}<div {many}>{PROSE}</div>"))
    assert "ne ferme qu’à la nuit" in article.text
    assert "raconter deux fois la même histoire" in article.text
    assert "data-a" not in article.text


def test_a_feed_s_fragment_of_countless_attributes_is_read_within_seconds() -> None:
    start = process_time()
    many = " ".join(f"a{n}=1" for n in range(100_000))
    assert to_text(f"<p {many}>{LINE}</p>") == LINE.strip()
    assert process_time() - start < 10


# Hand-made pages, letters, journals


LETTERHEAD = (
    "<html><head><title>Syndicat des gens de maison</title></head><body><table><tr><td>"
    "<a href='/'><img src=b.gif alt='Syndicat des gens de maison'></a></td></tr><tr><td>"
)
UNDER = "<br><br><font size=2>" + LINE * 4 + "<br><br>" + LINE * 3 + "</font></td></tr></table>"


@pytest.mark.parametrize(
    "line",
    [
        "<font size=5 color=red><b>Primes : le compte n’y est pas</b></font>",
        "<center><big>Primes : le compte n’y est pas</big></center>",
        "<b>Primes : le compte n’y est pas</b>",
    ],
)
def test_the_line_that_the_listing_announced_is_the_title(line: str) -> None:
    told = Announcement(URL, "Primes : le compte n’y est pas")
    plain = LETTERHEAD.replace("alt='Syndicat des gens de maison'", "")
    assert read(plain + line + UNDER, announcement=told).title == told.title
    assert read(LETTERHEAD + line + UNDER, announcement=told).title == told.title


def test_a_line_in_large_is_the_title_when_the_page_s_own_is_the_site_s() -> None:
    line = "<font size=5><b>Primes : le compte n’y est pas</b></font>"
    article = read(LETTERHEAD + line + UNDER)
    assert article.title == "Primes : le compte n’y est pas"
    assert article.site == "Syndicat des gens de maison"


def test_a_letter_made_of_nested_tables_is_read() -> None:
    cells = "".join(
        f"<tr><td class=mailpoet_text><table><tr><td class=mailpoet_paragraph>{line}</td></tr>"
        "</table></td></tr>"
        for line in ("Chères voisines, la rentrée fut belle et longue. " * 3, LINE * 3)
    )
    article = read(
        "<html><title>Lettre de rentrée des voisines</title><body><table class=mailpoet_template>"
        "<tr><td class=mailpoet_preheader>Voir dans votre navigateur</td></tr><tr><td><table>"
        f"<tr><td><h1>Lettre de rentrée des voisines</h1></td></tr>{cells}<tr>"
        "<td class=mailpoet_footer><a href=x>Se désinscrire</a><br>Vous recevez cet e-mail car vous"
        " êtes des nôtres, rue Basse.</td></tr></table></td></tr></table>"
    )
    assert "la rentrée fut belle" in article.text
    assert "l’équipe veille" in article.text
    assert "Se désinscrire" not in article.text
    assert "Vous recevez" not in article.text


def test_a_learned_journal_s_apparatus_is_left_out() -> None:
    article = read(
        page(
            "<section id=plan><h2>Plan détaillé</h2><ul><li><a href=#a>Une enquête</a></li></ul>"
            f"</section><div id=text>{PROSE}</div><section id=quotation><h2>Pour citer cet article"
            "</h2><h3>Référence électronique</h3><p>A. Roux, « Un accueil », <em>Cahiers</em>, "
            "mis en ligne le 3 mars 2021, consulté le 2 mai 2026. URL : https://c.example.org/1</p>"
            "</section><section id=license><h2>Droits d’auteur</h2><p>Ce texte est sous licence "
            "Creative Commons CC BY.</p></section>",
            "<meta name=DC.creator content='Roux, Annick'><meta name=citation_author "
            "content='Roux, Annick'><meta name=author content='Annick Roux'>",
        )
    )
    assert article.author == "Annick Roux"
    for notice in ("Plan détaillé", "Pour citer", "électronique", "Droits d’auteur", "Commons"):
        assert notice not in article.text


def test_prose_in_bare_blocks_amid_paragraphs_is_kept_in_its_place() -> None:
    bare = "Un matin, le poêle s’est éteint et chacun a tenu la couverture de son voisin. " * 2
    body = f"<div class=ob-text>{PROSE}<div>{bare}</div><div><br></div>{PROSE}</div>"
    text = read(page(body)).text
    assert text.index("ne ferme qu’à la nuit") < text.index("le poêle s’est éteint")


def test_a_feed_that_gives_a_paragraph_more_completes_the_page() -> None:
    whole = "\n\n".join([*read(page()).text.split("\n\n"), LINE * 2])
    whole += (
        "\n\nS’abonner\n\nL’article Un accueil de jour à Nevers est apparu en premier sur La Revue."
    )
    text = read(page(), announcement=Announcement(URL, content=whole)).text
    assert text.endswith(LINE.strip())
    other = Announcement(URL, content="Un tout autre texte, long et sans rapport. " * 12)
    assert "tout autre texte" not in read(page(), announcement=other).text


# Walls, boxes, signatures


@pytest.mark.parametrize(
    "wall",
    [
        (
            "<aside class=gh-post-upgrade-cta><h2>Cet article est réservé aux membres payants</h2>"
            "<a>Subscribe now</a></aside>"
        ),
        (
            "<div><p>Vous souhaitez lire la suite ? Achetez cet article 2,50 € ou abonnez-vous"
            "</p></div>"
        ),
    ],
)
def test_a_box_for_subscribers_says_that_the_page_is_walled(wall: str) -> None:
    article = read(page(PROSE + wall))
    assert article.access is Access.SUBSCRIBERS
    assert "membres payants" not in article.text
    assert "Achetez" not in article.text


@pytest.mark.parametrize(
    "box",
    [
        (
            "<div class='et_pb_module et_pb_team_member'><h4>Ana Roux</h4><p>Ana Roux vit à Tulle "
            "et tient ce blog.</p></div>"
        ),
        (
            "<div class=author-box><h4>À propos de l’auteur</h4><p>Ana vit à Tulle et tient ce "
            "blog.</p></div>"
        ),
        "<div><h3>À propos de l’auteur·e</h3><p>Ana vit à Tulle et tient ce blog.</p></div>",
        "<div class=don><h3>Soutenez-nous</h3><p>Vit de vos dons : HelloAsso, Tulle.</p></div>",
        (
            "<div class=wp-block-jetpack-subscriptions><p>Newsletter : recevez nos articles de "
            "Tulle</p></div>"
        ),
        "<p>Précédent : Un été à Tulle</p>",
        (
            "<h2>Un message, un commentaire ?</h2><p class=explication>modération a priori : ce "
            "forum de Tulle est modéré.</p>"
        ),
    ],
)
def test_a_box_about_the_author_or_the_site_is_no_part_of_the_text(box: str) -> None:
    article = read(page(PROSE + box))
    assert "Tulle" not in article.text
    assert "propos" not in article.author


@pytest.mark.parametrize(
    ("last", "author"),
    [
        ("<strong>Lise Morand</strong>", "Lise Morand"),
        ("Lise Morand, éducatrice", "Lise Morand"),
        ("Lise Morand, la voisine du dessus, sourit.", ""),
        ("Cour de cassation", ""),
        ("Merci Lise Morand", ""),
        ("Fin du récit.", ""),
    ],
)
def test_a_name_alone_at_the_end_signs_the_text(last: str, author: str) -> None:
    assert read(page(f"{PROSE}<p>{last}</p>")).author == author


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("3 novembre 2026 • Texte : Lise Morand • Photos : Hugo Blanc", "Lise Morand"),
        ("Par Collectif, le 3 novembre 2026", "Collectif"),
    ],
)
def test_a_dated_byline_names_who_wrote(byline: str, author: str) -> None:
    assert read(page(f"<p>{byline}</p>{PROSE}")).author == author


# What the page says that it is

LD = '<script type="application/ld+json">%s</script>'
DEBATE = '{"@type": "OpinionNewsArticle", "articleSection": ["Débats", "Idées; etc."]}'


@pytest.mark.parametrize(
    ("head", "section"),
    [
        ('<meta property="article:section" content="Tribunes">', "Tribunes"),
        (
            LD % '{"@type": "OpinionNewsArticle", "articleSection": ["Débats", "Idées; etc."]}',
            "Débats; Idées, etc.; OpinionNewsArticle",
        ),
        (LD % '{"@graph": [{"@type": "WebPage"}, {"@type": "JobPosting"}]}', "JobPosting"),
        (LD % '{"@type": "NewsArticle"}', ""),
        ('<meta property="article:section" content="' + "x" * 900 + '">', "x" * 200),
        (LD % '{"@type": "Article", "articleSection": {}}', ""),
    ],
    ids=["meta", "json-ld", "graph", "general", "long", "nonsense"],
)
def test_the_section_is_what_the_page_says(head: str, section: str) -> None:
    assert read(page(head=head)).section == section


def test_the_article_of_a_blogger_s_blog_is_no_widget() -> None:
    text = "L’accueil de jour ouvre à huit heures et ne ferme qu’à la nuit tombée.<br><br>" * 6
    body = (
        "<div class='main section' id='main'><div class='widget Blog' id='Blog1'>"
        f"<div class='post-body entry-content'>{text}</div></div></div>"
        "<div class='sidebar section'><div class='widget BlogArchive' id='BlogArchive1'>"
        f"<ul>{'<li><a href=/a>Archives de novembre</a></li>' * 30}</ul></div></div>"
    )
    assert "ne ferme qu’à la nuit" in read(page(body)).text
    assert "Archives" not in read(page(body)).text
