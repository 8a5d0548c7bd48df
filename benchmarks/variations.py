"""Pairs of articles that are the same one, and pairs that only look so, made from given texts.

Always the same for the same texts. What the making of pairs knows (which sentences were cut, which
figures replaced) is not told to what is measured: it gets articles, as publishers would print them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

START: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
_SENTENCE = re.compile(r"(?<=[.!?…])(?:\s*»)?\s+(?=[«\w])")


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as a site prints it. ``story``: the same for those that are the same article."""

    story: str
    site: str
    title: str
    text: str
    appeared: datetime


Vary = Callable[[Printed, "Material"], list[Printed]]


@dataclass(frozen=True, slots=True)
class Material:
    """What variations draw from."""

    articles: Sequence[Printed]
    random: Random
    numbers: Iterator[int] = field(default_factory=count)

    def story(self) -> str:
        """The name of a story that nothing else tells."""
        return f"new-{next(self.numbers)}"

    def other(self, than: Printed) -> Printed:
        """Another article of the set."""
        return self.random.choice([one for one in self.articles if one.story != than.story])

    def sentences(self, than: Printed, words: int) -> str:
        """Sentences of other articles, some ``words`` words of them."""
        found: list[str] = []
        while sum(len(one.split()) for one in found) < words:
            found.append(self.random.choice(_sentences(self.other(than).text)))
        return " ".join(found)


# -- the same article ---------------------------------------------------------------------------


def other_headline(one: Printed, of: Material) -> list[Printed]:
    """A dispatch under another headline, with the typography of another house."""
    straight = one.text.replace("’", "'").replace("« ", '"').replace(" »", '"')
    return [
        _elsewhere(one, of, title=of.other(one).title, text=straight),
        _elsewhere(one, of, title=_headline(one, of)),
    ]


