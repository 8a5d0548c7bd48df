"""A fair contest: what this installation's corrections teach, against what is in use.

One correction in three is set aside. What is learnt from the others and the shipped examples is
judged on those beside the tagger in use; only if it does better is a model learnt from everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from taxonomy.evaluation import Evaluation, evaluate
from taxonomy.learning import FOLDS, Example, Remembering, learn
from taxonomy.tagger import Tagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.model import Tagging
    from taxonomy.evaluation import Gold
    from taxonomy.model import Model
    from taxonomy.vocabulary import Vocabulary

FEWEST: Final = 30  # corrected articles below which a trial would say nothing
_WORTH: Final = 4  # shipped examples
_ASIDE: Final = 3  # one in so many is set aside


class Tags(Protocol):
    """What is asked of the tagger in use."""

    def tag_all(self, items: Iterable[tuple[str, str]]) -> Iterator[tuple[Tagging, ...]]:
        """The themes of each (title, text)."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """Both taggers on the corrections set aside; ``model``: None when the new is no better."""

    present: Evaluation
    learnt: Evaluation
    model: Model | None


def try_corrections(
    corrections: Sequence[Gold],
    shipped: Sequence[Example],
    vocabulary: Vocabulary,
    present: Tagger,
) -> Trial:
    """Learn from two thirds of the corrections, and judge on the last one."""
    kept = [gold for place, gold in enumerate(corrections) if place % _ASIDE]
    aside = [gold for place, gold in enumerate(corrections) if not place % _ASIDE]
    reader = Remembering(present)
    fresh = learn([*shipped, *_examples(kept)], vocabulary, reader).model
    before, after = _judged(aside, present), _judged(aside, Tagger(vocabulary, fresh))
    if after.micro.f1 <= before.micro.f1:
        return Trial(before, after, None)
    whole = learn([*shipped, *_examples(corrections)], vocabulary, reader).model
    return Trial(before, after, whole)


def _examples(golds: Iterable[Gold]) -> Iterator[Example]:
    """Corrected articles in as many voices as there are folds, so that each fold has some.

    They are what this installation reads: each counts for several of the shipped ones.
    """
    for place, gold in enumerate(golds):
        yield Example(gold, f"corrections-{place % FOLDS}", _WORTH)


def _judged(golds: Sequence[Gold], tagger: Tags) -> Evaluation:
    given = tagger.tag_all((gold.title, gold.text) for gold in golds)
    return evaluate(golds, [[tagging.theme for tagging in one] for one in given])
