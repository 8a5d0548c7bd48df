"""What each demo site serves: every address with its content, made once at start."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.model import Access
from core.text import NARROW_NBSP, NBSP
from core.weeks import french_date
from demo.articles import DemoArticle
from demo.prose import first_paragraph, to_html
from demo.sites import HTML, SITES, Site

HERE = Path(__file__).parent
SHARED_IMAGE = "/images/partage.png"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_PLAIN = str.maketrans({"’": "'", NBSP: " ", NARROW_NBSP: " "})
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address answers: a body, or the path that it redirects to.

    With ``modified``, the answer has ETag and Last-Modified, and « 304 » when nothing changed.
    """

    content_type: str = HTML
    body: bytes = b""
    modified: datetime | None = None
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment under an article."""

    author: str
    text: str
    published: datetime


@dataclass(frozen=True, slots=True)
class View:
    """An article as the templates of its site see it."""

    article: DemoArticle
    path: str
    url: str
    published: datetime
    html: Markup  # what a reader without a subscription gets
    comments: tuple[Comment, ...]

    @property
    def free(self) -> bool:
        """Whether everyone may read it."""
        return self.article.access is Access.FREE


def build(
    site: Site, articles: Sequence[DemoArticle], today: date, addresses: Mapping[str, str]
) -> dict[str, Resource]:
    """Everything that ``site`` serves, by path (and query); "404" is its page of errors.

    ``articles``: of all the sites, since some cite others; ``addresses``: of all the sites.
    """
    link, pool = _linker(articles, addresses), _read("comments.yaml")
    views = [
        _view(site, article, article.published(today), link, pool)
        for article in articles
        if article.site == site.slug
    ]
    views.sort(key=lambda view: (view.published, view.article.slug), reverse=True)
    return _Builder(site, views, addresses[site.slug], _read("menus.yaml")[site.slug]).build()


def build_collections(
    site: Site, collections: Mapping[str, Any], articles: Sequence[DemoArticle],
    addresses: Mapping[str, str],
) -> dict[str, Resource]:  # fmt: skip
    """The pages of collections of links, written in ``collections/perles.yaml``."""
    link = _linker(articles, addresses)
    by_ref = {article.ref: article for article in articles}
    names = {site.slug: site.name for site in SITES}
    render = _renderer(site, {"base": addresses[site.slug], "who": collections["who"]})
    everything = collections["collections"]
    served = {"/robots.txt": Resource("text/plain; charset=utf-8", site.robots.encode())}
    served["/"] = render("home.html", collections=everything)
    served["404"] = render("missing.html")
    for one in everything:
        pearls = [
            {
                "article": by_ref[pearl["article"]],
                "source": names[by_ref[pearl["article"]].site],
                "url": link(pearl["article"]),
                "words": pearl["words"],
            }
            for pearl in one["pearls"]
            if pearl["article"] in by_ref
        ]
        children = [other for other in everything if other["path"] in one.get("children", ())]
        served[one["path"]] = render(
            "collection.html", collection=one, pearls=pearls, children=children
        )
    return served


class _Builder:
    """Makes the pages of one site."""

    def __init__(
        self, site: Site, views: Sequence[View], base: str, menu: Sequence[Mapping[str, str]]
    ) -> None:
        self.site = site
        self.views = views
        self.menu = menu
        sections = sorted({view.article.section for view in views})
        self.sections = [(section, site.path_of_section(section)) for section in sections]
        self.newest = max((view.published for view in views), default=None)
        around = {"base": base, "menu": self.menu, "sections": self.sections, "views": views}
        self.render = _renderer(site, {**around, "image": base + SHARED_IMAGE})

    def build(self) -> dict[str, Resource]:
        """Everything that the site serves, by path."""
        return {
            "/robots.txt": Resource("text/plain; charset=utf-8", self.site.robots.encode()),
            SHARED_IMAGE: Resource("image/png", png(64, 36, self.site.slug)),
            "/documents/synthese.pdf": Resource("application/pdf", PDF),
            **dict(self._fixed()),
            **dict(self._listings()),
            **dict(self._articles()),
            **dict(self._feeds()),
        }

    def _fixed(self) -> Iterator[tuple[str, Resource]]:
        for page in self.menu:
            yield page["path"], self.render("page.html", page=page, modified=self.newest)
        missing = {"path": "", "title": "Page introuvable", "text": "Cette page n’existe pas."}
        yield "404", self.render("page.html", page=missing)

    def _listings(self) -> Iterator[tuple[str, Resource]]:
        size = self.site.per_page
        pages = [self.views[start : start + size] for start in range(0, len(self.views), size)]
        links = [(n + 1, self.site.path_of_listing(n)) for n in range(len(pages))]
        home = self._listing(self.views[:size], page=1, pages=links, home=True)
        yield from ((path, home) for path in self.site.homes)
        for index, views in enumerate(pages):
            if (path := self.site.path_of_listing(index)) != "/":
                yield path, self._listing(views, page=index + 1, pages=links)
        for label, path in self.sections if self.site.section else ():
            views = [view for view in self.views if view.article.section == label]
            yield path, self._listing(views, heading=label)

    def _listing(self, posts: Sequence[View], **more: object) -> Resource:
        context = {"heading": "", "page": 1, "pages": [], "home": False, **more}
        return self.render("listing.html", posts=posts, modified=self.newest, **context)

    def _articles(self) -> Iterator[tuple[str, Resource]]:
        for index, view in enumerate(self.views):
            others = [*self.views[index + 1 :], *self.views[:index]][:3]
            yield (
                view.path,
                self.render("article.html", post=view, related=others, modified=view.published),
            )
            for alias in self.site.aliases_of(view.article):
                yield alias, Resource(redirect=view.path)

    def _feeds(self) -> Iterator[tuple[str, Resource]]:
        for path, template in self.site.feeds.items():
            page = self.render(template, modified=self.newest, feed=path)
            kind = f"{self.site.feed_type}; charset=UTF-8"
            yield path, Resource(kind, page.body, self.newest)


def png(width: int, height: int, seed: str) -> bytes:
    """A small image of one colour, drawn from ``seed``: what a site gives to be shared."""
    colour = struct.pack(">I", zlib.crc32(seed.encode()))[:3]
    rows = (b"\0" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _linker(articles: Sequence[DemoArticle], addresses: Mapping[str, str]) -> Callable[[str], str]:
    """A function giving the address of « site/slug »: a dead link, when there is none."""
    sites = {site.slug: site for site in SITES}
    paths = {a.ref: addresses[a.site] + sites[a.site].path_of(a) for a in articles}

    def address_of(ref: str) -> str:
        site = ref.partition("/")[0]
        return paths.get(ref, f"{addresses.get(site, '')}/introuvable")

    return address_of


def _view(
    site: Site,
    article: DemoArticle,
    published: datetime,
    link: Callable[[str], str],
    pool: Sequence[Mapping[str, str]],
) -> View:
    if site.typed_plainly:
        article = _typed_plainly(article)
    free = article.access is Access.FREE
    shown = article.body if free else first_paragraph(article.body)
    return View(
        article=article,
        path=site.path_of(article),
        url=link(article.ref),
        published=published,
        html=to_html(shown, link, site.classes),
        comments=_comments(article.number, published, pool),
    )


def _typed_plainly(article: DemoArticle) -> DemoArticle:
    """The article as someone types it who does not know where the right characters are."""
    return replace(
        article,
        title=article.title.translate(_PLAIN),
        summary=article.summary.translate(_PLAIN),
        body=article.body.translate(_PLAIN),
    )


def _comments(
    number: int, published: datetime, pool: Sequence[Mapping[str, str]]
) -> tuple[Comment, ...]:
    """None to three comments, the same at each run, the first some minutes after the article."""
    delays = (timedelta(minutes=1 + 7 * n) for n in range(number % 4))
    chosen = (pool[(number + n * 5) % len(pool)] for n in range(number % 4))
    return tuple(
        Comment(one["author"], one["text"], published + delay)
        for one, delay in zip(chosen, delays, strict=True)
    )


def _read(name: str) -> Any:
    """What one of the demo's own YAML files holds."""
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def _renderer(site: Site, around: Mapping[str, object]) -> Callable[..., Resource]:
    """A function rendering one of the site's templates as a page."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates" / site.slug),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    kind = f"{HTML}; charset={site.charset}" if site.announces_charset else HTML

    def render(template: str, modified: datetime | None = None, **context: object) -> Resource:
        text = environment.get_template(template).render(
            site=site, modified=modified, **around, **context
        )
        body = text.encode(site.charset, "xmlcharrefreplace")
        return Resource(kind, body, modified if site.static else None)

    return render


def _with_weekday(instant: datetime) -> str:
    return f"{_DAYS[instant.weekday()]} {french_date(instant.date())}"


_FILTERS: dict[str, Callable[[datetime], str]] = {
    "french": lambda instant: french_date(instant.date()),
    "with_weekday": _with_weekday,
    "slashes": lambda instant: instant.strftime("%d/%m/%Y"),
    "clock": lambda instant: instant.strftime("%H:%M"),
    "iso": lambda instant: instant.isoformat(),
    "rfc822": format_datetime,
}
