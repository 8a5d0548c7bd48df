"""Stories: articles of several sources that tell of the same event."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from core.model import ArticleId, Extracted, SourceId, SourceKind, Tagging, ThemeId
from curation.events import WINDOW, told
from curation.grouping import group, say_same
from curation.telling import tell
from store import Store
from taxonomy.lexicon import load_lexicon
from taxonomy.model import load_model
from taxonomy.rarity import rarity
from tests.parts import Parts

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
RARITY = rarity(load_model(), load_lexicon())


@dataclass(frozen=True)
class News:
    """A text of a built case: which event it tells of (« » for none), who wrote it, and when."""

    event: str
    source: str
    day: float
    title: str
    text: str


LINES = (Path(__file__).parent / "events.jsonl").read_text(encoding="utf-8").splitlines()
NEWS = [News(**json.loads(line)) for line in LINES]
STRIKE = [one for one in NEWS if one.event == "greve-amarande"]


def keep(store: Store, one: News, *, themes: tuple[str, ...] = ("a",)) -> ArticleId:
    """The text as an article of its source."""
    with store.begin() as tx:
        source = next((held for held in tx.sources.all() if held.slug == one.source), None)
        home = f"https://{one.source}.example/"
        if source is None:
            kind = SourceKind.FEED
            source = tx.sources.add(name=one.source, url=home, feed=home, kind=kind, now=NOW)
        published = NOW + timedelta(days=one.day)
        page = f"{home}{Random(one.title).random()}"
        read = Extracted(page, one.title, one.text, published=published)
        id, _ = tx.articles.save(read, source_id=source.id, now=NOW + timedelta(days=200))
        given = [Tagging(ThemeId(theme), 0.9) for theme in themes]
        tx.articles.save_taggings([(id, given)], tagger="1")
    return id


def stories(store: Store) -> list[list[ArticleId]]:
    """The stories as they are shown, each in order of time."""
    with store.read() as tx:
        found = tx.stories.latest(since=NOW, limit=100)
        lines = tx.stories.timelines([one.id for one in found])
    return sorted(lines[one.id] for one in found)


def together(groups: Iterable[Iterable[ArticleId]]) -> set[tuple[ArticleId, ArticleId]]:
    """The pairs that stand together."""
    return {pair for some in groups for pair in combinations(sorted(some), 2)}


def of_events(held: dict[ArticleId, News]) -> list[list[ArticleId]]:
    """The stories that there should be."""
    found: defaultdict[str, list[ArticleId]] = defaultdict(list)
    for id, one in held.items():
        if one.event:
            found[one.event].append(id)
    return [ids for ids in found.values() if len(ids) > 1]


@pytest.fixture(params=[0, 1, 2])
def shuffled(request: pytest.FixtureRequest) -> list[News]:
    """The built cases in the order of time, then in others."""
    news = list(NEWS)
    if request.param:
        Random(request.param).shuffle(news)
    return news


def test_one_event_under_other_headlines_is_a_story_whatever_came_first(
    store: Store, shuffled: list[News]
) -> None:
    held = {keep(store, one): one for one in shuffled}
    tell(store, RARITY)
    found, wanted = together(stories(store)), together(of_events(held))
    assert found <= wanted  # the same theme, the same week, a column: no story
    assert len(found) >= 0.9 * len(wanted)


def test_texts_of_no_common_event_make_no_story(parts: Parts, tmp_path: Path) -> None:
    """The shipped examples, some 900 texts of the field and off it, as if of two months.

    A few hands wrote them and came back to the same subjects (the taxis' « maraude »), so that a
    handful do look like one event.
    """
    folder = Path(__file__).parents[2] / "taxonomy" / "examples"
    lines = [line for path in sorted(folder.glob("*.jsonl"))
             for line in path.read_text(encoding="utf-8").splitlines()]  # fmt: skip
    random = Random(3)
    with parts.store(tmp_path) as store:
        for number, line in enumerate(lines):
            one, day = json.loads(line), random.uniform(0, 60)
            keep(store, News("", f"source-{number % 60}", day, one["title"], one["text"]))
        tell(store, RARITY)
        assert sum(map(len, stories(store))) <= 0.015 * len(lines)


def test_a_weekly_column_is_no_story(store: Store) -> None:
    columns = [one for one in NEWS if not one.event]
    for one in columns:
        keep(store, one)
    tell(store, RARITY)
    assert stories(store) == []


def test_the_same_words_a_month_later_are_another_story(store: Store) -> None:
    first, second, third = STRIKE
    later = WINDOW.days + 30
    moved = [News(one.event, one.source, one.day + later, one.title, one.text) for one in STRIKE]
    ids = [keep(store, one) for one in (first, second)]
    keep(store, News(third.event, third.source, moved[2].day, third.title, third.text))
    tell(store, RARITY)
    assert stories(store) == [ids]


def test_two_articles_of_one_source_are_no_story(store: Store) -> None:
    first, second, _ = STRIKE
    keep(store, first)
    keep(store, News(second.event, first.source, second.day, second.title, second.text))
    tell(store, RARITY)
    assert stories(store) == []


def test_what_is_off_the_field_is_left_out(store: Store) -> None:
    first, second, third = STRIKE
    ids = [keep(store, first), keep(store, second)]
    keep(store, third, themes=())
    tell(store, RARITY)
    assert stories(store) == [ids]


@pytest.fixture
def told_of(store: Store) -> list[ArticleId]:
    """The three articles on a strike, whose story was found."""
    ids = [keep(store, one) for one in STRIKE]
    tell(store, RARITY)
    assert stories(store) == [ids]
    return ids


def test_each_article_leads_to_the_story_and_what_came_later_joins(
    store: Store, told_of: list[ArticleId]
) -> None:
    last = News("greve-amarande", "revue", 8, "Accord à Amarande après une semaine de grève",
                "Les salariés des foyers d’Amarande, en Haute-Creuse, ont voté la reprise. Le "
                "département finance six postes de nuit.")  # fmt: skip
    id = keep(store, last)
    report = tell(store, RARITY)
    assert (report.done, report.details) == (1, {"joined": 1})
    with store.read() as tx:
        lines = {one: tx.stories.timeline(one) for one in (*told_of, id)}
    assert {line[0] for line in lines.values() if line} == {told_of[0]}
    assert all(line and line[1] == [*told_of, id] for line in lines.values())


def test_sources_are_counted_with_those_of_copies(store: Store, told_of: list[ArticleId]) -> None:
    first = STRIKE[0]
    copy = keep(store, News("", "reprise", first.day, first.title, first.text))
    with store.begin() as tx:
        say_same(tx, told_of[0], copy, by=None, now=NOW)
    group(store)
    tell(store, RARITY)
    assert stories(store) == [told_of]  # shown once
    with store.read() as tx:
        assert tx.stories.sources(told_of) == dict.fromkeys(told_of, 4)
        assert tx.stories.sources([]) == {}


def test_an_article_that_changes_leaves_and_the_story_stays_one(
    store: Store, told_of: list[ArticleId]
) -> None:
    first = STRIKE[0]
    other = "La recette du pain d’épices de la cantine, pour une trentaine de convives."
    assert keep(store, News("", first.source, first.day, first.title, other)) == told_of[0]
    tell(store, RARITY)
    assert stories(store) == [told_of[1:]]
    # Its number, by which the story was known, leads to no story that it is not in.
    with store.read() as tx:
        assert tx.stories.timeline(told_of[0]) is None


def test_what_is_withdrawn_or_opposed_leaves(store: Store, told_of: list[ArticleId]) -> None:
    with store.begin() as tx:
        tx.articles.withdraw(told_of[0], NOW)
    assert stories(store) == [told_of[1:]]
    with store.begin() as tx:
        tx.articles.oppose([told_of[1]], NOW)
    assert stories(store) == []


def test_another_method_tells_all_again_and_gives_the_same(
    store: Store, told_of: list[ArticleId]
) -> None:
    with store.begin() as tx:
        tx.stories.looked(told_of, "0")
    assert tell(store, RARITY).done == len(told_of)
    assert stories(store) == [told_of]
    assert tell(store, RARITY).done == 0


def test_the_name_of_a_source_does_not_tie_what_it_publishes_to_what_is_said_of_it(
    store: Store,
) -> None:
    about = keep(
        store,
        News(
            "",
            "gazette",
            0,
            "À Montreval, la maraude des Rives de Lye passe à cinq soirs",
            "À Montreval, l'association des Rives de Lye double sa maraude. « Nous croisons des "
            "femmes seules », dit Inès Carvallo, sa coordinatrice, devant la gare. Les duvets "
            "viennent du diocèse, la soupe d'un restaurant du quai.",
        ),
    )
    own = keep(
        store,
        News(
            "",
            "rives-de-lye-montreval",
            2,
            "Le café des parents ouvre aussi le samedi",
            "À la demande des pères, le café des parents des Rives de Lye accueille désormais les "
            "familles un samedi sur deux, rue du Port, à Montreval. On y vient avec les enfants. "
            "Les Rives de Lye offrent le goûter.",
        ),
    )
    tell(store, RARITY)
    assert (about, own) not in together(stories(store))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("association-des-deux-rives/atelier-tenir-le-mois.md",
         "trait-social/treve-expulsions-avant-apres.md"),
        ("carnet-du-lien/l-ordinateur-entre-nous.md",
         "rhizomes-social/entretien-mediatrice-de-sante-pair.md"),
    ],
    ids=["one-town", "everyday-words"],
)  # fmt: skip
def test_a_town_and_everyday_words_make_no_story(
    store: Store, checkout: Path, one: str, other: str
) -> None:
    for place in (one, other):
        text = (checkout / "demo" / "articles" / place).read_text(encoding="utf-8")
        _, head, body = text.split("---\n", 2)
        source, _, _ = place.partition("/")
        title = head.partition("\n")[0].removeprefix("title: ")
        keep(store, News("", source, 0, title, body))
    tell(store, RARITY)
    assert stories(store) == []


def test_what_follows_quay_or_street_is_a_place_like_another() -> None:
    text = "Au quai des Tanneurs et rue de la Vigie, grâce à la Fondation Astrel."
    usual = told(ArticleId(1), (SourceId(1), "Gazette"), NOW, ("", text), RARITY).usual
    assert {"tanne", "vigie"} <= usual
    assert "astre" not in usual


def test_in_one_town_what_names_the_event_makes_a_story(store: Store) -> None:
    named = "Le foyer Camille-Astruc de Saint-Orvain ferme ses 143 chambres, selon Valmérand. "
    ids = [
        keep(store, News("", "journal", 0, "Un foyer ferme", named + "Le maire écrit au préfet.")),
        keep(
            store, News("", "blog", 2, "Je pense à ceux du foyer", named + "J’y étais hier soir.")
        ),
    ]
    tell(store, RARITY)
    assert stories(store) == [ids]


def test_an_article_without_words_tells_of_nothing(store: Store) -> None:
    keep(store, News("", "journal", 0, "…", "…"))
    assert tell(store, RARITY).done == 1
    assert stories(store) == []
