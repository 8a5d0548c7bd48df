from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.model import Article, ArticleId, EntityType, Kind, KindGiven, Named
from curation.digest import Digest, Limits, compose
from curation.ranking import Echoes, is_alarming
from tests.curation.samples import NOW, PERIOD, THEMES, article, articles, reprint

SMALL = Limits(leading=3, sections=2, section=2, more=3)
LIMITS = st.sampled_from([Limits(), SMALL])


def _titles(digest: Digest) -> list[str]:
    return [one.title for one in digest.articles]


# -- whatever the articles ----------------------------------------------------------------------


@given(articles(), LIMITS)
def test_every_article_of_the_period_with_a_theme_is_counted_once(
    given_: list[Article], limits: Limits
) -> None:
    digest = compose(PERIOD, given_, THEMES, limits=limits)
    shown = [one.id for one in digest.articles]
    wanted = {one.id for one in given_ if one.taggings and one.appeared in PERIOD}
    assert len(shown) == len(set(shown))
    assert set(shown) <= wanted
    assert len(shown) + digest.unshown == len(wanted)


@given(articles(), st.randoms(use_true_random=False), LIMITS)
def test_the_order_in_which_articles_come_changes_nothing(
    given_: list[Article], random: Random, limits: Limits
) -> None:
    shuffled = [*given_, *given_[:3]]
    random.shuffle(shuffled)
    assert compose(PERIOD, shuffled, THEMES, limits=limits) == compose(
        PERIOD, given_, THEMES, limits=limits
    )


@given(articles(), LIMITS)
def test_no_source_and_no_theme_leads_more_than_twice(
    given_: list[Article], limits: Limits
) -> None:
    leading = compose(PERIOD, given_, THEMES, limits=limits).leading
    known = {theme.id for theme in THEMES}
    sources = Counter(one.source.id for one in leading)
    themes = Counter(next((id for id in one.themes if id in known), None) for one in leading)
    assert len(leading) <= limits.leading
    assert max([*sources.values(), *themes.values()], default=0) <= 2


@given(articles(), LIMITS)
def test_sections_keep_the_vocabulary_s_order_and_their_limits(
    given_: list[Article], limits: Limits
) -> None:
    digest = compose(PERIOD, given_, THEMES, limits=limits)
    places = [THEMES.index(section.theme) for section in digest.sections]
    assert places == sorted(set(places))
    assert len(places) <= limits.sections
    assert all(1 <= len(section.articles) <= limits.section for section in digest.sections)
    assert len(digest.more) <= limits.more
    assert not digest.unshown or len(digest.more) == limits.more


@given(articles())
def test_an_entry_stands_under_its_first_known_theme(given_: list[Article]) -> None:
    known = {theme.id for theme in THEMES}
    for section in compose(PERIOD, given_, THEMES).sections:
        for one in section.articles:
            assert next(id for id in one.themes if id in known) == section.theme.id


@given(articles())
def test_a_digest_has_a_headline_of_one_line_that_is_not_too_long(given_: list[Article]) -> None:
    headline = compose(PERIOD, given_, THEMES).headline
    assert len(headline) <= 160
    assert len(headline.splitlines()) <= 1


def _copied(draw: st.DrawFn, one: Article, ids: list[ArticleId]) -> Article:
    """The article, of which another may be said to be a copy."""
    other = draw(st.none() | st.sampled_from(ids))
    if other in {None, one.id}:
        return one
    return replace(one, also=(reprint(int(other or 0), by=draw(st.integers(1, 6))),))


@st.composite
def _echoed(draw: st.DrawFn) -> tuple[list[Article], Echoes]:
    """Articles of which some are picked, cited, copies of others, or tell of the same event."""
    several = draw(articles(max_size=12))
    ids = [one.id for one in several]
    some = st.lists(st.sampled_from(ids), unique=True, max_size=6) if ids else st.just([])
    stories = {id: ArticleId(draw(st.integers(1, 3))) for id in draw(some)}
    several = [_copied(draw, one, ids) for one in several]
    return several, Echoes(
        cited=dict.fromkeys(draw(some), 2),
        stories=stories,
        told_by=dict.fromkeys(stories, 3),
        picked=frozenset(draw(some)),
    )


