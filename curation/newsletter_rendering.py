"""A newsletter as the body of a mail, in HTML and in plain text. Pure.

Both say the same things in the same order: see ``Line``. Links lead where the articles are, as
they are written; the only remote things are the images that the editors chose. The HTML has
classes and no style: rules are put on the elements later (``mail.message.inline_css``). Mail
programs that know neither margins nor paddings of ``div`` (Outlook's) know those of table cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final

from core.model import Access
from core.newsletters import Content, Entry, EntryKind
from core.text import NBSP, clean, one_line, typographic
from core.urls import host_of, is_web_address, place_of
from core.weeks import french_date, french_day
from curation.newsletter_review import reading_minutes

UNTITLED: Final = "Sans titre"
WIDTH: Final = 560  # pixels: the widest that an image is shown
SUBSCRIBERS: Final = "Réservé aux abonnés"
_CITED: Final = {EntryKind.ARTICLE, EntryKind.LINK}
_PARAGRAPHS: Final = re.compile(r"\n\s*\n")
# An address written out, without the punctuation that follows it.
_ADDRESS: Final = re.compile(r"(https?://[^\s<>«»\"]*[^\s<>«»\".,;:!?…)\]’'])")


@dataclass(frozen=True, slots=True)
class Image:
    """Where an image of the letter is found, and its size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown of an entry; texts are plain, French in their typography."""

    kind: EntryKind
    title: str
    url: str  # "" when there is nothing to follow
    author: str
    medium: str  # who published it
    when: str  # « 18 décembre 2023 », « jeudi 26 novembre 2026, 14 h à 17 h »
    place: str
    closed: bool  # for subscribers only
    paragraphs: tuple[str, ...]
    invitation: str  # « Lire sur ash.tm.fr »
    image: Image | None = None
    alternative: str = ""
    credit: str = ""

    @property
    def origin(self) -> str:
        """« Prénom Nom, Média, 18 décembre 2023 », as far as it is known."""
        return ", ".join(one for one in (self.author, self.medium, self.when, self.place) if one)


@dataclass(frozen=True, slots=True)
class Part:
    """A section with what is shown of its entries; ``brief``: title and origin alone."""

    title: str
    lines: tuple[Line, ...]
    brief: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """What is around a letter's articles: its day, its public page, how many have no room in it.

    ``page`` is "" before there is one.
    """

    day: str = ""  # « jeudi 26 novembre 2026 »
    page: str = ""
    shown: int | None = None  # entries; None: all of them


Images = Mapping[str, Image]
NO_IMAGES: Final[Images] = MappingProxyType({})


def parts_of(
    content: Content, images: Images = NO_IMAGES, *, shown: int | None = None
) -> tuple[Part, ...]:
    """What each section shows; those without entries are left out.

    ``images``: those of the letter, by name. ``shown``: that many entries, the first ones.
    """
    left = len(list(content.entries)) if shown is None else shown
    parts = []
    for section in content.sections:
        entries = section.entries[:left]
        left -= len(entries)
        if entries:
            lines = tuple(_line_of(one, images, brief=section.brief) for one in entries)
            parts.append(Part(_fr(section.title), lines, section.brief))
    return tuple(parts)


def render_text(content: Content, cover: Cover = Cover(), images: Images = NO_IMAGES) -> str:
    """Plain text. Ends with a line end."""
    blocks = [_joined(_fr(content.subject), _opening(content, cover))]
    if cover.page:
        blocks.append(f"Lire cette lettre sur le site{NBSP}:\n{cover.page}")
    blocks += _paragraphs(content.foreword)
    if content.signature.strip():
        blocks.append(_fr(content.signature))
    for part in parts_of(content, images, shown=cover.shown):
        if part.title:
            blocks.append(f"{part.title}\n{'-' * len(part.title)}")
        if part.brief:
            blocks.append("\n".join(map(_text_brief, part.lines)))
        else:
            blocks += map(_text_entry, part.lines)
    if remark := _remark(content, cover):
        blocks.append(_joined(remark, cover.page))
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_html(content: Content, cover: Cover = Cover(), images: Images = NO_IMAGES) -> str:
    """The body: one ``h1``, an ``h2`` for each section, an ``h3`` for each entry's title."""
    blocks = []
    if content.subject.strip():
        blocks.append(f"<h1>{escape(_fr(content.subject))}</h1>")
    opening = [escape(_opening(content, cover))]
    if cover.page:
        opening.append(_link(cover.page, "Lire sur le site"))
    blocks.append(f'<p class="soft">{" · ".join(one for one in opening if one)}</p>')
    blocks += [f"<p>{_linked(one)}</p>" for one in _paragraphs(content.foreword)]
    if content.signature.strip():
        blocks.append(f'<p class="signed">{escape(_fr(content.signature))}</p>')
    for part in parts_of(content, images, shown=cover.shown):
        blocks += _html_part(part)
    if remark := _remark(content, cover):
        read = f" {_link(cover.page, 'Tout lire sur le site')}" if cover.page else ""
        blocks.append(f'<p class="soft">{escape(remark)}{read}</p>')
    return "\n".join(blocks) + "\n"


