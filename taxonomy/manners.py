"""The words by which a way of writing is known: people at work, events, arguments.

Folded, parted by commas; « (s) » is an ending that may be there or not, « * » any ending.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTIONAL: Final = re.compile(r"\((\w+)\)")


class Manner(Enum):
    """What such words show."""

    WORKERS = auto()
    GESTURES = auto()
    SCENES = auto()
    ORDER = auto()
    PUBLIC = auto()
    ARGUMENTS = auto()
    OFFICES = auto()
    SAYING = auto()
    DATES = auto()
    MONEY = auto()


_WORDS: Final = {
    # What an account of practice is made of: who works, what they do, where, in what order.
    Manner.WORKERS: """educatrice(s), educateur(s), educ(s), assistant(e)(s) sociale(s),
        assistant(e)(s) social, mediatrice(s), mediateur(s), conseillere(s), accompagnant(e)(s),
        travailleuse(s) sociale(s), travailleurs sociaux, infirmiere(s), animatrice(s), equipe,
        collegue(s), monitrice(s), puericultrice(s), mandataire, ecoutant(e)(s), benevoles,
        resident(e)(s), habitant(e)(s), usagers, stagiaire(s), veilleur(s), sages femmes,
        formatrice(s), etudiant(e)(s)""",
    Manner.GESTURES: """accompagn*, rencontr*, atelier(s), groupe, permanence, visite(s), ecoute*,
        parle*, propose*, recoi*, tourne*, anime*, apprend*, appris, essay*, invente(r), imagin*,
        negoci*, explique, demande au, demande aux, posture, pratique(s), metier""",
    Manner.SCENES: """table(s), chaise(s), cafe, the, thermos, porte(s), cle(s), salle(s), salon,
        repas, cuisine, camionnette, bureau, telephone, canape, cahier, carnet, couloir, palier,
        jardin, marche, parking, fauteuil, badge, soupe, chambre, voiture, rire(s), silence,
        regarde, assis(e), main(s), papier, affiche""",
    Manner.ORDER: """puis, alors, un jour, un soir, au debut, au depart, ce jour, ce matin, ce soir,
        aujourd hui, depuis, la premiere fois, plus tard, le lundi, le mardi, le mercredi, le jeudi,
        le vendredi, le samedi, ensuite, enfin, chaque matin, chaque jour, chaque soir, d abord,
        pendant, a midi, la nuit, d habitude, parfois""",
    # What news are made of.
    Manner.PUBLIC: """gouvernement, prefecture, prefet, ministre, ministere, tribunal,
        conseil departemental, elus, executif, decret, loi de finances, budget(s), million(s),
        syndicat(s), greve, subvention(s), rapport, enquete, recours, manque de, penurie, faute de,
        sature(e)(s), fermeture, suppression, liste d attente, departement(s), justice, juge,
        avocat(e)(s), selon, annonce, promet(tent), devrait, devraient, chiffre(s), hausse, baisse,
        place(s), plainte, agence regionale""",
    Manner.ARGUMENTS: """il faut, il faudrait, faut il, doit, doivent, devons, devrait,
        ne peut pas, ce n est pas, pourquoi, certes, or, on nous, on leur, on vous, personne ne,
        qui peut, logique, marche, profit(s), rentable, refus, refuse(r), refusons, responsab*,
        honte, courage, politique(s), cesse(r), cessez, exige*, merit*, en realite, justice,
        dignite, la question, le probleme, le risque, au nom de, pretend*""",
    # How the press says who speaks, when, for how much.
    Manner.OFFICES: """directeur, directrice, president(e), maire, prefet(e), ministre, elu(e),
        adjoint(e), secretaire, porte parole, procureur(e), avocat(e), depute(e), senateur,
        senatrice, delegue(e), responsable, chercheur, chercheuse, sociologue""",
    Manner.SAYING: """assure, declare, indique, precise, regrette, estime, affirme, souligne,
        rappelle, annonce, deplore, denonce, promet, plaide, resume, reconnait, admet, insiste,
        a declare, a annonce, a indique""",
    Manner.DATES: """lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche, janvier, fevrier,
        mars, avril, mai, juin, juillet, aout, septembre, octobre, novembre, decembre""",
    Manner.MONEY: "euro(s), million(s), milliard(s), pour cent",
}


def expressions() -> Iterator[tuple[Manner, tuple[str, ...]]]:
    """Every expression, endings spelt out."""
    for manner, text in _WORDS.items():
        for one in text.split(","):
            for words in _spelt(one.strip()):
                yield manner, tuple(words.split())


def _spelt(written: str) -> Iterator[str]:
    parts = _OPTIONAL.split(written)
    choices = [("", part) if place % 2 else (part,) for place, part in enumerate(parts)]
    yield from ("".join(chosen) for chosen in product(*choices))
