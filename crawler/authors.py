"""Who wrote an article: names of people, as the page gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

from core.text import fold, one_line
from core.urls import host_of
from crawler.bylines import (
    BYLINE,
    INLINE_BY,
    JUNK,
    NOT_A_NAME,
    bare,
    looks_like_person,
    people_in,
    without_byline,
)
from crawler.head import Head, plain
from crawler.markup import SIGNS, enclosing_line, lines_of, names, spaced_words, words

_MOST = 8
_BY_HINT = re.compile(r"\b(?:par|by|recueillis?|auteure?s?|texte)\b", re.IGNORECASE)
# A line that begins as a dateline does: « Publié le … », « mercredi 22 juillet 2020, par … ».
_DATED = re.compile(
    r"\W*(?:(?:publie|poste|mis en ligne|redige|ecrit|soumis|paru|posted|published|le)\b|"
    r"(?:lun|mar|mer|jeu|ven|sam|dim)\w*\W|\d{1,2}\W|\w+ \| )"
)
_DAY = re.compile(
    r"(?:(?:publie|paru|mis a jour|maj|modifie)\w* ?:? )?(?:le )?(?:[a-z]+ )?\d{1,2}(?:er)?"
    r"[\s./-]{1,2}(?:\d{1,2}|[a-z]{3,9}\.?)[\s./-]{1,2}\d{2,4}(?:,? (?:a )?\d{1,2} ?[h:] ?\d{0,2})?"
)
_DIGIT = re.compile(r"\d")
_PROFILE = re.compile(r"auth?or|auteur|autrice|profil|user|contribut|membre|redact")
_AUTHOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:author|authors|auteurs?|byline|by-line|signature|vcard|creator|"
    r"uploader)(?:$|[\s_-])"
)
_BOX_NAMES = re.compile(
    r"avatar|image|photo|bio|social|count|comment|description|job|fonction|role|date"
)
_AUTHOR_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "article:author_name",
    "byl",
    "creator",
)
_INVERTED = re.compile(r"\s*([^\W\d_][^,;&/]{1,30}?)\s*,\s*([^\W\d_][^,;&/]{1,30}?)\s*")
_WRITTEN_BY = re.compile(r"ecrit|redige|written|author|auteur|par$")
_BEFORE, _AFTER = 40, 110
_JUST_AFTER = 25


def read_authors(
    head: Head,
    order: Sequence[HtmlElement],
    heading: HtmlElement | None,
    *,
    site: str,
    url: str,
    announced: str = "",
) -> str:
    """The authors' names, joined by commas; "" when only the software or the site is named.

    People named by JSON-LD, by meta elements, by marked elements beside the title, by a byline
    (« Par … »), then by the feed. An organisation counts when nobody is named, and the site
    itself only when a byline shows it to readers.
    """
    at = order.index(heading) if heading is not None and heading in order else 0
    beside, after = order[max(0, at - _BEFORE) : at + _AFTER], order[at + _AFTER :]
    machine = list(_machine_names(head))
    bylines: list[str] = []
    shown: list[str] = []
    for group in (machine, shown, [announced]):
        if group is shown:
            bylines = list(_bylines(beside, dated=False))
            shown.extend(
                (*_marked_names(beside), *bylines, *_dateline_names(order[at : at + _JUST_AFTER]))
            )
        kept = _kept(_people(group), site, url)
        if kept:
            return ", ".join(kept)
    signed = [*map(bare, machine), *map(without_byline, shown), bare(announced)]
    named = [*_kept(signed, site, url), *_kept(map(without_byline, bylines), "", "")]
    organisation = next((name for name in named if _may_be_organisation(name)), "")
    last = _people([*_marked_names(after), *_bylines(after, dated=True)])
    return organisation or ", ".join(_kept(last, site, url)[:2])


def _machine_names(head: Head) -> Iterator[str]:
    yield from _json_names(head, head.article.get("author"))
    if not head.article.get("author"):
        yield from _json_names(head, head.article.get("creator"))
    for key in _AUTHOR_METAS:
        yield from map(_straight, head.metas.get(key, ()))
    for number in ("1", "2"):
        if _WRITTEN_BY.search(fold(head.meta(f"twitter:label{number}"))):
            yield head.meta(f"twitter:data{number}")


def _straight(name: str) -> str:
    """« Prénom Nom » of « Nom, Prénom », as libraries write it; anything else as it is."""
    match = _INVERTED.fullmatch(name)
    if match is None or (" " in match[1] and " " in match[2]) or match[2][0].islower():
        return name  # « Marie Dupont, Jean Martin » are two people, « Marie Dupont, juriste » one
    return f"{match[2]} {match[1]}"


def _json_names(head: Head, value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        node = head.resolve(one)
        if isinstance(node, str):
            yield plain(node)
        elif isinstance(node, dict):
            named = node.get("name")
            for name in named if isinstance(named, list) else [named]:
                yield plain(name)


def _marked_names(elements: Sequence[HtmlElement]) -> Iterator[str]:
    """Names in elements that the page calls author, byline or signature."""
    for element in elements:
        if _is_author_mark(element):
            yield _name_in(element)


def _name_in(element: HtmlElement) -> str:
    """The name in an author box: the link's or the marked name's words, else all of them."""
    for child in element.iter():
        if child is not element and (_is_author_mark(child) or child.tag == "a"):
            text = words(child)
            if text and looks_like_person(text):
                return text
    return spaced_words(element)


def _is_author_mark(element: HtmlElement) -> bool:
    if element.tag in ("link", "meta", "img", "svg"):
        return False
    called = names(element)
    return bool(called and _AUTHOR_NAMES.search(called) and not _BOX_NAMES.search(called))


def _bylines(elements: Sequence[HtmlElement], *, dated: bool) -> Iterator[str]:
    """Short lines that say « Par … »; ``dated``: only where a date stands before it."""
    for element in elements:
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if text and len(text) < 160 and _BY_HINT.search(text):
                for said in lines_of(enclosing_line(holder, 140)):
                    if len(said) <= 200 and _BY_HINT.search(said) and _is_byline(said, dated=dated):
                        yield said


def _is_byline(line: str, *, dated: bool) -> bool:
    folded = fold(line)
    if not dated and BYLINE.match(folded):
        return True
    return bool(_DATED.match(folded) and INLINE_BY.search(folded))


def _dateline_names(elements: Sequence[HtmlElement]) -> Iterator[str]:
    """Names in a line that says nothing else but a date: « 3 novembre 2025 · Lise Morvan »."""
    seen: set[HtmlElement] = set()
    for element in elements:
        if not any(map(_DIGIT.search, (element.text or "", element.tail or ""))):
            continue
        around = enclosing_line(element, 110)
        if around in seen:
            continue
        seen.add(around)
        parts = [part for line in lines_of(around) for part in SIGNS.split(line)]
        if not 2 <= len(parts) <= 4 or not any(map(_DAY.fullmatch, map(fold, parts))):
            continue
        columns = {words(one) for one in around.iter("a") if not _leads_to_profile(one)}
        for part in parts:
            found = people_in(part)
            said = sum(len(name) for name in found)
            if found and part not in columns and " " in found[0] and len(part) < said + 30:
                yield from found


def _leads_to_profile(link: HtmlElement) -> bool:
    return bool(_PROFILE.search(fold(f"{link.get('href')} {names(link)}")))


def _people(candidates: Iterable[str]) -> list[str]:
    """The people among what was found, in order, once each."""
    found: dict[str, str] = {}
    for candidate in candidates:
        for name in people_in(candidate):
            found.setdefault(" ".join(sorted(fold(name).split())), name)
    return list(found.values())[:_MOST]


_SENTENCE = re.compile(r"\b(?:est|sont|etait|vit|travaille|a propos)\b")


def _may_be_organisation(name: str) -> bool:
    return (
        name[:1].isupper()
        and 2 < len(name) <= 80
        and len(name.split()) <= 9
        and not _SENTENCE.search(fold(name))
    )


def _kept(found: Iterable[str], site: str, url: str) -> list[str]:
    """Names that are neither junk nor the site's own."""
    own = {_key(site), _key(host_of(url)), _key(host_of(url).rpartition(".")[0])} - {""}
    return [
        name[:120]
        for name in (one_line(one) for one in found)
        if name
        and _key(name) not in own
        and not JUNK.match(fold(name))
        and not NOT_A_NAME.search(name)
    ][:_MOST]


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", fold(text))
