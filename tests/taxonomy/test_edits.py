"""The vocabulary of an installation: shipped, and edited here."""

from __future__ import annotations

from typing import Any

import pytest

from core.model import Theme, ThemeId
from core.vocabulary_edits import Edit, EditKind
from taxonomy.edits import FALSE_FRIEND, NONE, edited
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import Strength, Vocabulary, load_vocabulary

# Far from any narrow call of the model, whatever it learns: six invented terms, again and again.
INVENTED = (
    "verger suspendu",
    "soupente du quai",
    "berge à tous",
    "grange ouverte",
    "lavoir commun",
)
VERGER = f"{'. '.join(INVENTED)}. ".capitalize() * 4 + "Le travail social y accompagne chacun."
LOGEMENT, EXIL, NUMERIQUE = map(ThemeId, ("logement", "exil-asile", "numerique"))
JARDIN = ThemeId("jardins-partages")


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return load_vocabulary()


def edit(kind: EditKind, theme: ThemeId, text: str = "", **value: Any) -> Edit:
    return Edit(kind, theme, text, value)


def term(theme: ThemeId, text: str, strength: str) -> Edit:
    return edit(EditKind.TERM, theme, text, strength=strength)


def sheet(theme: ThemeId, label: str, family: str = "precarite") -> Edit:
    return edit(EditKind.THEME, theme, label=label, family=family, note="")


def themes(vocabulary: Vocabulary, title: str, text: str) -> set[str]:
    return {tagging.theme for tagging in Tagger(vocabulary).tag(title, text)}


def test_nothing_edited_is_the_shipped_vocabulary(shipped: Vocabulary) -> None:
    assert edited(shipped, []) is shipped


def test_terms_added_speak_for_their_theme_and_make_articles_stale(shipped: Vocabulary) -> None:
    after = edited(shipped, [term(LOGEMENT, text, Strength.STRONG) for text in INVENTED])
    assert LOGEMENT not in themes(shipped, "Un verger suspendu", VERGER)
    assert LOGEMENT in themes(after, "Un verger suspendu", VERGER)
    assert after.version != shipped.version


def test_a_term_taken_away_or_weakened_is_no_longer_what_it_was(shipped: Vocabulary) -> None:
    one = next(t for t in shipped.terms if t.theme == LOGEMENT and t.strength is Strength.STRONG)
    gone = edited(shipped, [term(LOGEMENT, one.text, NONE)])
    assert one.text not in {t.text for t in gone.terms if t.theme == LOGEMENT}
    weaker = edited(shipped, [term(LOGEMENT, one.text, Strength.WEAK)])
    assert {t.strength for t in weaker.terms if (t.theme, t.text) == (LOGEMENT, one.text)} == {
        Strength.WEAK
    }
    friend = edited(shipped, [term(LOGEMENT, one.text, FALSE_FRIEND)])
    assert one.text in {f.text for f in friend.false_friends if f.theme == LOGEMENT}
    assert one.text not in {t.text for t in friend.terms if t.theme == LOGEMENT}


def test_a_theme_is_added_with_its_terms(shipped: Vocabulary) -> None:
    edits = [sheet(JARDIN, "Jardins partagés")]
    edits += [term(JARDIN, text, Strength.STRONG) for text in INVENTED]
    after = edited(shipped, edits)
    assert after.themes[JARDIN] == Theme(JARDIN, "Jardins partagés", "precarite", "")
    assert JARDIN in themes(after, "Un verger suspendu", VERGER)


def test_a_name_alone_makes_nothing_stale(shipped: Vocabulary) -> None:
    edits = [sheet(LOGEMENT, "Se loger"), edit(EditKind.SYNONYM, LOGEMENT, "toit", on=True)]
    after = edited(shipped, edits)
    assert after.themes[LOGEMENT].label == "Se loger"
    assert after.synonyms[LOGEMENT] == ("toit",)
    assert after.version == shipped.version


def test_a_merged_theme_gives_its_words_to_the_other(shipped: Vocabulary) -> None:
    after = edited(shipped, [edit(EditKind.MOVED, EXIL, to=LOGEMENT)])
    assert EXIL not in after.themes
    assert after.moved == {EXIL: LOGEMENT}
    before = {t.text for t in shipped.terms if t.theme in {EXIL, LOGEMENT}}
    assert {t.text for t in after.terms if t.theme == LOGEMENT} == before
    assert not [one for one in after.acronyms if EXIL in one.themes]
    for links in (after.related, after.prevailing):
        assert EXIL not in {other for others in links.values() for other in others} | set(links)


def test_moves_are_followed_to_their_end_and_circles_lead_nowhere(shipped: Vocabulary) -> None:
    chain = [edit(EditKind.MOVED, EXIL, to=NUMERIQUE), edit(EditKind.MOVED, NUMERIQUE, to=LOGEMENT)]
    assert edited(shipped, chain).moved == {EXIL: LOGEMENT, NUMERIQUE: LOGEMENT}
    circle = [edit(EditKind.MOVED, EXIL, to=NUMERIQUE), edit(EditKind.MOVED, NUMERIQUE, to=EXIL)]
    assert edited(shipped, circle).moved == {}
    assert EXIL in edited(shipped, circle).themes


def test_an_acronym_is_added_changed_and_taken_away(shipped: Vocabulary) -> None:
    added = edit(
        EditKind.ACRONYM, LOGEMENT, "XYZQ", strength="forts", meaning="x y z", ambiguous=False
    )
    after = edited(shipped, [added])
    assert [one.meaning for one in after.acronyms if one.forms == ("XYZQ",)] == ["x y z"]
    form = next(one.forms[0] for one in shipped.acronyms if LOGEMENT in one.themes)
    gone = edit(EditKind.ACRONYM, LOGEMENT, form, strength=NONE, meaning="", ambiguous=False)
    left = edited(shipped, [gone]).acronyms
    assert not [one for one in left if form in one.forms and LOGEMENT in one.themes]


def test_an_edit_of_what_the_files_no_longer_have_changes_nothing(shipped: Vocabulary) -> None:
    gone = ThemeId("plus-la")
    edits = [term(gone, "mot", Strength.STRONG), sheet(ThemeId("x"), "X", family="plus-la")]
    after = edited(shipped, edits)
    assert after.themes.keys() == shipped.themes.keys()
    assert gone not in {t.theme for t in after.terms}


def test_the_order_in_which_things_were_said_does_not_make_another_version(
    shipped: Vocabulary,
) -> None:
    edits = [term(LOGEMENT, "a b", Strength.WEAK), term(EXIL, "c d", Strength.WEAK)]
    assert edited(shipped, edits).version == edited(shipped, edits[::-1]).version
