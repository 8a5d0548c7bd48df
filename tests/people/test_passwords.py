"""Passwords: which are refused, and how the others are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from core.people import Person, PersonId, Role
from people.passwords import LONGEST, SHORTEST, Passwords, Weakness, weakness
from tests.people.conftest import NOW

CAMILLE = Person(
    id=PersonId(1),
    address="camille.durand@exemple.fr",
    name="Camille Durand",
    role=Role.EDITOR,
    disabled=False,
    has_password=False,
    has_second_factor=False,
    created=NOW,
    last_sign_in=None,
)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse12",
        "azertyuiop12",
        "Password1234",
        "123456789012",
        "aaaaaaaaaaaa",
        "glaneuse2026!",
        "travailsocial",
        "camilledurand",
        "Camille.Durand1",
        "camille.durand@exemple.fr",
    ],
)
def test_a_common_or_personal_password_is_refused(password: str) -> None:
    assert weakness(password, CAMILLE) is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    ["trois chevaux mauves", "la lune est verte", "ü7§kd9Qm-px2", "x" * 5 + "é ñ 字" * 50],
)
def test_a_long_unlikely_password_is_taken_whatever_its_characters(password: str) -> None:
    assert weakness(password[:LONGEST], CAMILLE) is None


def test_length_counts_in_characters() -> None:
    assert weakness("é" * (SHORTEST - 1), CAMILLE) is Weakness.TOO_SHORT
    assert weakness("k7 é" * 100, CAMILLE) is Weakness.TOO_LONG


@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_can_be_verified(password: str) -> None:
    weakness(password, CAMILLE)
    passwords = Passwords(CHEAP)
    assert not passwords.verify("", password)
    assert not passwords.verify("not a hash", password)


def test_the_same_keys_on_another_keyboard_are_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    hashed = passwords.hash("cafe\u0301 du matin clair")
    assert passwords.verify(hashed, "caf\u00e9 du matin clair")
    assert not passwords.verify(hashed, "cafe du matin clair")


def test_two_hashes_of_a_password_differ_and_say_their_parameters() -> None:
    passwords = Passwords()
    one, two = passwords.hash("trois chevaux mauves"), passwords.hash("trois chevaux mauves")
    assert one != two
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_a_hash_made_with_other_parameters_is_outdated() -> None:
    cheap, today = Passwords(CHEAP), Passwords()
    hashed = cheap.hash("trois chevaux mauves")
    assert today.is_outdated(hashed)
    assert not cheap.is_outdated(hashed)
    assert today.verify(hashed, "trois chevaux mauves")
