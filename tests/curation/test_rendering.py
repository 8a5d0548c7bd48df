from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.model import Access, ArticleId
from curation.digest import Digest, Limits, compose
from curation.rendering import as_html, as_json, as_markdown, as_text, markdown_escape, method
from tests.curation.samples import PERIOD, THEMES, article, articles, reprint, source

HOSTILE = [
    "<script>alert(1)</script>",
    "</li></ul></section><img src=x onerror=alert(1)>",
    "[cliquez](javascript:alert(1))",
    "![image](https://traceur.example/x.png)",
    "*gras* __gras__ `code` ~~barré~~",
    "# Titre\n## Autre\n\n- liste\n1. liste",
    "\\[déjà échappé\\] \\",
    "&lt;b&gt; &amp; &#60;",
    "<https://piege.example> www.piege.example https://piege.example",
    "Titre | colonne\r\n---|---",
    "\u202eenvers\u202c \x00 \ud800 fin",
    "```\nbloc\n```",
    "$\\alpha$ @quelqu-un",
    "\"guillemets\" 'droits' «\u00a0français\u00a0»",
]


def _digest() -> Digest:
    text = " ".join(f"commun{at}" for at in range(200))
    several = [
        article(
            1,
            "Le premier titre",
            by=1,
            themes="b",
            score=1.0,
            text=text,
            author="Ana Diaz",
            also=(reprint(2, by=2),),
        ),
        article(3, by=3, themes="c", summary="Le résumé que la source elle-même propose."),
        article(4, by=4, themes="d", access=Access.SUBSCRIBERS, text=""),
        *(article(n, by=n, themes="a", score=0.2) for n in range(5, 11)),
    ]
    return compose(PERIOD, several, THEMES, limits=Limits(section=2, more=1))


def _as_any(digest: Digest) -> list[str]:
    return [as_text(digest), as_markdown(digest), as_html(digest), as_json(digest)]


def test_every_format_says_the_same_things() -> None:
    for shown in map(_unescaped, _as_any(_digest())):
        assert "Les sept derniers jours" in shown
        assert "Le premier titre" in shown
        assert "Ana Diaz" in shown
        assert "Média 2" in shown  # where it also came out
        assert "Le résumé que la source elle-même propose." in shown
        assert "https://media1.example/1" in shown
        assert "Sélection automatique" in shown
        assert "Thème a" in shown
        assert "abonnés" in shown


def _unescaped(text: str) -> str:
    return text.replace("\\", "")


def test_text_reads_well() -> None:
    lines = as_text(_digest()).splitlines()
    at = lines.index("Le premier titre")
    assert lines[:2] == ["Les sept derniers jours", "======================="]
    assert lines[3:7] == ["Le premier titre, Titre 3 et Titre 4", "", "À la une", "--------"]
    assert lines[at + 1] == "Ana Diaz, Média 1, 19 novembre 2026"
    assert lines[at + 2].startswith("«\u00a0commun0 commun1 ")
    assert lines[at + 3] == "Paru aussi dans\u00a0: Média 2"
    assert lines[at + 4] == "https://media1.example/1"
    assert "Et 1\u00a0autre article de la période, à retrouver par la recherche." not in lines
    assert "Et 3\u00a0autres articles de la période, à retrouver par la recherche." in lines


def test_the_parts_follow_one_another() -> None:
    headings = [line for line in as_markdown(_digest()).splitlines() if line.startswith("#")]
    assert headings == ["# Les sept derniers jours", "## À la une", "## Thème a", "## Et aussi"]


def test_an_empty_digest_says_so_in_every_format() -> None:
    empty = compose(PERIOD, [], THEMES)
    for shown in _as_any(empty)[:3]:
        assert "Rien n’a été relevé pendant cette période." in shown
    assert json.loads(as_json(empty))["leading"] == []


def test_json_holds_what_a_script_needs() -> None:
    content = json.loads(as_json(_digest()))
    first = content["leading"][0]
    assert first | {"extract": ""} == {
        "id": 1,
        "title": "Le premier titre",
        "url": "https://media1.example/1",
        "source": "Média 1",
        "author": "Ana Diaz",
        "published": "2026-11-19T10:00:00+01:00",
        "access": "libre",
        "themes": ["b"],
        "extract": "",
        "also": [{"source": "Média 2", "url": "https://media2.example/2"}],
        "beside": [],
    }
    assert content["period"]["week"] is None
    assert [section["theme"] for section in content["sections"]] == ["a"]
    assert content["unshown"] == 3


@pytest.mark.parametrize("render", [as_text, as_markdown, as_html])
def test_links_can_lead_to_our_own_pages(render: Callable[..., str]) -> None:
    shown = render(_digest(), lambda one: f"/articles/{one.id}")
    assert "/articles/1" in shown
    assert "https://media1.example/1" not in shown


