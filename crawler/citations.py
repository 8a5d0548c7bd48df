"""Press reviews: which articles a page cites, in whose words, under which heading.

People write them by hand in many ways: paragraphs with links inside, « Lire l'article de … » after
a summary, numbered lists, headings that are links, a title with its comment below, dry links under
« Et aussi ». What they share: links to other sites, and words about each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from core.model import Citation
from core.text import fold, one_line, shorten
from core.urls import canonical_url, host_of
from crawler.blocks import ADDRESS, Block, Link, read_blocks
from crawler.sites import is_same_site

MOST = 200  # citations of a page
LONGEST_WORDS = 600  # characters kept of the words that cite
LONGEST_TITLE = 300
_SHORT = 120  # characters of words that stand for a title
_COMMENT = 450  # characters of a comment that stands in a line of its own
_TOLD = 40  # characters besides the link, from which a sentence says something of its own
_MANY, _SITES = 4, 3  # links and sites that make a review of what is not called so

_REVIEW = re.compile(
    r"\brevues? (?:de (?:la )?)?presse\b|\bpresse en revue\b|\bpanorama de (?:la )?presse\b|"
    r"\brevues? (?:du |de )?(?:web|net|veille|liens|sommaires)\b|\btour d'horizon\b|"
    r"\btour (?:du|de la|de) (?:web|presse|toile)\b|"
    r"\bveille (?:documentaire|juridique|presse|hebdo\w*|mensuelle|de (?:la )?(?:presse|semaine)|"
    r"(?:du|n°|no|numero) ?\d)|\b(?:lettre|bulletin|notre|ma) (?:de )?veille\b|"
    r"\blus? (?:pour vous|ailleurs|dans la presse|sur le (?:web|net)|cette semaine)|"
    r"\b(?:a|nous avons|on a|ce que j'ai) (?:lire|lu) (?:ailleurs|cette semaine|ce mois|"
    r"sur le (?:web|net))|\b(?:vus?|entendus?) ailleurs\b|\bailleurs sur le (?:web|net)\b|"
    r"\b(?:liens|lectures|articles|infos?|actus?|actualites?|essentiel) (?:de la semaine|du mois|"
    r"du (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|en vrac)\b|"
    r"\bselection (?:de (?:la semaine|presse|lectures|liens)|hebdo\w*|d'articles)|"
    r"\b(?:dans|vu par) la presse\b|\bla presse en parle\b|\bglanes? (?:ici|sur|dans|cette)|"
    r"\bpresse[- ]papiers?\b"
)
# « Lire l'article de … », « À lire dans », « Source : », « via »: what leads to the article, and is
# not its title.
_POINTER = re.compile(
    r"^\W*(?:(?:a )?(?:lire|relire|voir|ecouter|retrouver|consulter|decouvrir|telecharger|acceder|"
    r"lisez|voyez|ecoutez|regarder)\b(?!\W*$)(?: (?:ou (?:re)?lire|aussi|egalement|en entier))?\W*"
    r"(?:ici|la suite|plus|davantage|sur|dans|chez|par ici|en ligne|(?:l'|le |la |les |cet |cette |"
    r"son |sa |ses |leur |a )?(?:integralite|totalite|ensemble|articles?|papiers?|enquetes?|"
    r"reportages?|tribunes?|entretiens?|interviews?|billets?|dossiers?|rapports?|etudes?|"
    r"communiques?|suite|textes?|sources?|podcasts?|emissions?|videos?|pages?|publications?|"
    r"documents?|chroniques?|analyses?|portraits?|notes?|avis|temoignages?))\b|"
    r"(?:pour |en )?(?:en )?(?:savoir|lire) (?:plus|davantage)|(?:la )?suite|sources?\b|via\b|"
    r"ici\b|lien\b|cliquez|(?:l'|cet )?article(?: complet| entier)?\W*$|lire\W*$|voir\W*$|"
    r"plus d'infos?|https?:|www\.)"
)
_LEADS = re.compile(
    r"\b(?:(?:a )?(?:lire|relire|voir|ecouter|retrouver|lisez)\b[^.!?]{0,40}\b(?:article|papier|"
    r"enquete|reportage|tribune|entretien|interview|billet|dossier|rapport|etude|chronique|suite|"
    r"ici|dans|sur|chez)|via\b|source ?:|et aussi\b|a lire aussi\b)"
)
_ASIDE = re.compile(
    r"\b(?:references?|bibliographie|notes?|sources|pour aller plus loin|ressources)\b"
)
_NO_CITATION = re.compile(
    r"desinscri|desabonn|s'(?:abonner|inscrire)|abonnez|inscrivez|unsubscribe|mentions legales|"
    r"(?:lettre|message|mail|courriel) en ligne$|dans (?:votre|le|un) navigateur|faire un don|"
    r"^adherer"
)
_NUMBER = re.compile(r"^\W*(?:n°|no\.?)?\s*\d{0,3}\W*$", re.IGNORECASE)
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]{12,250}?)\s*[»”\"]")
_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\bM\.)(?<!\bMM\.)(?<!\bMme\.)(?<!\bp\.)(?<!\bcf\.)(?<!\b[A-Z]\.)"
    r"[»”\"')\]]*\s+(?=[«“\"(]?\s?[A-ZÀ-Þ0-9])"
)
# Networks where people talk, licences, pictures, shops, tools: no article is there.
_NO_ARTICLE_SITE = re.compile(
    r"(?:^|\.)(?:(?:facebook|twitter|x|linkedin|instagram|pinterest|whatsapp|tiktok|threads|bsky|"
    r"addtoany|addthis|sharethis|creativecommons|gravatar|mailchimp|unsplash|pixabay|pexels|freepik|"
    r"flickr|shutterstock|istockphoto|helloasso|amazon|fnac|doodle|framadate|wordpress|wikipedia|"
    r"wiktionary|wikimedia|paypal|tipeee|patreon|ulule|apple|spotify|eventbrite)\.[a-z.]{2,6}|t\.me|"
    r"wa\.me|web\.archive\.org|(?:docs|forms|maps|play|drive|policies)\.google\.[a-z.]{2,6}|forms\.gle)$"
)
_NO_ARTICLE_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|zip|docx?|xlsx?|pptx?|odt|ods|mp3|mp4|ics|epub|css|js|rss|atom)$"
)
_NO_ARTICLE_PATH = re.compile(
    r"^/(?:[a-z]{2}|index\.\w+|accueil|home|contact|(?:s-)?abonne\w*|newsletter\w*|login|connexion|"
    r"feed|rss|don|dons|boutique|mentions-legales)?/?$"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A citation being made, with what tells how it was written."""

    citation: Citation
    is_titled: bool  # whether the link says a title
    is_led: bool  # « Lire l'article de … »
    is_marked: bool  # one of these, or an item of a list: not a link in passing
    is_aside: bool  # among references


