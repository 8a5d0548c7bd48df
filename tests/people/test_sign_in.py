"""Signing in: who is let in, how often it may be tried, and what it does not tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from core.people import Person, Role
from people import second_factor
from people.accounts import Standing, change_standing, confirm_second_factor
from people.passwords import Passwords
from people.sessions import IDLE, NOTED, WHOLE, begin_session, resume_session
from people.sign_in import Refused, SignIn
from people.throttle import PER_ACCOUNT, PER_CODE, PER_PLACE, Throttle, TooMany, place
from store import Store
from tests.parts import Parts
from tests.people.conftest import NOW, PASSWORD, add

HERE = "192.0.2.1"
KEY = b"the key of the tests"


class CountingHasher(PasswordHasher):
    """Counts what costs time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified.append(str(hash)[:30])
        return bool(super().verify(hash, password))


@pytest.fixture
def sign_in(store: Store, passwords: Passwords) -> SignIn:
    return SignIn(store, passwords, Throttle(KEY))


def _try(
    sign_in: SignIn, address: str, password: str, where: str = HERE, now: datetime = NOW
) -> Person | Refused | TooMany:
    return sign_in.with_password(address, password, place=where, now=now)


def test_the_right_password_lets_in_whatever_the_case_of_the_address(
    store: Store, passwords: Passwords, sign_in: SignIn
) -> None:
    person = add(store, passwords, "Camille@exemple.fr")
    assert _try(sign_in, "camille@EXEMPLE.fr", PASSWORD) == person


def test_unknown_wrong_without_password_and_suspended_answer_alike_after_one_verification(
    store: Store,
) -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    add(store, passwords, "connue@exemple.fr")
    suspended = add(store, passwords, "suspendue@exemple.fr")
    with store.begin() as tx:
        standing = Standing("", Role.EDITOR, disabled=True)
        change_standing(tx, suspended, standing, by=None, now=NOW)
        tx.accounts.add(address="invitee@exemple.fr", name="", role=Role.EDITOR, now=NOW)
    sign_in = SignIn(store, passwords, Throttle(KEY))
    tries = (
        ("connue@exemple.fr", "un autre mot de passe"),
        ("inconnue@exemple.fr", PASSWORD),
        ("invitee@exemple.fr", PASSWORD),
        ("suspendue@exemple.fr", PASSWORD),
        ("ceci n’est pas une adresse", PASSWORD),
    )
    for address, password in tries:
        hasher.verified.clear()
        assert _try(sign_in, address, password) == Refused()
        assert len(hasher.verified) == 1, address
        assert hasher.verified[0].startswith("$argon2id$v=19$m=8,t=1,p=1$")


@pytest.mark.parametrize("address", ["camille@exemple.fr", "inconnue@exemple.fr"])
def test_an_account_is_throttled_whether_or_not_it_exists(
    store: Store, passwords: Passwords, sign_in: SignIn, address: str
) -> None:
    add(store, passwords, "camille@exemple.fr")
    for number in range(PER_ACCOUNT.times):
        assert _try(sign_in, address, "faux", where=f"192.0.2.{number}") == Refused()
    assert _try(sign_in, address, PASSWORD, where="198.51.100.7") == TooMany(PER_ACCOUNT.period)
    later = NOW + PER_ACCOUNT.period
    answer = _try(sign_in, address, PASSWORD, where="198.51.100.7", now=later)
    assert not isinstance(answer, TooMany)


def test_a_place_is_throttled_over_all_accounts(
    store: Store, passwords: Passwords, sign_in: SignIn
) -> None:
    add(store, passwords, "camille@exemple.fr")
    for number in range(PER_PLACE.times):
        assert _try(sign_in, f"n{number}@exemple.fr", "faux") == Refused()
    assert isinstance(_try(sign_in, "camille@exemple.fr", PASSWORD), TooMany)
    assert isinstance(_try(sign_in, "camille@exemple.fr", PASSWORD, where="192.0.2.9"), Person)


def test_a_throttled_try_costs_no_hashing(store: Store) -> None:
    hasher = CountingHasher()
    sign_in = SignIn(store, Passwords(hasher), Throttle(KEY))
    for _ in range(PER_ACCOUNT.times):
        _try(sign_in, "camille@exemple.fr", "faux")
    hasher.verified.clear()
    _try(sign_in, "camille@exemple.fr", "faux")
    assert hasher.verified == []


