"""A page's bytes to an article: pure, without network, the same answer every time.

trafilatura (2.3) finds the text; what surrounds it in French pages, dates, authors, access, title
and site are read here. Any bytes give an answer.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from core.model import Access, Announcement, Extracted, Rejected
from core.text import clean, fold, one_line
from core.urls import is_web_address
from crawler.access import read_access
from crawler.addresses import page_address
from crawler.authors import read_authors
from crawler.bylines import signature
from crawler.citations import read_citations
from crawler.cleaning import (
    flatten_layout_tables,
    make_paragraphs,
    split_at_breaks,
    take_out_details,
    take_out_surroundings,
)
from crawler.dates import publication_date
from crawler.decoding import decode, why_no_markup, why_no_page
from crawler.head import Head, plain, read_head, read_section
from crawler.language import detect_language
from crawler.markup import LINE, drop_unseen, names, parse, shown, words
from crawler.optout import ROBOT, page_limit, page_reserves
from crawler.paragraphs import is_boilerplate, of_body, readable, tidy
from crawler.summaries import tidy_summary
from crawler.titles import Titled, read_title

LIMIT = 10_000_000  # bytes: the largest real pages have two or three million
_ELEMENTS = 6_000  # above, trafilatura's several passes take too long; the simple reading does
_TOO_DEEP = XPath("boolean(//*[count(ancestor::*) > 200])")  # real pages have thirty levels
_BANNER = 120  # characters
_ENOUGH = 250  # characters, below which a page's text is no article by itself
_TRUNK = 400_000  # characters of text kept: four books' chapters

_GATES = re.compile(
    r"just a moment|attention required|access denied|acces (?:refuse|interdit)|captcha|"
    r"verification (?:de securite|que vous)|etes-vous un robot|are you a robot|ddos|"
    r"checking your browser|verifying you are human|pardon our interruption|forbidden|"
    r"(?:erreur|error) ?\d{3}|^\W*(?:40[0-9]|410|50[0-9])\b|not found|"
    r"page (?:non trouvee|introuvable|inexistante|inconnue)|(?:page|article) n'existe (?:pas|plus)|"
    r"site en maintenance|maintenance en cours|service (?:temporairement )?indisponible"
)
_DEAD = re.compile(
    r"erreur|error|not found|introuvable|n'existe|non trouvee|inexistante|inconnue|maintenance|"
    r"indisponible|\b(?:40[0459]|410|50\d)\b"
)
_DOORS = re.compile(
    r"(?:se connecter|connexion|identification|authentification|log ?in|sign ?in|s'identifier|"
    r"un instant|espace (?:adherent|abonne|membre)s?)(?:\W.{0,40})?"
)
_GATE_MARKS = re.compile(
    r"g-recaptcha|h-captcha|cf-challenge|cf-turnstile|challenge-platform|captcha-delivery|"
    r"datadome|_incapsula_|px-captcha|sucuri_cloudproxy",
    re.IGNORECASE,
)
_LEAD_NAMES = re.compile(
    r"(?:^|[\s_-])(?:chapo|chapeau|chapô|standfirst|lead|desc|intro|introduction|subtitle|"
    r"sous-titre|descriptif|excerpt|summary|accroche)(?:$|[\s_])"
)

for _name in ("trafilatura", "htmldate", "justext", "readability"):
    # What they make of hostile pages is no news to the person who reads our log.
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_OPTIONS = Extractor(comments=False, dedup=False)  # all else as trafilatura has it by default


@dataclass(frozen=True, slots=True)
class Reading:
    """A page being read: where it is, what it says of itself, what its feed said."""

    url: str
    head: Head
    announcement: Announcement
    today: date
    lifted: bool = False  # its header lets it be mined, whatever it says


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    announcement: Announcement | None = None,
    today: date,
    limit: int = LIMIT,
    lifted: bool = False,
) -> Extracted | Rejected:
    """The article of a page, or why there is none. Never raises, whatever the bytes.

    ``url`` is the page's address after redirects; ``content_type`` the HTTP header;
    ``announcement`` what a feed said of it, which completes what the page leaves out; ``today``
    the date it is in Paris: nothing appears later; ``lifted``: its header lets it be mined, which
    holds whatever the page says. Everything in the answer is plain text.
    """
    if len(body) > limit:
        return Rejected(url, f"page trop lourde ({len(body)} octets, plus de {limit})")
    reason = why_no_page(body, content_type)
    if reason:
        return Rejected(url, reason)
    text = decode(body, content_type)
    reason = why_no_markup(text)
    tree = None if reason else parse(text)
    if tree is None:
        return Rejected(url, reason or "ce n’est pas une page (rien à lire)")
    told = announcement or Announcement(url)
    try:
        return _read(tree, text, Reading(url, read_head(tree), told, today, lifted))
    except (RecursionError, ValueError) as error:
        return Rejected(url, f"illisible ({type(error).__name__})")


def _opposed(tree: HtmlElement, page: Reading, address: str) -> Extracted | Rejected:
    """What may be kept of a page that says not to be mined: its title, address and date.

    The date that it declares: what it shows is not read.
    """
    title = page.announcement.title or read_title(tree, page.head, page.url, "").title
    if not title:
        return Rejected(page.url, "la fouille de textes est refusée, et le titre n’est pas connu")
    return Extracted(
        url=address,
        title=one_line(title),
        text="",
        published=publication_date(
            page.head,
            (),
            None,
            url=address,
            announced=page.announcement.published,
            today=page.today,
        ),
        access=Access.UNREAD,
        opposed=True,
    )


def _read(tree: HtmlElement, markup: str, page: Reading) -> Extracted | Rejected:
    head, announced, today = page.head, page.announcement, page.today
    address = page_address(head, page.url)
    if not page.lifted and page_reserves(head.metas.get("tdm-reservation", ())):
        return _opposed(tree, page, address)
    drop_unseen(tree)
    walls = take_out_surroundings(tree)
    titled = read_title(tree, head, page.url, announced.title)
    order = _within_reach(list(shown(tree)))
    published = publication_date(
        head, order, titled.heading, url=address, announced=announced.published, today=today
    )
    author = read_authors(
        head, order, titled.heading, site=titled.site, url=address, announced=announced.author
    )
    lines = walls + _short_lines(order)
    lead = _lead(order, titled)
    title = titled.title or announced.title
    citations = read_citations(tree, url=page.url, title=title, after=titled.heading)
    paragraphs = _without_banner(_paragraphs(tree, page, titled.title), order, titled)
    text = _with_lead(paragraphs, lead)
    gate = _gate(markup, titled, len(text))
    if gate:
        dead = bool(_DEAD.search(fold(gate)))
        return Rejected(page.url, gate, is_closed=not dead, is_dead=dead)
    read_here = len(text) >= _ENOUGH
    text = _completed(text, lead, announced)
    if not text or not title:
        return Rejected(page.url, "aucun texte" if not text else "aucun titre")
    return Extracted(
        url=address,
        title=one_line(title),
        text=clean(text)[:_TRUNK],
        author=one_line(author or signature(paragraphs)),
        published=published,
        site=one_line(titled.site),
        language=detect_language(text, head.language or head.meta("og:locale")),
        image=_image(head, page.url),
        access=read_access(head, lines, text_was_read=read_here),
        citations=citations,
        max_snippet=page_limit((*head.metas.get("robots", ()), *head.metas.get(ROBOT, ()))),
        section=read_section(head),
    )


def _paragraphs(tree: HtmlElement, page: Reading, title: str) -> list[str]:
    """The article's paragraphs: trafilatura's, else the page's JSON-LD, else a simple reading."""
    take_out_details(tree)
    flatten_layout_tables(tree)
    split_at_breaks(tree)
    make_paragraphs(tree)
    found = tidy(_main_text(tree), title=title, today=page.today)
    if _length(found) < _ENOUGH:
        body = page.head.article.get("articleBody")
        said = tidy(_json_paragraphs(body), title=title, today=page.today)
        simple = tidy(readable(tree), title=title, today=page.today)
        found = max((found, said, simple), key=_length)
    return found