def typed(text: str) -> tuple[str, ...]:
    """The paragraphs of a text as it is typed, in French typography but for its addresses."""
    return tuple(_paragraphs(text))


def pieces_of(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is an address to be followed."""
    for at, one in enumerate(_ADDRESS.split(text)):
        if one:
            yield one, at % 2 == 1 and is_web_address(one)


# -- what both show -------------------------------------------------------------------------------


def _line_of(entry: Entry, images: Images, *, brief: bool) -> Line:
    url = entry.url.strip() if is_web_address(entry.url.strip()) else ""
    texts = () if brief else tuple(_paragraphs(entry.text))
    if texts and entry.is_quotation:
        texts = (f"«{NBSP}{' '.join(texts)}{NBSP}»",)
    return Line(
        kind=entry.kind,
        title=_fr(entry.title) or (UNTITLED if entry.kind in _CITED else ""),
        url=url,
        author="" if brief else _fr(entry.author),
        medium=_fr(entry.source) or (host_of(url) if url and entry.kind in _CITED else ""),
        when=_when(entry),
        place=_fr(entry.place),
        closed=entry.access is Access.SUBSCRIBERS,
        paragraphs=texts,
        invitation=_invitation(entry, url),
        image=images.get(entry.image),
        alternative=_fr(entry.alternative),
        credit=_fr(entry.credit),
    )


def _when(entry: Entry) -> str:
    """When it was or will be, as its kind says it."""
    day, hours = entry.day, _fr(entry.hours)
    match entry.kind:
        case EntryKind.EVENT:
            return ", ".join(one for one in (french_day(day) if day else "", hours) if one)
        case EntryKind.JOB:
            return f"candidatures jusqu’au {french_date(day)}" if day else ""
        case EntryKind.TEXT | EntryKind.IMAGE:
            return ""
    return french_date(day) if day else ""


def _invitation(entry: Entry, url: str) -> str:
    if not url:
        return ""
    host = place_of(url, _fr(entry.source) or "le site")
    return f"{'Lire' if entry.kind in {*_CITED, EntryKind.NEWS} else 'Voir'} sur{NBSP}{host}"


def _opening(content: Content, cover: Cover) -> str:
    minutes = reading_minutes(content)
    read = f"{minutes}{NBSP}minute{'s' if minutes > 1 else ''} de lecture"
    return " · ".join(one for one in (cover.day, read) if one)


def _remark(content: Content, cover: Cover) -> str:
    """What is said when not all has room: "" when it has."""
    more = 0 if cover.shown is None else len(list(content.entries)) - cover.shown
    if more <= 0:
        return ""
    others = "autre élément n’a" if more == 1 else "autres éléments n’ont"
    return f"{more}{NBSP}{others} pas trouvé place dans ce message."


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a typed text; lines within them stay."""
    for one in _PARAGRAPHS.split(clean(text)):
        lines = [_typeset(line) for line in one.split("\n")]
        if any(lines):
            yield "\n".join(line for line in lines if line)


def _typeset(line: str) -> str:
    """In French typography, but for the addresses written out in it."""
    pieces = _ADDRESS.split(one_line(line))
    return "".join(one if at % 2 else typographic(one) for at, one in enumerate(pieces))


def _fr(text: str) -> str:
    return typographic(one_line(text))


# -- plain text -----------------------------------------------------------------------------------


def _text_entry(line: Line) -> str:
    origin = _joined(f"{line.origin} (réservé aux abonnés)" if line.closed else line.origin)
    heading = _joined(line.title, origin)
    image = f"[Image{NBSP}: {line.alternative}]" if line.alternative else ""
    credit = f"({line.credit})" if line.credit else ""
    return "\n\n".join(
        one for one in (heading, _joined(image, credit), *line.paragraphs, line.url) if one
    )


def _text_brief(line: Line) -> str:
    said = [line.origin, "réservé aux abonnés" if line.closed else ""]
    mark = ", ".join(one for one in said if one)
    title = line.title or line.alternative or UNTITLED
    return _joined(f"- {title}{f' ({mark})' if mark else ''}", f"  {line.url}" if line.url else "")


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


# -- HTML -----------------------------------------------------------------------------------------


def _html_part(part: Part) -> Iterator[str]:
    if part.title:
        yield f'<h2 class="part">{escape(part.title)}</h2>'
    if part.brief:
        yield f"<ul>\n{_together(map(_html_brief, part.lines))}\n</ul>"
    else:
        heading = "h3" if part.title else "h2"
        yield from (_html_entry(line, heading) for line in part.lines)


def _html_entry(line: Line, heading: str) -> str:
    blocks = []
    if line.title:
        blocks.append(f"<{heading}>{_link(line.url, line.title)}</{heading}>")
    if byline := _byline(line):
        blocks.append(f'<p class="byline">{byline}</p>')
    if line.image is not None:
        blocks.append(f"<p>{_img(line.image, line)}</p>")
    if line.credit:
        blocks.append(f'<p class="byline">{escape(line.credit)}</p>')
    blocks += [f"<p>{_linked(one)}</p>" for one in line.paragraphs]
    if line.invitation:
        blocks.append(f'<p class="read">{_link(line.url, line.invitation)}</p>')
    cell = f'<tr><td class="entry">\n{_together(blocks)}\n</td></tr>'
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">\n'
        f"{cell}\n</table>"
    )