def cut(one: Printed, of: Material) -> list[Printed]:
    """Cut to half: its beginning, or sentences here and there."""
    sentences = _sentences(one.text)
    half = _first_words(sentences, len(one.text.split()) // 2)
    kept = sorted(of.random.sample(range(len(sentences)), -(-len(sentences) // 2)))
    return [
        _elsewhere(one, of, title=_headline(one, of), text=" ".join(half)),
        _elsewhere(one, of, text="\n\n".join(sentences[at] for at in kept)),
    ]


def with_a_lead(one: Printed, of: Material) -> list[Printed]:
    """With a lead of the house before it; a longer one; a lead and a cut."""
    words = len(one.text.split())
    short, long = (of.sentences(one, words * part // 100) for part in (15, 35))
    half = " ".join(_first_words(_sentences(one.text), words * 60 // 100))
    brief = of.sentences(one, words * 12 // 100)
    return [
        _elsewhere(one, of, text=f"{short}\n\n{one.text}"),
        _elsewhere(one, of, title=_headline(one, of), text=f"{long}\n\n{one.text}"),
        _elsewhere(one, of, text=f"{brief}\n\n{half}"),
    ]


def changed(one: Printed, of: Material) -> list[Printed]:
    """Published again by its own site, or edited by another: words, a sentence, one figure."""
    edited = _with_words_changed(one.text, of.random, every=25)
    sentences = _sentences(edited)
    del sentences[of.random.randrange(len(sentences))]
    sentences.insert(of.random.randrange(1, len(sentences)), of.sentences(one, 12))
    again = _with_figures_changed(one.text, of.random, most=1) + " " + of.sentences(one, 15)
    return [
        _elsewhere(one, of, text=" ".join(sentences)),
        replace(one, text=again, appeared=one.appeared + timedelta(days=of.random.randrange(90))),
    ]


def between_boilerplate(one: Printed, of: Material) -> list[Printed]:
    """Between the header and the foot of another site."""
    header, foot = of.sentences(one, 20), of.sentences(one, 30)
    return [
        _elsewhere(one, of, text=f"{header}\n\n{one.text}\n\n{foot}"),
        _elsewhere(one, of, text=f"{one.text}\n\n{of.sentences(one, 40)}"),
    ]


# -- articles that only look the same -----------------------------------------------------------


def same_boilerplate(one: Printed, of: Material) -> list[Printed]:
    """Articles of one site between its header and its foot: up to half of the text."""
    words = of.random.randrange(60, 130)
    header, foot = of.sentences(one, words // 2), of.sentences(one, words)
    others = of.random.sample([other for other in of.articles if other.story != one.story], 3)
    bodies = [" ".join(_first_words(_sentences(other.text), 150)) for other in others]
    return [
        replace(
            one,
            story=f"the beginning of {other.story}",
            title=of.other(one).title,
            text=f"{header}\n\n{body}\n\n{foot}",
        )
        for other, body in zip(others, bodies, strict=True)
    ]


def same_column(one: Printed, of: Material) -> list[Printed]:
    """A weekly column: its title, its presentation, then other news each week."""
    told = _first_words(_sentences(one.text), 60)
    return [
        replace(
            one,
            story=of.story(),
            title=f"Le fil de la semaine : {one.title}",
            text="\n\n".join((" ".join(told), of.sentences(one, 110))),
            appeared=one.appeared + timedelta(weeks=week),
        )
        for week in range(3)
    ]


def same_title(one: Printed, of: Material) -> list[Printed]:
    """Two articles under one title, in two places, the same day."""
    return [one, replace(of.other(one), title=one.title)]


def quoted(one: Printed, of: Material) -> list[Printed]:
    """An article that quotes another at length, a review that quotes several."""
    host = of.other(one)
    own = _sentences(host.text)
    own.insert(len(own) // 2, "« " + " ".join(_first_words(_sentences(one.text), 70)) + " »")
    cited = [one, *of.random.sample([a for a in of.articles if a.story != one.story], 5)]
    excerpts = [" ".join(_first_words(_sentences(other.text), 45)) for other in cited]
    return [
        one,
        _elsewhere(host, of, text=" ".join(own)),
        _elsewhere(
            one,
            of,
            story=of.story(),
            title="Revue de presse de la semaine",
            text="\n\n".join(excerpts),
        ),
    ]


def yearly(one: Printed, of: Material) -> list[Printed]:
    """A yearly report, its figures brought up to date, and nothing else changed."""
    if len(re.findall(r"\d+", one.text)) < 4:
        return [one]
    years = (one.text, *(_with_figures_changed(one.text, of.random) for _ in range(2)))
    return [
        replace(
            one,
            story=of.story() if at else one.story,
            title=f"{one.title} : le bilan {2024 + at}",
            text=text,
            appeared=one.appeared + timedelta(days=365 * at),
        )
        for at, text in enumerate(years)
    ]


def on_one_pattern(one: Printed, of: Material) -> list[Printed]:
    """Announcements on one pattern, that differ by places, dates, names and amounts."""
    pattern = of.random.choice(_ANNOUNCED["patterns"])
    slots = _ANNOUNCED["slots"].items()
    drawn = {name: of.random.sample(values, 3) for name, values in slots}
    filled = [{name: values[at] for name, values in drawn.items()} for at in range(3)]
    kept = " ".join(_first_words(_sentences(one.text), of.random.choice((0, 60, 120))))
    return [
        replace(
            one,
            story=of.story(),
            title=pattern["title"].format(**facts),
            text=pattern["text"].format(**facts) + kept,
            appeared=one.appeared + timedelta(days=20 * at),
        )
        for at, facts in enumerate(filled)
    ]


SAME: Final[dict[str, Vary]] = {
    vary.__name__: vary for vary in (other_headline, cut, with_a_lead, changed, between_boilerplate)
}
DIFFERENT: Final[dict[str, Vary]] = {
    vary.__name__: vary
    for vary in (same_boilerplate, same_column, same_title, quoted, yearly, on_one_pattern)
}

_ANNOUNCED: Final = tomllib.loads(
    (Path(__file__).parent / "patterns.toml").read_text(encoding="utf-8")
)


# -- texts --------------------------------------------------------------------------------------


def material(texts: Sequence[tuple[str, str]], *, seed: int = 4) -> Material:
    """What variations draw from: texts of a hundred words and more, each with its title."""
    telling = [one for one in texts if len(one[1].split()) >= 100]
    articles = [
        Printed(f"s{at}", f"site-{at % 7}", title, text, START + timedelta(hours=13 * at))
        for at, (title, text) in enumerate(telling)
    ]
    return Material(articles, Random(seed))


def sorts(of: Material, *, pairs: int) -> Iterator[tuple[str, bool, list[Printed]]]:
    """For each sort: its name, whether its pairs are the same article, and its articles.

    At least ``pairs`` pairs of each, where the texts allow it.
    """
    for same, makers in ((True, SAME), (False, DIFFERENT)):
        for name, vary in makers.items():
            yield name, same, _printed(vary, of, pairs, same=same)


def _printed(vary: Vary, of: Material, pairs: int, *, same: bool) -> list[Printed]:
    made: list[Printed] = []
    found = 0
    for turn in range(40):
        for one in of.articles:
            if found >= pairs:
                return made
            start = replace(one, site=f"{one.site}-{turn}")
            if same and turn:
                return made  # the same originals again would be copies of one another
            varied = vary(start, of)
            made += [start, *varied] if same else varied
            found += len(varied) if same else len(varied) - 1
    return made


def _elsewhere(one: Printed, of: Material, **changes: str) -> Printed:
    """Printed by another site, within two days."""
    values: dict[str, str] = {"site": f"ailleurs-{of.random.randrange(40)}", **changes}
    appeared = one.appeared + timedelta(hours=of.random.randrange(1, 48))
    return replace(one, appeared=appeared, **values)


def _headline(one: Printed, of: Material) -> str:
    """A headline made of the first words of one of its sentences."""
    return " ".join(of.random.choice(_sentences(one.text)).split()[:9])


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE.split(text) if one.strip()]


def _first_words(sentences: Sequence[str], words: int) -> list[str]:
    kept: list[str] = []
    for one in sentences:
        if sum(len(other.split()) for other in kept) >= words:
            break
        kept.append(one)
    return kept


def _with_words_changed(text: str, random: Random, *, every: int) -> str:
    """One word in ``every`` gone or in the place of another, as editors do; never a figure."""
    words = text.split(" ")
    for at in range(random.randrange(every), len(words), every):
        if words[at].isalpha() and words[at].islower():
            words[at] = random.choice(("", "notamment", "aussi", "désormais", "certes"))
    return " ".join(word for word in words if word)


def _with_figures_changed(text: str, random: Random, *, most: int = 1000) -> str:
    left = most

    def another(match: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        if left < 0:
            return match[0]
        digits = str(random.randrange(10 ** (len(match[0]) - 1), 10 ** len(match[0])))
        return digits if digits != match[0] else str(int(digits) + 1)

    return re.sub(r"\d+", another, text)
