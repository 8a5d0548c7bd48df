"""The headline of a digest: its leading subjects side by side, as the field's reviews do."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from core.model import Article
from core.text import ELLIPSIS, fold, one_line, shorten, typographic

SUBJECTS = 3
SUBJECT_LENGTHS = (64, 56, 48, 40)  # the first with which the whole is short enough
LENGTH = 160
TELLING = 24  # characters under which the beginning of a title is no subject
SHORT = 32  # a subject that « et » joins to others without being taken for a part of them

# What a title may begin with that says the kind of article, not its subject.
_KINDS = (
    "actu|actualites?|agenda|alerte|analyse|billet|breves?|carte|chronique|debat|decryptage"
    "|communique(?: de presse)?|dossier|edito|editorial|en bref|enquete|entretien|etude|exclusif"
    "|fiche|grand entretien|infographie|interview|lecture|lettre ouverte|livre|opinion|podcast"
    "|point de vue|portrait|rapport|rediffusion|reportage|revue de presse|temoignages?|tribune"
    "|video|vu|webinaire"
    # when it happens
    "|(?:(?:ce|le) )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: prochain)?"
    "|aujourd'hui|demain|cette semaine|ce week-end|(?:(?:le|du|jusqu'au) )?[0-9]{1,2} [a-z]{3,9}"
)
_KIND = re.compile(rf"[\[(]?(?:{_KINDS})[\])]?")
_SEPARATOR = re.compile(r"\s*[:|]\s+|\s+[–—-]\s+|(?<=[\])])\s+")
_QUOTES = re.compile(r"[«»“”„\"]")
_QUOTED = re.compile(r"[«“„\"][^«»“”„\"]*[»”\"]")
# Where a subject may stop without hanging in the air.
_PAUSE = re.compile(
    r"[,;.(]|\s(?:pour|après|avant|face|selon|malgré|alors|qui|dont|où|afin|grâce|depuis|lors|mais"
    r"|car|quand)\s"
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
    for length in SUBJECT_LENGTHS:
        joined = _capital(_joined(_subjects(leading, length)))
        if len(joined) <= LENGTH:
            break
    return typographic(shorten(joined, LENGTH))


def _subjects(leading: Sequence[Article], length: int) -> list[str]:
    found: list[str] = []
    for article in leading:
        one = subject(article, length, taken={fold(other) for other in found})
        if one and len(found) < SUBJECTS:
            found.append(one)
    return found


def subject(
    article: Article, length: int = SUBJECT_LENGTHS[0], taken: Container[str] = frozenset()
) -> str:
    """What an article is about, taken from its title: without labels, at most ``length``.

    Begins in lower case unless with a name or an acronym; a title that is somebody's words keeps
    its quotation marks. ``taken``: folded subjects not to give; "" when there is no other.
    """
    title = one_line(article.title)
    if _QUOTED.fullmatch(title):
        return f"« {_cut(_unquoted(title), length - 4)} »"
    for candidate in (*_telling_parts(article), title):
        found = _lowered(_cut(_unquoted(candidate), length), article.text)
        if any(c.isalnum() for c in found) and fold(found) not in taken:
            return found
    return ""


def _telling_parts(article: Article) -> list[str]:
    """The parts of the title around « : » and dashes, without labels nor mere quotations."""
    names = {fold(article.source.name), fold(article.site)}
    parts = [part.strip() for part in _SEPARATOR.split(one_line(article.title))]
    parts = [p for p in parts if fold(p) not in names and not _KIND.fullmatch(fold(p))]
    return [p for p in parts if not _QUOTED.fullmatch(p)]


def _unquoted(text: str) -> str:
    return one_line(_QUOTES.sub(" ", text)).rstrip(" .,;:")


def _cut(text: str, length: int) -> str:
    """The text up to its last pause within ``length``; between words when it has none."""
    if len(text) <= length:
        return text
    pauses = [m.start() for m in _PAUSE.finditer(text) if TELLING <= m.start() < length - 1]
    if pauses:
        whole = _HANGING.sub("", text[: pauses[-1]].rstrip(" «,;:-–—")).rstrip(" ,")
        return whole + (" ?" if _asks(text) else "")
    return _HANGING.sub("", shorten(text, length).rstrip(ELLIPSIS)) + ELLIPSIS


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


def _joined(subjects: Sequence[str]) -> str:
    """Commas and a final « et »; a question ends what it stands in, so questions come last."""
    questions = [one for one in subjects if _asks(one)]
    others = [one for one in subjects if not _asks(one)]
    if questions:
        first, *following = questions
        return " ".join([_listed([*others, first]), *map(_capital, following)])
    simple = all(len(one) <= SHORT and "," not in one and " et " not in one for one in others)
    if simple and len(others) > 1:
        return f"{', '.join(others[:-1])} et {others[-1]}"
    return _listed(others)


def _listed(subjects: Sequence[str]) -> str:
    return (" ; " if any("," in one for one in subjects) else ", ").join(subjects)


def _asks(text: str) -> bool:
    return text.endswith("?")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
