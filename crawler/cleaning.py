"""What surrounds an article is taken out of its page: menus, banners, buttons, comments, boxes.

Elements are judged by what the page calls them (class, id), as WordPress and its builders (Divi,
Elementor, Avada), SPIP, Drupal, the State's design system, Joomla, Wix, Ghost and hand-made pages
do, never when they hold the title or most of the page's prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import Element, HtmlElement

from core.text import fold, one_line
from crawler.markup import HEADINGS, INLINE, LINE, drop, link_share, names, says_at_most, words


class Part(Enum):
    """What an element is to the article."""

    CONTENT = "content"
    AROUND = "around"  # no part of it: taken out first
    COMMENTS = "comments"  # taken out first, however long
    ABOUT = "about"  # date, author, caption: read, then taken out of the text


# Names that a taxonomy gives to content: WordPress's post_class, SPIP's and Drupal's rubrics.
_FILED = re.compile(
    r"^(?:(?:no-|has-)?comments?-(?:open|closed|on|off|enabled|disabled)|tag-(?!list|links|cloud)|"
    r"category-(?!list|links)|cat-(?!links)|post-\d|postid|page-id|"
    r"type-|format-|status-|has-|is-|mot-|rubrique\d|"
    r"single-|author-\w+$|wp-singular|no-|with-|layout-|template-|theme-|logged|admin-bar|js-|"
    r"col-|row-|taxonomy-|term-|hentry|node--type)"
)
_COMMENTS = re.compile(
    r"^(?:comments?|commentaires?|comment-?(?:list|form|area|section|wrap|respond|template|box|"
    r"container|block|thread|count|link|reply|body|content)[\w-]*|commentlist|"
    r"comments?[-_][\w-]+|[\w-]+[-_]comments?|[\w-]*commentaires?|respond|reply-title|"
    r"disqus[\w-]*|dsq-[\w-]*|wpdiscuz[\w-]*|wpd-[\w-]*|fb-comments|"
    r"forums?|forum[-_][\w-]*|spip-forum|formulaire_forum|repondre|reactions?|cactus-[\w-]*|"
    r"graphcomment|hyvor[\w-]*|remark42|isso-thread|"
    r"coral[\w-]*|viafoura[\w-]*|utterances|giscus)$"
)
_AROUND = re.compile(
    # banners about cookies
    r"^(?:tarteaucitron[\w-]*|axeptio[\w-]*|didomi[\w-]*|cmplz[\w-]*|onetrust[\w-]*|ot-(?:sdk|"
    r"pc)[\w-]*|optanon[\w-]*|cky-[\w-]*|iubenda[\w-]*|"
    r"sd-cmp[\w-]*|qc-cmp[\w-]*|borlabs[\w-]*|moove[-_]gdpr[\w-]*|[\w-]*(?:gdpr|rgpd)[\w-]*|"
    r"orejime[\w-]*|klaro[\w-]*|usercentrics[\w-]*|cybot[\w-]*|"
    r"osano[\w-]*|truste[\w-]*|appconsent[\w-]*|termly[\w-]*|fr-consent[\w-]*|sp_message[\w-]*|"
    r"sliding-popup[\w-]*|hu-cookie[\w-]*|cli-[\w-]+|wt-cli[\w-]*|"
    r"cc-(?:window|banner|revoke|grower)|cn-notice[\w-]*|"
    r"(?:[\w-]+[-_])?consent(?:ement)?s?(?:[-_][\w-]+)?|[\w-]*cookies?[\w-]*|"
    # share buttons
    r"(?:[\w-]+[-_])?(?:share|shares|sharing|sharer|partage|partages|partager)(?:[-_][\w-]+)?|"
    r"share[\w-]*|sharedaddy|sd-(?:sharing|social|block|like)[\w-]*|(?:[\w-]+_)?addtoany[\w-]*|"
    r"a2a_[\w-]*|"
    r"addthis[\w-]*|heateor[\w-]*|st-(?:btn|inline|sticky)[\w-]*|ssba[\w-]*|essb[\w-]*|"
    r"sassy[\w-]*|et[-_](?:pb_)?social[\w-]*|"
    r"(?:[\w-]+[-_])?social[-_]?(?:links?|icons?|medias?|nav|menu|buttons?|btns?|networks?|bar|"
    r"follow\w*|list|login|share|sharing|wrap\w*)[\w-]*|socials?|socialmedia|socialite|"
    r"elementor-(?:share|social)[\w-]*|elementor-widget-(?:share|social|post-navigation|posts|"
    r"nav-menu|search|author-box|breadcrumbs|wp-widget)[\w-]*|elementor-location-(?:header|"
    r"footer|popup)|"
    r"fusion-(?:sharing|social|footer|header|secondary|related|pagination|single-navigation|"
    r"flyout)[\w-]*|wp-block-social[\w-]*|reseaux[-_]?sociaux[\w-]*|(?:[\w-]+[-_])?(?:rs|"
    r"réseaux)[-_]sociaux|"
    r"fr-share[\w-]*|fr-follow[\w-]*|imprimer|print(?:-?(?:link|button|btn|page|friendly|"
    r"only))[\w-]*|printfriendly|envoyer[-_]?(?:ami|mail|par-mail)?|boite[-_]outils|"
    r"outils(?:-article)?|(?:article|page|post)-tools|"
    r"wpulike|wp_ulike[\w-]*|post-likes?|likes?|like-button|kk-star-ratings|post-ratings|rating|"
    r"ratings|post-views|pvc_[\w-]*|petitions?|"
    # menus, headers and footers of the site
    r"menu|menus|(?:[\w-]+[-_])?(?:navbar|nav|navigation|breadcrumbs?|ariane|sidebar|menubar|"
    r"topbar|megamenu|offcanvas|burger)(?:[-_][\w-]+)?|menu[-_][\w-]+|(?:[\w]+-)?main-menu|"
    r"menu-?(?:principal|secondaire|rubriques|container)|"
    r"fil[-_]?(?:d[-_]?)?ariane|hierarchie|arbo|pagination[\w-]*|pager|paginator|masthead|"
    r"(?:site|main|global|page|fr|l|et-l-)-?footer[\w-]*|et-l--(?:header|footer)|footer|"
    r"footer[-_][\w-]+|pied|pied[-_]de?[-_]?page|piedpage|bas[-_]?de?[-_]?page|colophon|"
    r"(?:site|main|global|fr|top)-header[\w-]*|bandeau[\w-]*|entete|region-(?:header|footer|"
    r"sidebar|navigation|breadcrumb|highlighted|secondary)[\w-]*|block-(?:menu|search|"
    r"system-menu|system-breadcrumb|views|user-login|language)[\w-]*|"
    r"secondary|aside|extra|widget|widgets|widget[-_]area[\w-]*|widgetarea|skip-?links?|"
    r"evitement|liens-evitement|acces-?rapide|fr-skiplinks|search-?form|searchform|"
    r"formulaire_recherche|recherche|moduletable[\w-]*|"
    r"site_header|site_footer|post-main-actions[\w-]*|gh-(?:head|foot|navigation|header|footer|"
    r"subscribe|post-upgrade-cta)[\w-]*|screen-reader-text|sr-only|visually-?hidden|"
    r"visuallyhidden|fr-sr-only|back-to-top|scroll-?top|haut-?de-?page|to-?top|retour-?haut|"
    r"login[\w-]*|connexion|popin[\w-]*|popup[\w-]*|modal|modal-[\w-]+|lightbox[\w-]*|overlay|"
    r"toast[\w-]*|"
    # related articles, previous and next
    r"(?:[\w-]+[-_])?(?:related|relateds|yarpp|similaires?|connexes?|recommand\w*|recommend\w*|"
    r"suggestions?|associes?|lies|liees|prev-?next)(?:[-_][\w-]+)?|jp-relatedposts[\w-]*|"
    r"yarpp[\w-]*|crp_related[\w-]*|rp4wp[\w-]*|"
    r"wp-rp[\w-]*|outbrain[\w-]*|ob-widget[\w-]*|taboola[\w-]*|trc_[\w-]*|"
    r"(?:[\w-]+[-_])?(?:a-?)?(?:lire|voir|read|also)[-_](?:aussi|egalement|also|read|next|"
    r"suite-articles)(?:[-_][\w-]+)?|read-?next[\w-]*|read-?also|"
    r"(?:articles?|posts?|contenus?|actus?|actualites?|news)[-_](?:suivants?|precedents?|"
    r"recents?|similaires?)|(?:meme|même|dans-la-meme)[-_](?:rubrique|theme|sujet|auteur)[\w-]*|"
    r"autres?[-_](?:articles?|actualites?|actus?)|"
    r"derni(?:ers|eres)[-_][\w-]+|(?:recent|latest|more|popular|next|other|prev|"
    r"previous)[-_]?(?:posts?|articles?|news|stories)[\w-]*|post[-_](?:nav|navigation|"
    r"pagination|next|prev)[\w-]*|nav-?links|adjacent|les?[-_]?plus[-_]?lus|plus[-_]?lus|"
    r"most[-_](?:read|popular)|trending|"
    # keywords
    r"tags|tagcloud|(?:post|entry|article|single|meta|node|the)[-_]tags?|tags?[-_](?:list|links|"
    r"cloud|container|wrapper)[\w-]*|cat-links|mots?[-_]?cles|keywords|etiquettes?|"
    r"post-(?:labels|categories)|field--name-field-tags|fr-tags-group|jp-post-flair|"
    # letters, gifts, subscriptions, advertisements
    r"(?:[\w-]+[-_])?(?:newsletters?|infolettres?|mailchimp|mc4wp|sendinblue|"
    r"brevo)(?:[-_][\w-]+)?|newsletter[\w-]*|mc_embed[\w-]*|sib[-_]form[\w-]*|sib_[\w-]*|"
    r"(?:[\w-]+[-_])?mailpoet[-_]?(?:form|subscri|widget|iframe|preheader|footer|"
    r"header_footer|unsubscribe)[\w-]*|(?:[\w-]+[-_])?jetpack[-_]subscri[\w-]*|subscribe[\w-]*|subscription[\w-]*|"
    r"optin[\w-]*|et_bloom[\w-]*|hustle[\w-]*|(?:bloc|block|encart|bandeau|box|"
    r"cta)[-_](?:abonnement|adhesion|don|newsletter|inscription|pub)[\w-]*|abonnements?|"
    r"kg-(?:signup|cta)-card|donation[\w-]*|donate[\w-]*|helloasso[\w-]*|"
    r"dons?|(?:faire|bloc|encart|appel|bouton)[-_](?:un[-_]|a[-_]|aux[-_])?dons?|"
    r"soutene[zr][-_]nous|nous[-_]soutenir|"
    # the apparatus of learned journals: plan, notes, how to cite, licence
    r"toc|plan|table[-_]?of[-_]?contents?|(?:ez|lwp)-?toc[\w-]*|quotation|licen[sc]e|entries|"
    r"docheadernav|gotop|notes?baspage|footnotes|"
    # who the author is, at length
    r"et_pb_team_member[\w-]*|"
    r"pub|pubs|publicites?|pub-[\w-]+|advert[\w-]*|ads|ad-(?:slot|container|banner|wrapper|"
    r"unit)[\w-]*|adsbygoogle|dfp[\w-]*|sponsor(?:ed|ise)?)$"
)
_ABOUT = re.compile(
    r"^(?:(?:entry|post|article|single|blog|node|fusion|et_pb_title|story|c-article|header|page|"
    r"item)[-_]+(?:meta|date|author|info|byline|datetime|footer|reading|published|"
    r"credits?)[\w-]*|posted-on|posted-by|by-?line[\w-]*|authors?|auteurs?|vcard|"
    r"dates?|published|updated|pubdate|datepublished|datemodified|info-publi|infos-publi|"
    r"submitted|signature|meta|metas|elementor-(?:post-info|author-box)[\w-]*|"
    r"et_pb_title_meta_container|article__(?:date|author|meta|signature|info)[\w-]*|"
    r"field--?name-(?:created|uid|(?:field-)?(?:date|auteur|author|chapo-date)[\w-]*)|"
    r"author[-_](?:box|bio|info|description|about|card|block|name|avatar|image)[\w-]*|"
    r"about-author|a-propos-auteur|bio-?auteur|saboxplugin[\w-]*|abh_[\w-]*|"
    r"pp-multiple-authors[\w-]*|molongui[\w-]*|wp-block-post-(?:author|date)[\w-]*|"
    r"(?:[\w-]+[-_])?reading-?time(?:[-_][\w-]+)?|bsf-rt[\w-]*|rt-(?:reading-time|label|time|"
    r"prefix|postfix|suffix)[\w-]*|(?:[\w-]+[-_])?temps-?(?:de-)?lecture(?:[-_][\w-]+)?|"
    r"readtime|span-reading-time|"
    r"(?:[\w-]+[-_])?(?:captions?|legendes?|credits?|copyrights?|photo-?credit)(?:[-_][\w-]+)?|"
    r"spip_doc_(?:legende|titre|descriptif|credits)[\w-]*|gh-article-meta|rubrique|categories|"
    r"category|catlinks|surtitre|kicker|eyebrow|"
    r"(?:[\w-]+[-_])?paywall(?:[-_][\w-]+)?|[\w-]*premium-(?:bar|banner|wall)[\w-]*|"
    r"fr-card__detail)$"
)
_WALL_NAMES = re.compile(r"upgrade-cta|paywall|(?:members?|subscribers?)-only")
_BIOGRAPHY = re.compile(
    r"(?:^|\s)(?:(?:post|entry|article)?[-_]?author[-_]*(?:box|bio|info|description|about|card|"
    r"block)|about[-_]*(?:the[-_]*)?author|a-propos-(?:de-l-)?auteur|bio-?auteur|saboxplugin|abh_|"
    r"elementor-author-box|molongui|pp-multiple-authors)"
)
_ABOUT_AUTHOR = re.compile(
    r"\W*(?:a propos (?:de l[' ]|des |du |de la )|qui est l'|l[' ]|les |about the )?"
    r"(?:auteur|autrice|author|redacteur|redactrice)\S{0,8}\W*"
)
_ROLES = {
    "navigation": Part.AROUND, "banner": Part.AROUND, "contentinfo": Part.AROUND,
    "search": Part.AROUND,
    "dialog": Part.AROUND, "alertdialog": Part.AROUND, "menu": Part.AROUND, "menubar": Part.AROUND,
}  # fmt: skip
_TAGS = {
    "nav": Part.AROUND, "dialog": Part.AROUND, "form": Part.AROUND, "button": Part.AROUND,
    "select": Part.AROUND, "menu": Part.AROUND, "footer": Part.AROUND, "figcaption": Part.ABOUT,
    "address": Part.ABOUT,
}  # fmt: skip
_BREAKABLE = frozenset("p div td font center span section li blockquote small".split())
_BLOCKS = ("p", "div", "li", "td", "dd", "section", "article", "blockquote", "main")
_LABELLED = ("p", "div", "section", "aside", "li", *INLINE, *HEADINGS)
_SMALL = frozenset({"1", "-1", "-2", "-3"})
_ROOTS = frozenset({"html", "body", "main", "article", "head", "h1"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_ALSO = re.compile(
    r"^\W*(?:(?:a )?(?:lire|voir|decouvrir|ecouter|retrouver|relire)(?: ou (?:re)?lire)? "
    r"(?:aussi|egalement)|aussi a lire|lisez (?:aussi|egalement)|a lire ensuite|"
    r"sur le meme (?:sujet|theme)|dans (?:la meme (?:rubrique|categorie)|le meme dossier)|"
    r"sur ce sujet|(?:articles?|contenus?) (?:lies|similaires|associes|connexes|recents)|"
    r"(?:ces|d'autres|les) (?:autres )?(?:articles?|contenus?|pages?|actualites?) (?:qui )?"
    r"(?:peuvent|pourraient|devraient)(?: aussi| egalement)?(?: vous)? (?:interesser|plaire)|"
    r"vous (?:aimerez|pourriez|serez)(?: peut-etre)?(?: aussi| egalement)?"
    r"(?: aimer| apprecier| etre interesses?(?: par)?| interesses?(?: par)?)?|"
    r"(?:nos )?(?:derniers|autres) articles|read (?:also|more)|related (?:posts|articles))\b"
    r"(?: (?:sur|dans) (?:le|notre|nos|ce|la|les)\b.{0,30}$)?"
)
_NEXT_TITLE = re.compile(r"\s*(?:[:.…>»→–—«\"“|(-]|[A-ZÀ-Þ0-9]|$)")
_ALSO_HINT = re.compile(
    r"(?i)aussi|[ée]galement|m[êe]me|articles?|vous |contenus?|read|related|sujet"
)


@lru_cache(maxsize=8192)
def part_named(called: str) -> Part:
    """What elements of these names (classes and id, in lower case) are to an article."""
    tokens = called.split()
    # « widget Blog » holds the article itself on Blogger.
    if "hentry" in tokens or "type-post" in tokens or {"widget", "blog"} <= {*tokens}:
        return Part.CONTENT
    found = Part.CONTENT
    for token in tokens:
        if _FILED.match(token):
            continue
        if _COMMENTS.match(token):
            return Part.COMMENTS
        if _AROUND.match(token):
            found = Part.AROUND
        elif found is Part.CONTENT and _ABOUT.match(token):
            found = Part.ABOUT
    return found


def take_out_surroundings(tree: HtmlElement) -> list[str]:
    """Take menus, banners, share buttons, comments, related articles and the like out.

    Gives what the boxes for subscribers that were among them said, a line each.
    """
    measure = _measure(tree)
    prose = measure(tree)
    walls: list[str] = []
    for element in list(tree.iter()):
        part = _part(element)
        if part in (Part.AROUND, Part.COMMENTS) and _may_go(element, part, measure, prose):
            if part is Part.AROUND and _WALL_NAMES.search(names(element)):
                walls.extend(one_line(piece) for piece in element.itertext())
            drop(element)
    return walls


def take_out_details(tree: HtmlElement) -> None:
    """Take dates, bylines, captions and reading times out, once they have been read."""
    for element in list(tree.iter()):
        if _part(element) is Part.ABOUT and _is_detail(element):
            drop(element)
    for heading in list(tree.iter(*HEADINGS)):
        heading.attrib.pop("id", None)  # trafilatura would judge it by the words it is made from
        if heading.tag != "h1" and says_at_most(heading, 40):
            _drop_biography(heading)
    for line in list(tree.iter(*_LABELLED)):
        if (
            line.text
            and len(line.text) < 120
            and _ALSO_HINT.search(line.text)
            and says_also(line.text)
        ):
            _drop_also(line)


def _drop_biography(heading: HtmlElement) -> None:
    """Take « À propos de l’autrice » out, with the box that it heads or what follows it."""
    if not _ABOUT_AUTHOR.fullmatch(fold(words(heading))):
        return
    box = heading.getparent()
    if box is not None and box.tag not in _ROOTS and box[0] is heading and says_at_most(box, 1500):
        drop(box)
        return
    following = heading.getnext()
    if following is not None and following.tag in ("p", "div") and says_at_most(following, 800):
        drop(following)
        drop(heading)


def says_also(line: str) -> bool:
    """Whether a line invites to another article: « À lire aussi : Un titre ».

    Not « À lire aussi bien les rapports que les carnets, on comprend ».
    """
    if not _ALSO_HINT.search(line, 0, 60):
        return False
    line = one_line(line)[:200]
    match = _ALSO.match(fold(line))
    if match is None:
        return False
    rest = line[match.end() :]
    return not rest or bool(_NEXT_TITLE.match(rest))


def flatten_layout_tables(tree: HtmlElement) -> None:
    """Make blocks of the tables that hand-made pages use to place text: no table for readers."""
    for table in list(tree.iter("table")):
        if _places_text(table):
            for element in list(table.iter("table", "tbody", "tr", "td", "center")):
                element.tag = "p" if _is_prose_cell(element) else "div"


def _is_prose_cell(element: HtmlElement) -> bool:
    """Whether a cell is a paragraph, as in the letters sent by mail; not the small print."""
    if element.tag != "td" or not _is_leaf(element) or says_at_most(element, 60):
        return False
    small = (child for child in element if child.tag == "small" or child.get("size") in _SMALL)
    return all(_text_length(child) * 2 < _text_length(element) for child in small)


def make_paragraphs(tree: HtmlElement) -> None:
    """Make paragraphs of the texts that some editors put in bare ``div`` amid paragraphs."""
    for element in list(tree.iter("div")):
        holder = element.getparent()
        if (
            holder is not None
            and holder.find("p") is not None
            and _is_leaf(element)
            and not says_at_most(element, 40)
            and link_share(element) < 0.5
        ):
            element.tag = "p"
    for listed in list(tree.iter("ul", "ol")):
        if _is_prose_list(listed):
            for item in listed:
                item.tag = "p"
            listed.tag = "div"


def _is_prose_list(listed: HtmlElement) -> bool:
    """Whether a list stands amid paragraphs and says something itself, as trafilatura may miss."""
    holder = listed.getparent()
    return (
        holder is not None
        and any(not says_at_most(paragraph, 80) for paragraph in holder.iterchildren("p"))
        and all(item.tag == "li" and _is_leaf(item) for item in listed)
        and not says_at_most(listed, 40)
        and link_share(listed) < 0.3
    )


def _is_leaf(element: HtmlElement) -> bool:
    """Whether an element holds text and what stands in a line, no other block."""
    return all(
        child is element or child.tag in INLINE or child.tag in ("br", "img", "wbr")
        for child in element.iter()
    )


def split_at_breaks(tree: HtmlElement) -> None:
    """Make paragraphs of texts that only two line breaks set apart, as hand-made pages do."""
    for br in list(tree.iter("br")):
        holder = br.getparent()
        following = br.getnext()
        if holder is None or following is None or following.tag != "br" or _is_text(br.tail):
            continue
        if holder.tag in _BREAKABLE:
            _into_paragraphs(holder)


def _into_paragraphs(holder: HtmlElement) -> None:
    """Group what ``holder`` holds into paragraphs, between its blocks and double breaks."""
    children = list(holder)
    paragraph = Element("p")
    paragraph.text, holder.text = holder.text, None
    groups = [paragraph]
    for child in children:
        tail, child.tail = child.tail, None
        holder.remove(child)
        ends = child.tag == "br" and _ends_with_break(groups[-1])
        if child.tag in INLINE or (child.tag in ("br", "img") and not ends):
            groups[-1].append(child)
            child.tail = tail
            continue
        if child.tag != "br":
            groups.append(child)
        groups.append(Element("p"))
        groups[-1].text = tail
    holder.tag = "div"
    holder.extend(group for group in groups if group.tag != "p" or says_something(group))


def _ends_with_break(element: HtmlElement) -> bool:
    return len(element) > 0 and element[-1].tag == "br" and not _is_text(element[-1].tail)


def says_something(element: HtmlElement) -> bool:
    """Whether an element holds any text."""
    return any(_is_text(piece) for piece in element.itertext())


def _is_text(piece: str | None) -> bool:
    return bool(piece and piece.strip())


def _part(element: HtmlElement) -> Part:
    tag = element.tag
    if tag in _ROOTS or not isinstance(tag, str):
        return Part.CONTENT
    get = element.get
    # The ids of headings are made from their words (« partage », « consentement »).
    anchor = None if tag in HEADINGS or tag in INLINE else get("id")
    called = (get("class"), anchor, get("data-hook"))
    if any(called):
        part = part_named(" ".join(filter(None, called)).lower())
        if part is not Part.CONTENT:
            return Part.ABOUT if part is Part.AROUND and _is_dateline(element) else part
    if (get("hidden") is not None and tag != "input") or _HIDDEN.search(get("style") or ""):
        return Part.AROUND
    return _ROLES.get((get("role") or "").lower()) or _TAGS.get(tag, Part.CONTENT)


def _is_dateline(element: HtmlElement) -> bool:
    """Whether it is called a footer, and says when the article appeared (TYPO3, HTML 5)."""
    if "footer" not in (element.tag, *names(element).split()):
        return False
    marked = element.iterdescendants("time")
    return next(marked, None) is not None and says_at_most(element, 160)


def _measure(tree: HtmlElement) -> Callable[[HtmlElement], int]:
    """How the prose of this page is counted: by its paragraphs, or by what stands in other blocks.

    Many pages are made of ``div``, ``li`` and ``br`` alone, with a paragraph in their foot. In one
    that writes in paragraphs, blocks are mostly teasers, which must not weigh as much.
    """
    return _in_blocks if _in_blocks(tree) > 2 * _in_paragraphs(tree) else _in_paragraphs


def _in_paragraphs(element: HtmlElement) -> int:
    return sum(map(_text_length, element.iter("p")))


def _in_blocks(element: HtmlElement) -> int:
    return sum(own for own in map(_own_length, element.iter(*_BLOCKS)) if own >= LINE)


def _own_length(block: HtmlElement) -> int:
    """How many characters stand in a block, not in the blocks within, nor in links."""
    own = len((block.text or "").strip())
    for child in block:
        own += len((child.tail or "").strip())
        if child.tag in INLINE and child.tag != "a":
            own += _text_length(child)
    return own


def _text_length(element: HtmlElement) -> int:
    return sum(map(len, element.itertext()))


def _may_go(
    element: HtmlElement, part: Part, measure: Callable[[HtmlElement], int], prose: int
) -> bool:
    """Whether an element can be taken out: it holds neither the title nor most of the prose."""
    if next(element.iter("h1"), None) is not None:
        return _is_site_header(element)
    if (
        element.tag == "footer"
        and element.getparent() is not None
        and element.getparent().tag in ("blockquote", "article")
    ):
        return element.getparent().tag == "article" and says_at_most(element, 2000)
    if element.tag == "form" and not says_at_most(element, 3000):
        return False  # ASP.NET pages stand in a form altogether
    if part is Part.COMMENTS or says_at_most(element, 600):
        return True
    if prose == 0:  # a hand-made page without paragraphs
        body = element.getroottree().find(".//body")
        return body is not None and _text_length(element) * 2 < _text_length(body)
    return measure(element) * 2 < prose


def _is_site_header(element: HtmlElement) -> bool:
    """A site's header whose only ``h1`` is the logo, while the page has another title."""
    own = sum(1 for _ in element.iter("h1"))
    everywhere = sum(1 for _ in element.getroottree().iter("h1"))
    logos = all(_is_logo(heading) for heading in element.iter("h1"))
    return everywhere > own and logos and says_at_most(element, 1500)


