from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model import Evidence, Tagging
from taxonomy.evaluation import Gold, evaluate, read_gold
from taxonomy.model import load_model
from taxonomy.tagger import Tagger
from taxonomy.vocabulary import Vocabulary

EXAMPLES = Path(__file__).with_name("examples.jsonl")
WORDS = st.sampled_from(
    "l'aller-vers éducateur·rice·s de rue RSA Ehpad enfant confié hé-\nbergement d'urgence ( ) . "
    "\u00ad · /trice CADA « tutelle » 115 œuvre salarié.e.s \u202f PLACÉS maraude".split(" ")
)
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(WORDS, max_size=40).map("".join),
)
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def examples(vocabulary: Vocabulary) -> list[Gold]:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    return list(read_gold(lines, EXAMPLES.name, vocabulary.themes))


def check_spans(title: str, text: str, taggings: Sequence[Tagging]) -> None:
    fields = {"title": title, "text": text}
    for tagging in taggings:
        assert tagging.evidence
        for e in tagging.evidence:
            assert 0 <= e.start < e.end <= len(fields[e.field])
            assert fields[e.field][e.start : e.end] == e.text


@quick
@given(title=ANY_TEXT, text=ANY_TEXT)
def test_any_text_is_tagged_with_true_spans(tagger: Tagger, title: str, text: str) -> None:
    taggings = tagger.tag(title, text)
    check_spans(title, text, taggings)
    assert [t.score for t in taggings] == sorted((t.score for t in taggings), reverse=True)
    assert all(0 <= t.score <= 1 for t in taggings)
    assert len({t.theme for t in taggings}) == len(taggings)


def test_spans_of_examples_are_slices(tagger: Tagger, vocabulary: Vocabulary) -> None:
    for one in examples(vocabulary):
        check_spans(one.title, one.text, tagger.tag(one.title, one.text))


def test_evidence_covers_the_whole_inclusive_word(tagger: Tagger) -> None:
    (tagging, *_) = tagger.tag("Les éducateur·rices de rue", "")
    assert Evidence("title", 4, 26, "éducateur·rices de rue") in tagging.evidence


def test_the_examples_keep_their_floor(tagger: Tagger, vocabulary: Vocabulary) -> None:
    gold = examples(vocabulary)
    given_ = [[t.theme for t in tagger.tag(one.title, one.text)] for one in gold]
    figures = evaluate(gold, given_)
    assert figures.micro.f1 >= 0.9
    assert figures.macro_f1 >= 0.9
    assert figures.traps.count == figures.traps.total == 12
    assert figures.main.value >= 0.95


def test_without_its_evidence_a_text_loses_the_theme(
    tagger: Tagger, vocabulary: Vocabulary
) -> None:
    kept = total = 0
    for one in examples(vocabulary):
        for tagging in tagger.tag(one.title, one.text):
            title, text = without(tagging.evidence, one.title, one.text)
            total += 1
            kept += tagging.theme in {t.theme for t in tagger.tag(title, text)}
    assert total >= 30
    assert kept <= 0.15 * total


def test_without_the_sentences_of_its_evidence_a_text_loses_the_theme(
    tagger: Tagger, vocabulary: Vocabulary, checkout: Path
) -> None:
    """On texts of another hand, none of which taught the tagger anything."""
    path = checkout / "benchmarks" / "gold" / "blind.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = total = 0
    for one in read_gold(lines, path.name, vocabulary.themes):
        for tagging in tagger.tag(one.title, one.text):
            title, text = without_sentences(tagging.evidence, one.title, one.text)
            total += 1
            kept += tagging.theme in {t.theme for t in tagger.tag(title, text)}
    assert total >= 200
    assert kept <= 0.2 * total


def test_words_that_every_text_has_show_nothing(
    tagger: Tagger, vocabulary: Vocabulary, checkout: Path
) -> None:
    path = checkout / "benchmarks" / "gold" / "blind.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = {
        span.text.lower()
        for one in read_gold(lines, path.name, vocabulary.themes)
        for tagging in tagger.tag(one.title, one.text)
        for span in tagging.evidence
    }
    assert len(shown) >= 300
    assert shown.isdisjoint("ce ces qui qu j je nous tout tous mais ou dans pour pas".split())


def without_sentences(evidence: Sequence[Evidence], title: str, text: str) -> tuple[str, str]:
    left = {"title": title, "text": text}
    for field, whole in left.items():
        spans = [(e.start, e.end) for e in evidence if e.field == field]
        sentences = [m.span() for m in re.finditer(r"[^.!?…\n]+[.!?…\n]*", whole)]
        left[field] = " ".join(
            whole[start:end]
            for start, end in sentences
            if not any(start < stop and first < end for first, stop in spans)
        )
    return left["title"], left["text"]


def without(evidence: Sequence[Evidence], title: str, text: str) -> tuple[str, str]:
    fields = {"title": title, "text": text}
    for e in sorted(evidence, key=lambda e: -e.start):
        before = fields[e.field]
        fields[e.field] = before[: e.start] + "…" + before[e.end :]
    return fields["title"], fields["text"]


def test_many_texts_are_tagged_like_one(tagger: Tagger, vocabulary: Vocabulary) -> None:
    items = [(one.title, one.text) for one in examples(vocabulary)]
    assert list(tagger.tag_all(items)) == [tagger.tag(*item) for item in items]


def test_tagging_depends_on_nothing_seen_before(vocabulary: Vocabulary, tagger: Tagger) -> None:
    items = [(one.title, one.text) for one in examples(vocabulary)]
    fresh = Tagger(vocabulary)
    backwards = [fresh.tag(*item) for item in reversed(items)]
    assert backwards[::-1] == [tagger.tag(*item) for item in items]


def test_the_version_is_the_vocabularys_and_the_models(
    tagger: Tagger, vocabulary: Vocabulary
) -> None:
    assert tagger.version == f"{vocabulary.version}-{load_model().version}"


def test_foreign_tiny_and_huge_texts_are_judged(tagger: Tagger) -> None:
    assert tagger.tag("", "") == ()
    assert tagger.tag("🙂", "") == ()
    assert tagger.tag("Ongi etorri", "Gizarte langileek lan handia egiten dute egunero.") == ()
    assert tagger.tag("مرحبا", "العمل الاجتماعي في فرنسا") == ()
    check_spans("Un", "la " * 1_500_000, tagger.tag("Un", "la " * 1_500_000))


def test_examples_are_json_lines_of_forty_six_texts() -> None:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) == 46
