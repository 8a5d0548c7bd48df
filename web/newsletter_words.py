"""The desk of the letter in French: what is missing, what each thing is called."""

from __future__ import annotations

from typing import Final

from core.newsletters import EntryKind
from curation.newsletter_merging import ORDER
from curation.newsletter_review import FOREWORD, LETTER, MOST, SUBJECT, Lack

KINDS: Final = {
    EntryKind.ARTICLE: "Article",
    EntryKind.LINK: "Lien",
    EntryKind.NEWS: "Notre actualité",
    EntryKind.EVENT: "Agenda",
    EntryKind.JOB: "Offre d’emploi",
    EntryKind.TEXT: "Texte libre",
    EntryKind.IMAGE: "Image",
}
# Those that the desk offers to add, besides articles and pasted links.
ADDED: Final = (
    EntryKind.NEWS, EntryKind.EVENT, EntryKind.JOB, EntryKind.TEXT, EntryKind.IMAGE,
)  # fmt: skip
DAYS: Final = {
    EntryKind.EVENT: "Date",
    EntryKind.JOB: "Candidatures jusqu’au",
}
LACKS: Final = {
    Lack.NOTHING_TO_SEND: "La lettre est vide : ajoutez au moins un article, un lien ou un texte.",
    Lack.SUBJECT: "L’objet manque.",
    Lack.SHORT_SUBJECT: f"L’objet est court : {SUBJECT[0]} signes ou plus disent mieux le sujet.",
    Lack.LONG_SUBJECT: f"L’objet sera coupé au-delà de {SUBJECT[1]} signes.",
    Lack.FOREWORD: "L’édito manque : quelques lignes signées font la lettre.",
    Lack.LONG_FOREWORD: f"L’édito dépasse {FOREWORD} mots.",
    Lack.MANY: f"Plus de {MOST} éléments : c’est une liste, plus un choix. Rien n’empêche l’envoi.",
    Lack.LONG: f"Plus de {LETTER} mots : la lecture sera longue.",
    Lack.TITLE: "Il manque un titre.",
    Lack.ADDRESS: "Il manque l’adresse de l’original (elle commence par https://).",
    Lack.SOURCE: "Il manque la source.",
    Lack.DATE: "Il manque la date.",
    Lack.ACCESS: "Dites si l’accès est libre ou réservé aux abonnés.",
    Lack.PLACE: "Il manque le lieu.",
    Lack.TEXT: "Il manque le texte : citez l’article, ou écrivez quelques lignes.",
    Lack.IMAGE: "L’image n’est pas encore choisie.",
    Lack.CREDIT: "Il manque le crédit de l’image.",
    Lack.ALTERNATIVE: "Il manque le texte de remplacement, pour qui ne voit pas l’image.",
    Lack.COPIED: "Ce texte recopie l’article plus longuement qu’il n’est permis : raccourcissez, "
    "ou dites-le avec vos mots.",
    Lack.NOT_QUOTED: "Ces mots ne sont pas, ou plus, ceux de l’article : ce n’est pas une "
    "citation.",
    Lack.WITHDRAWN: "Cet article a été retiré de Glaneuse depuis : retirez-le de la lettre.",
    Lack.GONE: "La page de cet article n’existe plus chez son éditeur : son lien ne mène à rien.",
}
# What a field is called, when two people wrote in it.
NAMES: Final = {
    "subject": "l’objet",
    "foreword": "l’édito",
    "signature": "la signature",
    "title": "le titre",
    "brief": "la présentation",
    "text": "le texte",
    "url": "l’adresse",
    "source": "la source",
    "author": "l’auteur",
    "access": "l’accès",
    "day": "la date",
    "hours": "l’horaire",
    "place": "le lieu",
    "image": "l’image",
    "alternative": "le texte de remplacement",
    "credit": "le crédit",
    "note": "la note",
    "article": "l’article",
    ORDER: "l’ordre",
}