def _is_logo(heading: HtmlElement) -> bool:
    """A heading that says nothing, or is a link to the site's home."""
    links = (urlsplit(link.get("href") or "#x") for link in heading.iter("a"))
    return says_at_most(heading, 0) or any(
        link.path in ("", "/", "./") and not link.fragment for link in links
    )


def _is_detail(element: HtmlElement) -> bool:
    """Whether a date, byline or caption stands apart: short, and not within a sentence."""
    if element.tag in HEADINGS or next(element.iter("h1"), None) is not None:
        return False
    if next(element.iter("h2"), None) is not None and not _WALL_NAMES.search(names(element)):
        return False
    longest = 1500 if _BIOGRAPHY.search(names(element)) else 400
    if element.tag != "figcaption" and not says_at_most(element, longest):
        return False
    if element.tag not in INLINE:
        return True
    parent = element.getparent()
    while parent is not None and parent.tag in INLINE:
        parent = parent.getparent()
    return parent is None or says_at_most(parent, 220)


def _drop_also(line: HtmlElement) -> None:
    """Take « À lire aussi » out with the links that it introduces, never with other prose."""
    longest = 1500 if line.tag in HEADINGS else 320
    block = line
    while (parent := block.getparent()) is not None and parent.tag not in _ROOTS:
        if not (
            says_at_most(parent, longest) and says_also(words(parent)) and _holds_no_prose(parent)
        ):
            break
        block = parent
    following = block.getnext()
    alone = not any(map(says_something, block.iter("a")))
    if block.tag not in INLINE or not alone or says_at_most(block, 60):
        drop(block)
    while alone and following is not None and _is_link_list(following):
        after = following.getnext()
        drop(following)
        following = after


def _holds_no_prose(element: HtmlElement) -> bool:
    return all(says_at_most(p, 200) or link_share(p) > 0.3 for p in element.iter("p"))


def _is_link_list(element: HtmlElement) -> bool:
    return (
        element.tag in ("ul", "ol", "div", "p", "a")
        and says_at_most(element, 1500)
        and link_share(element) > 0.6
    )


def _places_text(table: HtmlElement) -> bool:
    if next(table.iter("th", "caption", "thead"), None) is not None:
        return False
    blocks: Iterable[HtmlElement] = table.iter("p", "h1", "h2", "h3", "ul", "div")
    if next(iter(blocks), None) is not None or sum(1 for _ in table.iter("table")) > 1:
        return True
    return any(not says_at_most(cell, 400) for cell in table.iter("td"))
