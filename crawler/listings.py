"""Pages that list articles: the links that lead to articles, and not the menus around them.

The repeated teaser is what tells: links at the same place of the same structure, titled as
articles are, with dates or headings about them, outside of menus, margins and footers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import mean
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.model import Announcement
from core.text import fold, one_line
from core.urls import canonical_url, host_of
from core.weeks import paris_date
from crawler.decoding import decode
from crawler.french_dates import find_dates, read_stamp
from crawler.markup import HEADINGS, drop_unseen, names, parse, spaced_words, words
from crawler.sites import site_of

LONGEST_TITLE = 300
_MOST_LINKS = 5_000
_TEASER = 1_500  # characters of the longest teaser
_FEW_WORDS = 3

_MORE = re.compile(
    r"^\W*(?:(?:(?:lire|voir|(?:en )?savoir|decouvrir|continuer|poursuivre|acceder|consulter)"
    r"(?: (?:la|l'|le|les|cette|cet|ce|plus|tout|davantage|a|au|aux|en ligne)\b.*)?)|"
    r"(?:la )?suite.{0,10}|"
    r"plus|read more.*|continue reading.*|cliquez ici|ici|permalien|\[?…\]?|>+|»+)\W*$"
)
_NO_ARTICLE_PATH = re.compile(
    r"/(?:tags?|mots?-cles?|category|categor(?:y|ies?)|rubriques?|themes?|thematiques?|authors?|"
    r"auteurs?|page|feed|rss|login|log-in|connexion|inscription|register|mon-compte|compte|panier|"
    r"cart|contact|recherche|search|mentions-legales|plan-du-site|sitemap|cgu|cgv|newsletter|"
    r"abonnement|abonnez-vous|wp-(?:admin|login|content|json)[^/]*|admin|user|comments?|"
    r"politique-de-confidentialite|cookies?|accessibilite)(?:\.\w+)?(?:/[^/]*)?/?$"
)
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|zip|docx?|xlsx?|pptx?|odt|ods|mp3|mp4|xml|rss|atom|css|js|ics|epub)$"
)
_REPORT = re.compile(r"\.pdf$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"^\W*(?:telecharg|download|imprimer|(?:version |format |le |en )?pdf\b)")
_NO_ARTICLE_QUERY = re.compile(r"(?:^|&)(?:replytocom|share|print|s|q|format|feed|action)=")
_AROUND_TAGS = frozenset({"nav", "footer", "aside", "form"})
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu\w*|footer|pied\w*|sidebar|aside|breadcrumbs?|ariane|"
    r"fil-ariane|cookies?|share|partage\w*|social|pagination|pager|tags?|widget|login|banner-cookie)"
    r"(?:$|[\s_-])"
)
_NOT_SITES = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|linkedin|instagram|pinterest|whatsapp|tiktok|threads|bsky|"
    r"addtoany|sharethis|t|wa|creativecommons|wordpress|spip|drupal|joomla|google|gravatar|"
    r"mailchimp|apple|microsoft|pearltrees|scoop)\.[a-z.]{2,6}$"
)
_ABOUT = re.compile(
    r"author|auteur|vcard|byline|signature|categor|rubrique|\btag|mots?-cle|comment"
)
_QUOTED = re.compile(r"«\s*(.+?)\s*»\W*$")
_NEXT = re.compile(
    r"^\W*(?:page )?suivante?s?\W*$|^\W*(?:page suivante|next(?: page)?|older(?: posts)?|"
    r"(?:articles|publications|billets) (?:plus anciens|precedents|suivants)|plus anciens|"
    r"voir plus|afficher plus|charger plus)\W*$|^[>›»→]+$"
)
_PAGE_NUMBER = re.compile(r"(?:[?&](?:page|paged|p|pg)=|/page[/-]?)(\d{1,4})\b")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page lists."""

    announcements: tuple[Announcement, ...] = ()
    next_page: str = ""
    children: tuple[str, ...] = ()  # sub-collections


@dataclass(slots=True)
class _Link:
    """A link that may lead to an article, as gathered from all the links to one address."""

    url: str
    title: str
    place: str  # where it stands: the tags and classes above it
    shape: str  # of its address
    headed: bool  # whether it is, or holds, a heading
    element: HtmlElement
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """A parsed page and how its links are told apart."""

    tree: HtmlElement
    url: str
    base: str
    today: date
    length: int  # of its text
    around: dict[HtmlElement, bool] = field(default_factory=dict)  # what is a margin, as found


