"""The headline of a digest: its leading subjects side by side, as the field's reviews do."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from core.model import Article
from core.text import ELLIPSIS, fold, one_line, shorten, typographic

SUBJECTS = 3
SUBJECT_LENGTH = 56
LENGTH = 160  # of the whole: subjects, commas and the final « et »

# What a title may begin with that says the kind of article, not its subject.
_KINDS = (
    "actu|actualites?|agenda|alerte|analyse|billet|breves?|carte|chronique|debat|decryptage"
    "|communique(?: de presse)?|dossier|edito|editorial|en bref|enquete|entretien|etude|exclusif"
    "|fiche|grand entretien|infographie|interview|lecture|lettre ouverte|livre|opinion|podcast"
    "|point de vue|portrait|rapport|rediffusion|reportage|revue de presse|temoignages?|tribune"
    "|video|vu|webinaire"
)
_KIND = re.compile(rf"[\[(]?(?:{_KINDS})[\])]?")
_SEPARATOR = re.compile(r"\s*[:|]\s+|\s+[–—-]\s+|(?<=[\])])\s+")
_QUOTES = re.compile(r"[«»“”„\"]")
_QUOTED = re.compile(r"[«“„\"][^«»“”„\"]*[»”\"]")
# Where a subject may stop without hanging in the air.
_PAUSE = re.compile(
    r"[,;.(]|\s(?:pour|dans|après|avant|face|selon|malgré|alors|qui|dont|où|afin|grâce|depuis|chez"
    r"|lors|entre|mais|car|quand|comme|contre|sur|en)\s"
)
_HANGING = re.compile(
    r"(?:\s+(?:à|a|au|aux|avec|ce|ces|cette|d'|d’|dans|de|des|du|en|et|l'|l’|la|le|les|leurs?|ou|par|pour|que"
    r"|qui|sa|ses|son|sur|un|une|vers|est|sont))+$",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "a au aux avec apres avant ce ces cet cette chez comment contre d dans de des deux dix du "
    "elle elles en encore entre et face faut il ils je l la le les leur leurs mais moins nos "
    "notre nous on ou par pas plus pour pourquoi quand quatre que quel quelle quelles quels "
    "qui qu quoi sans ses son sous sur toujours tous tout toutes trois trop un une vers vos "
    "votre vous".split()
)


def headline(leading: Sequence[Article]) -> str:
    """« Pouponnières, contrats jeune majeur et délais des MDPH »; "" without any title.

    Three subjects at most, questions last, none twice; at most ``LENGTH`` characters.
    """
    subjects: list[str] = []
    for article in leading:
        found = subject(article, taken={fold(one) for one in subjects})
        if found and len(subjects) < SUBJECTS:
            subjects.append(found)
    statements = [one for one in subjects if not _asks(one)]
    questions = [one for one in subjects if _asks(one)]
    joined = shorten(_capital(_joined(statements, questions)), LENGTH)
    return typographic(joined)


def subject(article: Article, taken: Container[str] = frozenset()) -> str:
    """What an article is about, taken from its title: short, without labels nor quotation marks.

    Begins in lower case unless with a name or an acronym. ``taken``: folded subjects not to
    give; "" when nothing else can be given.
    """
    parts = [one_line(_QUOTES.sub(" ", part)) for part in _telling_parts(article)]
    for candidate in (*parts, one_line(_QUOTES.sub(" ", article.title))):
        found = _lowered(_cut(candidate.rstrip(" .,;:")), article.text)
        if any(c.isalnum() for c in found) and fold(found) not in taken:
            return found
    return ""


def _telling_parts(article: Article) -> list[str]:
    """The parts of the title around « : » and dashes, without labels nor mere quotations."""
    names = {fold(article.source.name), fold(article.site)}
    parts = [part.strip() for part in _SEPARATOR.split(one_line(article.title))]
    parts = [p for p in parts if fold(p) not in names and not _KIND.fullmatch(fold(p))]
    return [p for p in parts if not _QUOTED.fullmatch(p)]


def _cut(text: str) -> str:
    """The text up to its last pause within ``SUBJECT_LENGTH``; between words when it has none."""
    if len(text) <= SUBJECT_LENGTH:
        return text
    asks = _asks(text)
    pauses = [m.start() for m in _PAUSE.finditer(text) if 15 <= m.start() < SUBJECT_LENGTH - 1]
    if pauses:
        return text[: pauses[-1]].rstrip(" «,;:-–—") + (" ?" if asks else "")
    return _HANGING.sub("", shorten(text, SUBJECT_LENGTH).rstrip(ELLIPSIS)) + ELLIPSIS


def _lowered(text: str, body: str) -> str:
    """The text without the capital of its first word, when that word is none's name.

    It is a common word when it is a small one or when the article also writes it in lower case.
    """
    first = re.match(r"[^\W\d_]+", text)
    if first is None or not (len(first[0]) == 1 or first[0][1:].islower()):
        return text
    word = first[0].lower()
    if fold(word) in _SMALL or re.search(rf"\b{word}\b", body):
        return text[0].lower() + text[1:]
    return text


def _joined(statements: Sequence[str], questions: Sequence[str]) -> str:
    """Commas and a final « et »; a question ends what it stands in, so questions come last."""
    *others, last = statements or [""]
    if questions:
        first, *following = questions
        return " ".join([_listed([*statements, first]), *map(_capital, following)])
    if not others:
        return last
    if any("," in one or " et " in one for one in statements):
        return _listed(statements)
    return f"{', '.join(others)} et {last}"


def _listed(subjects: Sequence[str]) -> str:
    return (" ; " if any("," in one for one in subjects) else ", ").join(subjects)


def _asks(text: str) -> bool:
    return text.endswith("?")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
