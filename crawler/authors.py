"""Who wrote an article: names of people, as the page gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

from core.text import fold, one_line
from core.urls import host_of
from crawler.head import Head, plain
from crawler.markup import enclosing_line, names, spaced_words, words

_MOST = 8
_PARTICLES = frozenset(
    "de du des d la le les von van der den di da del della el al ben bin y e ter saint".split()
)
_JUNK = re.compile(
    r"^(?:la |l'|le |les )?(?:redac|redaction|redacteurs?|redactrices?|admin|administrat|"
    r"webmaster|webmestre|"
    r"super ?users?|super ?utilisat|root|user|utilisateur|auteur|author|anonym|invite|equipe|"
    r"communication|service (?:communication|de presse|web)|siteadmin|contributeur|editeur|"
    r"editor|contact|"
    r"accueil|partager|non renseigne|n/a|none|null|unknown|inconnu|site (?:web|internet)|"
    r"newsroom|staff|demo|test|wordpress|wpadmin|par defaut|a propos)"
)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|[\d{}<>=_#/\\|]|\.(?:fr|com|org|net)\b", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:(?:un )?(?:article|texte|billet|tribune|analyse|reportage|enquete|entretien|"
    r"interview)s? )?"
    r"(?:(?:ecrite?s?|redigee?s?|publiee?s?|postee?s?|proposee?s?|signee?s?|soumise?s?|"
    r"propos recueillis|recueillis?|entretien realise|realisee?s?|mise? en ligne) )?"
    r"(?:par|by|auteurs?(?:\.e|·e|\(e\))?(?:\.?s|·s|\(s\))? ?:|texte ?:)\s*:?\s*",
)
_BY_HINT = re.compile(r"\b(?:par|by|recueillis?|auteure?s?|texte)\b", re.IGNORECASE)
# A line that begins as a dateline does: « Publié le … », « mercredi 22 juillet 2020, par … ».
_DATED = re.compile(
    r"\W*(?:(?:publie|poste|mis en ligne|redige|ecrit|soumis|paru|posted|published|le)\b|"
    r"(?:lun|mar|mer|jeu|ven|sam|dim)\w*\W|\d{1,2}\W|\w+ \| )"
)
_INLINE_BY = re.compile(
    r"(?:^|[\s,|–—•·-])(?:(?:par|by)\s+|(?:textes?|auteur[\w.·()]*)\s*:\s*)", re.IGNORECASE
)
_ENDS = re.compile(
    r"\s(?:[|•–—-]|le\s+(?=\d|lun|mar|mer|jeu|ven|sam|dim)|publie|mis a jour|dans\s|il y a|"
    r"pour\s|a\s\d|on\s)|"
    r"\s*[|•(:;]|\s\d|(?<!\b\w)\.\s|"
    r",?\s*\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|journaliste|redact|photo|"
    r"illustration|correspondant|envoye|"
    r"avec afp|avocat|educat|assistante? |sociologue|psycholog|professeur|chercheu|docteur|"
    r"formateur|formatrice|"
    r"president|directeur|directrice|membre|maitre|consultant|economiste|philosophe|delegue|"
    r"secretaire|responsable|charge|travailleu|cadre|chef)"
)
_SPLIT = re.compile(r"(?:\s*[,;&/]\s*|\s+(?=et\s|and\s|avec\s|with\s))(?:(?:et|and|avec|with)\s+)?")
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
            shown.extend((*_marked_names(beside), *bylines))
        kept = _kept(_people(group), site, url)
        if kept:
            return ", ".join(kept)
    named = [*_kept([*machine, *shown, announced], site, url), *_kept(bylines, "", "")]
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
    if match is None or (" " in match[1] and " " in match[2]):
        return name  # « Marie Dupont, Jean Martin » are two people
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
            yield without_byline(_name_in(element))


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
    """What follows « Par » in short lines; ``dated``: only where a date stands before it."""
    for element in elements:
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if text and len(text) < 160 and _BY_HINT.search(text):
                said = spaced_words(enclosing_line(holder, 140))
                if len(said) <= 200 and _is_byline(said, dated=dated):
                    yield without_byline(said)


def _is_byline(line: str, *, dated: bool) -> bool:
    folded = fold(line)
    if not dated and _BYLINE.match(folded):
        return True
    return bool(_DATED.match(folded) and _INLINE_BY.search(folded))


def without_byline(line: str) -> str:
    """The names in « Par Marie Dupont, journaliste | 22 juillet 2020 », else the line."""
    line = re.sub(r"\s*\((avec [^()]*)\)", r", \1", one_line(line)[:300])
    folded = fold(line)
    if len(folded) != len(line):  # a ligature opened: positions differ
        line = line.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("…", "...")
        folded = fold(line)
        if len(folded) != len(line):
            return ""
    start = _BYLINE.match(folded) or _INLINE_BY.search(folded)
    if start:
        line, folded = line[start.end() :], folded[start.end() :]
    end = _ENDS.search(folded)
    name = (line[: end.start()] if end else line).strip(" ,;:-–—|·")
    return name if re.search(r"\b[A-ZÀ-Ý]\.$", name) else name.rstrip(" .")


def _people(candidates: Iterable[str]) -> list[str]:
    """The people among what was found, in order, once each."""
    found: dict[str, str] = {}
    for candidate in candidates:
        for name in _SPLIT.split(without_byline(candidate)):
            if looks_like_person(name):
                tidy = _tidy(name)
                found.setdefault(" ".join(sorted(fold(tidy).split())), tidy)
    return list(found.values())[:_MOST]


def looks_like_person(name: str) -> bool:
    """Whether ``name`` reads as a person's: two to five capitalised words, or one known as such."""
    folded = fold(name)
    parts = [part for part in re.split(r"[\s]+", name) if part]
    if (
        not 1 <= len(parts) <= 6
        or len(name) > 60
        or _NOT_A_NAME.search(name)
        or _JUNK.match(folded)
    ):
        return False
    capital = [part for part in parts if part[0].isupper()]
    others = [
        p
        for p in parts
        if not p[0].isupper() and fold(p.split("'")[0].split("’")[0]) not in _PARTICLES
    ]
    if len(parts) == 1:
        return len(name) >= 4 and name[0].isupper() and not name.isupper()
    return not others and len(capital) >= 2 and not _ORGANISATION.search(folded)


