"""Addresses: what is one, and its normal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadAddress
from mail.addresses import parse_address


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("anne@Exemple.EXAMPLE", "anne@exemple.example"),
        ("anne@café.example", "anne@xn--caf-dma.example"),
        ("anne@CAFÉ.example", "anne@cafe\u0301.example"),
        ("ren\u00e9@exemple.example", "rene\u0301@exemple.example"),
        (" anne@exemple.example\n", "anne@exemple.example"),
        ("anne@exemple。example", "anne@exemple.example"),
    ],
)
def test_one_address_in_two_spellings_is_one(first: str, second: str) -> None:
    assert parse_address(first).normal == parse_address(second).normal


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Anne@exemple.example", "anne@exemple.example"),
        ("a.nne@exemple.example", "anne@exemple.example"),
        ("anne+glaneuse@exemple.example", "anne@exemple.example"),
    ],
)
def test_what_only_a_provider_may_fold_is_kept(first: str, second: str) -> None:
    assert parse_address(first).normal != parse_address(second).normal


def test_an_address_is_stored_in_ascii_where_possible_and_shown_as_written() -> None:
    address = parse_address("anne@café.example")
    assert address.normal == "anne@xn--caf-dma.example"
    assert address.shown == "anne@café.example"
    assert not address.needs_smtputf8
    assert parse_address("rené@exemple.example").needs_smtputf8


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Écrivez une adresse"),
        ("   ", "Écrivez une adresse"),
        ("anne", "adresse complète"),
        ("@exemple.example", "adresse complète"),
        ("anne@", "adresse complète"),
        ("anne@exemple", "fin de l’adresse"),
        ("anne@@exemple.example", "deux « @ »"),
        ("anne@a@exemple.example", "deux « @ »"),
        ("anne dupont@exemple.example", "sans espace"),
        ("a@x.example, b@x.example", "sans espace"),
        ("a@x.example\r\nBcc: b@x.example", "sans espace"),
        ("Anne <anne@exemple.example>", "sans nom"),
        ("anne..d@exemple.example", "point est mal placé"),
        (".anne@exemple.example", "point est mal placé"),
        ("anne@exemple.invalid", "Aucun courrier"),
        ("anne@machine.localhost", "Aucun courrier"),
        ("a" * 300 + "@exemple.example", "trop longue"),
        ("anne\u202e@exemple.example", "caractères"),
        ("anne@exem\0ple.example", "caractères"),
        ("anne@[127.0.0.1]", "caractères"),
        ('"a"@exemple.example', "caractères"),
    ],
)
def test_what_is_no_address_is_said_in_french(typed: str, words: str) -> None:
    with pytest.raises(BadAddress) as caught:
        parse_address(typed)
    assert words in caught.value.reason


def normal_or_reason(typed: str) -> tuple[str, str]:
    try:
        return parse_address(typed).normal, ""
    except BadAddress as error:
        return "", error.reason


@given(
    st.text(max_size=40) | st.builds("{}@{}.fr".format, st.text(max_size=9), st.text(max_size=9))
)
def test_any_text_is_an_address_or_says_why_not(typed: str) -> None:
    normal, reason = normal_or_reason(typed)
    assert bool(normal) != bool(reason)
    if normal:
        assert parse_address(normal).normal == normal
        assert parse_address(parse_address(normal).shown).normal == normal


@given(st.text(alphabet="aé@.\ud800\u0301\u200d x", max_size=12))
def test_half_characters_are_no_address(typed: str) -> None:
    normal, reason = normal_or_reason(typed)
    assert "\ud800" not in normal
    assert bool(normal) != bool(reason)
