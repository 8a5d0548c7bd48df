"""A digest as text, Markdown, HTML and JSON. What sources wrote is shown as text, never as markup.

Each format says the same things in the same order: see ``Line``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from core.model import Article
from core.text import NARROW_NBSP, NBSP, clean, extract, one_line, typographic
from core.urls import is_web_address
from core.weeks import french_day, paris_date, paris_iso
from curation.attribution import also_in, attribution, medium
from curation.digest import Digest

EXTRACT_LENGTH = 200
LEADING = "À la une"
MORE = "Et aussi"
EMPTY = "Rien n’a été relevé pendant cette période."
UNTITLED = "Sans titre"
TELLING_EXTRACT = 25  # characters under which an extract says nothing
_URL_ESCAPES = str.maketrans({c: f"%{ord(c):02X}" for c in '()<>\\ "`*[]'})

ArticleUrl: TypeAlias = Callable[[Article], str]


def original(article: Article) -> str:
    """The address of the article where it was published: what is linked unless told otherwise."""
    return article.url


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown of an entry; every field is plain text on one line."""

    title: str
    url: str  # "" when the article has no address that can be followed
    attribution: str
    extract: str
    also: tuple[tuple[str, str], ...]  # media and addresses: « Paru aussi dans »
    beside: tuple[tuple[str, str], ...] = ()  # the same, of others who tell of the same event


@dataclass(frozen=True, slots=True)
class _Part:
    heading: str
    lines: tuple[Line, ...]


def as_text(
    digest: Digest, article_url: ArticleUrl = original, *, extract_length: int = EXTRACT_LENGTH
) -> str:
    """Plain text, for a terminal or a mail. Ends with a line end."""
    blocks = [_underlined(digest.period.label, "="), digest.headline]
    for part in _parts(digest, article_url, extract_length):
        blocks.append(_underlined(part.heading, "-"))
        blocks += [_text_entry(line) for line in part.lines]
    return _page([*blocks, *_remarks(digest), "—", method(digest)])


def as_markdown(
    digest: Digest, article_url: ArticleUrl = original, *, extract_length: int = EXTRACT_LENGTH
) -> str:
    """CommonMark, in which no character of a source acts as markup. Ends with a line end."""
    headline = f"**{markdown_escape(digest.headline)}**" if digest.headline else ""
    blocks = [f"# {markdown_escape(digest.period.label)}", headline]
    for part in _parts(digest, article_url, extract_length):
        blocks.append(f"## {markdown_escape(part.heading)}")
        blocks.append("\n".join(map(_markdown_entry, part.lines)))
    return _page(
        [*blocks, *map(markdown_escape, _remarks(digest)), "---", markdown_escape(method(digest))]
    )


def as_html(
    digest: Digest, article_url: ArticleUrl = original, *, extract_length: int = EXTRACT_LENGTH
) -> str:
    """A fragment without style nor script: headings from ``h2``, to be put in a page or a feed."""
    blocks = [f"<h2>{escape(digest.period.label)}</h2>"]
    if digest.headline:
        blocks.append(f"<p><strong>{escape(digest.headline)}</strong></p>")
    for part in _parts(digest, article_url, extract_length):
        entries = "\n".join(map(_html_entry, part.lines))
        blocks.append(f"<h3>{escape(part.heading)}</h3>\n<ul>\n{entries}\n</ul>")
    blocks += [f"<p>{escape(remark)}</p>" for remark in _remarks(digest)]
    blocks.append(f"<p><small>{escape(method(digest))}</small></p>")
    return '<section lang="fr">\n' + "\n".join(blocks) + "\n</section>\n"


def as_json(digest: Digest, *, extract_length: int = EXTRACT_LENGTH) -> str:
    """The same as JSON, indented."""
    content = as_data(digest, extract_length=extract_length)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_data(digest: Digest, *, extract_length: int = EXTRACT_LENGTH) -> dict[str, object]:
    """The same as data. Instants in ISO 8601, in Paris time."""

    def shown(articles: Iterable[Article]) -> list[dict[str, object]]:
        return [
            _json_entry(article, extract_length, digest.beside.get(article.id, ()))
            for article in articles
        ]

    period = digest.period
    return {
        "period": {
            "label": period.label,
            "start": paris_iso(period.start),
            "end": paris_iso(period.end),
            "week": str(period.week) if period.week else None,
        },
        "headline": digest.headline,
        "leading": shown(digest.leading),
        "sections": [
            {
                "theme": section.theme.id,
                "label": section.theme.label,
                "entries": shown(section.articles),
            }
            for section in digest.sections
        ],
        "rubrics": [
            {"kind": rubric.kind, "label": rubric.title, "entries": shown(rubric.articles)}
            for rubric in digest.rubrics
        ],
        "more": shown(digest.more),
        "unshown": digest.unshown,
        "closed": paris_iso(digest.closed) if digest.closed else None,
        "method": method(digest),
    }