def test_success_forgives_the_account_but_not_the_place(
    store: Store, passwords: Passwords, sign_in: SignIn
) -> None:
    add(store, passwords, "camille@exemple.fr")
    for _ in range(PER_PLACE.times // 5):
        for _ in range(4):
            assert _try(sign_in, "victime@exemple.fr", "faux") in (
                Refused(), TooMany(PER_ACCOUNT.period)
            )  # fmt: skip
        _try(sign_in, "camille@exemple.fr", PASSWORD)
    assert isinstance(_try(sign_in, "victime@exemple.fr", "faux"), TooMany)


def test_two_processes_agree(parts: Parts, tmp_path: Path) -> None:
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with parts.store(tmp_path) as one, parts.store(tmp_path) as two:
        doors = [SignIn(store, cheap, Throttle(KEY)) for store in (one, two)]
        for number in range(PER_ACCOUNT.times):
            assert _try(doors[number % 2], "camille@exemple.fr", "faux") == Refused()
        assert all(isinstance(_try(door, "camille@exemple.fr", "x"), TooMany) for door in doors)


def test_the_store_names_nobody_who_tried(store: Store, sign_in: SignIn) -> None:
    _try(sign_in, "camille@exemple.fr", "faux")
    with store.read() as tx:
        connection = tx.attempts._connection
        rows = connection.exec_driver_sql("SELECT * FROM attempts").all()
    assert len(rows) == 2
    assert "camille" not in str(rows)
    assert HERE not in str(rows)


def test_an_old_hash_is_renewed_at_sign_in(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in = SignIn(store, dearer, Throttle(KEY))
    assert _try(sign_in, person.address, PASSWORD) == person
    with store.read() as tx:
        hashed = tx.accounts.password_of(person.id)
    assert "m=16,t=2" in hashed
    assert dearer.verify(hashed, PASSWORD)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        (None, "nowhere"),
        ("unix:", "nowhere"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_one_home(address: str | None, where: str) -> None:
    assert place(address) == where


# -- sessions -------------------------------------------------------------------------------------


def test_a_session_ends_when_left_idle(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = begin_session(tx, person, device="", now=NOW)
    assert resume_session(store, token, NOW + NOTED) is not None  # noted: seen then
    almost = NOW + NOTED + IDLE - timedelta(seconds=1)
    with store.read() as tx:
        assert tx.sessions.of(person.id)[0].seen == NOW + NOTED
    assert resume_session(store, token, almost) is not None
    assert resume_session(store, token, almost + IDLE) is None


def test_a_session_ends_however_much_it_is_used(store: Store, passwords: Passwords) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = begin_session(tx, person, device="", now=NOW)
    now = NOW
    while now + timedelta(hours=6) < NOW + WHOLE:
        now += timedelta(hours=6)
        assert resume_session(store, token, now) is not None
    assert resume_session(store, token, NOW + WHOLE) is None


def test_a_token_made_up_or_of_a_suspended_account_opens_nothing(
    store: Store, passwords: Passwords
) -> None:
    person = add(store, passwords, "camille@exemple.fr")
    with store.begin() as tx:
        token = begin_session(tx, person, device="", now=NOW)
        tx.accounts.change(person.id, disabled=True)
    assert resume_session(store, token, NOW) is None
    assert resume_session(store, "", NOW) is None
    assert resume_session(store, "é" * 50, NOW) is None


# -- the second factor ----------------------------------------------------------------------------


@pytest.fixture
def guarded(store: Store, passwords: Passwords) -> tuple[Person, str, tuple[str, ...]]:
    """Somebody with a second factor, its secret and the recovery codes."""
    person = add(store, passwords, "camille@exemple.fr")
    secret = second_factor.new_secret()
    with store.begin() as tx:
        tx.accounts.propose_second_factor(person.id, secret)
        codes = confirm_second_factor(tx, person, _code(secret, NOW), NOW)
        assert codes
        return tx.accounts.by_id(person.id), secret, codes


def _code(secret: str, at: datetime) -> str:
    import pyotp  # noqa: PLC0415

    return pyotp.TOTP(secret).at(at)


def _with_code(sign_in: SignIn, person: Person, code: str, at: datetime) -> object:
    return sign_in.with_code(person, code, place=HERE, now=at)


def test_a_code_works_once(sign_in: SignIn, guarded: tuple[Person, str, tuple[str, ...]]) -> None:
    person, secret, _ = guarded
    later = NOW + timedelta(seconds=30)
    assert _with_code(sign_in, person, _code(secret, NOW), NOW) == Refused()  # confirmed it
    assert _with_code(sign_in, person, _code(secret, later), later) == person
    assert _with_code(sign_in, person, _code(secret, later), later) == Refused()


def test_a_clock_a_little_off_is_forgiven(
    sign_in: SignIn, guarded: tuple[Person, str, tuple[str, ...]]
) -> None:
    person, secret, _ = guarded
    now = NOW + timedelta(hours=1)
    late = now - timedelta(seconds=60)
    assert _with_code(sign_in, person, _code(secret, late), now) == Refused()
    assert _with_code(sign_in, person, _code(secret, now - timedelta(seconds=30)), now) == person
    assert _with_code(sign_in, person, _code(secret, now + timedelta(seconds=30)), now) == person


@pytest.mark.parametrize("typed", [str, str.upper, lambda code: code.replace("-", " ")])
def test_a_recovery_code_works_once_however_typed(
    sign_in: SignIn,
    guarded: tuple[Person, str, tuple[str, ...]],
    typed: Callable[[str], str],
) -> None:
    person, _, codes = guarded
    assert len(set(codes)) == 10
    assert _with_code(sign_in, person, typed(codes[3]), NOW) == person
    assert _with_code(sign_in, person, codes[3], NOW) == Refused()
    assert _with_code(sign_in, person, codes[4], NOW) == person


def test_guessing_codes_is_throttled(
    sign_in: SignIn, guarded: tuple[Person, str, tuple[str, ...]]
) -> None:
    person, secret, codes = guarded
    for number in range(PER_CODE.times):
        assert _with_code(sign_in, person, f"{number:06}", NOW) == Refused()
    assert isinstance(_with_code(sign_in, person, codes[0], NOW), TooMany)
    assert isinstance(_with_code(sign_in, person, _code(secret, NOW), NOW), TooMany)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "\x00", "é" * 1000, "------"])
def test_what_is_no_code_is_refused(
    sign_in: SignIn, guarded: tuple[Person, str, tuple[str, ...]], code: str
) -> None:
    assert _with_code(sign_in, guarded[0], code, NOW) == Refused()
