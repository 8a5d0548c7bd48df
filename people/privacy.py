"""What is kept of somebody with an account: given to them, and forgotten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from core.errors import LastAdmin, NotFound
from core.people import Person, Role
from people.accounts import KIND
from store import Transaction

LINKS_KEPT: Final = timedelta(days=30)  # after they expire, to say so to who follows them late
DRAFTS_KEPT: Final = timedelta(days=7)
BIN_KEPT: Final = timedelta(days=30)  # reading lists thrown away
HISTORY_KEPT: Final = timedelta(days=3 * 365)


def account_of(tx: Transaction, address: str) -> Person | None:
    """The account at an address, if there is one."""
    try:
        return tx.accounts.by_address(address)
    except NotFound:
        return None


def export_account(tx: Transaction, person: Person) -> dict[str, Any]:
    """All that is kept of somebody, but for secrets; instants stay instants."""
    return {
        "account": asdict(person),
        "sessions": [asdict(session) for session in tx.sessions.of(person.id)],
        "drafts": [asdict(draft) for draft in tx.drafts.of(person.id)],
        "reading_lists": [
            asdict(tx.reading_lists.by_slug(one.slug)) for one in tx.reading_lists.of(person.id)
        ],
        "newsletters": [
            {"newsletter": id, "version": one.number, "saved": one.at}
            for id, one in tx.newsletters.saved_by(person.id)
        ],
        "basket": [
            {"title": one.entry.title, "note": one.entry.note, "put_aside": one.at}
            for one in tx.basket.all()
            if one.by == person.id
        ],
        "did": [asdict(entry) for entry in tx.audit.by(person.id)],
        "was_changed": [asdict(entry) for entry in tx.audit.recent(kind=KIND, key=person.id)],
    }


def erase_account(tx: Transaction, person: Person, now: datetime) -> None:
    """Forget somebody: the history keeps what was done, not by whom. Raises LastAdmin.

    Reading lists that others were given to read or to edit stay, without their author's name.
    """
    person = tx.accounts.hold(person.id)
    tx.reading_lists.erase_private(person.id)
    tx.accounts.erase(person.id)
    if person.role is Role.ADMIN and not tx.accounts.count_admins():
        raise LastAdmin(person.address)
    tx.audit.forget_details(KIND, person.id)
    tx.audit.record(None, "erase", KIND, person.id, {}, {}, now=now)
