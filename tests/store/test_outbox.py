"""The outbox, the addresses not written to and the leases, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.errors import BadLetter, Conflict, NotFound
from core.letters import Decision, Letter, LetterState, OutboxId
from store import Store, Transaction
from store.suppressions import SuppressionReason
from store.tables import outbox_texts

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def letter(key: str = "a", **fields: object) -> Letter:
    given = {"key": key, "recipient": f"{key}@exemple.example", "subject": "Objet", "text": "Texte"}
    return Letter(**(given | fields))  # type: ignore[arg-type]


def add(store: Store, *keys: str) -> list[OutboxId]:
    with store.begin() as tx:
        return [tx.outbox.add(letter(key), now=NOW) for key in keys]


def state_of(store: Store, id: OutboxId) -> LetterState:
    with store.read() as tx:
        return tx.outbox.by_id(id).state


def test_a_letter_comes_back_as_it_was_written(store: Store) -> None:
    written = letter(
        html="<p>Été</p>", recipient_name="Zoé", purpose="weekly", list_id="semaine.x.example",
        unsubscribe_url="https://x.example/q", headers={"Reply-To": "a@x.example"}, urgent=True,
    )  # fmt: skip
    with store.begin() as tx:
        id = tx.outbox.add(written, now=NOW)
    with store.read() as tx:
        assert [one.letter for one in tx.outbox.next(10, NOW)] == [written]
        assert tx.outbox.letter(id) == written


def to_many(*keys: str) -> list[Letter]:
    """Letters that differ by who reads them."""
    text, html = "Partir : https://x.example/<ici>", "<p>https://x.example/<ici></p>"
    return [letter(key, text=text, html=html, gap="<ici>", filling=f"jeton-{key}") for key in keys]


def texts(tx: Transaction) -> int:
    """How many texts that letters have alike are kept."""
    counted = select(func.count()).select_from(outbox_texts)
    return tx.outbox._connection.execute(counted).scalar_one()


def test_what_letters_to_many_have_alike_is_kept_once(store: Store) -> None:
    letters = to_many("a", "b", "c")
    with store.begin() as tx:
        assert tx.outbox.add_all(letters[:2], now=NOW) == 2
        tx.outbox.add(letters[2], now=NOW)
        assert tx.outbox.add_all([*letters, letter("own")], now=NOW) == 1
    with store.begin() as tx:
        assert texts(tx) == 1
        found = {one.letter.key: one.letter for one in tx.outbox.next(10, NOW)}
    assert found == {one.key: one for one in (*letters, letter("own"))}
    assert {key: one.filled().text for key, one in found.items()} == {
        **{key: f"Partir : https://x.example/jeton-{key}" for key in ("a", "b", "c")},
        "own": "Texte",
    }


def test_it_goes_with_the_last_letter_that_has_it(store: Store) -> None:
    with store.begin() as tx:
        tx.outbox.add_all(to_many("a", "b"), now=NOW)
        [first] = (one.id for one in tx.outbox.of("a@exemple.example"))
        [second] = (one.id for one in tx.outbox.of("b@exemple.example"))
        tx.outbox.erase("a@exemple.example", now=NOW)
        assert texts(tx) == 1
        assert tx.outbox.letter(second).filled().text.endswith("jeton-b")
        tx.outbox.mark_handing(second, run="r", now=NOW)
        tx.outbox.mark_sent(second, run="r", now=NOW, answer="250")
        assert tx.outbox.forget_ended(NOW + HOUR) == 1
        assert texts(tx) == 0
        with pytest.raises(NotFound):
            tx.outbox.letter(first)
        assert tx.outbox.add_all(to_many("a", "b", "d"), now=NOW) == 1


def test_a_key_is_kept_once_even_after_it_was_sent(store: Store) -> None:
    [first] = add(store, "a")
    with store.begin() as tx:
        assert tx.outbox.mark_handing(first, run="r", now=NOW)
        tx.outbox.mark_sent(first, run="r", now=NOW, answer="250")
        assert tx.outbox.add(letter("a", text="Autre"), now=NOW) == first
        assert tx.outbox.add_all([letter("a"), letter("b"), letter("b")], now=NOW) == 1
        assert tx.outbox.counts() == {LetterState.SENT: 1, LetterState.WAITING: 1}


def test_what_a_column_cannot_hold_is_taken_out(store: Store) -> None:
    with store.begin() as tx:
        tx.outbox.add(letter(subject="a\0b\r\nc", text="d\0e\ud800", html="\0<p>"), now=NOW)
        [queued] = tx.outbox.next(1, NOW)
    assert (queued.letter.subject, queued.letter.text, queued.letter.html) == ("ab c", "de", "<p>")


def test_urgent_letters_go_first_and_later_ones_wait(store: Store) -> None:
    with store.begin() as tx:
        tx.outbox.add(letter("a"), now=NOW)
        tx.outbox.add(letter("later"), now=NOW, due=NOW + HOUR)
        tx.outbox.add(letter("reset", urgent=True), now=NOW)
    with store.read() as tx:
        assert [one.letter.key for one in tx.outbox.next(10, NOW)] == ["reset", "a"]
        assert tx.outbox.count_due(NOW) == 2
        assert len(tx.outbox.next(10, NOW + HOUR)) == 3


def test_only_one_of_two_drains_marks_a_letter(store: Store) -> None:
    [id] = add(store, "a")
    won: list[str] = []
    start = threading.Barrier(2)

    def mark(run: str) -> None:
        start.wait()
        with store.begin() as tx:
            if tx.outbox.mark_handing(id, run=run, now=NOW):
                won.append(run)

    threads = [threading.Thread(target=mark, args=(run,)) for run in ("r1", "r2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_letter_left_half_handed_is_uncertain_and_goes_no_further_by_itself(store: Store) -> None:
    [id] = add(store, "a")
    with store.begin(durable=True) as tx:
        tx.outbox.mark_handing(id, run="killed", now=NOW)
    with store.begin() as tx:
        assert tx.outbox.doubt_abandoned(run="mine", answer="coupé") == 1
    with store.read() as tx:
        assert tx.outbox.next(10, NOW + timedelta(days=400)) == []
        [entry] = tx.outbox.entries(LetterState.UNCERTAIN)
    assert (entry.id, entry.answer, entry.handed) == (id, "coupé", NOW)


def test_a_drain_taken_for_dead_still_says_what_it_knows(store: Store) -> None:
    [id] = add(store, "a")
    with store.begin() as tx:
        tx.outbox.mark_handing(id, run="slow", now=NOW)
        tx.outbox.doubt_abandoned(run="other", answer="coupé")
        tx.outbox.mark_sent(id, run="slow", now=NOW, answer="250")
    assert state_of(store, id) is LetterState.SENT


def test_a_drain_does_not_undo_what_a_person_decided(store: Store) -> None:
    [id] = add(store, "a")
    with store.begin() as tx:
        tx.outbox.mark_handing(id, run="slow", now=NOW)
        tx.outbox.doubt_abandoned(run="other", answer="")
        tx.outbox.decide(id, Decision.DROP, now=NOW)
        tx.outbox.mark_sent(id, run="slow", now=NOW, answer="250")
    assert state_of(store, id) is LetterState.DROPPED


@pytest.mark.parametrize("state", ["doubt", "refuse", "give_up"])
def test_a_person_sends_again_or_drops_what_stopped(store: Store, state: str) -> None:
    again, drop = add(store, "a", "b")
    with store.begin() as tx:
        for id in (again, drop):
            tx.outbox.mark_handing(id, run="r", now=NOW)
            when = {} if state == "doubt" else {"now": NOW}
            getattr(tx.outbox, state)(id, run="r", answer="non", **when)
        tx.outbox.decide(again, Decision.RESEND, now=NOW + HOUR)
        tx.outbox.decide(drop, Decision.DROP, now=NOW + HOUR)
        assert [one.id for one in tx.outbox.next(10, NOW + HOUR)] == [again]
        for id in (again, drop):
            with pytest.raises(Conflict):
                tx.outbox.decide(id, Decision.RESEND, now=NOW)
        with pytest.raises(NotFound):
            tx.outbox.decide(OutboxId(99), Decision.DROP, now=NOW)


def test_a_refused_letter_waits_until_it_is_due_again(store: Store) -> None:
    [id] = add(store, "a")
    with store.begin() as tx:
        tx.outbox.defer(id, run="r", due=NOW + HOUR, answer="450")
        assert tx.outbox.next(1, NOW) == []
        [queued] = tx.outbox.next(1, NOW + HOUR)
    assert queued.attempts == 1


def test_ended_letters_are_emptied_but_never_sent_again(store: Store) -> None:
    old, waiting = add(store, "a", "b")
    with store.begin() as tx:
        tx.outbox.refuse(old, run="r", now=NOW, answer="550 a@exemple.example")
        assert tx.outbox.forget_ended(NOW) == 0
        assert tx.outbox.forget_ended(NOW + HOUR) == 1
        assert tx.outbox.forget_ended(NOW + HOUR) == 0
        entry = tx.outbox.by_id(old)
        assert (entry.recipient, entry.subject, entry.answer) == ("", "", "")
        assert tx.outbox.add(letter("a"), now=NOW) == old
        assert [one.id for one in tx.outbox.next(10, NOW)] == [waiting]
        with pytest.raises(NotFound):
            tx.outbox.letter(old)
        with pytest.raises(Conflict):
            tx.outbox.decide(old, Decision.RESEND, now=NOW)


def test_an_uncertain_letter_is_emptied_too_and_stays_uncertain(store: Store) -> None:
    doubted, waiting = add(store, "a", "b")
    with store.begin() as tx:
        tx.outbox.mark_handing(doubted, run="r", now=NOW)
        tx.outbox.doubt(doubted, run="r", answer="cut")
        assert tx.outbox.counts() == {LetterState.UNCERTAIN: 1, LetterState.WAITING: 1}
        assert tx.outbox.forget_ended(NOW) == 0
        assert tx.outbox.forget_ended(NOW + HOUR) == 1
        assert tx.outbox.forget_ended(NOW + HOUR) == 0
        entry = tx.outbox.by_id(doubted)
        assert (entry.key, entry.recipient, entry.answer) == ("a", "", "")
        assert entry.state is LetterState.UNCERTAIN
        assert tx.outbox.counts() == {LetterState.WAITING: 1}
        assert tx.outbox.add(letter("a"), now=NOW) == doubted
        assert [one.id for one in tx.outbox.next(10, NOW)] == [waiting]


def test_erasing_by_key_reaches_letters_to_somebody_else(store: Store) -> None:
    id, other = add(store, "a", "b")
    with store.begin() as tx:
        assert [one.id for one in tx.outbox.by_keys(["a", "unknown"])] == [id]
        assert tx.outbox.erase_keys(["a", "unknown"], now=NOW) == 1
        assert tx.outbox.erase_keys(["a"], now=NOW) == 0
        assert tx.outbox.by_keys(["a"]) == []
        assert [one.id for one in tx.outbox.next(10, NOW)] == [other]
    assert state_of(store, id) is LetterState.DROPPED


def test_erasing_an_address_drops_what_was_to_be_sent_to_it(store: Store) -> None:
    id, other = add(store, "a", "b")
    with store.begin() as tx:
        assert [one.id for one in tx.outbox.of("a@exemple.example")] == [id]
        assert tx.outbox.erase("a@exemple.example", now=NOW) == 1
        assert tx.outbox.of("a@exemple.example") == []
        assert [one.id for one in tx.outbox.next(10, NOW)] == [other]
    assert state_of(store, id) is LetterState.DROPPED


def test_lists_are_latest_first(store: Store) -> None:
    ids = add(store, "a", "b", "c")
    with store.read() as tx:
        assert [one.id for one in tx.outbox.entries(limit=2, offset=1)] == [ids[1], ids[0]]
        assert tx.outbox.entries(LetterState.SENT) == []
        with pytest.raises(NotFound):
            tx.outbox.by_id(OutboxId(99))


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": "a@x.example\r\nBcc: b@x.example"},
        {"key": ""},
        {"key": "k" * 201},
        {"list_id": "sans-point"},
        {"list_id": "a.b>\n"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"unsubscribe_url": "https://x.example/>,<https://y.example"},
        {"unsubscribe_url": "https://x.example/\r\n"},
        {"unsubscribe_mailto": "a@x.example\0"},
        {"headers": {"X-A": "b\r\nBcc: c@x.example"}},
        {"headers": {"X-A\r\nBcc": "b"}},
        {"headers": {"Bcc": "b@x.example"}},
        {"headers": {"content-type": "text/html"}},
        {"headers": {"X-A": "\ud800"}},
    ],
)
def test_nothing_breaks_out_of_a_header(fields: dict[str, object]) -> None:
    with pytest.raises(BadLetter):
        letter(**({"key": "a"} | fields))  # type: ignore[arg-type]


def test_an_address_that_left_still_gets_account_mail(store: Store) -> None:
    with store.begin() as tx:
        tx.suppressions.add("a@x.example", SuppressionReason.LEFT, now=NOW)
        assert tx.suppressions.against("a@x.example", of_list=True) is SuppressionReason.LEFT
        assert tx.suppressions.against("a@x.example", of_list=False) is None
        assert tx.suppressions.against("b@x.example", of_list=True) is None
        tx.suppressions.add("a@x.example", SuppressionReason.REFUSED, now=NOW, detail="550")
        assert tx.suppressions.against("a@x.example", of_list=False) is SuppressionReason.REFUSED
        assert tx.suppressions.remove("a@x.example", SuppressionReason.REFUSED) == 1
        assert tx.suppressions.remove("a@x.example") == 1
        assert tx.suppressions.count() == 0


def test_an_erased_address_stays_suppressed_without_being_known(store: Store) -> None:
    with store.begin() as tx:
        for at in (NOW, NOW + HOUR):
            tx.suppressions.add("a@x.example", SuppressionReason.REFUSED, now=at, detail="550 a@x")
        assert tx.suppressions.erase("a@x.example") == 1
        assert tx.suppressions.against("a@x.example", of_list=False) is SuppressionReason.REFUSED
        [kept] = tx.suppressions.all()
    assert (kept.address, kept.detail, kept.since) == ("", "", NOW)


def test_one_holder_at_a_time_has_a_lease(store: Store) -> None:
    with store.begin() as tx:
        take = tx.leases.take
        assert take("mail", holder="a", place="one", now=NOW, until=NOW + HOUR)
        assert not take("mail", holder="b", place="two", now=NOW, until=NOW + HOUR)
        assert tx.leases.renew("mail", holder="a", until=NOW + 2 * HOUR)
        assert not tx.leases.renew("mail", holder="b", until=NOW + 2 * HOUR)
        assert take("mail", holder="c", place="one", now=NOW, until=NOW + HOUR)
        assert not tx.leases.renew("mail", holder="a", until=NOW + HOUR)
        assert take("mail", holder="d", place="two", now=NOW + HOUR, until=NOW + 2 * HOUR)
        tx.leases.release("mail", holder="c")
        assert not take("mail", holder="e", place="one", now=NOW + HOUR, until=NOW + 2 * HOUR)
        tx.leases.release("mail", holder="d")
        assert take("mail", holder="e", place="one", now=NOW + HOUR, until=NOW + 2 * HOUR)