def read_listing(body: bytes, *, url: str, content_type: str = "", now: datetime) -> Listing:
    """The articles of its own site that a page lists, in its order, and its next page."""
    page = _parsed(body, url, content_type, now)
    if page is None:
        return Listing()
    links = _links(page, lambda link: _same_site(link, page.url) and _may_be_article(link))
    chosen = _chosen(links)
    return Listing(tuple(map(_announcement, chosen)), next_page=_next_page(page))


def read_collection(body: bytes, *, url: str, content_type: str = "", now: datetime) -> Listing:
    """The pages of other sites that a page collects, its next page, and its sub-collections."""
    page = _parsed(body, url, content_type, now)
    if page is None:
        return Listing()
    theirs = _links(page, lambda link: _is_other_site(link, page.url))
    chosen = _chosen(theirs)
    places = {_without_names(link.place) for link in chosen}
    own = _links(page, lambda link: _same_site(link, page.url) and _may_be_article(link))
    # A collection may hold nothing but sub-collections.
    inside = [one for one in own if _without_names(one.place) in places]
    if not chosen:
        inside = _chosen(own)
    children = tuple(link.url for link in inside if not _is_report(link.url))
    return Listing(tuple(map(_announcement, chosen)), _next_page(page), children)


def _parsed(body: bytes, url: str, content_type: str, now: datetime) -> _Page | None:
    tree = parse(decode(body, content_type))
    if tree is None:
        return None
    drop_unseen(tree)
    base = next((one.get("href") for one in tree.iter("base") if one.get("href")), "")
    try:
        base = canonical_url(base, url) if base else url
    except ValueError:
        base = url
    return _Page(tree, url, base, paris_date(now), len(words(tree)))


# -- which links --------------------------------------------------------------------------------


def _same_site(url: str, other: str) -> bool:
    return site_of(url) == site_of(other)


def _is_other_site(url: str, page: str) -> bool:
    return (
        not _same_site(url, page)
        and not _NOT_SITES.search(host_of(url))
        and not _NO_PAGE.search(urlsplit(url).path.lower())
        and (urlsplit(url).path != "/" or bool(urlsplit(url).query))
    )


