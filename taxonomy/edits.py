"""The vocabulary of an installation: the shipped files, with what was changed here. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final

from core.model import Theme, ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.vocabulary import Acronym, FalseFriend, Strength, Term, Vocabulary

FALSE_FRIEND: Final = "faux amis"  # a strength that is none: the expression misleads
NONE: Final = ""  # the expression no longer speaks for the theme
# What changes the themes that are given, hence the version of every tagger.
_DECIDING = frozenset({EditKind.TERM, EditKind.ACRONYM, EditKind.MOVED})


def edited(vocabulary: Vocabulary, edits: Sequence[Edit]) -> Vocabulary:
    """The vocabulary after these edits, in their order.

    One that is about a theme or a family which the files no longer have changes nothing.
    """
    if not edits:
        return vocabulary
    moved = destinations(edits)
    themes = _themes(vocabulary, edits)
    known = {id: theme for id, theme in themes.items() if id not in moved}
    after = replace(
        vocabulary,
        themes=known,
        related=_links(vocabulary.related, moved, known),
        prevailing=_links(vocabulary.prevailing, moved, known),
        terms=tuple(_terms(vocabulary.terms, edits, moved, known)),
        false_friends=tuple(_false_friends(vocabulary.false_friends, edits, moved, known)),
        acronyms=tuple(_acronyms(vocabulary.acronyms, edits, moved, known)),
        synonyms=_synonyms(vocabulary.synonyms, edits, moved, known),
        moved=moved,
    )
    return replace(after, version=_version(vocabulary.version, edits))


def destinations(edits: Iterable[Edit]) -> dict[ThemeId, ThemeId]:
    """Which theme stands for which, chains followed to their end; circles lead nowhere."""
    steps = {one.theme: ThemeId(one.value["to"]) for one in edits if one.kind is EditKind.MOVED}
    ends: dict[ThemeId, ThemeId] = {}
    for start, first in steps.items():
        seen, at = {start}, first
        while at in steps and at not in seen:
            seen.add(at)
            at = steps[at]
        if at not in seen:
            ends[start] = at
    return ends


def _themes(vocabulary: Vocabulary, edits: Iterable[Edit]) -> dict[ThemeId, Theme]:
    families = {family.id for family in vocabulary.families}
    themes = dict(vocabulary.themes)
    for one in edits:
        if one.kind is EditKind.THEME and one.value["family"] in families:
            value = one.value
            themes[one.theme] = Theme(one.theme, value["label"], value["family"], value["note"])
    return themes


def _links(
    links: Mapping[ThemeId, Sequence[ThemeId]],
    moved: Mapping[ThemeId, ThemeId],
    known: Mapping[ThemeId, Theme],
) -> dict[ThemeId, tuple[ThemeId, ...]]:
    found: dict[ThemeId, dict[ThemeId, None]] = {id: {} for id in known}
    for id, others in links.items():
        own = moved.get(id, id)
        targets = (moved.get(other, other) for other in others)
        if own in known:
            found[own] |= dict.fromkeys(t for t in targets if t != own and t in known)
    return {id: tuple(others) for id, others in found.items()}


def _terms(
    terms: Iterable[Term],
    edits: Iterable[Edit],
    moved: Mapping[ThemeId, ThemeId],
    known: Mapping[ThemeId, Theme],
) -> Iterator[Term]:
    changed = {(e.theme, e.text): e.value["strength"] for e in edits if e.kind is EditKind.TERM}
    strengths = {(t.theme, t.text): str(t.strength) for t in terms} | changed
    held: set[tuple[ThemeId | None, str]] = set()
    for (theme, text), strength in strengths.items():
        own = moved.get(theme, theme) if theme is not None else None
        speaks = strength in set(Strength) and (own is None or own in known)
        if speaks and (own, text) not in held:
            held.add((own, text))
            yield Term(text, own, Strength(strength))


def _false_friends(
    friends: Iterable[FalseFriend],
    edits: Iterable[Edit],
    moved: Mapping[ThemeId, ThemeId],
    known: Mapping[ThemeId, Theme],
) -> Iterator[FalseFriend]:
    changed = {(e.theme, e.text): e.value["strength"] for e in edits if e.kind is EditKind.TERM}
    strengths = {(f.theme, f.text): FALSE_FRIEND for f in friends} | changed
    for (theme, text), strength in strengths.items():
        own = moved.get(theme, theme)
        if strength == FALSE_FRIEND and own in known:
            yield FalseFriend(text, own)


def _acronyms(
    acronyms: Iterable[Acronym],
    edits: Iterable[Edit],
    moved: Mapping[ThemeId, ThemeId],
    known: Mapping[ThemeId, Theme],
) -> Iterator[Acronym]:
    changed = {(e.theme, e.text): e for e in edits if e.kind is EditKind.ACRONYM}
    for one in acronyms:
        left = (t for t in one.themes if not any((t, form) in changed for form in one.forms))
        own = dict.fromkeys(moved.get(t, t) for t in left)
        themes = tuple(t for t in own if t in known)
        if themes:
            yield replace(one, themes=themes)
    for (theme, form), edit in changed.items():
        value, own_theme = edit.value, moved.get(theme, theme)
        if value["strength"] in set(Strength) and own_theme in known:
            strength, unsure = Strength(value["strength"]), bool(value["ambiguous"])
            yield Acronym((form,), value["meaning"], (own_theme,), strength, unsure)


def _synonyms(
    synonyms: Mapping[ThemeId, Sequence[str]],
    edits: Iterable[Edit],
    moved: Mapping[ThemeId, ThemeId],
    known: Mapping[ThemeId, Theme],
) -> dict[ThemeId, tuple[str, ...]]:
    used = {(id, text): True for id, texts in synonyms.items() for text in texts}
    used |= {(e.theme, e.text): bool(e.value["on"]) for e in edits if e.kind is EditKind.SYNONYM}
    found: dict[ThemeId, dict[str, None]] = {}
    for (id, text), on in used.items():
        own = moved.get(id, id)
        if on and own in known:
            found.setdefault(own, {})[text] = None
    return {id: tuple(texts) for id, texts in found.items()}


def _version(shipped: str, edits: Iterable[Edit]) -> str:
    deciding = [asdict(one) for one in edits if one.kind in _DECIDING]
    if not deciding:
        return shipped
    said = json.dumps(sorted(deciding, key=json.dumps), sort_keys=True)
    return f"{shipped}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
