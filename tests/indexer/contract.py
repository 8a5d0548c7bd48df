"""What every search engine must do. An engine's test class inherits it and gives ``engine``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadQuery, SearchUnavailable
from core.model import Access, ArticleId
from indexer.engine import Correction, Document, Query, SearchEngine, Sort
from tests.indexer.samples import FILLER, document, ids, shown

HOSTILE = [
    '"', "««", '"""', "«»", '"" «» “”', "!!!", "-", "*", "+-&|(){}[]^~?:\\/", "AND OR NOT", "a:b",
    'theme = "x"', "'; DROP TABLE articles; --", "\x00", "\ud800", "\u202eabc\u202c", "enfance\x00",
    "e\u0301" * 50, "社会工作", "x" * 5000, "mot " * 2000, '" OR 1=1', '" themed = 0 "', "\u200b",
    "-", "--", "-- -", '-"', '-"enfance', "-enfance -", "- " * 500, "-a " * 200, '-"a b" ' * 50,
    "theme:x", "\u2067enfance\u2069", "enfance\u202d", "NOT enfance", "enfance~2", "text:enfance",
    "published > 0 OR themed = 0", "enfance^5", "[a TO z]", "/enf.*/", "ASE " * 300,
    "🙂", "(enfance", '"enfance', "« enfance", "l'", "'", "le", "le la les",
    " ".join(f"mot{n}" for n in range(300)), '"' + "a " * 300 + '"', '"a" ' * 100,
]  # fmt: skip

# The engine is one for all the examples, which are made for that.
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
FORMS = [
    ("enfance", "l'enfance"),
    ("enfance", "l’enfance"),
    ("enfance", "ENFANCE"),
    ("l’enfance", "Enfance"),
    ("éducatrice", "des educatrices"),
    ("educatrices", "une éducatrice"),
    ("éducateur spécialisé", "éducatrices spécialisées"),
    ("educateur", "les éducateur·rices"),
    ("professionnel", "professionnel·le·s"),
    ("professionnelles", "professionnel.le.s"),
    ("aller vers", "l’aller-vers"),
    ("aller-vers", "aller vers"),
    ("coeur", "cœur"),
    ("hopital", "hôpitaux"),
    ("prud'hommes", "prud’hommes"),
    ("e\u0301ducation", "éducation"),
    ("ASE", "l'A.S.E."),
]


