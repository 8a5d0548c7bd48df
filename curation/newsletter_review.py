"""What a letter lacks before it goes, and how long it is to read. Pure.

Lengths are those that the field's good letters keep to; none of them forbids anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.model import Access, Article, ArticleId
from core.newsletters import Content, Entry, EntryKind
from core.urls import is_web_address
from curation.quoting import copies, is_quotation

SUBJECT: Final = (20, 90)  # characters; programs cut longer ones
FOREWORD: Final = 160  # words
LETTER: Final = 1_500  # words: some seven minutes
MOST: Final = 40  # entries; more is a list, not a choice
A_MINUTE: Final = 220  # words read in French, on a screen
_CITED: Final = {EntryKind.ARTICLE, EntryKind.LINK}
_TITLED: Final = {*_CITED, EntryKind.NEWS, EntryKind.EVENT, EntryKind.JOB}


class Lack(StrEnum):
    """What is missing, or is to be looked at."""

    NOTHING_TO_SEND = "nothing-to-send"
    SUBJECT = "subject"
    SHORT_SUBJECT = "short-subject"
    LONG_SUBJECT = "long-subject"
    FOREWORD = "foreword"
    LONG_FOREWORD = "long-foreword"
    LONG = "long"
    MANY = "many"
    TITLE = "title"
    ADDRESS = "address"
    SOURCE = "source"
    DATE = "date"
    ACCESS = "access"
    PLACE = "place"
    TEXT = "text"
    IMAGE = "image"
    CREDIT = "credit"
    ALTERNATIVE = "alternative"
    COPIED = "copied"  # more of the article, word for word, than may be shown
    NOT_QUOTED = "not-quoted"  # said to be a quotation, but the article does not say it
    WITHDRAWN = "withdrawn"  # from Glaneuse, for good
    GONE = "gone"  # by its publisher

    @property
    def forbids(self) -> bool:
        """Whether the letter may not go so."""
        return self in _FORBIDDING


_FORBIDDING: Final = {
    Lack.NOTHING_TO_SEND, Lack.SUBJECT, Lack.WITHDRAWN, Lack.COPIED, Lack.NOT_QUOTED, Lack.IMAGE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing; ``entry`` "": of the letter as a whole."""

    lack: Lack
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known today of the articles of a letter.

    ``articles``: those that Glaneuse still has; ``gone``: those that their publisher took away.
    """

    articles: Mapping[ArticleId, Article]
    gone: Collection[ArticleId] = ()


def review(content: Content, known: Known, *, extract_length: int) -> tuple[Gap, ...]:
    """All that is missing, of the letter then of each entry, in reading order."""
    found = [*_of_letter(content)]
    for section in content.sections:
        for entry in section.entries:
            lacks = _of_entry(entry, known, extract_length, brief=section.brief)
            found += [Gap(lack, entry.id) for lack in lacks]
    return tuple(found)


def word_count(content: Content) -> int:
    """How many words are to be read: titles, texts and the foreword."""
    texts = [content.foreword, content.signature]
    for section in content.sections:
        texts.append(section.title)
        for entry in section.entries:
            texts += [entry.title, entry.source]
            texts += [] if section.brief else [entry.text, entry.place, entry.hours]
    return sum(_words(text) for text in texts)


def reading_minutes(content: Content) -> int:
    """How long it takes to read, in whole minutes, one at least."""
    return max(1, round(word_count(content) / A_MINUTE))


def articles_of(content: Content) -> tuple[ArticleId, ...]:
    """The articles of a letter, in reading order, each once."""
    return tuple(dict.fromkeys(one.article for one in content.entries if one.article is not None))


def _of_letter(content: Content) -> Iterator[Gap]:
    entries, subject = list(content.entries), content.subject.strip()
    lacks = {
        Lack.NOTHING_TO_SEND: content.is_empty,
        Lack.SUBJECT: not subject,
        Lack.SHORT_SUBJECT: 0 < len(subject) < SUBJECT[0],
        Lack.LONG_SUBJECT: len(subject) > SUBJECT[1],
        Lack.FOREWORD: not content.foreword.strip(),
        Lack.LONG_FOREWORD: _words(content.foreword) > FOREWORD,
        Lack.MANY: len(entries) > MOST,
        Lack.LONG: word_count(content) > LETTER,
    }
    return (Gap(lack) for lack, is_so in lacks.items() if is_so)


def _of_entry(entry: Entry, known: Known, length: int, *, brief: bool) -> Iterator[Lack]:
    kind = entry.kind
    if entry.article is not None:
        yield from _of_article(entry, known, length)
    lacks = {
        Lack.TITLE: kind in _TITLED and not entry.title.strip(),
        Lack.ADDRESS: kind in _CITED and not is_web_address(entry.url),
        Lack.SOURCE: kind in _CITED and not entry.source.strip(),
        Lack.DATE: kind in {*_CITED, EntryKind.EVENT} and entry.day is None,
        Lack.ACCESS: kind in _CITED and entry.access is Access.UNKNOWN,
        Lack.PLACE: kind is EntryKind.EVENT and not entry.place.strip(),
        Lack.TEXT: kind not in {EntryKind.IMAGE, EntryKind.EVENT}
        and not brief
        and not entry.text.strip(),
        Lack.IMAGE: kind is EntryKind.IMAGE and not entry.image,
        Lack.CREDIT: bool(entry.image) and not entry.credit.strip(),
        Lack.ALTERNATIVE: bool(entry.image) and not entry.alternative.strip(),
    }
    yield from (lack for lack, is_so in lacks.items() if is_so)


def _of_article(entry: Entry, known: Known, length: int) -> Iterator[Lack]:
    article = known.articles.get(entry.article) if entry.article is not None else None
    if article is None:
        yield Lack.WITHDRAWN
        return
    if article.id in known.gone:
        yield Lack.GONE
    if entry.is_quotation and not is_quotation(entry.text, article, length):
        yield Lack.NOT_QUOTED
    elif not entry.is_quotation and copies(entry.text, article, length):
        yield Lack.COPIED


def _words(text: str) -> int:
    return len(text.split())
