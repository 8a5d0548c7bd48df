"""The audit trail in words: « Rôle : Formation → Rédaction »."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.corrections import THE_OTHERS, Verdict
from core.model import ThemeId
from core.people import AuditEntry, PersonId, Role
from core.text import NBSP
from core.vocabulary_edits import EditKind
from curation.grouping import KIND as COPIES
from curation.stories import KIND as STORY
from people.accounts import KIND
from people.subscribers import KIND as SUBSCRIBERS
from people.subscribers import Came
from store import ReadTransaction, Transaction
from taxonomy.corrections import KIND as THEMES
from taxonomy.editing import KIND as VOCABULARY
from web.context import parts
from web.forms import ROLES

REQUEST: Final = "request"  # what was written in the contact form
OTHERS_LABEL: Final = "Les autres thèmes"
ARTICLE: Final = "article"
SOURCE: Final = "source"
LIST: Final = "reading-list"
LETTER: Final = "newsletter"

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
    (THEMES, "correct"): "Thèmes corrigés",
    (COPIES, "group"): "Articles rapprochés ou séparés",
    (STORY, "tell"): "Sujets rapprochés ou séparés",
    (SOURCE, "add"): "Source ajoutée",
    (ARTICLE, "add"): "Article ajouté à la main",
    (ARTICLE, "withdraw"): "Article retiré pour de bon",
    (LIST, "share"): "Bibliographie partagée",
    (LIST, "editor"): "Bibliographie confiée",
    (LIST, "address"): "Adresse d’une bibliographie",
    (LIST, "throw"): "Bibliographie à la corbeille",
    (LIST, "restore"): "Bibliographie remise",
    (LETTER, "begin"): "Lettre commencée",
    (LETTER, "remove"): "Lettre supprimée",
    (LETTER, "schedule"): "Lettre programmée",
    (LETTER, "call-back"): "Envoi de la lettre annulé",
    (LETTER, "hold"): "Envoi de la lettre retenu",
    (LETTER, "send"): "Lettre partie",
    (SUBSCRIBERS, "import"): "Abonnements repris d’un fichier",
    (SUBSCRIBERS, "export"): "Liste des abonnements prise",
    (VOCABULARY, EditKind.THEME): "Fiche d’un thème",
    (VOCABULARY, EditKind.TERM): "Terme",
    (VOCABULARY, EditKind.ACRONYM): "Sigle",
    (VOCABULARY, EditKind.SYNONYM): "Employé pour",
    (VOCABULARY, EditKind.MOVED): "Thème fusionné ou renommé",
}
FIELDS: Final[dict[str, str]] = {
    "name": "Nom",
    "role": "Rôle",
    "disabled": "Accès suspendu",
    "on": "Active",
    "sessions": "Appareils",
    THE_OTHERS: OTHERS_LABEL,
    "label": "Nom",
    "family": "Famille",
    "note": "Note",
    "to": "Devient",
    "visibility": "Lue par",
    "editor": "Collègue",
    "edition": "Édition",
    "origin": "Origine",
    "wrong": "Lignes refusées",
    Came.ADDED: "Adresses",
    Came.KNOWN: "Déjà abonnées",
    Came.TWICE: "En double",
    Came.LEFT: "Désabonnées",
    Came.UNWANTED: "Exclues",
}
# What may be said of a theme of an article.
VERDICTS: Final[dict[str, str]] = {
    Verdict.GIVEN: "donné",
    Verdict.TAKEN: "retiré",
    Verdict.CONFIRMED: "confirmé",
    Verdict.COMPLETE: "aucun autre",
}
SEEN: Final = {"private": "privée", "link": "par lien", "public": "publique"}
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


def name_in(names: Mapping[PersonId, str], who: PersonId | None) -> str:
    """The name of who did something, among these; nobody did: the command line."""
    return COMMAND_LINE if who is None else names.get(who, SOMEBODY_GONE)


def name_of(tx: ReadTransaction, who: PersonId | None) -> str:
    """The same for one alone."""
    return name_in({} if who is None else tx.accounts.names({who}), who)


def told(tx: Transaction, entries: Iterable[AuditEntry]) -> list[Told]:
    """These entries in words."""
    held = list(entries)
    ids = {entry.who for entry in held if entry.who is not None}
    ids |= {_subject_id(entry) for entry in held if entry.kind == KIND}
    names = tx.accounts.names(ids)
    return [_told(entry, names) for entry in held]


def _told(entry: AuditEntry, names: dict[PersonId, str]) -> Told:
    subject = f"{entry.kind} {entry.key}"
    if entry.kind == KIND:
        subject = names.get(_subject_id(entry), SOMEBODY_GONE)
    elif entry.kind == VOCABULARY:
        subject = _label(THEMES, entry.key)
    elif entry.kind == SUBSCRIBERS:
        subject = "la lettre"
    elif entry.kind in {THEMES, COPIES, STORY}:
        subject = f"article n°{NBSP}{entry.key}"
    fields = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    return Told(
        entry.at,
        name_in(names, entry.who),
        DEEDS.get((entry.kind, entry.action), entry.action),
        subject,
        tuple(_change(name, entry) for name in fields),
    )


def _change(name: str, entry: AuditEntry) -> Change:
    before, after = (
        _word(entry.kind, name, values.get(name)) for values in (entry.before, entry.after)
    )
    return Change(_label(entry.kind, name), before, after)


def _label(kind: str, name: str) -> str:
    theme = parts().vocabulary.themes.get(ThemeId(name)) if kind == THEMES else None
    return theme.label if theme else FIELDS.get(name, name)


def _word(kind: str, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name == "role" and value in set(Role):
        return ROLES[Role(value)]
    if kind == LIST and name == "visibility":
        return SEEN.get(value, str(value))
    if kind == THEMES:
        return VERDICTS.get(value, str(value))
    return str(value)


def _subject_id(entry: AuditEntry) -> PersonId:
    return PersonId(int(entry.key)) if entry.key.isdecimal() else PersonId(0)
