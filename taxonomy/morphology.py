"""French words, what they are forms of, and how compounds are written: tables for the search.

Forms come from the lemma table of ``spacy-lookups-data`` (Lefff), read without spaCy.
"""

from __future__ import annotations

import gzip
import json
import re
from importlib.metadata import version as installed
from importlib.resources import files
from typing import TYPE_CHECKING

from core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from taxonomy.vocabulary import Vocabulary

VERSION = "1"  # to be raised when the same table no longer gives the same forms
_HYPHENATED = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+")
_DOER = re.compile(r"(.{3,})euse(s?)$")
# Written apart, with a hyphen or in one word; those of the vocabulary come in addition.
_COMPOUNDS = (
    "aller-vers bien-être mal-être co-éducation co-intervention co-parentalité coordo-parcours "
    "éco-anxiété inter-institutionnel inter-professionnel intra-familial extra-familial "
    "médico-psycho-social micro-accueil multi-partenarial non-lieu pluri-disciplinaire "
    "pluri-professionnel pré-adolescent psycho-éducatif psycho-social psycho-trauma savoir-être "
    "savoir-faire socio-culturel socio-éducatif socio-économique socio-judiciaire "
    "socio-professionnel télé-travail télé-consultation vivre-ensemble"
).split()
# Acronyms that are common words when they are not in capitals.
ORDINARY = frozenset(
    "act agir alt anas app caes cava clic ets fam fap fas has ia ies ip lam mas mous opp pass pia "
    "plie rapt sad ulis vif".split()
)


def version() -> str:
    """Of what ``lemmas`` gives."""
    return f"{VERSION}-{installed('spacy-lookups-data')}"


def lemmas() -> Iterator[tuple[str, str]]:
    """Each folded form with the folded word it is a form of, when only one is possible; sorted.

    Takes a second or so.
    """
    possible: dict[str, set[str]] = {}
    known = set[str]()
    for form, lemma in _table():
        possible.setdefault(fold(form), set()).add(fold(lemma))
        known.add(fold(lemma))
    known.update(possible)
    for form in sorted(possible):
        lemma = _masculine(form, known) or next(iter(possible[form]))
        if lemma != form and len(possible[form]) == 1 and form.isalpha() and lemma.isalpha():
            yield form, lemma


def compounds(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The compounds with a hyphen that the field uses, folded and sorted."""
    texts = [term.text for term in vocabulary.terms if term.theme]
    texts += [theme.label for theme in vocabulary.themes.values()]
    return tuple(sorted({fold(one) for one in [*_COMPOUNDS, *_hyphenated(texts)]}))


def _hyphenated(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _HYPHENATED.findall(text)


def _masculine(form: str, known: AbstractSet[str]) -> str:
    """« travailleur » for « travailleuse », which the table holds for another word."""
    match = _DOER.fullmatch(form)
    masculine = f"{match[1]}eur" if match else ""
    return masculine if masculine in known and f"{match and match[1]}eux" not in known else ""


def _table() -> Iterator[tuple[str, str]]:
    data = files("spacy_lookups_data") / "data" / "fr_lemma_lookup.json.gz"
    for form, lemma in json.loads(gzip.decompress(data.read_bytes())).items():
        yield form, lemma[0] if isinstance(lemma, list) else lemma
