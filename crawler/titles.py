"""The title of an article and the name of its site, told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from core.text import fold, one_line
from core.urls import host_of
from crawler.head import Head, plain, types_of
from crawler.markup import names, says_at_most, words

_SEPARATOR = re.compile(r"\s+(?:[|–—•·»«:]|::|-|/)\s+|\s*\|\s*|:\s")
_TITLE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:entry-title|post-title|article-title|article__title|page-title|titre|"
    r"titre-article|node-title|headline|crayon)(?:$|[\s_])"
)
_SITE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:site-?(?:title|name)|nom_site_spip|blog-?title|spip_logo_site)(?:$|[\s_])"
)
_PROMINENT = ("h2", "h3", "h4", "font", "b", "strong", "big", "center", "span", "p", "td")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Titled:
    """What was chosen, and the heading that shows it (None when the page shows none)."""

    title: str
    site: str
    heading: HtmlElement | None


def read_title(tree: HtmlElement, head: Head, url: str, announced: str = "") -> Titled:
    """The title of the article: the heading that the page's metadata agree with.

    A heading is the title when it says what ``og:title``, JSON-LD, ``<title>`` or the feed say,
    or when it is the only one and not the site's name; else the metadata's, without the site.
    """
    site = _site_name(head) or _home_heading(tree, url) or _logo(tree, head.title, url)
    said = _said(head, site, url, announced)
    headings = _read_headings(islice(tree.iter("h1"), 20))
    heading, shown = _agreeing(headings, said)
    if heading is None:
        headings += _read_headings(_named_headings(tree))
        heading, shown = _best_heading(headings, said, site, url)
    if heading is None:
        heading, shown = _prominent(tree, announced, said)
    title = _press_title(head, said, shown) or shown or next(iter(said), "")
    title = title or next((text for _, text in headings), "")
    return Titled(title[:_LONGEST], site or _site_in_title(head.title, title), heading)


def _home_heading(tree: HtmlElement, url: str) -> str:
    """The name of the site where it heads the page as a link to its home; "" when none does."""
    for heading in tree.iter("h1", "h2", "p", "div", "strong"):
        if heading.tag != "h1" and not _SITE_NAMES.search(names(heading)):
            continue
        for link in heading.iter("a"):
            home = urlsplit(urljoin(url, _address(link)))
            text = words(link)
            if home.path in ("", "/") and not home.query and 2 < len(text) < 100:
                return text
    return ""


def _logo(tree: HtmlElement, page_title: str, url: str) -> str:
    """``<title>`` when it is what the site's logo, a link to its home, says: the site's name."""
    for link in islice(tree.iter("a"), 40):
        home = urlsplit(urljoin(url, _address(link)))
        if home.path in ("", "/") and not home.query:
            alts = (image.get("alt") or "" for image in link.iter("img"))
            if any(same(page_title, one) for one in (*alts, words(link))):
                return page_title[:120]
    return ""


def _address(link: HtmlElement) -> str:
    return link.get("href") or "#"


def _prominent(
    tree: HtmlElement, announced: str, said: list[str]
) -> tuple[HtmlElement | None, str]:
    """The line, set in large or bold as hand-made pages do, that is the title.

    It says what the announcement said, or what the page says of itself; a line in large is enough
    when neither says anything.
    """
    lines = [
        (line, text)
        for line in islice(tree.iter(*_PROMINENT), 200)
        if says_at_most(line, _LONGEST) and (text := heading_text(line))
    ]
    for wanted in ([announced], said):
        keys = [_key(one) for one in wanted]
        for line, text in lines:
            if any(_equal(_key(text), key) for key in keys):
                return line, text
    large = ((line, text) for line, text in lines if _is_large(line) and len(text) >= 12)
    return next(large, (None, "")) if not said else (None, "")


def _is_large(line: HtmlElement) -> bool:
    return line.tag in ("big", "h2", "h3") or bool(re.match(r"\+?[4-7]$", line.get("size") or ""))


def heading_text(heading: HtmlElement) -> str:
    """What a heading says on one line; a line break is a space."""
    for br in heading.iter("br"):
        br.tail = " " + (br.tail or "")
    return one_line("".join(heading.itertext()).replace("\u00ad", ""))


def same(one: str, other: str) -> bool:
    """Whether two titles are the same to a reader: letters and digits alike."""
    return _key(one) == _key(other) != ""


def without_site(title: str, site: str, url: str = "") -> str:
    """``title`` without the name of the site before or after it."""
    marks = list(_SEPARATOR.finditer(title))
    for mark in marks[::-1]:
        if _is_site(title[mark.end() :], site, url) and title[: mark.start()].strip():
            return without_site(title[: mark.start()].strip(), site, url)
    for mark in marks:
        if _is_site(title[: mark.start()], site, url):
            return title[mark.end() :].strip()
    return title


@lru_cache(maxsize=2048)
def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", fold(text))


def _site_name(head: Head) -> str:
    publisher = head.resolve(head.article.get("publisher"))
    candidates: Iterable[str] = (
        head.meta("og:site_name"),
        plain(publisher.get("name")) if isinstance(publisher, dict) else "",
        *(plain(node.get("name")) for node in head.of_type("WebSite")),
        head.meta("application-name", "dc.publisher", "dcterms.publisher"),
    )
    return next((name[:120] for name in candidates if name and not name.startswith("@")), "")


def _said(head: Head, site: str, url: str, announced: str) -> list[str]:
    """The titles that the page and its announcement give, the surest first."""
    given = (
        head.meta("og:title"),
        plain(head.article.get("headline")) or plain(head.article.get("name")),
        head.meta("twitter:title", "dc.title", "dcterms.title", "citation_title"),
        head.title,
        announced,
    )
    bare = [without_site(one[:_LONGEST], site, url) for one in given if one]
    return [one for one in bare if not _is_site(one, site, url)]


def _read_headings(headings: Iterable[HtmlElement]) -> list[tuple[HtmlElement, str]]:
    return [(heading, text) for heading in headings if (text := heading_text(heading))]


def _named_headings(tree: HtmlElement) -> list[HtmlElement]:
    """What is no ``h1`` but is called a title."""
    named = (h for h in tree.iter("h2", "h3", "div", "p") if _TITLE_NAMES.search(names(h)))
    return [heading for heading in islice(named, 20) if says_at_most(heading, _LONGEST)]


def _agreeing(
    headings: list[tuple[HtmlElement, str]], said: list[str]
) -> tuple[HtmlElement | None, str]:
    """The first heading that says what the metadata say, exactly or nearly."""
    keys = [_key(one) for one in said]
    for agrees in (_equal, _contained):
        for heading, text in headings:
            if any(agrees(_key(text), key) for key in keys):
                return heading, text
    return None, ""


def _best_heading(
    headings: list[tuple[HtmlElement, str]], said: list[str], site: str, url: str
) -> tuple[HtmlElement | None, str]:
    heading, shown = _agreeing(headings, said)
    if heading is not None:
        return heading, shown
    firsts = [(h, t) for h, t in headings if h.tag == "h1" and not _is_site(t, site, url)]
    if len(firsts) == 1 and len(firsts[0][1]) >= 8:
        return firsts[0]
    return (firsts[0][0], "") if firsts and said else (None, "")


def _press_title(head: Head, said: list[str], shown: str) -> str:
    """The title under which a news site wants its article known, when the page shows another."""
    news = any("NewsArticle" in kind for kind in types_of(head.article))
    if not (news and head.meta("og:title") and said) or _contained(_key(shown), _key(said[0])):
        return ""
    return said[0] if len(said[0]) >= 20 and not said[0].endswith(("…", "...")) else ""


def _equal(one: str, other: str) -> bool:
    return one == other != ""


def _contained(heading: str, said: str) -> bool:
    """One within the other, when they share most: a cut title, or one with a suffix left."""
    short, long = sorted((heading, said), key=len)
    return len(short) >= 15 and short in long and len(short) * 2 > len(long)


def _is_site(text: str, site: str, url: str) -> bool:
    """Whether ``text`` names the site: its known name, or its host (« ASH » of ash.tm.fr)."""
    key = _key(text)
    if not key:
        return False
    known = _key(site)
    if known and (
        key == known
        or (
            len(key) >= 4
            and (key in known or known in key)
            and len(key) < 2 * len(known) + 12
            and _mostly(key, known)
        )
    ):
        return True
    labels = host_of(url).split(".")[:-1]
    return len(key) >= 3 and (key in {_key(label) for label in labels} or key == _key(host_of(url)))


def _mostly(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) * 2 >= len(long)


def _site_in_title(page_title: str, title: str) -> str:
    """What follows or precedes the article's title in ``<title>``."""
    for mark in _SEPARATOR.finditer(page_title):
        before, after = page_title[: mark.start()].strip(), page_title[mark.end() :].strip()
        if same(before, title):
            return re.split(r"\s+[|–—•·-]\s+|\s*\|\s*", after)[-1][:120]
        if same(after, title):
            return before[:120]
    return ""
