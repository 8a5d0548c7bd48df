"""Addresses brought from a file, and taken as one."""

from __future__ import annotations

import csv
import io
import os
import time
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import decoded
from core.errors import Unreadable
from core.subscriptions import NEWSLETTER, Ending, Rhythm
from mail.addresses import parse_address
from people.subscribers import (
    Came,
    Line,
    Outcome,
    Wrong,
    bring,
    read_list,
    write_list,
)
from people.subscriptions import leave
from store import Store
from store.suppressions import SuppressionReason

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TODAY = date(2026, 11, 26)
ORIGIN = "Feuille d’émargement du colloque"


def normal(typed: str) -> str:
    return parse_address(typed).normal


def read(body: str | bytes) -> list[Line | Wrong]:
    text = decoded(body) if isinstance(body, bytes) else body
    return list(read_list(text, normal, TODAY))


def take(store: Store, body: str | bytes) -> Outcome:
    return bring(store, read(body), origin=ORIGIN, by=None, now=NOW)


# -- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "nom;adresse\nÉlodie;elodie@exemple.fr\n",
        "Email Address,First Name\r\nelodie@exemple.fr,Élodie\r\n",
        "ADRESSE ÉLECTRONIQUE\telse\nelodie@exemple.fr\t1",
        "elodie@exemple.fr",
        "Élodie;elodie@exemple.fr",
        '"adresse";"nom"\n"elodie@exemple.fr";"É;lodie"',
        "\n\nadresse\n\n elodie@exemple.fr \n\n",
        "\ufeffadresse\nelodie@exemple.fr".encode(),
        "nom;adresse\nÉlodie;elodie@exemple.fr".encode("cp1252"),
        "nom;adresse\nÉlodie;elodie@exemple.fr".encode("utf-16"),
        "adresse\n'elodie@exemple.fr\n".replace("'", ""),
    ],
)
def test_the_files_of_spreadsheets_and_mailing_tools_are_read(body: str | bytes) -> None:
    (line,) = read(body)
    assert isinstance(line, Line)
    assert line.address == "elodie@exemple.fr"


def test_a_wrong_line_is_named_and_spoils_no_other() -> None:
    found = read(
        "adresse;accord\n"
        "a@exemple.fr;12/10/2026\n"
        'pas une adresse;\n"b@exemple.fr;\n'
        "c@exemple.fr;2026-10-12T08:00:00Z\n"
        "d@exemple.fr;31/02/2026\n"
        "e@exemple.fr;2027-01-01\n"
        ";\n"
        "f@exemple.fr\n"
    )
    assert [one for one in found if isinstance(one, Line)] == [
        Line(2, "a@exemple.fr", date(2026, 10, 12)),
        Line(5, "c@exemple.fr", date(2026, 10, 12)),
        Line(9, "f@exemple.fr"),
    ]
    wrong = {one.number: one.reason for one in found if isinstance(one, Wrong)}
    assert set(wrong) == {3, 4, 6, 7, 8}
    assert "espace" in wrong[3]
    assert "guillemet" in wrong[4]
    assert "date" in wrong[6]
    assert wrong[8] == "Écrivez une adresse électronique."


