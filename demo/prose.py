"""The small Markdown of the articles, as the HTML of each kind of site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_TO_ARTICLE = re.compile(r"[a-z0-9-]+:[a-z0-9-]+")


def to_html(
    body: str, address_of: Callable[[str], str], classes: Mapping[str, str] | None = None
) -> Markup:
    """The body as HTML.

    ``address_of("site/slug")`` gives the address of a cited article; ``classes`` the ``class`` of
    each element that has one on the site: ``{"h2": "spip"}``.
    """
    tokens = _MARKDOWN.parse(body)
    for token in _walk(tokens):
        if token.nesting == 1 and classes and token.tag in classes:
            token.attrSet("class", classes[token.tag])
        if ref := _cited(token):
            token.attrSet("href", address_of(ref))
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704


def first_paragraph(body: str) -> str:
    """The Markdown of the first paragraph: what a press site lets everyone read."""
    return body.split("\n\n", 1)[0]


def citations(body: str) -> list[str]:
    """« site/slug » of each article that the body links to, in order."""
    return [ref for token in _walk(_MARKDOWN.parse(body)) if (ref := _cited(token))]


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _cited(token: Token) -> str:
    """« site/slug » when the token opens a link ``site:slug``, else nothing."""
    href = str(token.attrGet("href") or "") if token.type == "link_open" else ""
    return href.replace(":", "/", 1) if _TO_ARTICLE.fullmatch(href) else ""
