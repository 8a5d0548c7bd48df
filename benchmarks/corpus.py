"""Made-up French articles: as many as wanted, always the same, of real words as often as in life.

The words are those of the French lemma table of ``spacy-lookups-data`` with function words and
the field's own in front; they are drawn by Zipf's law (the word of rank r weighs 1 / (r + 2.7)).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from core.model import Access, ArticleId
from indexer.engine import Document

FREQUENT = (
    "de la le et les des à en un du une que est pour qui dans par plus pas au sur ne se ce il sont "
    "avec son aux ont leur cette mais comme ou nous elle sans être fait tout même deux leurs aussi "
    "entre après bien encore dont sous contre ainsi depuis chez vers personnes enfants social "
    "sociale travail accompagnement protection enfance familles jeunes éducateurs éducatrices "
    "professionnels département association services sociaux mineurs logement insertion handicap "
    "placement établissement formation santé droit loi État accueil parents hébergement pauvreté "
    "violences aide femmes prévention rue quartier foyer juge mesure équipe métier salaires"
).split()
VOCABULARY = 40_000
THEMES = tuple(f"theme-{number}" for number in range(34))
KINDS = tuple(f"kind-{number}" for number in range(9))
SOURCES = tuple(f"source-{number}" for number in range(60))
_ELISIONS = re.compile(r"\b(l|d)[ae] (?=[aeiouyéêèhâ])", re.IGNORECASE)
_EPOCH = datetime(2021, 1, 1, tzinfo=UTC)


@cache
def vocabulary() -> tuple[str, ...]:
    """The words, the most frequent first."""
    table = files("spacy_lookups_data") / "data" / "fr_lemma_lookup.json.gz"
    forms = json.loads(gzip.decompress(table.read_bytes()))
    known = sorted(form for form in forms if form.isalpha() and form.islower() and len(form) > 3)
    drawn = Random(7).sample(known, VOCABULARY - len(FREQUENT))
    return (*FREQUENT, *drawn)


def articles(count: int, words: int = 400, seed: int = 1) -> Iterator[Document]:
    """``count`` articles of about ``words`` words, in six years, 60 sources and 34 themes."""
    random = Random(seed)
    weights = _weights()
    for number in range(1, count + 1):
        length = random.randint(words // 2, words * 3 // 2)
        drawn = random.choices(vocabulary(), cum_weights=weights, k=length + 9)
        text = _text(drawn[9:], random)
        yield Document(
            id=ArticleId(number),
            title=_elided(" ".join(drawn[:9])).capitalize(),
            text=text,
            url=f"https://exemple.fr/{number}",
            source=(source := random.choice(SOURCES)),
            source_name=source.capitalize(),
            access=random.choice((Access.FREE, Access.FREE, Access.SUBSCRIBERS)),
            published=_EPOCH + timedelta(minutes=random.randrange(6 * 365 * 1440)),
            themes=tuple(random.sample(THEMES, random.choice((1, 1, 2, 3)))),
            kind=random.choice(KINDS),
            extract=text[:190],
        )


def questions(count: int, seed: int = 2) -> list[str]:
    """What people ask: one to four words, neither the commonest nor the rarest."""
    random = Random(seed)
    asked = vocabulary()[48:3000]
    weights = _weights()[48:3000]
    return [
        " ".join(random.choices(asked, cum_weights=weights, k=random.choice((1, 2, 2, 3, 4))))
        for _ in range(count)
    ]


@cache
def _weights() -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 3.7) for rank in range(VOCABULARY)))


def _text(words: list[str], random: Random) -> str:
    paragraphs, sentence, sentences = [], [], []  # type: list[str], list[str], list[str]
    for word in words:
        sentence.append(word)
        if random.random() < 1 / 18:
            sentences.append(" ".join(sentence).capitalize() + ".")
            sentence = []
            if random.random() < 1 / 5:
                paragraphs.append(" ".join(sentences))
                sentences = []
    sentences.append(" ".join(sentence).capitalize() + ".")
    return _elided("\n\n".join([*paragraphs, " ".join(sentences)]))


def _elided(text: str) -> str:
    return _ELISIONS.sub(r"\1’", text)
