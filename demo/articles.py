"""The articles of the demo sites, read from ``articles/<site>/<slug>.md``."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import yaml

from core.errors import GlaneuseError
from core.model import Access
from core.weeks import PARIS

FOLDER = Path(__file__).parent / "articles"
_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n?(.*)", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED = frozenset({"title", "author", "days_ago", "access", "themes", "section", "summary"})
_OPTIONAL = frozenset({"hour", "same_as"})


class BadDemoFile(GlaneuseError, ValueError):
    """A file of the demo that cannot be used; ``path`` is the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article of a demo site, as written in its file; ``themes`` are never served."""

    site: str
    slug: str
    title: str
    author: str  # "": nobody signs it
    days_ago: int
    hour: int
    access: Access
    themes: tuple[str, ...]
    section: str
    summary: str
    body: str  # Markdown
    same_as: str = ""  # « site/slug » of the article that this one reprints

    @property
    def ref(self) -> str:
        """« site/slug »: how the files of the demo designate an article."""
        return f"{self.site}/{self.slug}"

    @property
    def number(self) -> int:
        """Between 1000 and 9999, as databases number articles; does not change between runs."""
        return 1000 + zlib.crc32(self.ref.encode()) % 9000

    def published(self, today: date) -> datetime:
        """When it was published (aware, Paris), if it is ``today``.

        Today's articles came out in the first hour of the day: none is ever in the future.
        """
        hour = self.hour if self.days_ago else 0
        minute = self.number % 60
        day = today - timedelta(days=self.days_ago)
        return datetime.combine(day, time(hour, minute), PARIS)


def load_articles(folder: Path = FOLDER) -> list[DemoArticle]:
    """Every article of ``folder``, by site and slug. Raises BadDemoFile, naming the file."""
    articles = [read_article(path) for path in sorted(folder.glob("*/*.md"))]
    by_ref = {article.ref: article for article in articles}
    return [_with_reprinted_body(article, by_ref, folder) for article in articles]


def read_article(path: Path) -> DemoArticle:
    """The article of one file; its folder is its site. Raises BadDemoFile."""
    match = _FRONT_MATTER.fullmatch(_read_text(path).replace("\r\n", "\n"))
    if match is None:
        raise BadDemoFile(path, "begins with no front matter between two lines of « --- »")
    if _SLUG.fullmatch(path.stem) is None:
        raise BadDemoFile(path, "the name must be lower-case words joined by hyphens")
    try:
        fields = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise BadDemoFile(path, f"front matter is not YAML: {_one_line(error)}") from error
    return _article(path, _checked_keys(path, fields), match[2].strip())


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDemoFile(path, _one_line(error)) from error


def _checked_keys(path: Path, fields: object) -> Mapping[str, object]:
    if not isinstance(fields, dict):
        raise BadDemoFile(path, "front matter must be « name: value » lines")
    if missing := _REQUIRED - fields.keys():
        raise BadDemoFile(path, f"missing: {', '.join(sorted(missing))}")
    if unknown := fields.keys() - _REQUIRED - _OPTIONAL:
        raise BadDemoFile(path, f"unknown: {', '.join(sorted(map(str, unknown)))}")
    return fields


def _article(path: Path, fields: Mapping[str, object], body: str) -> DemoArticle:
    same_as = _text(path, fields, "same_as") if "same_as" in fields else ""
    if not body and not same_as:
        raise BadDemoFile(path, "has no text")
    return DemoArticle(
        site=path.parent.name,
        slug=path.stem,
        title=_text(path, fields, "title"),
        author=_text(path, fields, "author"),
        days_ago=_number(path, fields, "days_ago", range(3000)),
        hour=_number(path, fields, "hour", range(24)) if "hour" in fields else 8,
        access=_access(path, fields["access"]),
        themes=_themes(path, fields["themes"]),
        section=_text(path, fields, "section"),
        summary=_text(path, fields, "summary"),
        body=body,
        same_as=same_as,
    )


def _text(path: Path, fields: Mapping[str, object], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not (value.strip() or name == "author"):
        raise BadDemoFile(path, f"{name}: must be a text, not {value!r}")
    return value.strip()


def _number(path: Path, fields: Mapping[str, object], name: str, allowed: range) -> int:
    value = fields[name]
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise BadDemoFile(path, f"{name}: must be from 0 to {allowed[-1]}, not {value!r}")
    return value


def _access(path: Path, value: object) -> Access:
    for access in (Access.FREE, Access.SUBSCRIBERS):
        if value == access:
            return access
    raise BadDemoFile(path, f"access: must be « libre » or « abonnés », not {value!r}")


def _themes(path: Path, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(theme, str) for theme in value):
        raise BadDemoFile(path, f"themes: must be a list of theme ids, not {value!r}")
    return tuple(value)


def _with_reprinted_body(
    article: DemoArticle, by_ref: Mapping[str, DemoArticle], folder: Path
) -> DemoArticle:
    """A reprint without a text of its own has the text of the article that it reprints."""
    if not article.same_as:
        return article
    original = by_ref.get(article.same_as)
    if original is None or not original.body or original is article:
        path = folder / article.site / f"{article.slug}.md"
        raise BadDemoFile(path, f"same_as: no article {article.same_as!r} with a text")
    return article if article.body else replace(article, body=original.body)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