def _html_brief(line: Line) -> str:
    byline = _byline(line)
    said = f' <span class="soft">{byline}</span>' if byline else ""
    return f"<li>{_link(line.url, line.title or line.alternative or UNTITLED)}{said}</li>"


def _byline(line: Line) -> str:
    medium = escape(line.medium)
    if medium and line.kind in _CITED:
        medium = f"<cite>{medium}</cite>"
    said = [escape(line.author), medium, escape(line.when), escape(line.place)]
    closed = f'<span class="closed">{SUBSCRIBERS}</span>' if line.closed else ""
    origin = ", ".join(one for one in said if one)
    return " · ".join(one for one in (origin, closed) if one)


def _img(image: Image, line: Line) -> str:
    width = min(image.width, WIDTH)
    height = round(image.height * width / image.width) if image.width else image.height
    img = (
        f'<img src="{escape(image.url)}" alt="{escape(line.alternative)}" width="{width}"'
        f' height="{height}">'
    )
    return (
        f'<a href="{escape(line.url)}">{img}</a>'
        if line.url and line.alternative and not line.title
        else img
    )


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _linked(text: str) -> str:
    """The text, its addresses followed; its line ends kept."""
    pieces = (_link(one, one) if followed else escape(one) for one, followed in pieces_of(text))
    return "".join(pieces).replace("\n", "<br>\n")


def _together(blocks: Iterable[str]) -> str:
    return "\n".join(blocks)