def _without_banner(
    paragraphs: list[str], order: Sequence[HtmlElement], titled: Titled
) -> list[str]:
    """The paragraphs without the site's name and motto, which stand above the title."""
    if not paragraphs or len(paragraphs[0]) > _BANNER or titled.heading not in order:
        return paragraphs
    above = (
        (element.text or "") + (element.tail or "")
        for element in order[: order.index(titled.heading)]
    )
    is_banner = _letters(paragraphs[0]) in _letters("".join(above))
    return paragraphs[1:] if is_banner else paragraphs


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _main_text(tree: HtmlElement) -> list[str]:
    if sum(1 for _ in tree.iter()) > _ELEMENTS or _TOO_DEEP(tree):
        return readable(tree)
    try:
        document = bare_extraction(tree, options=_OPTIONS)
    except Exception:  # noqa: BLE001 - a third party's reading of a hostile page
        return readable(tree)
    return list(of_body(document.body)) if isinstance(document, Document) else []


def _json_paragraphs(body: object) -> list[str]:
    if not isinstance(body, str):
        return []
    blocks = re.split(r"\n\s*\n|</p>|<br\s*/?>\s*<br\s*/?>|\r\n", body)
    return [line for line in (plain(block) for block in blocks[:5000]) if line]


def _length(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))