def read_citations(
    tree: HtmlElement, *, url: str, title: str, after: HtmlElement | None = None
) -> tuple[Citation, ...]:
    """The articles that a press review cites, in its order; none for a page that is no review.

    ``tree``: the page, its menus and comments taken out; ``after``: the element of its title.
    """
    there = {target for link in _addresses(tree) if (target := _article(link, url))}
    if not there or (len(there) == 1 and not _REVIEW.search(fold(title))):
        return ()
    return cite(read_blocks(tree, url, after), url=url, title=title)


def _addresses(tree: HtmlElement) -> Iterator[str]:
    """The addresses that stand in a page whole, in links or written out."""
    yield from {one.get("href") or "" for one in tree.iter("a")}
    for text in tree.itertext():
        if "http" in text:
            yield from ADDRESS.findall(text)


def cite(blocks: Sequence[Block], *, url: str, title: str) -> tuple[Citation, ...]:
    """The same, of a page already in lines."""
    told = list(_told(blocks, url))
    called = _is_called_review(blocks, url, title)
    if not called:
        told = [one for one in told if not one.is_aside]
    if not told or not (called or _is_written_as_review(told, blocks)):
        return ()
    return tuple(_merged(told))[:MOST]


def _is_called_review(blocks: Sequence[Block], url: str, title: str) -> bool:
    slug = re.sub(r"[-_/.]+", " ", urlsplit(url).path)
    opening = " ".join(block.text for block in blocks[:3])[:1000]
    said = (title, slug, *(block.text for block in blocks if block.level))
    return any(_REVIEW.search(fold(one)) for one in said) or bool(
        re.search(r"\brevues? de (?:la )?presse\b", fold(opening))
    )


