"""Following by mail: asking, agreeing, leaving, and what each letter holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import SearchUnavailable
from core.letters import Letter, LetterState
from core.model import ArticleId, Extracted, Report, SourceKind, Tagging, ThemeId
from core.subscriptions import Consent, Ending, Rhythm, Subject, SubjectKind, Subscription
from people.letters import LATE, LOOKED_BACK, MOST, Edition, prepare, slot
from people.subscriptions import (
    LINK_LASTS,
    MOST_PENDING,
    SIGN_UPS_PER_DOMAIN,
    SIGN_UPS_PER_PLACE,
    TokenRefused,
    Tokens,
    TokenState,
    Wish,
    agree,
    ask,
    change_rhythm,
    confirm_by_link,
    count_sign_up,
    leave,
    leave_all,
    never_write,
    refuse_by_link,
    write_again,
)
from people.throttle import Throttle, TooMany
from store import Store
from store.suppressions import SuppressionReason
from tests.parts import Parts
from tests.people.conftest import NOW

THROTTLE = Throttle(b"key")
TOKENS = Tokens("a secret of the tests, long enough")
LOGEMENT = Subject(SubjectKind.THEME, "logement")
SEARCH = Subject(SubjectKind.SEARCH, "q=rsa")
WHO = "camille@exemple.fr"
DAY = timedelta(days=1)


def wish(address: str = WHO, subject: Subject = LOGEMENT, rhythm: Rhythm = Rhythm.DAILY) -> Wish:
    return Wish(address, subject, rhythm, "Je demande…", "1")


def asked(store: Store, one: Wish | None = None, now: datetime = NOW) -> Consent | None:
    with store.begin() as tx:
        return ask(tx, THROTTLE, one or wish(), now)


def followed(
    store: Store, address: str = WHO, subject: Subject = LOGEMENT, rhythm: Rhythm = Rhythm.DAILY,
    now: datetime = NOW,
) -> Subscription:  # fmt: skip
    asked(store, wish(address, subject, rhythm), now)
    with store.begin() as tx:
        pending = tx.subscriptions.pending(address, now)
        return agree(tx, address, [one.id for one in pending if one.subject == subject], now)[0]


# -- asking ---------------------------------------------------------------------------------------


def test_one_confirmation_letter_a_day_however_much_is_asked(store: Store) -> None:
    assert asked(store) is not None
    assert asked(store) is None
    assert asked(store, wish(subject=SEARCH)) is None
    assert asked(store, wish("Camille@exemple.fr")) is None
    assert asked(store, wish("autre@exemple.fr")) is not None
    with store.read() as tx:
        assert len(tx.subscriptions.pending(WHO, NOW)) == 2  # one link confirms both
    assert asked(store, now=NOW + DAY + timedelta(seconds=1)) is not None


def test_whoever_wants_no_letters_is_asked_nothing(store: Store) -> None:
    for reason in SuppressionReason:
        with store.begin() as tx:
            tx.suppressions.add(f"{reason}@exemple.fr", reason, now=NOW)
        assert asked(store, wish(f"{reason}@exemple.fr")) is None
        with store.read() as tx:
            assert tx.subscriptions.pending(f"{reason}@exemple.fr", NOW) == []


def test_nobody_fills_the_page_of_another_with_requests(store: Store) -> None:
    for n in range(MOST_PENDING + 5):
        asked(store, wish(subject=Subject(SubjectKind.SEARCH, f"q={n}")))
    with store.read() as tx:
        assert len(tx.subscriptions.pending(WHO, NOW)) == MOST_PENDING


def _sign_up(store: Store, address: str, place: str) -> TooMany | None:
    with store.begin() as tx:
        return count_sign_up(tx, THROTTLE, address, place=place, now=NOW)


def test_sign_ups_are_limited_by_where_they_come_from(store: Store) -> None:
    for n in range(SIGN_UPS_PER_PLACE.times):
        assert _sign_up(store, f"a@d{n}.example", "10.0.0.1") is None
    assert isinstance(_sign_up(store, "a@other.example", "10.0.0.1"), TooMany)
    assert _sign_up(store, "a@other.example", "10.0.0.2") is None


def test_sign_ups_are_limited_by_where_they_lead(store: Store) -> None:
    for n in range(SIGN_UPS_PER_DOMAIN.times):
        assert _sign_up(store, f"a{n}@Victim.example", f"10.0.0.{n}") is None
    assert isinstance(_sign_up(store, "new@victim.example", "10.0.1.1"), TooMany)
    assert _sign_up(store, "new@other.example", "10.0.1.1") is None


# -- links ----------------------------------------------------------------------------------------


def _link(store: Store) -> str:
    consent = asked(store)
    assert consent is not None
    with store.begin() as tx:
        return TOKENS.of_consent(tx, consent)


def _refused(store: Store, token: str, now: datetime = NOW) -> TokenState:
    with pytest.raises(TokenRefused) as refused, store.begin() as tx:
        confirm_by_link(tx, THROTTLE, TOKENS, token, [1], now)
    return refused.value.state


def test_a_confirmation_link_confirms_once(store: Store) -> None:
    token = _link(store)
    asked(store, wish(subject=SEARCH))
    with store.begin() as tx:
        assert TOKENS.read_consent(tx, token, NOW).subject == LOGEMENT  # looking uses nothing up
        chosen = [one.id for one in tx.subscriptions.pending(WHO, NOW)]
        begun = confirm_by_link(tx, THROTTLE, TOKENS, token, chosen, NOW)
    assert {one.subject for one in begun} == {LOGEMENT, SEARCH}
    assert _refused(store, token) is TokenState.USED


def test_a_confirmation_link_expires(store: Store) -> None:
    token = _link(store)
    assert _refused(store, token, NOW + LINK_LASTS) is TokenState.EXPIRED


@pytest.mark.parametrize("token", ["", "x", "é", "\0", "WzEsIngiXQ.bad", "a" * 5000])
def test_a_made_up_link_leads_nowhere(store: Store, token: str) -> None:
    assert _refused(store, token) is TokenState.UNKNOWN
    with store.read() as tx, pytest.raises(TokenRefused):
        TOKENS.read_subscription(tx, token)


def test_a_link_is_no_link_of_the_other_kind_nor_of_another_site(store: Store) -> None:
    mine = TOKENS.of_subscription(followed(store))
    assert _refused(store, mine) is TokenState.UNKNOWN
    with store.read() as tx:
        assert TOKENS.read_subscription(tx, mine).subject == LOGEMENT
        with pytest.raises(TokenRefused):
            Tokens("another secret, just as long as it").read_subscription(tx, mine)


def test_only_what_this_address_is_asked_about_is_agreed_to(store: Store) -> None:
    others = asked(store, wish("autre@exemple.fr"))
    assert others is not None
    token = _link(store)
    with store.begin() as tx:
        assert confirm_by_link(tx, THROTTLE, TOKENS, token, [others.id, 10**9], NOW) == []
        assert tx.subscriptions.of("autre@exemple.fr") == []


def test_once_confirmed_what_is_asked_the_same_day_gets_its_letter(store: Store) -> None:
    token = _link(store)
    assert asked(store, wish(subject=SEARCH)) is None
    with store.begin() as tx:
        confirm_by_link(tx, THROTTLE, TOKENS, token, [], NOW)
    assert asked(store, wish("Camille@exemple.fr", SEARCH)) is not None
    assert asked(store, wish(subject=SEARCH)) is None


def test_it_was_not_me_ends_it_for_good(store: Store) -> None:
    token = _link(store)
    with store.begin() as tx:
        refuse_by_link(tx, TOKENS, token, NOW)
    assert asked(store, now=NOW + 10 * DAY) is None
    with store.begin() as tx:
        assert tx.subscriptions.consents_of(WHO) == []
        write_again(tx, WHO)
    assert asked(store, now=NOW + 10 * DAY) is not None


# -- leaving --------------------------------------------------------------------------------------


def test_leaving_drops_the_letters_that_wait_and_nothing_else(store: Store) -> None:
    mine, other = followed(store), followed(store, subject=SEARCH)
    with store.begin() as tx:
        for one in (mine, other):
            tx.outbox.add(Letter(f"follow:{one.id}:x", WHO, "Objet", "Texte"), now=NOW)
        assert leave(tx, mine, Ending.ONE_CLICK, NOW)
        assert not leave(tx, mine, Ending.LEFT, NOW + DAY)
        held = tx.subscriptions.of(WHO)
        states = {entry.key: entry.state for entry in tx.outbox.entries()}
    assert [one.is_active for one in held] == [False, True]
    assert held[0].ending is Ending.ONE_CLICK
    assert states[f"follow:{mine.id}:x"] is LetterState.DROPPED
    assert states[f"follow:{other.id}:x"] is LetterState.WAITING


def test_leaving_all_and_never_again(store: Store) -> None:
    followed(store)
    followed(store, subject=SEARCH)
    with store.begin() as tx:
        assert leave_all(tx, "CAMILLE@exemple.fr", NOW) == 2
        assert tx.suppressions.against(WHO, of_list=True) is None
        never_write(tx, WHO, NOW)
        assert tx.suppressions.against(WHO, of_list=True) is SuppressionReason.LEFT
        assert tx.suppressions.against(WHO, of_list=False) is None  # their account's mail goes


# -- slots ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        (Rhythm.DAILY, "2026-11-22T05:59:59", "2026-11-21T06:00:00"),
        (Rhythm.DAILY, "2026-11-22T06:00:00", "2026-11-22T06:00:00"),
        (Rhythm.WEEKLY, "2026-11-22T23:00:00", "2026-11-16T06:00:00"),  # Monday 0:00 in Paris
        (Rhythm.WEEKLY, "2026-11-23T06:00:00", "2026-11-23T06:00:00"),
        (Rhythm.DAILY, "2026-03-29T04:59:59", "2026-03-28T06:00:00"),  # summer begins that night
        (Rhythm.DAILY, "2026-03-29T05:00:00", "2026-03-29T05:00:00"),
        (Rhythm.WEEKLY, "2026-03-31T12:00:00", "2026-03-30T05:00:00"),
        (Rhythm.WEEKLY, "2027-01-01T12:00:00", "2026-12-28T06:00:00"),
    ],
)
def test_letters_go_at_seven_in_paris(rhythm: Rhythm, now: str, expected: str) -> None:
    found = slot(rhythm, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


# -- letters --------------------------------------------------------------------------------------

MORNING = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # a Monday, after seven in Paris
EVE = datetime(2026, 11, 21, 12, tzinfo=UTC)


def add(
    store: Store, number: int, *, collected: datetime = NOW, published: datetime | None = None,
    themes: Sequence[str] = ("logement",),
) -> ArticleId:  # fmt: skip
    with store.begin() as tx:
        known = tx.sources.names()
        source = tx.sources.by_slug("revue") if "revue" in known else tx.sources.add(
            name="Revue", url="https://r.example/", feed="https://r.example/f",
            kind=SourceKind.FEED, now=NOW,
        )  # fmt: skip
        extracted = Extracted(f"https://r.example/{number}", f"Titre {number}", "Texte",
                              published=published)  # fmt: skip
        id, _ = tx.articles.save(extracted, source_id=source.id, now=collected)
        given = [Tagging(ThemeId(theme), 0.9) for theme in themes]
        tx.articles.save_taggings([(id, given)], tagger="1")
    return id


def write(edition: Edition) -> Letter:
    ids = " ".join(str(article.id) for article in edition.articles)
    return Letter(edition.key, edition.subscription.address, "Objet", f"{ids} / {edition.total}")


def letters(store: Store) -> list[tuple[str, str]]:
    with store.read() as tx:
        held = tx.outbox.entries()
        return [(one.key, tx.outbox.letter(one.id).text) for one in reversed(held)]


def run(
    store: Store,
    now: datetime = MORNING,
    search: Callable[[str], Sequence[ArticleId]] | None = None,
) -> Report:
    return prepare(store, search or (lambda _key: ()), write, now)


def test_a_letter_is_written_once_however_often_it_is_prepared(store: Store) -> None:
    begun = followed(store, now=EVE)
    article = add(store, 1)
    assert run(store).done == 1
    assert run(store).done == 0
    assert run(store, MORNING + timedelta(hours=12)).done == 0
    assert letters(store) == [(f"follow:{begun.id}:2026-11-23", f"{article} / 1")]


def test_who_followed_a_theme_follows_what_it_became(store: Store) -> None:
    begun = followed(store, now=EVE)
    article = add(store, 1, themes=["devenu"])
    moved = {ThemeId(begun.subject.key): ThemeId("devenu")}
    assert prepare(store, lambda _key: (), write, MORNING).done == 0
    later = MORNING + DAY
    assert prepare(store, lambda _key: (), write, later, moved=moved).done == 1
    assert [text for _, text in letters(store)] == [f"{article} / 1"]


def test_nothing_new_nothing_sent(store: Store) -> None:
    followed(store, now=EVE)
    add(store, 1, collected=EVE - DAY)  # held before they asked
    add(store, 2, themes=["autre"])
    add(store, 3, published=NOW - LOOKED_BACK - LATE - 2 * DAY)  # an archive
    report = run(store)
    assert (report.done, report.skipped) == (0, 1)
    add(store, 4, collected=MORNING + timedelta(hours=1))
    assert run(store, MORNING + timedelta(hours=2)).done == 0  # tomorrow's letter
    assert run(store, MORNING + DAY).done == 1


def test_an_article_comes_once_even_when_it_gets_its_theme_late(store: Store) -> None:
    followed(store, now=EVE)
    first, late = add(store, 1), add(store, 2, themes=[])
    run(store)
    with store.begin() as tx:
        tx.articles.save_taggings([(late, [Tagging(ThemeId("logement"), 0.9)])], tagger="2")
    run(store, MORNING + DAY)
    run(store, MORNING + 2 * DAY)
    assert [text for _, text in letters(store)] == [f"{first} / 1", f"{late} / 1"]


def test_a_weekly_letter_waits_for_monday_and_a_young_one_for_the_next(store: Store) -> None:
    followed(store, rhythm=Rhythm.WEEKLY, now=EVE)
    followed(store, "b@exemple.fr", rhythm=Rhythm.WEEKLY, now=MORNING + timedelta(minutes=1))
    add(store, 1, collected=MORNING - timedelta(minutes=10))
    assert run(store, MORNING - timedelta(hours=1)).done == 0
    assert run(store).done == 1
    add(store, 2, collected=MORNING + timedelta(hours=1))
    assert run(store, MORNING + 3 * DAY).done == 0
    assert run(store, MORNING + 7 * DAY).done == 2
    assert [text for _, text in letters(store)] == ["1 / 1", "2 / 1", "2 / 1"]


def test_another_rhythm_counts_from_the_next_letter(store: Store) -> None:
    begun = followed(store, now=EVE)
    with store.begin() as tx:
        change_rhythm(tx, begun, Rhythm.WEEKLY)
    add(store, 1)
    assert run(store, MORNING - DAY).done == 0
    assert run(store).done == 1


def test_a_search_is_asked_once_for_all_who_follow_it(store: Store) -> None:
    for n in range(3):
        followed(store, f"r{n}@exemple.fr", SEARCH, now=EVE)
    ids = [add(store, n, themes=[]) for n in range(2)]
    asked_for: list[str] = []

    def search(key: str) -> Sequence[ArticleId]:
        asked_for.append(key)
        return ids[::-1]

    assert run(store, search=search).done == 3
    assert asked_for == ["q=rsa"]
    assert letters(store)[0][1] == f"{ids[1]} {ids[0]} / 2"


def test_a_search_that_cannot_be_asked_waits_and_themes_go(store: Store) -> None:
    followed(store, now=EVE)
    followed(store, subject=SEARCH, now=EVE)
    article = add(store, 1)

    def down(_key: str) -> Sequence[ArticleId]:
        raise SearchUnavailable("the engine is down")

    report = run(store, search=down)
    assert (report.done, report.failed, report.failures) == (1, 1, ("the engine is down",))
    assert run(store, MORNING + timedelta(hours=1), lambda _key: [article]).done == 1


def test_a_letter_holds_so_many_and_says_how_many_there_are(store: Store) -> None:
    followed(store, now=EVE)
    for n in range(MOST + 3):
        add(store, n)
    run(store)
    run(store, MORNING + DAY)
    ((_, text),) = letters(store)
    assert len(text.split(" / ")[0].split()) == MOST
    assert text.endswith(f"/ {MOST + 3}")


def test_a_barred_address_is_written_to_no_more(store: Store) -> None:
    begun = followed(store, now=EVE)
    add(store, 1)
    with store.begin() as tx:
        tx.suppressions.add(WHO.upper(), SuppressionReason.REFUSED, now=NOW)
    assert run(store).done == 0
    with store.read() as tx:
        assert tx.subscriptions.by_id(begun.id).ending is Ending.REFUSED


def test_killed_on_the_way_it_goes_on_where_it_was(store: Store) -> None:
    for n in range(120):
        followed(store, f"r{n}@exemple.fr", now=EVE)
    add(store, 1)
    written = 0

    def dying(edition: Edition) -> Letter:
        nonlocal written
        written += 1
        if written == 70:
            raise KeyboardInterrupt
        return write(edition)

    with pytest.raises(KeyboardInterrupt):
        prepare(store, lambda _key: (), dying, MORNING)
    run(store)
    held = letters(store)
    assert len({key for key, _ in held}) == len(held) == 120


def test_letters_are_written_out_of_the_transaction_that_keeps_them(
    parts: Parts, tmp_path: Path
) -> None:
    with parts.store(tmp_path) as store:
        staying, leaving = followed(store, now=EVE), followed(store, "zoe@exemple.fr", now=EVE)
        add(store, 1)

        def slow(edition: Edition) -> Letter:
            if edition.subscription == staying:
                with store.begin() as tx:  # nobody else waits for this letter to write
                    leave(tx, leaving, Ending.LEFT, MORNING)
            return write(edition)

        report = prepare(store, lambda _key: (), slow, MORNING)
        assert (report.done, report.skipped, report.failed) == (1, 0, 0)
        assert [key for key, _ in letters(store)] == [f"follow:{staying.id}:2026-11-23"]
        with store.read() as tx:
            assert tx.subscriptions.told(leaving.id) == set()