class EngineContract:
    """No ``Test`` prefix: collected through the classes that inherit it."""

    def test_what_was_put_is_found_at_once(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget")])
        assert ids(engine.search(Query("budget"))) == [1]

    def test_an_engine_never_written_says_so(self, untouched: SearchEngine) -> None:
        assert not untouched.is_alive()
        for ask in (lambda: untouched.search(Query("a")), untouched.count):
            with pytest.raises(SearchUnavailable, match="glaneuse index"):
                ask()

    def test_an_empty_index_answers_nothing(self, engine: SearchEngine) -> None:
        engine.put([])
        found = engine.search(Query("enfance"))
        assert (found.total, found.hits, engine.count()) == (0, (), 0)
        assert engine.is_alive()

    def test_a_document_put_again_replaces_itself(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget"), document(2, "Logement")])
        engine.put([document(1, "Autonomie")])
        assert ids(engine.search(Query("budget"))) == []
        assert ids(engine.search(Query("autonomie"))) == [1]
        assert engine.count() == 2

    def test_the_last_of_the_same_id_in_one_call_wins(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget"), document(1, "Autonomie")])
        assert (engine.count(), ids(engine.search(Query("budget")))) == (1, [])
        engine.rebuild([document(2, "Budget"), document(2, "Autonomie")])
        assert (engine.count(), ids(engine.search(Query("autonomie")))) == (1, [2])

    def test_what_is_removed_is_gone_at_once(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget"), document(2, "Budget")])
        engine.remove([ArticleId(1), ArticleId(99)])
        assert ids(engine.search(Query("budget"))) == [2]

    def test_rebuilding_replaces_everything(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget")])
        engine.rebuild([document(2, "Budget"), document(3, "Autre")])
        assert ids(engine.search(Query("budget"))) == [2]
        assert engine.count() == 2

    def test_rebuilding_never_leaves_the_search_empty(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget")])
        answers = []

        def documents() -> Iterator[Document]:
            for number in range(2, 5):
                answers.append(ids(engine.search(Query("budget"))))
                yield document(number, "Budget")

        engine.rebuild(documents())
        assert answers == [[1], [1], [1]]
        assert engine.count() == 3

    def test_a_rebuild_that_fails_leaves_what_was_there(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget")])

        def documents() -> Iterator[Document]:
            yield document(2, "Budget")
            raise KeyError("a failure of the caller")

        with pytest.raises(KeyError):
            engine.rebuild(documents())
        assert ids(engine.search(Query("budget"))) == [1]
        engine.rebuild([document(3, "Budget")])
        assert ids(engine.search(Query("budget"))) == [3]

    def test_french_words_are_found_in_their_forms(self, engine: SearchEngine) -> None:
        engine.put(document(number, "", text) for number, (_, text) in enumerate(FORMS))
        engine.put([document(1000, "", "Tout autre chose")])
        for number, (words, text) in enumerate(FORMS):
            found = ids(engine.search(Query(words, size=100)))
            assert number in found, f"{words} does not find {text}"
            assert 1000 not in found

    def test_all_the_words_are_wanted_when_enough_articles_have_them(
        self, engine: SearchEngine
    ) -> None:
        both = [document(n, "Budget", f"logement {n}") for n in range(10)]
        engine.put([*both, document(20, "Budget"), document(21, "Logement"), document(22, "x")])
        found = engine.search(Query("budget logement"))
        assert (sorted(ids(found)), found.partial) == (list(range(10)), False)

    def test_some_of_the_words_do_when_too_few_articles_have_all(
        self, engine: SearchEngine
    ) -> None:
        engine.put([document(1, "Budget"), document(2, "Logement"), document(3, "Autre")])
        found = engine.search(Query("budget logement zorglub"))
        assert (sorted(ids(found)), found.total, found.partial) == ([1, 2], 2, True)
        assert found.facets["theme"] == {"enfance": 2}

    def test_a_long_question_finds_what_speaks_of_it(self, engine: SearchEngine) -> None:
        engine.put([document(n, "Une journée", FILLER) for n in range(20)])
        engine.put([document(50, "Le placement", "En quelle année fut bâti le foyer de Trappes ?")])
        words = "En quelle année le foyer départemental de Trappes a-t-il accueilli des mineurs ?"
        assert ids(engine.search(Query(words)))[0] == 50

    def test_more_than_ten_words_all_count(self, engine: SearchEngine) -> None:
        engine.put([document(1, "", "alpha"), document(2, "", "beta")])
        words = " ".join(f"mot{number}" for number in range(15)) + " beta"
        assert ids(engine.search(Query(words))) == [2]

    def test_a_phrase_wants_its_words_in_a_row(self, engine: SearchEngine) -> None:
        engine.put(
            [
                document(1, "", "La protection de l'enfance"),
                document(2, "", "L’enfance et sa protection"),
                document(4, "", "La protection, de « l’enfance »"),
                document(3, "Protection de l’enfance"),
            ]
        )
        for words in ('"protection de l’enfance"', "« protection de l'enfance »"):
            found = engine.search(Query(words))
            assert (sorted(ids(found)), found.total) == ([1, 3, 4], 3)
            assert found.facets["source"] == {"lien": 3}

    def test_beside_words_a_phrase_that_nothing_has_is_searched_as_words(
        self, engine: SearchEngine
    ) -> None:
        engine.put([document(1, "", "Le projet de l’enfant"), document(2, "", "Autre chose")])
        found = engine.search(Query("les droits « projet pour l’enfant » zorglub"))
        assert (ids(found), found.total, found.unquoted) == ([1], 1, True)
        assert not engine.search(Query('droits "projet de l’enfant"')).unquoted
        for alone in ('"projet pour l’enfant"', '"zorglub total"', 'de "projet pour l’enfant"'):
            found = engine.search(Query(alone))
            assert (found.total, found.hits, found.unquoted) == (0, (), False)

    def test_a_phrase_and_words_go_together(self, engine: SearchEngine) -> None:
        engine.put([document(1, "", "aide sociale, Paris"), document(2, "", "aide sociale, Lyon")])
        assert ids(engine.search(Query('"aide sociale" lyon'))) == [2]
        assert len(ids(engine.search(Query('"aide sociale" zorglub')))) == 2

    def test_what_is_not_wanted_is_left_out(self, engine: SearchEngine) -> None:
        engine.put(
            [
                document(1, "Logement", "le parc social"),
                document(2, "Logement", "l'aide sociale"),
                document(3, "Logement", "sociale, cette aide"),
                document(4, "Autre", "rien"),
            ]
        )

        def found(words: str) -> list[int]:
            return sorted(ids(engine.search(Query(words))))

        assert found("logement -parc") == [2, 3]
        assert found('logement -"aide sociale"') == [1, 3]
        assert found('"logement" -parc -autre') == [2, 3]
        assert found("-logement") == [4]
        assert found("logement -aide -parc -rien -zorglub -autre") == []
        assert engine.search(Query("-logement")).facets["theme"] == {"enfance": 1}

    def test_of_equal_merit_the_newest_goes_first(self, engine: SearchEngine) -> None:
        days = (3, 1, 5, 2, 4)
        engine.put(
            document(day, "Budget", FILLER, published=datetime(2026, 1, day, tzinfo=UTC))
            for day in days
        )
        assert ids(engine.search(Query("budget"))) == [5, 4, 3, 2, 1]

    def test_the_word_as_typed_goes_before_its_other_forms(self, engine: SearchEngine) -> None:
        old, new = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
        for typed, other in (("logements", "logement"), ("logement", "logements")):
            engine.rebuild(
                [
                    document(1, "Rien", f"Un {typed} {FILLER}", published=old),
                    document(2, "Rien", f"Un {other} {FILLER}", published=new),
                ]
            )
            assert ids(engine.search(Query(typed))) == [1, 2]

    def test_words_near_each_other_count_more(self, engine: SearchEngine) -> None:
        near, far = f"crèche parentale {FILLER}", f"crèche {FILLER} parentale"
        new = datetime(2026, 12, 1, tzinfo=UTC)
        engine.put([document(1, "", near), document(2, "", far, published=new)])
        assert ids(engine.search(Query("crèche parentale"))) == [1, 2]

    def test_typing_errors_are_put_right_and_said(self, engine: SearchEngine) -> None:
        engine.put([document(1, "La protection de l’enfance"), document(2, "Une éducatrice")])
        found = engine.search(Query("protetcion de l’enfance"))
        assert ids(found) == [1]
        assert (found.words, found.corrections) == (
            "protection de l’enfance",
            (Correction("protetcion", "protection"),),
        )
        assert engine.search(Query("educatrise")).words == "éducatrice"
        right = engine.search(Query("protection"))
        assert (right.words, right.corrections) == ("", ())
        assert engine.search(Query("zorglub")).corrections == ()
        engine.put([document(3, "Les bénévoles")])
        assert ids(engine.search(Query("bénévoeles"))) == [3]
        engine.rebuild([document(4, "Les bénévoles")])
        assert ids(engine.search(Query("bénévoeles"))) == [4]

    def test_titles_are_suggested_while_a_word_is_being_typed(self, engine: SearchEngine) -> None:
        engine.put(
            [
                document(1, "Le logement d’abord"),
                document(2, "Logements de fonction", "d’abord"),
                document(3, "Autre", "le logement d’abord"),
                document(4, "Logement", themes=()),
            ]
        )

        def suggested(typed: str) -> list[str]:
            return [one.title for one in engine.suggest(typed)]

        assert suggested("loge") == ["Logements de fonction", "Le logement d’abord"]
        assert suggested("le logement d'abo") == ["Le logement d’abord"]
        assert suggested("fonction loge") == ["Logements de fonction"]
        assert [one.id for one in engine.suggest("LOGEM", 1)] == [2]
        for nothing in ("", "l", "zorglub", "!!", '"', "\ud800", "x" * 5000):
            assert suggested(nothing) == []

    def test_a_word_in_the_title_counts_more(self, engine: SearchEngine) -> None:
        text = "Le logement et le reste de la vie quotidienne des gens"
        engine.put([document(1, "Autre", text), document(2, "Le logement", text)])
        assert ids(engine.search(Query("logement"))) == [2, 1]

    def test_filters_of_one_kind_widen_and_of_two_kinds_narrow(self, engine: SearchEngine) -> None:
        engine.put(
            [
                document(1, "Budget", themes=("a", "b"), source="s1"),
                document(2, "Budget", themes=("b",), source="s2", access=Access.SUBSCRIBERS),
                document(3, "Budget", themes=("c",), source="s1"),
            ]
        )

        def found(**filters: object) -> list[int]:
            return sorted(ids(engine.search(Query("budget", **filters))))  # type: ignore[arg-type]

        assert found(themes=("a", "c")) == [1, 3]
        assert found(themes=("b",), sources=("s1",)) == [1]
        assert found(access=(Access.SUBSCRIBERS,)) == [2]
        assert found(access=(Access.SUBSCRIBERS, Access.FREE)) == [1, 2, 3]
        assert found(themes=("none",)) == []

    def test_kinds_territories_organisations_and_professions_narrow(
        self, engine: SearchEngine
    ) -> None:
        engine.put(
            [
                document(
                    1, "Budget", kind="rapport", territories=("69", "ara"), professions=("es",)
                ),
                document(2, "Budget", kind="tribune", territories=("69",), organisations=("haut",)),
                document(3, "Budget"),
            ]
        )

        def found(**filters: object) -> list[int]:
            return sorted(ids(engine.search(Query("budget", **filters))))  # type: ignore[arg-type]

        assert found(kinds=("rapport", "tribune")) == [1, 2]
        assert found(territories=("69",)) == [1, 2]
        assert found(territories=("ara", "75")) == [1]
        assert found(organisations=("haut",), kinds=("tribune",)) == [2]
        assert found(professions=("es",), organisations=("haut",)) == []

    def test_a_group_is_one_answer_of_all_its_sources(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget", sources=("lien", "s2")), document(2, "Budget")])
        found = engine.search(Query("budget", sources=("s2",)))
        assert [(hit.id, hit.source, hit.sources) for hit in found.hits] == [
            (1, "lien", ("lien", "s2"))
        ]
        counts = engine.search(Query("budget")).facets["source"]
        assert counts == {"lien": 2, "s2": 1}

    def test_dates_take_the_first_instant_and_leave_the_last(self, engine: SearchEngine) -> None:
        noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
        engine.put([document(1, published=noon), document(2, published=None)])
        hour = timedelta(hours=1)
        assert ids(engine.search(Query(since=noon))) == [1]
        assert ids(engine.search(Query(since=noon - hour, until=noon))) == []
        assert ids(engine.search(Query(until=noon + hour))) == [1]
        assert ids(engine.search(Query(since=noon + hour, until=noon))) == []
        paris = noon.astimezone(timezone(2 * hour))
        assert ids(engine.search(Query(since=paris))) == [1]

    def test_articles_off_the_field_are_found_on_request_only(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Budget"), document(2, "Budget", themes=())])
        assert ids(engine.search(Query("budget"))) == [1]
        assert sorted(ids(engine.search(Query("budget", off_field=True)))) == [1, 2]

    def test_facets_count_all_that_matches(self, engine: SearchEngine) -> None:
        new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # already 2026 in Paris
        engine.put(
            [
                document(1, "Budget", themes=("a", "b")),
                document(2, "Budget", themes=("b",), source="s2", published=new_year),
                document(3, "Budget", access=Access.UNKNOWN, themes=("a",), published=None),
                document(4, "Autre"),
            ]
        )
        found = engine.search(Query("budget", size=1))
        assert found.total == 3
        assert found.facets == {
            "theme": {"a": 2, "b": 2},
            "kind": {},
            "source": {"lien": 2, "s2": 1},
            "access": {"libre": 2, "inconnu": 1},
            "year": {"2026": 2},
            "month": {"2026-01": 2},
        }

    def test_some_facets_are_counted_on_request(self, engine: SearchEngine) -> None:
        engine.put(
            [
                document(1, "Budget", kind="rapport", territories=("69", "ara")),
                document(2, "Budget", kind="rapport", territories=("69",), professions=("as",)),
            ]
        )
        asked = Query("budget", also=("territory", "profession", "organisation"))
        for query in (asked, replace(asked, words='"budget"'), replace(asked, words="budget zut")):
            facets = engine.search(query).facets
            assert facets["kind"] == {"rapport": 2}
            assert facets["territory"] == {"69": 2, "ara": 1}
            assert (facets["profession"], facets["organisation"]) == ({"as": 1}, {})
        assert "territory" not in engine.search(Query("budget")).facets
        for words in ("budget", "!!"):
            with pytest.raises(BadQuery):
                engine.search(Query(words, also=("themed",)))

    def test_a_plain_question_has_the_same_answers_without_marks_and_counts(
        self, engine: SearchEngine
    ) -> None:
        engine.put([document(1, "Enfance"), document(2, "Budget", "L’enfance coûte."), document(3)])
        asked, plain = (
            engine.search(Query("enfance", plain=one, also=("territory",))) for one in (False, True)
        )
        assert (plain.total, ids(plain)) == (asked.total, ids(asked)) == (2, [1, 2])
        assert not any(piece.marked for hit in plain.hits for piece in (*hit.title, *hit.excerpt))
        assert not any(plain.facets.values())
        with pytest.raises(BadQuery):
            engine.search(Query("enfance", plain=True, also=("astrology",)))

    def test_sorting_by_date_puts_the_newest_first(self, engine: SearchEngine) -> None:
        day = datetime(2026, 1, 1, tzinfo=UTC)
        dates = [day, None, day + timedelta(days=2), day + timedelta(days=1)]
        engine.put(
            document(number, "Budget", published=date) for number, date in enumerate(dates, 1)
        )
        assert ids(engine.search(Query("budget", sort=Sort.DATE))) == [3, 4, 1, 2]
        assert ids(engine.search(Query('"budget"', sort=Sort.DATE))) == [3, 4, 1, 2]
        assert ids(engine.search(Query(""))) == [3, 4, 1, 2]

    def test_pages_share_the_answers_out(self, engine: SearchEngine) -> None:
        engine.put(document(n, "Budget", f"mot{n} " * (n % 7)) for n in range(250))
        for words in ("budget", "", '"budget"', "budget zorglub"):
            pages = [engine.search(Query(words, page=page, size=30)) for page in range(1, 10)]
            assert sorted(id for page in pages for id in ids(page)) == list(range(250))
            assert {page.total for page in pages} == {250}
            assert engine.search(Query(words, page=300)).hits == ()

    def test_a_page_out_of_reach_is_refused(self, engine: SearchEngine) -> None:
        engine.put([])
        for page, size in ((501, 20), (0, 20), (-1, 20), (1, 0)):
            with pytest.raises(BadQuery):
                engine.search(Query("a", page=page, size=size))

    def test_a_hit_carries_all_it_takes_to_show_it(self, engine: SearchEngine) -> None:
        text = FILLER + "fin de l'enfance."
        others = {"kind": "rapport", "territories": ("69",), "shown": 60}
        put = document(7, "L’enfance", text, themes=("b", "a"), **others)
        engine.put([put])
        (hit,) = engine.search(Query("enfance")).hits
        assert (hit.id, hit.url, hit.source, hit.source_name) == (7, put.url, "lien", "Lien")
        assert (hit.access, hit.published, hit.themes) == (put.access, put.published, ("b", "a"))
        assert (hit.kind, hit.territories, hit.sources) == ("rapport", ("69",), ("lien",))
        assert shown(hit.title) == "L’[enfance]"
        assert "l'[enfance]" in shown(hit.excerpt)
        assert hit.score > 0

    def test_hostile_words_never_break_anything(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Enfance", FILLER), document(2, "", "Rien", themes=())])
        for words in HOSTILE:
            assert set(ids(engine.search(Query(words)))) <= {1}  # no filter is talked away

    def test_dates_the_wrong_way_round_find_nothing(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Enfance")])
        first, last = datetime(2027, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
        assert engine.search(Query("enfance", since=first, until=last)).total == 0

    def test_two_hundred_filters_are_as_good_as_one(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Enfance"), document(2, "Enfance", themes=("x",))])
        many = tuple(f"theme-{n}" for n in range(200))
        found = engine.search(
            Query("enfance", themes=(*many, "enfance"), sources=("lien", *many), kinds=())
        )
        assert ids(found) == [1]

    def test_hostile_filters_find_nothing(self, engine: SearchEngine) -> None:
        engine.put([document(1, "Enfance"), document(2, "Hors", themes=())])
        for value in ('"', "\\", 'a" OR themed = 0 OR theme = "', "\ud800", "é\n", ""):
            for query in (
                Query(themes=(value,)),
                Query("enfance", sources=(value,)),
                Query(kinds=(value,), territories=(value,)),
            ):
                assert engine.search(query).total == 0

    def test_hostile_documents_are_kept_and_found(self, engine: SearchEngine) -> None:
        text = '<script>alert(1)</script> \x00\ud800 "enfance" \\ ' + "y" * 70_000
        engine.put([document(1, "<b>Enfance</b>", text, url="https://x/\ud800", source='"\\')])
        (hit,) = engine.search(Query("enfance")).hits
        assert shown(hit.title) == "<b>[Enfance]</b>"

    @settings(max_examples=25, suppress_health_check=SHARED)
    @given(words=st.text(max_size=60), page=st.integers(1, 3), sort=st.sampled_from(Sort))
    def test_any_question_has_an_answer(
        self, engine: SearchEngine, words: str, page: int, sort: Sort
    ) -> None:
        if not engine.is_alive():
            engine.put([document(1, "Enfance 0 A", FILLER)])
        found = engine.search(Query(words, page=page, sort=sort))
        assert found.total >= len(found.hits)

    @settings(max_examples=6, suppress_health_check=SHARED)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["put", "put", "remove", "rebuild"]),
                st.dictionaries(st.integers(1, 5), st.sampled_from("abc"), max_size=4),
            ),
            max_size=5,
        )
    )
    def test_any_interleaving_of_writes_leaves_what_was_meant(
        self, engine: SearchEngine, steps: list[tuple[str, dict[int, str]]]
    ) -> None:
        engine.rebuild([])
        meant: dict[int, str] = {}
        for step, given_ids in steps:
            documents = [document(id, f"mot{letter}") for id, letter in given_ids.items()]
            if step == "remove":
                engine.remove([ArticleId(id) for id in given_ids])
                meant = {id: letter for id, letter in meant.items() if id not in given_ids}
            elif step == "put":
                engine.put(documents)
                meant |= given_ids
            else:
                engine.rebuild(documents)
                meant = dict(given_ids)
            for letter in "abc":
                found = sorted(ids(engine.search(Query(f"mot{letter}"))))
                assert found == sorted(id for id, kept in meant.items() if kept == letter)
            assert engine.count() == len(meant)