_ORGANISATION = re.compile(
    r"\b(?:le monde|le figaro|les echos|le parisien|le point|liberation|afp|reuters|agence|"
    r"association|federation|"
    r"ministere|direction|conseil|union|syndicat|collectif|comite|fondation|observatoire|institut|"
    r"mission|maison|centre|ville|mairie|departement|prefecture|haute|haut|groupe|reseau|service|"
    r"pole|bureau|club|ligue|secours|croix|cgt|cfdt|fo|sud|ars|anas|uniopss|unaf|cnape|ash|"
    r"lien social|media|actualites?|info|infos|presse|journal|revue|editions?|gazette|magazine|"
    r"blog|team|travail|social|sociale|action)\b"
)


_SENTENCE = re.compile(r"\b(?:est|sont|etait|vit|travaille|a propos)\b")
_CREDITED = re.compile(r"(?:photos?|credits?|illustrations?|dessins?|sources?|merci|bonne|fin)\b")


def _may_be_organisation(name: str) -> bool:
    return (
        name[:1].isupper()
        and 2 < len(name) <= 80
        and len(name.split()) <= 9
        and not _SENTENCE.search(fold(name))
    )


def signature(paragraphs: Sequence[str]) -> str:
    """The name that alone ends a text: « Lise Morvan », « Lise Morvan, éducatrice »; else ""."""
    last = paragraphs[-1] if len(paragraphs) > 1 else ""
    if len(last) > 100 or last.endswith((":", "!", "?", "…")):
        return ""
    name, comma, _ = last.strip(" .—–-").partition(",")
    trade = bool(comma) and without_byline(last) == name
    if comma and not trade:
        return ""
    enough = 2 <= len(name.split()) <= 4
    if not enough or not looks_like_person(name) or _CREDITED.match(fold(name)):
        return ""
    return _tidy(name)


def _tidy(name: str) -> str:
    """« DUPONT » stays beside a first name, « MARIE DUPONT » becomes « Marie Dupont »."""
    name = one_line(name)
    return name.title() if name.isupper() and " " in name else name


def _kept(found: Iterable[str], site: str, url: str) -> list[str]:
    """Names that are neither junk nor the site's own."""
    own = {_key(site), _key(host_of(url)), _key(host_of(url).rpartition(".")[0])} - {""}
    return [
        name[:120]
        for name in (one_line(one) for one in found)
        if name
        and _key(name) not in own
        and not _JUNK.match(fold(name))
        and not _NOT_A_NAME.search(name)
    ][:_MOST]


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", fold(text))