@pytest.mark.parametrize("body", [b"PK\x03\x04\x14\x00\xff", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_to_be_saved_as_csv_first(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert "au format CSV" in caught.value.reason


@pytest.mark.parametrize("body", ["", " \n", "nom;prénom\nA;B\n", b"\x00\x01\x02", b"PK\x03\x04"])
def test_what_has_no_addresses_is_refused_in_a_sentence(body: str | bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.reason


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_answered(text: str) -> None:
    try:
        found = read("adresse;accord\n" + text)
    except Unreadable:
        return
    assert all(one.number > 1 for one in found)


# -- bringing in ----------------------------------------------------------------------------------


def test_each_address_comes_with_its_proof_and_comes_once(store: Store) -> None:
    body = "adresse;accord\na@exemple.fr;12/10/2026\nB@Exemple.fr;\nb@exemple.FR;\n"
    assert take(store, body).counts == {Came.ADDED: 2, Came.TWICE: 1}
    assert take(store, body).counts == {Came.KNOWN: 2, Came.TWICE: 1}
    with store.read() as tx:
        (subscription,) = tx.subscriptions.of("a@exemple.fr")
        (consent,) = tx.subscriptions.consents_of("a@exemple.fr")
        assert tx.subscriptions.count_following(NEWSLETTER) == 2
        (second, first) = tx.audit.recent(limit=2)
    assert (subscription.subject, subscription.rhythm) == (NEWSLETTER, Rhythm.ISSUE)
    assert subscription.is_active
    assert consent.words == (
        "Accord recueilli hors de Glaneuse, comme la rédaction le déclare : "
        "Feuille d’émargement du colloque, le 12 octobre 2026."
    )
    assert consent.asked == datetime(2026, 10, 11, 22, tzinfo=UTC)
    assert (consent.confirmed, consent.subscription) == (NOW, subscription.id)
    assert (first.action, first.after["added"], second.after["added"]) == ("import", 2, 0)


def test_who_left_or_is_not_written_to_does_not_come_back_by_a_file(store: Store) -> None:
    take(store, "adresse\nparti@exemple.fr\nresté@exemple.fr\n")
    with store.begin() as tx:
        (gone,) = tx.subscriptions.of("parti@exemple.fr")
        leave(tx, gone, Ending.ONE_CLICK, NOW)
        tx.suppressions.add("jamais@exemple.fr", SuppressionReason.LEFT, now=NOW)
        tx.suppressions.add("personne@exemple.fr", SuppressionReason.REFUSED, now=NOW)
        tx.suppressions.add("fache@exemple.fr", SuppressionReason.COMPLAINED, now=NOW)
    again = "adresse\nPARTI@exemple.fr\nJAMAIS@exemple.fr\npersonne@exemple.fr\nfache@exemple.fr\n"
    assert take(store, again).counts == {Came.LEFT: 1, Came.UNWANTED: 3}
    with store.begin() as tx:  # even once its address was forgotten
        tx.subscriptions.forget_addresses(NOW + timedelta(days=1))
    assert take(store, again).counts == {Came.LEFT: 1, Came.UNWANTED: 3}
    with store.read() as tx:
        assert tx.subscriptions.count_following(NEWSLETTER) == 1


def table(lines: int) -> tuple[str, set[int]]:
    """So many lines, of which three hundred are wrong: which."""
    wrong = set(Random(7).sample(range(2, lines + 2), 300))
    body = ["adresse;nom"]
    body += [
        "pas une adresse;X" if n in wrong else f"lectrice{n}@exemple{n % 50}.fr;Camille"
        for n in range(2, lines + 2)
    ]
    return "\n".join(body), wrong


def test_each_of_three_hundred_wrong_lines_among_a_hundred_thousand_is_named() -> None:
    body, wrong = table(100_000)
    found = read(body.encode())
    assert {one.number for one in found if isinstance(one, Wrong)} == wrong
    assert sum(isinstance(one, Line) for one in found) == 99_700


def test_many_addresses_are_brought_in_a_time_that_grows_as_they_do(store: Store) -> None:
    lines = int(os.environ.get("GLANEUSE_TEST_ADDRESSES", "10000"))
    body, wrong = table(lines)
    start = time.process_time()  # ours alone: the machine may have else to do
    outcome = take(store, body)
    assert time.process_time() - start < lines / 500  # some twelve times what it takes
    assert (outcome.counts, len(outcome.wrong)) == ({Came.ADDED: lines - 300}, len(wrong))
    with store.read() as tx:
        assert tx.subscriptions.count_following(NEWSLETTER) == lines - 300


# -- taking out -----------------------------------------------------------------------------------


def test_no_cell_is_a_formula_and_the_file_can_be_given_back(store: Store) -> None:
    addresses = ["=1+1@exemple.fr", "+a@exemple.fr", "-b@exemple.fr", "normale@exemple.fr"]
    lines = [Line(n, address) for n, address in enumerate(addresses)]
    origin = '=HYPERLINK("https://x.example")'
    bring(store, lines, origin=origin, by=None, now=NOW)
    with store.read() as tx:
        body = "".join(write_list(tx))
    assert body.startswith("\ufeffadresse;abonnement depuis;accord\r\n")
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff")), delimiter=";"))[1:]
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]
    assert {row[1] for row in rows} == {"2026-11-26"}
    with store.begin() as tx:
        for address in addresses:
            tx.subscriptions.erase(address)
    outcome = take(store, body)
    assert outcome.counts == {Came.ADDED: 4}
    with store.read() as tx:
        assert {row[0] for row in tx.subscriptions.roll(NEWSLETTER)} == set(addresses)


def test_a_cut_import_given_again_goes_on(store: Store) -> None:
    lines: list[Line | Wrong] = [Line(n, f"l{n}@exemple.fr") for n in range(2_500)]

    def cut(done: int, _total: int) -> None:
        if done >= 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(store, lines, origin=ORIGIN, by=None, now=NOW, progress=cut)
    counts = bring(store, lines, origin=ORIGIN, by=None, now=NOW).counts
    assert counts == {Came.KNOWN: 1_000, Came.ADDED: 1_500}
