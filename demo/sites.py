"""The demo sites: what each is called, how it makes its addresses, and its habits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.text import slugify
from demo.articles import DemoArticle

RSS = "application/rss+xml"
ATOM = "application/atom+xml"
HTML = "text/html"
NOTHING_FORBIDDEN = "User-agent: *\nDisallow:\n"


@dataclass(frozen=True, slots=True)
class Site:
    """A demo site.

    Addresses are patterns, filled with {slug}, {number}, {title}, {section} or {page}.
    Templates are in ``templates/<slug>/``: ``listing.html``, ``article.html``, ``page.html`` and
    the feeds.
    """

    slug: str
    name: str
    tagline: str
    article: str
    section: str = ""  # "": no pages of sections
    listing: str = "/"
    homes: tuple[str, ...] = ("/",)
    next_listing: str = ""  # "": everything on one page
    per_page: int = 100
    first_page: int = 1
    feeds: Mapping[str, str] = field(default_factory=dict)  # path → template
    aliases: tuple[str, ...] = ()  # other addresses of an article, redirected to the first
    classes: Mapping[str, str] = field(default_factory=dict)  # element of a text → its class
    robots: str = NOTHING_FORBIDDEN
    charset: str = "utf-8"
    announces_charset: bool = True  # in the HTTP header; else only the page says it
    typed_plainly: bool = False  # straight apostrophes and plain spaces, as from a keyboard
    static: bool = False  # files on a disk: every page has ETag and Last-Modified
    feed_type: str = RSS

    def path_of(self, article: DemoArticle) -> str:
        """The address of an article on the site."""
        return _fill(self.article, article)

    def aliases_of(self, article: DemoArticle) -> list[str]:
        """The addresses that redirect to the article."""
        return [_fill(alias, article) for alias in self.aliases]

    def path_of_section(self, section: str) -> str:
        """The address of a section's page; "" when sections have none."""
        return self.section.format(section=slugify(section), title=_as_spip(section))

    def path_of_listing(self, index: int) -> str:
        """The address of the listing's page, counted from 0."""
        return self.next_listing.format(page=index + self.first_page) if index else self.listing


@dataclass(frozen=True, slots=True)
class DemoSource:
    """What ``make demo`` gives to ``glaneuse sources add``: a name, and a page of a demo site."""

    name: str
    site: str
    path: str = "/"


def addresses_of_sources(addresses: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, address) of each source, given the address of each site."""
    return [(source.name, addresses[source.site] + source.path) for source in SOURCES]


def _fill(pattern: str, article: DemoArticle) -> str:
    return pattern.format(
        slug=article.slug,
        number=article.number,
        title=_as_spip(article.title),
        section=slugify(article.section),
    )


def _as_spip(title: str) -> str:
    """The title as SPIP puts it in an address: accents off, capitals kept, cut between words."""
    plain = title.translate({ord("œ"): "oe", ord("’"): "-"})
    ascii_title = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", ascii_title).strip("-")
    return words if len(words) <= 60 else words[:60].rpartition("-")[0]


SITES: tuple[Site, ...] = (
    Site(
        slug="carnet-du-lien",
        name="Le carnet du lien",
        tagline="Notes d’une assistante sociale de secteur",
        article="/{slug}/",
        aliases=("/{slug}", "/?p={number}"),
        section="/category/{section}/",
        next_listing="/page/{page}/",
        per_page=6,
        feeds={"/feed/": "feed.xml", "/comments/feed/": "comments.xml"},
        classes={"h2": "wp-block-heading", "ul": "wp-block-list"},
        robots="User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n",
    ),
    Site(
        slug="trait-social",
        name="Trait social",
        tagline="Le magazine des professionnels de l’action sociale",
        article="/{section}/{slug}-{number}.html",
        section="/{section}/",
        feeds={"/flux/actualites.atom": "feed.xml"},
        classes={"p": "article__paragraph", "h2": "article__subtitle"},
        robots="User-agent: *\nDisallow: /recherche\nDisallow: /mon-compte\n",
        feed_type=ATOM,
    ),
    Site(
        slug="rhizomes-social",
        name="Rhizomes social",
        tagline="Revue en ligne du travail social et de ses marges",
        article="/{title}.html",
        aliases=("/spip.php?article{number}",),
        section="/-{title}-.html",
        feeds={"/spip.php?page=backend": "feed.xml"},
        classes={"h2": "spip", "ul": "spip", "a": "spip_out"},
    ),
    Site(
        slug="observatoire-solidarites",
        name="Observatoire des solidarités",
        tagline="Études, données et documentation sur l’action sociale",
        article="/publications/{slug}",
        aliases=("/node/{number}",),
        section="/thematiques/{section}",
        listing="/publications",
        next_listing="/publications?page={page}",
        first_page=0,
        per_page=6,
        feeds={"/rss.xml": "feed.xml"},
        robots="User-agent: *\nCrawl-delay: 0\nDisallow: /core/\nDisallow: /search/\n"
        "Disallow: /user/login\n",
    ),
    Site(
        slug="syndicat-travail-social",
        name="Union syndicale du travail social",
        tagline="Le syndicat des salarié·es du social et du médico-social",
        article="/article.php?id={number}",
        listing="/actualites",
        next_listing="/actualites?page={page}",
        per_page=4,
        robots="User-agent: *\nDisallow: /recherche.php\nDisallow: /adherents/\n",
        typed_plainly=True,
    ),
    Site(
        slug="association-des-deux-rives",
        name="Association des Deux Rives",
        tagline="Accueil, logement et insertion depuis 1974",
        article="/actu-{slug}.htm",
        listing="/actualites.htm",
        homes=("/", "/index.htm"),
        charset="windows-1252",
        announces_charset=False,
        static=True,
        typed_plainly=True,
    ),
    Site(
        slug="la-revue-du-mardi",
        name="La revue du mardi",
        tagline="Chaque semaine, ce qu’il ne fallait pas manquer dans le champ social",
        article="/{slug}/",
        aliases=("/{slug}", "/?p={number}"),
        next_listing="/page/{page}/",
        per_page=4,
        feeds={"/feed/": "feed.xml"},
        classes={"h2": "wp-block-heading", "ul": "wp-block-list"},
    ),
    Site(
        slug="perles-du-terrain",
        name="Perles du terrain",
        tagline="Des collections de pages à garder",
        article="/{slug}",
    ),
)

SOURCES: tuple[DemoSource, ...] = (
    DemoSource("Le carnet du lien", "carnet-du-lien"),
    DemoSource("Trait social", "trait-social"),
    DemoSource("Rhizomes social", "rhizomes-social"),
    DemoSource("Observatoire des solidarités", "observatoire-solidarites"),
    DemoSource("Union syndicale du travail social", "syndicat-travail-social", "/actualites"),
    DemoSource("Association des Deux Rives", "association-des-deux-rives", "/actualites.htm"),
    DemoSource("La revue du mardi", "la-revue-du-mardi"),
    DemoSource("Perles du terrain", "perles-du-terrain", "/lea-et-marc/perles-du-terrain/id3124"),
)