def _is_written_as_review(told: Sequence[_Told], blocks: Sequence[Block]) -> bool:
    """Whether a page that is not called so leads its readers to others' articles all the same."""
    urls = {one.citation.url for one in told}
    sites = {host_of(url) for url in urls}
    if len({one.citation.url for one in told if one.is_led}) >= 2 and len(sites) >= 2:
        return True
    marked = {one.citation.url for one in told if one.is_marked}
    said = sum(len(words) for words in {one.citation.words for one in told})
    whole = sum(len(block.text) for block in blocks)
    return (
        len(urls) >= _MANY
        and len(sites) >= _SITES
        and len(marked) * 2 >= len(urls)
        and said * 3 >= whole
    )


# -- each link ------------------------------------------------------------------------------------


def _told(blocks: Sequence[Block], url: str) -> Iterator[_Told]:
    headings = _headings(blocks)
    for at, block in enumerate(blocks):
        for link in block.links:
            target = _article(link.url, url)
            if target and not _NO_CITATION.search(fold(link.text)):
                yield _tell(blocks, at, link, target, headings[at])


def _tell(blocks: Sequence[Block], at: int, link: Link, target: str, heading: str) -> _Told:
    sentence = _sentence(blocks[at], link)
    titled, led = _is_title(link.text), bool(_LEADS.search(fold(sentence)))
    words = shorten(_words(blocks, at, link, sentence, titled=titled), LONGEST_WORDS)
    title = _title(link, sentence, words, titled=titled)
    return _Told(
        Citation(target, title, words, shorten(heading, LONGEST_TITLE)),
        is_titled=titled,
        is_led=led,
        is_marked=led or blocks[at].is_item or (titled and not link.text[:1].islower()),
        is_aside=bool(_ASIDE.search(fold(heading))),
    )


def _article(link: str, page: str) -> str:
    """The address of an article on another site; "" when the link leads to none."""
    try:
        target = canonical_url(_unwrapped(link))
    except ValueError:
        return ""
    parts = urlsplit(target)
    path = parts.path.lower()
    nowhere = _NO_ARTICLE_PATH.match(path) and not parts.query
    if nowhere or _NO_ARTICLE_FILE.search(path) or is_same_site(target, page):
        return ""
    return "" if _NO_ARTICLE_SITE.search(parts.hostname or "") else target


def _unwrapped(link: str) -> str:
    """What a link through a search engine or a network leads to."""
    parts = urlsplit(link)
    if re.search(r"(?:^|\.)(?:google\.[a-z.]{2,6}|facebook\.com)$", parts.hostname or ""):
        query = parse_qs(parts.query)
        for name in ("url", "q", "u"):
            if query.get(name, [""])[0].startswith(("http://", "https://")):
                return query[name][0]
    return link


def _headings(blocks: Sequence[Block]) -> list[str]:
    """Under which heading each line stands; a heading stands under the one above its rank."""
    found: list[str] = []
    above: dict[int, str] = {}
    for block in blocks:
        if block.level:
            above = {level: text for level, text in above.items() if level < block.level}
        found.append(above[max(above)] if above else "")
        if block.level:
            above[block.level] = one_line(block.text)
        if block.level and not block.text:
            del above[block.level]
    return found


