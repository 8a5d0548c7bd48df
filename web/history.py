"""The audit trail in words: « Rôle : Formation → Rédaction »."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.people import AuditEntry, PersonId, Role
from people.accounts import KIND
from store import Transaction
from web.forms import ROLES

REQUEST: Final = "request"  # what was written in the contact form

# (kind, action) → what was done; kinds that come later add their own words here.
DEEDS: Final[dict[tuple[str, str], str]] = {
    (KIND, "invite"): "Invitation",
    (KIND, "change"): "Compte modifié",
    (KIND, "invitation"): "Invitation acceptée",
    (KIND, "reset"): "Mot de passe choisi par lien",
    (KIND, "password"): "Mot de passe changé",
    (KIND, "second-factor"): "Double vérification",
    (KIND, "sign-out"): "Déconnexion partout",
    (KIND, "link"): "Nouveau lien",
    (KIND, "erase"): "Compte effacé",
    (REQUEST, "settle"): "Demande traitée",
    (REQUEST, "reopen"): "Demande rouverte",
}
FIELDS: Final[dict[str, str]] = {
    "name": "Nom",
    "role": "Rôle",
    "disabled": "Accès suspendu",
    "on": "Active",
    "sessions": "Appareils",
}
COMMAND_LINE: Final = "Ligne de commande"
SOMEBODY_GONE: Final = "Un compte effacé"


@dataclass(frozen=True, slots=True)
class Change:
    """One field, from what to what; "" for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the trail, in words."""

    at: datetime
    who: str
    deed: str
    subject: str
    changes: tuple[Change, ...]


def told(tx: Transaction, entries: Iterable[AuditEntry]) -> list[Told]:
    """These entries in words."""
    held = list(entries)
    ids = {entry.who for entry in held if entry.who is not None}
    ids |= {_subject_id(entry) for entry in held if entry.kind == KIND}
    names = tx.accounts.names(ids)
    return [_told(entry, names) for entry in held]


def _told(entry: AuditEntry, names: dict[PersonId, str]) -> Told:
    who = COMMAND_LINE if entry.who is None else names.get(entry.who, SOMEBODY_GONE)
    subject = f"{entry.kind} {entry.key}"
    if entry.kind == KIND:
        subject = names.get(_subject_id(entry), SOMEBODY_GONE)
    fields = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    return Told(
        entry.at,
        who,
        DEEDS.get((entry.kind, entry.action), entry.action),
        subject,
        tuple(_change(name, entry) for name in fields),
    )


def _change(name: str, entry: AuditEntry) -> Change:
    before, after = (_word(name, values.get(name)) for values in (entry.before, entry.after))
    return Change(FIELDS.get(name, name), before, after)


def _word(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name == "role" and value in set(Role):
        return ROLES[Role(value)]
    return str(value)


def _subject_id(entry: AuditEntry) -> PersonId:
    return PersonId(int(entry.key)) if entry.key.isdecimal() else PersonId(0)
