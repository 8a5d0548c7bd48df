"""The body of a letter, in HTML and in plain text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from hypothesis import given

from core.newsletters import Content, Entry, EntryKind, Section
from curation.newsletter_rendering import Cover, parts_of, render_html, render_text
from tests.curation.letters import letters
from tests.web.newsletter_samples import ARTICLE, CLOSED, CONTENT, IMAGES, long

COVER = Cover("jeudi 26 novembre 2026", "https://glaneuse.example/lettres/aller-vers")
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=y>\" ' & <a href='https://x.example'>"


class Tags(HTMLParser):
    """The elements of a page, that all are closed, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, attribute: str) -> list[str | None]:
        return [one.get(attribute) for name, one in self.seen if name == tag]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_both_parts_say_the_same_in_the_same_order() -> None:
    text = _plain(render_text(CONTENT, COVER, IMAGES))
    words = _plain(Tags(render_html(CONTENT, COVER, IMAGES)).words)
    told = [
        "Aller-vers, protection de l’enfance : ce que dit le terrain",
        "jeudi 26 novembre 2026 · 1 minute de lecture",
        "Cette semaine, deux enquêtes se répondent.",
        "Claire, pour la rédaction",
        "À la une",
        "Aller-vers : ce que disent les équipes de rue",
        "Inès Kaddour, Carnet de rue, 24 novembre 2026",
        "« L’aller-vers n’est pas un dispositif de plus, c’est une manière d’attendre. »",
        "Protection de l’enfance : les départements en première ligne <2027>",
        "Selon la revue, trois départements changent",
        "Chez nous",
        "jeudi 3 décembre 2026, 14 h à 17 h, Lyon",
        "Association Les Tilleuls, candidatures jusqu’au 15 décembre 2026, Nantes",
        "Merci de vos retours !",
        "Photo : M. Sow",
        "Et aussi",
        "Carnet de rue, 24 novembre 2026",
    ]
    for said in (text, words):
        places = [said.index(one) if at < 16 else said.rindex(one) for at, one in enumerate(told)]
        assert places == sorted(places)
    assert "[Image : Une table, des mains, du papier]" in text
    assert "\n\n\n" not in text


def test_what_is_for_subscribers_is_marked_in_both_parts() -> None:
    assert _plain(render_text(CONTENT)).count("réservé aux abonnés") == 2
    assert render_html(CONTENT).count("Réservé aux abonnés") == 2


def test_links_are_the_originals_and_images_the_declared_ones() -> None:
    page = Tags(render_html(CONTENT, COVER, IMAGES))
    assert set(page.all("a", "href")) == {
        COVER.page,
        ARTICLE.url,
        CLOSED.url,
        "https://asso.example/rencontre",
        "https://rapport.example/l'enfance.pdf",  # written out in a text, its full stop apart
    }
    assert page.all("img", "src") == ["https://glaneuse.example/lettres/images/atelier.jpg"]
    assert page.all("img", "alt") == ["Une table, des mains, du papier"]
    assert (page.all("img", "width"), page.all("img", "height")) == (["560"], ["373"])


def test_headings_go_down_one_step_at_a_time_and_tables_are_no_data() -> None:
    page = Tags(render_html(CONTENT, COVER, IMAGES))
    assert set(page.all("table", "role")) == {"presentation"}
    untitled = replace(CONTENT, sections=(replace(CONTENT.sections[0], title=""),))
    for content in (CONTENT, untitled):
        seen = Tags(render_html(content)).seen
        levels = [int(tag[1]) for tag, _ in seen if tag in {"h1", "h2", "h3"}]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_an_image_that_is_not_kept_any_more_leaves_its_words() -> None:
    html, text = render_html(CONTENT, COVER), render_text(CONTENT, COVER)
    assert "<img" not in html
    assert "L’atelier d’écriture de mardi." in html
    assert "[Image" in text


def test_what_has_no_room_is_said_with_where_it_is() -> None:
    cover = replace(COVER, shown=3)
    text, html = _plain(render_text(long(5), cover)), _plain(render_html(long(5), cover))
    assert "n° 2" in text
    assert "n° 3" not in text + html
    for said in (text, html):
        assert "2 autres éléments n’ont pas trouvé place dans ce message." in said
    assert text.rstrip().endswith(COVER.page)
    assert "1 autre élément n’a pas trouvé place" in _plain(render_text(long(4), cover))
    assert "trouvé place" not in render_text(long(3), cover)


def test_an_empty_letter_and_one_with_nothing_known_are_written_all_the_same() -> None:
    Tags(render_html(Content()))
    assert render_text(Content()) == "1\u00a0minute de lecture\n"
    bare = Content(sections=(Section("s", "", tuple(Entry(f"e{k}", k) for k in EntryKind)),))
    Tags(render_html(bare))
    assert render_text(bare).count("Sans titre") == 2


def test_what_people_and_sources_write_is_no_markup() -> None:
    entry = replace(
        CLOSED, title=HOSTILE, source=HOSTILE, author=HOSTILE, text=HOSTILE, place=HOSTILE,
        url="javascript:alert(1)", alternative=HOSTILE, credit=HOSTILE, image="atelier.jpg",
    )  # fmt: skip
    content = Content(HOSTILE, HOSTILE, HOSTILE, (Section("s", HOSTILE, (entry,)),))
    page = Tags(render_html(content, Cover(HOSTILE), IMAGES))
    assert {tag for tag, _ in page.seen} <= {
        "h1", "h2", "h3", "p", "a", "br", "table", "tr", "td", "img", "cite", "span",
    }  # fmt: skip
    assert set(page.all("a", "href")) == {"https://x.example"}
    assert not any(name.startswith("on") for _, attributes in page.seen for name in attributes)


@given(letters())
def test_every_entry_is_shown_once_in_whichever_letter(content: Content) -> None:
    shown = [line for part in parts_of(content) for line in part.lines]
    assert len(shown) == len(list(content.entries))
    Tags(render_html(content))
    assert render_text(content).endswith("\n")