def _sentence(block: Block, link: Link) -> str:
    """The sentence of the line in which the link stands."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(block.text)), len(block.text)]
    begin = max(at for at in starts[:-1] if at <= link.start)
    end = min((at for at in starts[1:] if at >= link.end), default=len(block.text))
    return block.text[begin:end].strip()


def _is_title(text: str) -> bool:
    return (
        len(re.findall(r"\w[\w'’-]*", text)) >= 4
        and len(text) >= 20
        and not _POINTER.match(fold(text))
    )


def _title(link: Link, sentence: str, words: str, *, titled: bool) -> str:
    """What the cited article is called: the link's words, or a title in quotes; else ""."""
    if titled and len(link.text) <= LONGEST_TITLE:
        return one_line(link.text).strip('«»“”" ')
    quoted = _QUOTED.search(sentence) or _QUOTED.search(words)
    return one_line(quoted[1]) if quoted else ""


# -- the words about it ---------------------------------------------------------------------------


def _words(blocks: Sequence[Block], at: int, link: Link, sentence: str, *, titled: bool) -> str:
    """The sentence or the comment that cites."""
    block = blocks[at]
    if _says_something(sentence, link) and not _POINTER.match(fold(sentence)):
        return sentence
    alone = len({one.url for one in block.links}) == 1
    if alone and len(block.text) - len(sentence) > _TOLD:
        return _around(block.text, sentence)
    comment = _comment(blocks, at, after=titled) if alone else ""
    if not comment:
        return _around(block.text, sentence)
    spaced = shorten(comment, _COMMENT)
    dash = " " if block.text.rstrip().endswith((".", "!", "?", "…", ":")) else " — "
    return f"{block.text}{dash}{spaced}" if titled else f"{spaced} {block.text}"


def _says_something(sentence: str, link: Link) -> bool:
    """Whether a sentence says more than its link, a name and a number."""
    rest = sentence.replace(link.text, "", 1) if link.text else sentence
    return len(one_line(rest)) >= _TOLD and not _NUMBER.match(rest)


def _around(text: str, sentence: str) -> str:
    """The line whole when it is short, else the sentence with what comes just before it."""
    line = one_line(text)
    if len(line) <= LONGEST_WORDS:
        return line
    start = text.find(sentence)
    before = one_line(text[max(0, start - _COMMENT) : start])
    if start > _COMMENT and (cut := _SENTENCE.search(before)):
        before = before[cut.end() :]
    return f"{before} {sentence}".strip()


def _comment(blocks: Sequence[Block], at: int, *, after: bool) -> str:
    """What the lines beside say of a link that stands alone: those below a title, above a pointer.

    The other side is looked at when there is nothing on that one.
    """
    first, second = (1, -1) if after else (-1, 1)
    return _beside(blocks, at, first) or _beside(blocks, at, second, own_group=after)


def _beside(blocks: Sequence[Block], at: int, step: int, *, own_group: bool = False) -> str:
    """The lines that follow (or precede) one, up to a heading or a line with links of its own."""
    found: list[str] = []
    place = at + step
    while 0 <= place < len(blocks):
        block = blocks[place]
        other = any(link.url != blocks[at].links[0].url for link in block.links)
        apart = own_group and block.group != blocks[at].group
        enough = len(" ".join(found)) >= _TOLD and block.group != blocks[place - step].group
        if block.level or other or apart or enough:
            break
        if one_line(block.text):
            found.append(one_line(block.text))
        place += step
    return " ".join(found[::step])


def _merged(told: Sequence[_Told]) -> Iterator[Citation]:
    """One citation for each address: where most is said of it, with the best of its titles.

    An untitled one is called as its heading, when nothing else stands under it.
    """
    by_url: dict[str, list[_Told]] = {}
    for one in told:
        by_url.setdefault(one.citation.url, []).append(one)
    most = [max(ones, key=lambda one: len(one.citation.words)) for ones in by_url.values()]
    under = Counter(one.citation.heading for one in most)
    for best, ones in zip(most, by_url.values(), strict=True):
        said = sorted(ones, key=lambda one: (not one.is_titled, one is not best))
        title = next((one.citation.title for one in said if one.citation.title), "")
        heading = best.citation.heading
        if not title:
            alone = under[heading] == 1 and heading
            title = heading if alone else shorten(best.citation.words, _SHORT)
        yield replace(best.citation, title=title)