@pytest.mark.parametrize("length", [0, 40, 200])
def test_an_extract_is_no_longer_than_asked(length: int) -> None:
    digest = compose(PERIOD, [article(1, text="mot " * 2000)], THEMES)
    shown = json.loads(as_json(digest, extract_length=length))["leading"][0]["extract"]
    assert len(shown) <= length
    assert bool(shown) == (length > 0)


def test_an_extract_of_two_words_is_not_shown() -> None:
    digest = compose(PERIOD, [article(1, text="Un texte court. " * 5)], THEMES)
    assert "«" not in as_text(digest)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//piege.example/", "/\\piege", "nulle part"]
)
def test_an_address_that_is_none_is_not_linked(url: str) -> None:
    digest = compose(PERIOD, [article(1, url=url)], THEMES)
    assert "<a " not in as_html(digest)
    assert "](" not in as_markdown(digest)


# -- hostile words --------------------------------------------------------------------------------


def _hostile(title: str) -> Digest:
    origin = source(1, title)
    text = f"{title} {article(1).text}"
    one = article(1, title, by=origin, author=title, text=text, summary=title)
    again = article(2, title, by=source(2, f"B{title}"), text=text)
    return compose(PERIOD, [one, again], THEMES)


def _plain(text: str) -> str:
    """Words only, so that spaces, escapes and line ends do not count."""
    return "".join(c for c in text if c.isalnum())


@pytest.mark.parametrize("title", HOSTILE)
def test_html_holds_no_markup_of_a_source(title: str) -> None:
    root = ET.fromstring(as_html(_hostile(title)).replace("<br>", "<br/>"))
    tags = {element.tag for element in root.iter()}
    assert tags <= {"section", "h2", "h3", "p", "ul", "li", "a", "br", "strong", "small"}
    links = {element.get("href") for element in root.iter("a")}
    assert links <= {"https://media1.example/1", "https://media2.example/2"}
    shown = root.find(".//li/strong/a")
    assert shown is not None
    assert _plain(shown.text or "") == _plain(title)


@pytest.mark.parametrize("title", HOSTILE)
def test_markdown_holds_no_markup_of_a_source(title: str) -> None:
    _check_markdown(title)


@given(st.text(st.sampled_from("*_`[]()<>!\\#-+=~|&;:.1 ab\n«»\"'$@/"), min_size=1, max_size=40))
def test_markdown_holds_no_markup_whatever_the_title(title: str) -> None:
    _check_markdown(title)


def _check_markdown(title: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(as_markdown(_hostile(title)))
    blocks = {token.type for token in tokens}
    assert blocks <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "hr"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    }
    inside = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inside} <= {
        *("text", "strong_open", "strong_close", "link_open", "link_close", "hardbreak"),
        *("text_special", "softbreak"),
    }
    links = {child.attrs["href"] for child in inside if child.type == "link_open"}
    assert links <= {"https://media1.example/1", "https://media2.example/2"}


@given(st.text(max_size=60))
def test_escaped_words_are_read_back_as_they_were(text: str) -> None:
    (token,) = MarkdownIt("commonmark").parseInline(f"x {markdown_escape(text)} x")
    read = "".join(child.content for child in token.children or ())
    assert _plain(read) == _plain(f"x{text}x")


@given(articles(max_size=8))
def test_no_digest_breaks_any_format(given_: list[object]) -> None:
    digest = compose(PERIOD, given_, THEMES)  # type: ignore[arg-type]
    for shown in _as_any(digest):
        shown.encode()
        assert shown.endswith("\n")
    ET.fromstring(as_html(digest).replace("<br>", "<br/>"))
    assert json.loads(as_json(digest))["headline"] == digest.headline


def test_others_who_tell_of_the_same_event_are_named_beside_it() -> None:
    digest = replace(_digest(), beside={ArticleId(1): (article(9, by=9),)})
    assert "Sur le même sujet\u00a0: Média 9\n" in as_text(digest)
    assert "Sur le même sujet\u00a0: [Média 9](https://media9.example/9)" in as_markdown(digest)
    assert '<a href="https://media9.example/9">Média 9</a>' in as_html(digest)
    beside = json.loads(as_json(digest))["leading"][0]["beside"]
    assert beside == [{"source": "Média 9", "url": "https://media9.example/9"}]


def test_the_foot_says_what_editors_chose_and_since_when_it_stands() -> None:
    digest = replace(_digest(), picked=2, closed=datetime(2026, 11, 23, 5, 10, tzinfo=UTC))
    said = method(digest).replace("\u00a0", " ")
    assert "(dont 2 choisis par la rédaction)" in said
    assert "Arrêtée le lundi 23 novembre 2026." in said
