"""What can be followed, in words and in addresses: a theme, or a search kept as its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from core.model import ArticleId, ThemeId
from core.subscriptions import Subject, SubjectKind
from core.text import shorten
from indexer.engine import SearchEngine, Sort
from people.letters import Search
from taxonomy.vocabulary import Vocabulary
from web.asking import NAMED, Labels, Question, read_question
from web.typography import ACCESS

LONGEST_KEY = 1000
LONGEST_WORDS = 200
FOUND = 200  # answers looked at; more than that are not new since yesterday


@dataclass(frozen=True, slots=True)
class Named:
    """A subject for readers."""

    title: str  # « Logement », « “hébergement”, Logement »
    phrase: str  # « le thème « Logement » »
    of_phrase: str  # « du thème « Logement » »
    path: str  # where it is read


@dataclass(frozen=True, slots=True)
class Subjects:
    """Knows the names of themes, of sources (by slug), and of what else a search is about."""

    vocabulary: Vocabulary
    sources: Mapping[str, str]
    labels: Labels = field(default_factory=dict)

    def name(self, subject: Subject) -> Named:
        """The subject in words."""
        if subject.kind is SubjectKind.NEWSLETTER:
            return Named("La lettre", "la lettre de la rédaction", "de la rédaction", "/lettres")
        if subject.kind is SubjectKind.THEME:
            id = self._today(subject.key)
            theme = self.vocabulary.themes.get(id)
            label = theme.label if theme else id
            title = f"« {label} »"
            path = f"/themes/{id}"
            return Named(label, f"le thème {title}", f"du thème {title}", path)
        question = self.question(subject.key)
        title = ", ".join(self._parts(question))
        return Named(title, f"la recherche {title}", f"de la recherche {title}", question.address)

    def title(self, question: Question) -> str:
        """A search in words: « “hébergement”, Logement »; « Recherche » when it asks nothing."""
        return ", ".join(self._parts(question)) or "Recherche"

    def read(self, given: MultiDict[str, str]) -> tuple[Question, tuple[str, ...]]:
        """The question of an address, and what to tell about what was left out."""
        return read_question(
            given, themes=self.vocabulary.themes, sources=self.sources, labels=self.labels
        )

    def question(self, key: str) -> Question:
        """The search so kept; what it can no longer be about is left out."""
        given = [
            (name, self._today(value) if name == "theme" else value)
            for name, value in parse_qsl(key, max_num_fields=100)
        ]
        return self.read(MultiDict(given))[0]

    def search_with(self, engine: SearchEngine) -> Search:
        """How saved searches are asked."""

        def search(key: str) -> Sequence[ArticleId]:
            question = self.question(key)
            if not key or subject_of(question) is None:
                return ()
            query = replace(question.query, sort=Sort.DATE, page=1, size=FOUND)
            return [hit.id for hit in engine.search(query).hits]

        return search

    def _today(self, theme: str) -> ThemeId:
        """What a theme is now, when it was merged or renamed."""
        return self.vocabulary.moved.get(ThemeId(theme), ThemeId(theme))

    def _parts(self, question: Question) -> Iterator[str]:
        if question.words:
            yield f"« {shorten(question.words, 120)} »"
        yield from (self.vocabulary.themes[ThemeId(id)].label for id in question.themes)
        yield from (self.sources[slug] for slug in question.sources)
        yield from (ACCESS[access].lower() for access in question.access)
        for name, (attribute, _) in NAMED.items():
            yield from (self.labels[name][id] for id in getattr(question, attribute))
        if question.off_field:
            yield "hors-champ compris"


def subject_of(question: Question) -> Subject | None:
    """What following this search means; None when there is nothing in it, or too much.

    Dates do not count, since only what is new is followed; neither does the order.
    """
    followed = Question(
        words=question.words,
        themes=question.themes,
        sources=question.sources,
        access=question.access,
        kinds=question.kinds,
        territories=question.territories,
        organisations=question.organisations,
        professions=question.professions,
        off_field=question.off_field,
    )
    if not followed.words and not followed.is_filtered:
        return None
    key = urlencode(followed.pairs)
    if len(followed.words) > LONGEST_WORDS or len(key) > LONGEST_KEY:
        return None
    return Subject(SubjectKind.SEARCH, key)