def _may_be_article(url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path.lower()
    return (
        (path not in {"/", "/index.php", "/index.html", "/index.htm"} or bool(parts.query))
        and not _NO_PAGE.search(path)
        and not _NO_ARTICLE_PATH.search(path)
        and not _NO_ARTICLE_QUERY.search(parts.query.lower())
    )


def _links(page: _Page, wanted: Callable[[str], bool]) -> list[_Link]:
    """The links to wanted addresses, one for each, in the order of the page."""
    elements: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    own = canonical_url(page.url)
    for element in _anchors(page.tree):
        url = _target(element, page.base)
        if (
            url
            and url != own
            and wanted(url)
            and not (_is_about(element) or _is_around(element, page))
        ):
            elements[url].append(element)
    owners = _owners(elements)
    found = (_link(page, url, ones, owners) for url, ones in elements.items())
    return [link for link in found if link is not None]


def _anchors(tree: HtmlElement) -> Iterator[HtmlElement]:
    for count, element in enumerate(tree.iter("a")):
        if count == _MOST_LINKS:
            return
        yield element


def _target(element: HtmlElement, base: str) -> str:
    href = (element.get("href") or "").strip()
    if not href or href.startswith(("#", "mailto:", "javascript:", "tel:")):
        return ""
    try:
        return canonical_url(href, base)
    except ValueError:
        return ""


def _is_about(element: HtmlElement) -> bool:
    """Whether a link in a teaser leads to its author, its section, its comments."""
    above = element.getparent()
    named = names(element) + (" " + names(above) if above is not None else "")
    return bool(_ABOUT.search(named)) and not _is_headed(element)


def _is_around(element: HtmlElement, page: _Page) -> bool:
    """Whether a link stands in a menu, a margin, a footer."""
    for above in element.iterancestors():
        if above.tag in ("body", "html"):
            return False
        if above not in page.around:
            page.around[above] = _is_margin(above, page)
        if page.around[above]:
            return True
    return False


def _is_margin(element: HtmlElement, page: _Page) -> bool:
    """Whether it is called a margin; one that holds most of the page (« with-sidebar ») is not."""
    if element.tag not in _AROUND_TAGS and not _AROUND_NAMES.search(names(element)):
        return False
    if next(element.iter("main", "h1"), None) is not None:
        return False
    return len(words(element)) * 2 < page.length


def _owners(elements: Mapping[str, Sequence[HtmlElement]]) -> dict[HtmlElement, str]:
    """For each element, the one address that the links inside it lead to; "" for several."""
    owners: dict[HtmlElement, str] = {}
    for url, ones in elements.items():
        for element in ones:
            for above in (element, *element.iterancestors()):
                owners[above] = url if owners.get(above, url) == url else ""
    return owners


def _link(
    page: _Page, url: str, elements: Sequence[HtmlElement], owners: Mapping[HtmlElement, str]
) -> _Link | None:
    teaser = _teaser(elements[0], owners)
    titled = [(element, _title(element)) for element in elements]
    titled = [(element, title) for element, title in titled if _is_title(title)]
    element, title = max(
        titled, key=lambda one: (_is_headed(one[0]), len(one[1])), default=(elements[0], "")
    )
    if not title:
        title = _heading(teaser) or _quoted(elements)
    if not _is_title(title):
        return None
    return _Link(
        url=url,
        title=title[:LONGEST_TITLE],
        place=_place(element),
        shape=_shape(url),
        headed=_is_headed(element) or bool(_heading(teaser)),
        element=element,
        published=_date(teaser, page.today),
    )


def _teaser(element: HtmlElement, owners: Mapping[HtmlElement, str]) -> HtmlElement:
    """The largest element about a link whose links lead nowhere else."""
    url = owners[element]
    teaser = element
    for above in element.iterancestors():
        if above.tag in ("body", "html") or owners.get(above) != url:
            break
        teaser = above
    return teaser if len(words(teaser)) <= _TEASER else element


def _title(element: HtmlElement) -> str:
    """The words of a link; of the heading inside, when it wraps a whole teaser."""
    inside = _heading(element)
    if inside:
        return inside
    text = words(element)
    if len(text) <= LONGEST_TITLE and text:
        return text
    return one_line(element.get("title") or "") if not text else ""


def _quoted(elements: Sequence[HtmlElement]) -> str:
    """The title in « Lire la suite de « … » », when nothing else gives it."""
    found = (_QUOTED.search(words(element) or element.get("title") or "") for element in elements)
    return next((match[1] for match in found if match), "")


def _heading(element: HtmlElement) -> str:
    for heading in element.iter(*HEADINGS):
        if text := words(heading):
            return text
    return ""


def _is_title(text: str) -> bool:
    plain = fold(text)
    asks = _MORE.match(plain) or _DOWNLOAD.match(plain)
    return len(text) >= 8 and not asks and any(c.isalpha() for c in text)


def _is_headed(element: HtmlElement) -> bool:
    return any(above.tag in HEADINGS for above in element.iterancestors()) or bool(
        _heading(element)
    )


def _place(element: HtmlElement) -> str:
    """The tags and classes from the page to a link; numbers in them do not count."""
    steps = []
    for above in (element, *element.iterancestors()):
        kinds = " ".join(sorted(set(re.sub(r"\S*\d\S*", "", above.get("class") or "").split())))
        steps.append(f"{above.tag}.{kinds}")
    return "/".join(reversed(steps))


def _without_names(place: str) -> str:
    return re.sub(r"\.[^/]*", "", place)


def _shape(url: str) -> str:
    """An address with what varies between articles taken out."""
    parts = urlsplit(url)
    *folders, last = (
        parts.path.split("/")[1:]
        if not parts.path.endswith("/")
        else (parts.path.strip("/").split("/"))
    )
    kind = re.sub(r"[^.]*", "*", last, count=1) if "." in last else "*"
    query = re.sub(r"=[^&]*", "=", parts.query)
    if query:
        kind = last or "*"
    return "/".join([*(re.sub(r"\d+", "#", one) for one in folders), kind]) + f"?{query}"


def _date(teaser: HtmlElement, today: date) -> datetime | None:
    for element in teaser.iter("time"):
        if instant := read_stamp(element.get("datetime") or "", today):
            return instant
    found = find_dates(spaced_words(teaser)[:_TEASER], today)
    return found[0].instant if found else None


# -- the teasers among them ---------------------------------------------------------------------


def _chosen(links: Sequence[_Link]) -> list[_Link]:
    """The links of the best repeated place, and those that go with them."""
    groups: defaultdict[str, list[_Link]] = defaultdict(list)
    for link in links:
        groups[link.place].append(link)
    if not groups:
        return []
    best = max(groups.values(), key=_worth)
    if not _is_worthy(best):
        return []
    shapes = {link.shape for link in best}
    kept = {
        link.url
        for place, group in groups.items()
        for link in group
        if _are_alike(place, best[0].place) or _goes_with(group, link, shapes, _worth(best))
    }
    return _without_editions([link for link in links if link.url in kept])


def _is_report(url: str) -> bool:
    return bool(_REPORT.search(urlsplit(url).path))


def _without_editions(links: Sequence[_Link]) -> list[_Link]:
    """Without the PDF of an article that is listed as a page."""
    pages = {fold(link.title) for link in links if not _is_report(link.url)}
    return [link for link in links if not (_is_report(link.url) and fold(link.title) in pages)]


def _worth(group: Sequence[_Link]) -> float:
    """How much a group looks like teasers: many, titled at length, dated, headed."""
    titles = mean(min(len(link.title.split()), 12) for link in group)
    dated = mean(link.published is not None for link in group)
    headed = mean(link.headed for link in group)
    return len(group) * titles * (1 + 2 * dated) * (1 + headed)


def _is_worthy(group: Sequence[_Link]) -> bool:
    """Whether these may be articles at all, and not sections of a site."""
    long_enough = mean(len(link.title.split()) for link in group) >= _FEW_WORDS
    told = any(link.published is not None or link.headed for link in group)
    return long_enough and (told or len(group) > 1)


def _are_alike(place: str, other: str) -> bool:
    """Whether two places differ only by classes added at some steps (« teaser--premium »)."""
    steps, others = place.split("/"), other.split("/")
    return len(steps) == len(others) and all(map(_is_variant, steps, others))


def _is_variant(step: str, other: str) -> bool:
    tag, _, kinds = step.partition(".")
    other_tag, _, other_kinds = other.partition(".")
    mine, theirs = set(kinds.split()), set(other_kinds.split())
    return tag == other_tag and (mine <= theirs or theirs <= mine)


def _goes_with(group: Sequence[_Link], link: _Link, shapes: set[str], best: float) -> bool:
    """Whether it is a teaser set otherwise than the others.

    The first, larger one, for instance: it leads to the same sort of address, or is dated in a
    group that counts.
    """
    if _is_report(link.url):
        return False
    many = len(link.title.split()) >= _FEW_WORDS
    if link.shape in shapes and link.shape.strip("/*?"):
        return many
    told = link.published is not None
    return many and told and _worth(group) >= best / 10


def _announcement(link: _Link) -> Announcement:
    return Announcement(url=link.url, title=link.title, published=link.published)


# -- the next page ------------------------------------------------------------------------------


def _next_page(page: _Page) -> str:
    """The address of the following page of the list; "" when there is none."""
    own = canonical_url(page.url)
    for found in _next_candidates(page):
        if found and found != own and _same_site(found, page.url):
            return found
    return ""


def _next_candidates(page: _Page) -> Iterator[str]:
    for element in (*page.tree.iter("link"), *_anchors(page.tree)):
        if "next" in (element.get("rel") or "").lower().split():
            yield _target(element, page.base)
    anchors = list(_anchors(page.tree))
    for element in anchors:
        if _NEXT.match(fold(words(element))) and _looks_numbered(element, page):
            yield _target(element, page.base)
    match = _PAGE_NUMBER.search(page.url)
    following = str(int(match[1]) + 1 if match else 2)
    for element in anchors:
        if words(element) == following and _looks_numbered(element, page):
            yield _target(element, page.base)


def _looks_numbered(element: HtmlElement, page: _Page) -> bool:
    """Whether a link leads to a page of the same list: same path, or a number in the address."""
    target = _target(element, page.base)
    if not target:
        return False
    if _PAGE_NUMBER.search(target) or re.search(r"[?&]\w*(?:debut|start|offset)\w*=\d", target):
        return True
    own = urlsplit(page.url).path.rstrip("/")
    return bool(own) and urlsplit(target).path.rstrip("/") == own