def _within_reach(order: list[HtmlElement]) -> list[HtmlElement]:
    """Where dates, names and notices are looked for: all of a page, both ends of an endless one."""
    return order if len(order) <= 2 * _ELEMENTS else order[:_ELEMENTS] + order[-_ELEMENTS // 4 :]


def _short_lines(order: Sequence[HtmlElement]) -> list[str]:
    """What short elements say, where pages put « réservé aux abonnés »."""
    lines = []
    for element in order:
        text = element.text
        if text and 8 < len(text) < 400 and "a" in text:
            lines.append(one_line(text))
        if element.tail and 8 < len(element.tail) < 400:
            lines.append(one_line(element.tail))
    return lines


def _lead(order: Sequence[HtmlElement], titled: Titled) -> str:
    """The standfirst (« chapô ») that pages set apart from the text, under the title."""
    if titled.heading is None or titled.heading not in order:
        return ""
    at = order.index(titled.heading)
    for element in order[at + 1 : at + 40]:
        called = names(element)
        if (
            element.tag in ("p", "div", "h2", "section", "strong")
            and called
            and _LEAD_NAMES.search(called)
        ):
            text = words(element)
            if 60 <= len(text) <= 1200:
                return text
    return ""


def _with_lead(paragraphs: list[str], lead: str) -> str:
    """The text, its standfirst first when the reading lost it."""
    text = "\n\n".join(paragraphs)
    if lead and fold(lead)[:80] not in fold("\n\n".join(paragraphs[:6])):
        return f"{lead}\n\n{text}".strip()
    return text


def _completed(text: str, lead: str, announced: Announcement) -> str:
    """The page's text, or the feed's when the page gives less than half of it, or its summary."""
    if len(announced.content) > 2 * len(text):
        return announced.content
    if len(text) >= _ENOUGH:
        return _with_feed(text, announced.content)
    return max((text, lead, announced.summary), key=len)


def _with_feed(text: str, content: str) -> str:
    """The text, with the prose that only the feed gives, where the feed has all its paragraphs."""
    if not len(text) < len(content) < _TRUNK:
        return text
    said, read = one_line(content), one_line(text)
    if any(one_line(p) not in said for p in text.split("\n\n") if len(p) > LINE):
        return text
    given = [one_line(p) for p in content.split("\n\n")]
    whole = "\n\n".join(p for p in given if p and (p in read or _is_prose(p)))
    return max(text, whole, key=len)


def _is_prose(paragraph: str) -> bool:
    """Whether a feed's paragraph is a text's, not a notice nor « L’article … est apparu sur »."""
    return len(tidy_summary(paragraph)) > LINE and not is_boilerplate(paragraph)


def _gate(markup: str, titled: Titled, length: int) -> str:
    """Why a page of little text is no article: a login, a CAPTCHA, an error; else ""."""
    if length > 1500:
        return ""
    title = fold(titled.title)
    if _GATES.search(title) and len(title) < 90:
        return f"porte close, pas un article\u00a0: {titled.title[:80]}"
    if length < _ENOUGH and _DOORS.fullmatch(title):
        return f"porte close, pas un article\u00a0: {titled.title[:80]}"
    if length < _ENOUGH and _GATE_MARKS.search(markup):
        return "porte close, pas un article\u00a0: un CAPTCHA"
    if length < _ENOUGH and re.search(r"<input[^>]+type=[\"']?password", markup, re.IGNORECASE):
        return "porte close, pas un article\u00a0: une page de connexion"
    return ""


def _image(head: Head, url: str) -> str:
    """The address of the image that the page shows when it is shared; "" when none is sound."""
    said = [
        head.meta(
            "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"
        )
    ]
    image = head.resolve(head.article.get("image"))
    first = image[0] if isinstance(image, list) and image else image
    said.append(plain(first.get("url")) if isinstance(first, dict) else plain(first))
    for one in said:
        address = urljoin(url, one) if one else ""
        if address and is_web_address(address):
            return address[:2000]
    return ""
