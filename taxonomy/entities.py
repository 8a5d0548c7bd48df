"""Which organisations, professions, measures, territories … a text names.

One pass over the words with a trie of all the forms of the lexicon, the longest first; what a form
asks for besides its words (capitals, an article, a second clue) is looked at only where it was
found, so that the pass costs little beside the themes'. Persons are nowhere in the lexicon.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.model import EntityType, Named
from core.text import fold
from taxonomy import french
from taxonomy.forms import Entity, Form, Rule
from taxonomy.places import Around, is_adjective, is_city, is_introduced, is_joined, is_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taxonomy.lexicon import Lexicon

LONGEST = 200_000  # characters read of a text, as for the themes
_WORD = french.WORD
_CACHE = 200_000  # word forms remembered before starting afresh
_LINK = frozenset(" '’-‐‑–&/\u00a0\u202f\n\t\"«»“”")
_COMMA = ","
_NUMBERED = re.compile(
    r"\((?P<after>2[AB]|\d{2,3})\)"
    r"|\b(?:[Dd]ans le|[Dd]u) (?P<said>75|77|78|91|92|93|94|95)\b"
    r"(?!\s*[%€]|[.,]\d|\s\d|\s(?:ans|euros|pour))"
    r"|\b(?:Adil|ADIL|Udaf|UDAF|CIDFF|SIAO|Siao|Interlogement|Solidarités|Sauvegarde|Adapei|ADMR"
    r"|Caf|CAF|CPAM|MDPH|Adepape|Repairs|[Ss]amu ?social)(?: du)? (?P<local>2[AB]|\d{2})\b(?! \d)"
)


@dataclass(slots=True)
class _Node:
    """A state of the trie: what may follow, and the forms that end here."""

    next: dict[str, _Node] = field(default_factory=dict)
    forms: list[tuple[Entity | None, Form]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A name met in a text: what it names, and where."""

    entity: Entity
    field: str  # title or text
    start: int
    end: int


