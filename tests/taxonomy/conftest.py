"""One tagger for the whole session: loading French tables takes seconds, using them none."""

from __future__ import annotations

import pytest

from taxonomy.tagger import Tagger
from taxonomy.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def tagger(vocabulary: Vocabulary) -> Tagger:
    return Tagger(vocabulary)