def method(digest: Digest) -> str:
    """How the digest was made, for its foot."""
    shown = list(digest.articles)
    beside = [other for others in digest.beside.values() for other in others]
    count = len(shown) + len(beside) + digest.unshown
    ids = {article.source.id for article in (*shown, *beside)}
    ids |= {one.source.id for article in shown for one in article.also}
    chosen = _counted(digest.picked, "choisi", "choisis")
    picked = f" (dont {chosen} par la rédaction)" if digest.picked else ""
    articles, sources = (
        _counted(count, "article", "articles"),
        _counted(len(ids), "source", "sources"),
    )
    said = f"{articles}{picked}, {sources}"
    closed = f" Arrêtée le {french_day(paris_date(digest.closed))}." if digest.closed else ""
    return typographic(
        f"Sélection automatique : {said}.{closed} Les articles sont choisis et ordonnés selon la"
        " netteté de leur thème, leur date, le nombre de sources qui les publient, les citent ou"
        " racontent le même événement, et la variété des sources, des thèmes, des territoires et"
        " des genres. Les extraits sont de courtes citations : l’article entier se lit chez son"
        " éditeur."
    )


def markdown_escape(text: str) -> str:
    """The text on one line, every character that Markdown or HTML gives a meaning made plain.

    Also what GitHub adds: bare addresses, mentions and formulas stay text.
    """
    escaped = re.sub(r"([\\`*_\[\]<>#|~&$@]|(?<=www)\.|:(?=//))", r"\\\1", _line(text))
    escaped = re.sub(r"^([-+=])", r"\\\1", escaped)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)


# -- what every format shows ------------------------------------------------------------------


def _parts(digest: Digest, article_url: ArticleUrl, extract_length: int) -> Iterator[_Part]:
    headed: list[tuple[str, tuple[Article, ...]]] = [
        (LEADING, digest.leading),
        *((section.theme.label, section.articles) for section in digest.sections),
        *((rubric.title, rubric.articles) for rubric in digest.rubrics),
        (MORE, digest.more),
    ]
    for heading, articles in headed:
        if articles:
            lines = (
                _line_of(article, article_url, extract_length, digest.beside.get(article.id, ()))
                for article in articles
            )
            yield _Part(heading, tuple(lines))


def _line_of(
    article: Article, article_url: ArticleUrl, extract_length: int, beside: Sequence[Article]
) -> Line:
    return Line(
        _line(article.title) or UNTITLED,
        _followable(article_url(article)),
        attribution(article),
        _extract(article, extract_length),
        tuple((name, _followable(other.url)) for name, other in also_in(article)),
        tuple((medium(other), _followable(article_url(other))) for other in beside),
    )


def _extract(article: Article, length: int) -> str:
    found = extract(article.text, article.summary, length=article.showable(length))
    return found if len(found) >= TELLING_EXTRACT else ""


def _followable(url: str) -> str:
    """The address, "" when it is neither a web address nor a path on our own site."""
    is_path = url.startswith("/") and url[1:2] not in {"/", "\\"}
    return _line(url) if is_path or is_web_address(url) else ""


def _line(text: str) -> str:
    """Like ``one_line``, keeping the non-breaking spaces of French punctuation."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", clean(text)).strip()


def _remarks(digest: Digest) -> list[str]:
    if not any(digest.articles):
        return [EMPTY]
    if not digest.unshown:
        return []
    others = _counted(digest.unshown, "autre article", "autres articles")
    return [f"Et {others} de la période, à retrouver par la recherche."]


def _counted(count: int, one: str, several: str) -> str:
    number = f"{count:,}".replace(",", NARROW_NBSP)
    return f"{number}{NBSP}{one if count < 2 else several}"


# -- one entry in each format -----------------------------------------------------------------


def _text_entry(line: Line) -> str:
    return _lines(
        line.title,
        line.attribution,
        _quoted(line.extract),
        *_elsewhere(line, lambda name, _: name),
        line.url,
    )


def _markdown_entry(line: Line) -> str:
    return "\\\n  ".join(
        part
        for part in (
            f"- **{_markdown_link(line.title, line.url)}**",
            markdown_escape(line.attribution),
            markdown_escape(_quoted(line.extract)),
            *_elsewhere(line, _markdown_link),
        )
        if part
    )


def _elsewhere(line: Line, link: Callable[[str, str], str]) -> Iterator[str]:
    """Where else it came out, and who else tells of it."""
    for words, media in (("Paru aussi dans", line.also), ("Sur le même sujet", line.beside)):
        if media:
            yield f"{words}{NBSP}: {', '.join(link(name, url) for name, url in media)}"


def _markdown_link(text: str, url: str) -> str:
    shown = markdown_escape(text)
    return f"[{shown}]({url.translate(_URL_ESCAPES)})" if url else shown


def _html_entry(line: Line) -> str:
    parts = (
        f"<strong>{_html_link(line.title, line.url)}</strong>",
        escape(line.attribution),
        escape(_quoted(line.extract)),
        *_elsewhere(line, _html_link),
    )
    return f"<li>{'<br>'.join(part for part in parts if part)}</li>"


def _html_link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _json_entry(
    article: Article, extract_length: int, beside: Sequence[Article]
) -> dict[str, object]:
    line = _line_of(article, original, extract_length, beside)
    return {
        "id": article.id,
        "title": line.title,
        "url": line.url,
        "source": medium(article),
        "author": one_line(article.author),
        "published": paris_iso(article.published) if article.published else None,
        "access": article.access,
        "themes": article.themes,
        "extract": line.extract,
        "also": [{"source": name, "url": url} for name, url in line.also],
        "beside": [{"source": name, "url": url} for name, url in line.beside],
    }


# -- layout -----------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return f"«{NBSP}{text}{NBSP}»" if text else ""


def _underlined(text: str, mark: str) -> str:
    return f"{text}\n{mark * len(text)}"


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