@dataclass(slots=True)
class _Reading:
    """What a text holds: names that count, names that need a clue, and its words."""

    sure: list[Found] = field(default_factory=list)
    unsure: list[tuple[Found, Form]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


class Recogniser:
    """Finds the names of the lexicon. Made once, used for any number of texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = lexicon.version
        self._root = _Node()
        for entity in lexicon:
            for form in entity.forms:
                self._add(entity, form)
        for text in lexicon.false_friends:
            self._add(None, Form(text, Rule.CAPITALS))
        self._numbers = {e.number: e for e in lexicon.territories.values() if e.number}
        self._keys: dict[str, str] = {}
        self._opening: dict[str, _Node | None] = {}

    def find(self, title: str, text: str) -> list[Found]:
        """Every name that counts, title first, then in the order of the text."""
        reading = _Reading()
        self._read("title", title, reading)
        self._read("text", text[:LONGEST], reading)
        kept = reading.sure + [
            one for one, form in reading.unsure if self._holds(form, one, reading)
        ]
        return sorted(kept, key=lambda one: (one.field != "title", one.start, one.end))

    def names(self, title: str, text: str) -> tuple[Named, ...]:
        """What an article names, most said first: in the title, then by number of times."""
        return named(self.find(title, text))

    # -- reading ------------------------------------------------------------------------------

    def _read(self, name: str, text: str, reading: _Reading) -> None:
        padded, _ = french.pad_inclusive(text)
        words = list(_WORD.finditer(padded))
        reading.words.update(word[0] for word in words)
        covered: dict[EntityType | None, int] = {}
        last_place = -1
        for at, node in self._openings(words):
            for stop, forms in reversed(self._reached(node, words, at, padded)):
                around = Around(padded, words, at, stop, last_place)
                for found, form in self._taken(name, forms, around, covered):
                    if found.entity.type is EntityType.TERRITORY:
                        last_place = around.end
                    if _is_unsure(found.entity, form, around):
                        reading.unsure.append((found, form))
                    else:
                        reading.sure.append(found)
        reading.sure += self._numbered(name, text)

    def _openings(self, words: Sequence[re.Match[str]]) -> Iterator[tuple[int, _Node]]:
        """The numbers of the words that may begin a form, with the state that each leads to."""
        opening = self._opening
        for at, word in enumerate(words):
            node = opening.get(word[0], _UNSEEN)
            if node is _UNSEEN:
                node = self._open(word[0])
            if node is not None:
                yield at, node

    def _taken(
        self,
        name: str,
        forms: Iterable[tuple[Entity | None, Form]],
        around: Around,
        covered: dict[EntityType | None, int],
    ) -> list[tuple[Found, Form]]:
        """The names that these words are; of each type, longer ones hide those inside them."""
        taken: list[tuple[Found, Form]] = []
        for entity, form in forms:
            kind = entity.type if entity else None
            if max(covered.get(kind, 0), covered.get(None, 0)) > around.start:
                continue
            if _matches(form, around) and (entity is None or _stands(entity, form, around)):
                if entity is None:
                    covered[None] = around.end
                    return []
                taken.append((Found(entity, name, around.start, around.end), form))
        covered.update((found.entity.type, around.end) for found, _ in taken)
        return taken

    def _open(self, surface: str) -> _Node | None:
        if len(self._opening) > _CACHE:
            self._opening.clear()
            self._keys.clear()
        node = self._root.next.get(self._key(surface))
        self._opening[surface] = node
        return node

    def _key(self, surface: str) -> str:
        key = self._keys.get(surface)
        if key is None:
            key = self._keys[surface] = french.key(surface)
        return key

    def _reached(
        self, node: _Node, words: Sequence[re.Match[str]], at: int, text: str
    ) -> list[tuple[int, list[tuple[Entity | None, Form]]]]:
        reached = [(at + 1, node.forms)] if node.forms else []
        for place in range(at + 1, len(words)):
            if not node.next:
                break
            gap = text[words[place - 1].end() : words[place].start()]
            if _COMMA in gap:
                following = node.next.get(_COMMA)
                if following is None:
                    break
                node, gap = following, gap.replace(_COMMA, "", 1)
            if gap and not _LINK.issuperset(gap):
                break
            key = self._key(words[place][0])
            if not key:
                continue
            following = node.next.get(key)
            if following is None:
                break
            node = following
            if node.forms:
                reached.append((place + 1, node.forms))
        return reached

    def _numbered(self, name: str, text: str) -> Iterator[Found]:
        for match in _NUMBERED.finditer(text):
            number = match["after"] or match["said"] or match["local"]
            entity = self._numbers.get(number)
            after_name = re.search(r"[A-ZÉÎ][\w’'-]*\s*$", text[: match.start()][-40:])
            if entity and (not match["after"] or after_name):
                yield Found(entity, name, match.start(), match.end())

    # -- second clues -------------------------------------------------------------------------

    def _holds(self, form: Form, found: Found, reading: _Reading) -> bool:
        """Whether something else in the text bears out a name that may mean something else."""
        entity = found.entity
        if any(self._is_said(clue, reading) for clue in entity.counter_clues):
            return False
        if any(one.entity is entity for one in reading.sure):
            return True
        if form.rule is Rule.UNSURE_CITY:
            return True
        others = {f.text for one, f in reading.unsure if one.entity is entity}
        if len(others) > 1:
            return True
        if form.rule is Rule.PLACE:
            return any(self._is_said(clue, reading) for clue in _OF_A_DEPARTEMENT)
        return any(self._is_said(clue, reading) for clue in entity.clues)

    def _is_said(self, clue: str, reading: _Reading) -> bool:
        """Whether the words of a clue are all in the text; one with a capital wants it."""
        words = _WORD.findall(clue)
        if clue[:1].isupper():
            return all(word in reading.words for word in words)
        return all(w in reading.words or w.capitalize() in reading.words for w in words)

    def _add(self, entity: Entity | None, form: Form) -> None:
        for keys in {_keys(form.text), _keys(form.text.replace(_COMMA, ""))}:
            node = self._root
            for key in keys:
                node = node.next.setdefault(key, _Node())
            if node is not self._root:
                node.forms.append((entity, form))


_UNSEEN = _Node()
_OF_A_DEPARTEMENT = (
    "département", "départemental", "départementale", "départementaux", "préfet", "préfète",
    "préfecture",
)  # fmt: skip


def named(found: Iterable[Found]) -> tuple[Named, ...]:
    """What was found, one each: those of the title first, then by number of times."""
    times: defaultdict[tuple[EntityType, str], int] = defaultdict(int)
    titled: set[tuple[EntityType, str]] = set()
    for one in found:
        key = (one.entity.type, one.entity.id)
        times[key] += 1
        if one.field == "title":
            titled.add(key)
    every = (Named(type, id, n, (type, id) in titled) for (type, id), n in times.items())
    return tuple(sorted(every, key=lambda one: (one.type, not one.in_title, -one.times, one.id)))


def _keys(text: str) -> tuple[str, ...]:
    parts = re.findall(r"\w+|,", text)
    return tuple(
        key for key in (part if part == _COMMA else french.key(part) for part in parts) if key
    )


def _matches(form: Form, around: Around) -> bool:
    """Whether the words are written as the form wants them."""
    if form.rule is Rule.ACRONYM:
        if around.text in (form.text, form.text.upper()):
            return not is_joined(around)
        title_case = len(form.text) > 3 and form.text.isupper() and not form.unsure
        return title_case and around.text == form.text.capitalize()
    if form.rule is Rule.WORDS:
        lone = len(_WORD.findall(form.text)) == 1
        return not lone or not form.text[0].isupper() or around.text[0].isupper()
    if form.rule is Rule.ADJECTIVE:
        return True
    return _same_capitals(form.text, around)


def _same_capitals(text: str, around: Around) -> bool:
    """Whether each word that the form writes with a capital has one, letters being the same."""
    wanted = [w for w in _WORD.findall(text) if french.key(w)]
    got = [w for w in _WORD.findall(around.text) if french.key(w)]
    return len(wanted) == len(got) and all(
        fold(a) == fold(b) and (b[0].isupper() or not a[0].isupper())
        for a, b in zip(wanted, got, strict=True)
    )


def _stands(entity: Entity, form: Form, around: Around) -> bool:
    """Whether a territory's form stands where a territory does; other forms always do."""
    if form.rule is Rule.PLACE:
        return is_place(form.text, entity.article, around)
    if form.rule in (Rule.CITY, Rule.UNSURE_CITY):
        return is_city(form.text, around, unsure=form.rule is Rule.UNSURE_CITY)
    if form.rule is Rule.ADJECTIVE:
        return is_adjective(around)
    return True


def _is_unsure(entity: Entity, form: Form, around: Around) -> bool:
    if form.rule is Rule.PLACE:
        return form.unsure and not is_introduced(around)
    if form.rule is Rule.UNSURE_CITY:
        return bool(entity.counter_clues)
    return form.unsure