@given(_echoed(), st.randoms(use_true_random=False), LIMITS)
def test_no_event_and_no_copy_stands_twice_whatever_the_order(
    given_: tuple[list[Article], Echoes], random: Random, limits: Limits
) -> None:
    several, echoes = given_
    digest = compose(PERIOD, several, THEMES, limits=limits, echoes=echoes)
    shown = [one.id for one in digest.articles]
    told = [echoes.stories[id] for id in shown if id in echoes.stories]
    assert len(told) == len(set(told))
    for one in digest.articles:
        assert not {other.id for other in one.also} & (set(shown) - {one.id})
    assert len(shown) == len(set(shown))
    for id, others in digest.beside.items():
        assert {echoes.stories[other.id] for other in others} == {echoes.stories[id]}
        assert not {other.id for other in others} & set(shown)
    shuffled = list(several)
    random.shuffle(shuffled)
    assert compose(PERIOD, shuffled, THEMES, limits=limits, echoes=echoes) == digest


@given(_echoed())
def test_the_leading_part_has_no_source_thrice_and_no_more_than_two_that_shock(
    given_: tuple[list[Article], Echoes],
) -> None:
    several, echoes = given_
    alarming = [replace(one, title=f"Procès {one.id}") for one in several]
    for some in (several, alarming):
        leading = compose(PERIOD, some, THEMES, echoes=echoes).leading
        assert max(Counter(one.source.id for one in leading).values(), default=0) <= 2
        assert sum(is_alarming(one.title) for one in leading) <= 2


# -- what comes first ---------------------------------------------------------------------------


def test_nothing_at_all_gives_an_empty_digest() -> None:
    assert compose(PERIOD, [], THEMES) == Digest(PERIOD)


def test_an_article_without_theme_or_out_of_the_period_stays_out() -> None:
    off_field, old, coming = article(1, themes=""), article(2, hours_ago=169), article(3)
    coming = replace(coming, published=NOW, collected=NOW)
    assert compose(PERIOD, [off_field, old, coming], THEMES) == Digest(PERIOD)


def test_an_article_announced_too_early_counts_from_its_collection() -> None:
    early = article(1, hours_ago=-48)
    early = replace(early, collected=NOW.replace(hour=8))
    assert _titles(compose(PERIOD, [early], THEMES)) == ["Titre 1"]


def test_an_article_whose_theme_left_the_vocabulary_goes_to_the_end() -> None:
    several = [article(n, by=n, themes="abcdef"[n]) for n in range(4)]
    digest = compose(PERIOD, [*several, article(9, by=9, themes="z", score=0.1)], THEMES)
    assert [one.title for one in digest.more] == ["Titre 9"]


def test_the_surest_theme_comes_first_then_the_freshest_then_the_known_text() -> None:
    sure, fresh, old = article(1, by=1, themes="a", score=1.0), article(2, by=2, themes="b"), None
    fresh = replace(fresh, published=NOW.replace(hour=7))
    old = article(3, by=3, themes="c", hours_ago=150)
    empty = article(4, by=4, themes="d", text="", hours_ago=150)
    digest = compose(PERIOD, [empty, old, fresh, sure], THEMES)
    assert _titles(digest) == ["Titre 1", "Titre 2", "Titre 3", "Titre 4"]


def test_an_article_that_several_sources_print_comes_before_others() -> None:
    alone = [article(n, by=n, themes="abcd"[n - 1]) for n in (1, 2, 3)]
    also = (reprint(15, by=5), reprint(16, by=6))
    printed = article(14, by=4, themes="e", also=also)
    assert compose(PERIOD, [*alone, printed], THEMES).leading[0].id == 14


def test_a_source_that_publishes_a_lot_leaves_room_for_the_others() -> None:
    loud = [article(n, by=1, themes="abcdefgh"[n % 8], score=1.0) for n in range(1, 30)]
    quiet = [article(100 + n, by=2 + n, themes="ijk"[n], score=0.3) for n in range(3)]
    leading = compose(PERIOD, [*loud, *quiet], THEMES).leading
    assert Counter(one.source.id for one in leading) == {1: 2, 2: 1, 3: 1, 4: 1}


def test_a_short_week_keeps_something_below_its_leading_part() -> None:
    few = [article(n, by=n, themes="abcde"[n]) for n in range(5)]
    digest = compose(PERIOD, few, THEMES)
    assert len(digest.leading) == 3
    assert [len(section.articles) for section in digest.sections] == [1, 1]


def test_a_week_of_two_thousand_articles_says_how_many_it_does_not_show() -> None:
    many = [article(n, by=n % 40, themes=THEMES[n % 14].id) for n in range(2000)]
    digest = compose(PERIOD, many, THEMES)
    shown = (len(digest.leading), len(digest.sections), len(digest.more))
    assert shown == (5, 10, 40)
    assert digest.unshown == 2000 - 5 - 60 - 40


