"""All that is kept about an address: given to its owner, and forgotten."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.subscriptions import RequestId
from people.privacy import account_of, erase_account, export_account
from people.subscriptions import leave_all
from store import ReadTransaction, Transaction
from store.outbox import Entry


@dataclass(frozen=True, slots=True)
class Erased:
    """What was forgotten, counted."""

    accounts: int
    subscriptions: int  # proofs and requests never agreed to included
    requests: int
    letters: int
    suppressions: int  # now known by a digest alone


def request_letter(id: RequestId) -> str:
    """The key of the letter that tells the team of a request: it holds all that was written."""
    return f"request:{id}"


def export_all(tx: ReadTransaction, address: str) -> dict[str, Any]:
    """All that is kept about an address, but for secrets; instants stay instants."""
    person = account_of(tx, address)
    return {
        "address": address,
        "account": None if person is None else export_account(tx, person),
        "subscriptions": [_without(asdict(one), "nonce") for one in tx.subscriptions.of(address)],
        "consents": [asdict(one) for one in tx.subscriptions.consents_of(address)],
        "requests": [asdict(one) for one in tx.requests.of(address)],
        "letters": [asdict(one) for one in _letters(tx, address)],
        "suppressions": [asdict(one) for one in tx.suppressions.of(address)],
    }


def erase_all(tx: Transaction, address: str, now: datetime) -> Erased:
    """Forget an address; that it must not be written to, if so, stays. Raises LastAdmin."""
    person = account_of(tx, address)
    spellings = _spellings(tx, address)
    if person is not None:
        erase_account(tx, person, now)
    leave_all(tx, address, now)
    told = tx.outbox.erase_keys(_request_letters(tx, address), now=now)
    return Erased(
        accounts=0 if person is None else 1,
        subscriptions=tx.subscriptions.erase(address),
        requests=tx.requests.erase(address),
        letters=told + sum(tx.outbox.erase(one, now=now) for one in spellings),
        suppressions=tx.suppressions.erase(address),
    )


def _letters(tx: ReadTransaction, address: str) -> list[Entry]:
    theirs = [entry for one in _spellings(tx, address) for entry in tx.outbox.of(one)]
    told = tx.outbox.by_keys(_request_letters(tx, address))
    return theirs + [one for one in told if one not in theirs]


def _request_letters(tx: ReadTransaction, address: str) -> list[str]:
    return [request_letter(one.id) for one in tx.requests.of(address)]


def _spellings(tx: ReadTransaction, address: str) -> list[str]:
    """The address as it was typed here and there: letters are kept under each."""
    found = {address, address.lower()}
    found |= {one.address for one in tx.subscriptions.of(address)}
    found |= {one.address for one in tx.subscriptions.consents_of(address)}
    found |= {one.contact.address for one in tx.requests.of(address)}
    if (person := account_of(tx, address)) is not None:
        found.add(person.address)
    return sorted(found - {""})


def _without(fields: dict[str, Any], secret: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != secret}
