"""Evidence marked where it stands, within what may be shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.model import Evidence
from web.evidence import marked, marked_extract

TEXT = "Un premier paragraphe.\n\nLa maraude part, la maraude revient, et les bénévoles restent là."


def found(text: str, *words: str) -> list[Evidence]:
    spans = []
    for word in words:
        start = text.index(word)
        spans.append(Evidence("text", start, start + len(word), word))
    return spans


def as_text(pieces: object) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in pieces)  # type: ignore[attr-defined]


def test_the_words_are_marked_in_the_whole() -> None:
    assert as_text(marked("Maraude de nuit", found("Maraude de nuit", "nuit"))) == (
        "Maraude de [nuit]"
    )


def test_an_extract_stands_around_the_words_and_cuts_between_words() -> None:
    shown = as_text(marked_extract(TEXT, found(TEXT, "bénévoles"), 40))
    assert shown == "…revient, et les [bénévoles] restent là."


def test_where_most_of_the_words_stand_is_shown() -> None:
    words = found(TEXT, "premier", "maraude", "revient", "bénévoles")
    shown = as_text(marked_extract(TEXT, words, 52))
    assert "[maraude]" in shown
    assert "[revient]" in shown
    assert "premier" not in shown


def test_words_that_are_no_longer_there_are_passed_over() -> None:
    stale = Evidence("text", 3, 10, "dernier")
    assert marked_extract(TEXT, [stale], 100) == ()
    assert as_text(marked(TEXT[:22], [stale])) == TEXT[:22]


@given(
    st.text(alphabet="ab \n", max_size=200),
    st.lists(st.tuples(st.integers(0, 220), st.integers(0, 30)), max_size=12),
    st.integers(0, 120),
)
def test_never_more_than_allowed_and_only_the_text_itself(
    text: str, spans: list[tuple[int, int]], allowed: int
) -> None:
    evidence = [
        Evidence("text", start, start + long, text[start : start + long]) for start, long in spans
    ]
    pieces = marked_extract(text, evidence, allowed)
    shown = "".join(piece.text for piece in pieces if piece.text != "…")
    assert len(shown) <= allowed
    assert shown in text.replace("\n", " ")
    whole = "".join(piece.text for piece in marked(text, evidence))
    assert whole == text.replace("\n", " ")