def test_what_others_cite_comes_first() -> None:
    alike = [article(number, by=number, hours_ago=24) for number in range(1, 9)]
    lead = compose(
        PERIOD, alike, THEMES, echoes=Echoes(cited={alike[6].id: 1, alike[4].id: 3})
    ).leading
    assert [one.id for one in lead[:2]] == [alike[4].id, alike[6].id]


def test_texts_that_are_looked_for_by_kind_have_their_rubrics() -> None:
    def of_kind(number: int, kind: Kind, score: float = 0.5) -> Article:
        return replace(article(number, by=number, score=score), kind=KindGiven(kind))

    news = [of_kind(n, Kind.NEWS, 0.9) for n in range(1, 9)]
    others = [of_kind(11, Kind.OPINION), of_kind(12, Kind.OFFICIAL), of_kind(13, Kind.STUDY)]
    digest = compose(PERIOD, [*news, *others, of_kind(14, Kind.PRACTICE)], THEMES)
    assert [(one.title, [a.id for a in one.articles]) for one in digest.rubrics] == [
        ("Textes officiels", [12]),
        ("Études et chiffres", [13]),
        ("Tribunes et débats", [11]),
    ]
    elsewhere = [one.id for section in digest.sections for one in section.articles]
    assert not {11, 12, 13} & set(elsewhere)
    assert 14 in {one.id for one in (*digest.more, *digest.leading)} | set(elsewhere)


def test_a_rubric_has_its_limit_and_the_rest_finds_its_theme() -> None:
    official = [replace(article(n, by=n), kind=KindGiven(Kind.OFFICIAL)) for n in range(1, 20)]
    digest = compose(PERIOD, official, THEMES, limits=Limits(rubric=2))
    assert [len(one.articles) for one in digest.rubrics] == [2]
    assert len(list(digest.articles)) + digest.unshown == 19


def test_what_editors_picked_comes_first_even_without_a_theme() -> None:
    alike = [article(n, by=n, themes="abcdefgh"[n - 1], score=0.9) for n in range(1, 9)]
    off_field = article(20, by=20, themes="", hours_ago=150)
    weak = article(21, by=21, themes="k", score=0.1, hours_ago=160)
    echoes = Echoes(picked={off_field.id, weak.id})
    digest = compose(PERIOD, [*alike, off_field, weak], THEMES, echoes=echoes)
    assert {one.id for one in digest.leading[:2]} == {20, 21}
    assert digest.picked == 2
    everything = Echoes(picked={one.id for one in alike})
    assert len(compose(PERIOD, alike, THEMES, echoes=everything).leading) == 5


def test_one_entry_stands_for_an_event_with_the_others_beside() -> None:
    tellers = [article(n, by=n, themes="abc"[n - 1]) for n in (1, 2, 3)]
    alone = [article(n, by=n, themes="defg"[n - 4], score=0.85) for n in (4, 5, 6, 7)]
    event = {one.id: ArticleId(1) for one in tellers}
    echoes = Echoes(stories=event, told_by=dict.fromkeys(event, 3))
    digest = compose(PERIOD, [*tellers, *alone], THEMES, echoes=echoes)
    first = digest.leading[0]
    assert first.id in event  # three sources tell of it
    assert {one.id for one in digest.beside[first.id]} == set(event) - {first.id}
    assert len([one for one in digest.articles if one.id in event]) == 1


def test_a_week_is_more_than_what_shocks() -> None:
    shocks = [
        article(n, f"Maltraitance : procès n° {n}", by=n, themes="abcdef"[n - 1], score=1.0)
        for n in range(1, 7)
    ]
    calm = [article(n, by=n, themes="ghij"[n - 11], score=0.4) for n in range(11, 15)]
    leading = compose(PERIOD, [*shocks, *calm], THEMES).leading
    assert sum(is_alarming(one.title) for one in leading) == 2
    assert not is_alarming("Mortalité infantile : ce que disent les chiffres")
    assert is_alarming("EHPAD : la directrice mise en examen")


def test_places_and_kinds_vary_among_equals() -> None:
    def there(number: int, place: str, kind: Kind = Kind.INTERVIEW) -> Article:
        one = article(number, by=number, themes="abcdefgh"[number - 1], hours_ago=24)
        named = Named(EntityType.TERRITORY, place, in_title=True)
        return replace(one, kind=KindGiven(kind), names=(named,))

    several = [there(n, "nord") for n in (1, 2, 3, 4)]
    several += [there(5, "orne", Kind.TOOL), there(6, "ain", Kind.PRACTICE)]
    leading = compose(PERIOD, several, THEMES).leading
    places = {one.names[0].id for one in leading}
    assert places == {"nord", "orne", "ain"}
