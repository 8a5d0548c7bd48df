"""A small library: forty-two articles of six sources, written for these tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from core.model import Access, ArticleId, Evidence, Extracted, SourceKind, Tagging, ThemeId
from store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday: week 47, from 16 to 22 November
SOURCES = {
    "carnet": "Le Carnet d'une assistante sociale",
    "gazette": "La Gazette des solidarités",
    "federation": "Fédération des lieux d'accueil",
    "revue": "Revue Liens & territoires",
    "syndicat": "Union du travail social",
    "observatoire": "Observatoire de l'action sociale",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """An article; ``word`` is what decided for its first theme."""

    title: str
    themes: str
    source: str
    hours_ago: int
    word: str
    access: Access = Access.FREE

    @property
    def text(self) -> str:
        """Some fifteen hundred characters, in paragraphs, unlike any other's."""
        dice = Random(self.title)
        paragraphs = [", ".join(dice.sample(_PHRASES, 8)).capitalize() + "." for _ in range(8)]
        return "\n\n".join((f"Il est question ici de {self.word}.", *paragraphs))


_PHRASES = (
    "l'équipe raconte sa semaine",
    "avec des moyens comptés",
    "et beaucoup d'obstination",
    "une éducatrice note ce qui change",
    "ce qui résiste aussi",
    "on reparle du lendemain",
    "la personne accueillie relit",
    "rien n'est joué d'avance",
    "tout se discute à voix basse",
    "le département répond par courrier",
    "les élus promettent une réunion",
    "une stagiaire ouvre le cahier",
    "le téléphone sonne encore",
    "la salle d'attente se vide",
    "les chiffres manquent toujours",
    "un collègue part à la retraite",
    "la préfecture ne dit rien",
    "les familles attendent dehors",
    "le juge a renvoyé l'audience",
    "un rapport dort dans un tiroir",
    "les bénévoles apportent du café",
    "il faut trouver une place",
    "la nuit tombe sur le quartier",
    "quelqu'un propose une autre voie",
)

# Title; then themes, source, hours ago, the word that decided, access when not free.
_TABLE = """
Pouponnières : les nourrissons attendent
  protection-enfance petite-enfance|gazette|3|protection de l'enfance
Contrats jeune majeur : la carte des refus
  jeunes-majeurs protection-enfance|observatoire|9|contrat jeune majeur
L'ordinateur entre nous
  numerique|carnet|20|dématérialisation
« On nous a dit d'attendre » : une nuit au 115
  hebergement-sans-abrisme|gazette|26|hébergement d'urgence|abonnés
Expulsions locatives : ce que peut encore le service social
  logement|carnet|30|expulsion locative
RSA : quinze heures, et après ?
  insertion-emploi pauvrete-precarite|observatoire|41|revenu de solidarité active
Aides à domicile : qui paie les kilomètres ?
  aide-a-domicile-aidants metiers-conditions-travail|syndicat|44|aide à domicile
Une maraude à vélo dans la vallée
  aller-vers hebergement-sans-abrisme|federation|49|maraude
Le secret partagé n'est pas un moulin
  ethique-secret|revue|52|secret professionnel
Les mesures de tutelle débordent
  protection-des-majeurs|gazette|60|curatelle|abonnés
Un groupe de parents prend la parole
  participation-pouvoir-agir parentalite-familles|federation|66|participation des personnes
Surendettement : le dossier de trop
  budget-inclusion-financiere|carnet|70|surendettement
Psychiatrie : six mois d'attente au CMP
  sante-mentale|gazette|75|psychiatrie
La prévention spécialisée compte ses postes
  prevention-specialisee metiers-conditions-travail|syndicat|80|prévention spécialisée
Grève dans les foyers du département
  metiers-conditions-travail|syndicat|92|grève
Demande d'asile : l'adresse qui manque
  exil-asile|federation|99|demande d'asile
Habiter sa chambre en Ehpad
  grand-age|revue|104|maison de retraite
Réforme des diplômes : la rentrée des incertitudes
  formation-diplomes|gazette|110|diplôme d'État|abonnés
Réduire les risques, un comptoir à la fois
  addictions|federation|120|réduction des risques
Non-recours : un baromètre qui ne baisse pas
  acces-aux-droits|observatoire|131|non-recours
Mineurs non accompagnés : l'évaluation contestée
  mineurs-non-accompagnes exil-asile|gazette|140|mineur non accompagné
Violences conjugales : la main courante ne suffit pas
  violences|revue|150|violences conjugales
MDPH : dix mois pour un dossier
  handicap|observatoire|160|compensation du handicap
Une histoire des internats de redressement
  recherche-histoire|revue|200|histoire de l'éducation spécialisée
PJJ : l'éducatif au compte-gouttes
  justice-des-mineurs|syndicat|230|mesure éducative
Crèches : des contrôles inopinés
  petite-enfance|gazette|260|accueil du jeune enfant|abonnés
Écrire avec la machine ?
  numerique ethique-secret|carnet|290|intelligence artificielle
Loger d'abord, discuter ensuite
  logement hebergement-sans-abrisme|federation|320|logement d'abord
Les budgets des départements à l'épreuve
  politiques-sociales|observatoire|350|action sociale départementale
Sortir de prison un vendredi soir
  justice-prison|revue|400|sortie de prison
La cuisine partagée du quartier des Roses
  developpement-social-collectif|federation|430|développement social local
Évaluer sans dénaturer
  qualite-bientraitance|revue|470|évaluation de la qualité
À l'école, l'assistante sociale court
  ecole-service-social-scolaire|carnet|520|service social scolaire
Le numérique, un guichet sans visage
  numerique acces-aux-droits|observatoire|600|guichet numérique
Enfance : l'aide à domicile oubliée
  protection-enfance parentalite-familles|gazette|700|ENFANCE en danger
Femmes à la rue, la double peine
  hebergement-sans-abrisme violences|federation|800|femmes à la rue
La tarification au dossier, disent-ils
  politiques-sociales metiers-conditions-travail|syndicat|1000|tarification
Aidants : le répit qui n'arrive pas
  aide-a-domicile-aidants|carnet|1500|proches aidants
Un an de permanence numérique
  numerique|federation|4000|médiation numérique
Ce que la rue m'a appris
  aller-vers|carnet|9000|travail de rue
Recette de la soupe au potiron
  |carnet|50|potiron
Vide-grenier du quai : appel aux exposants
  |federation|130|vide-grenier
"""


def samples() -> list[Sample]:
    """The library, latest first within the field."""
    lines = [line.strip() for line in _TABLE.strip().splitlines()]
    rows = [[title, *rest.split("|")] for title, rest in zip(lines[::2], lines[1::2], strict=True)]
    return [
        Sample(row[0], row[1], row[2], int(row[3]), row[4], Access(row[5] if row[5:] else "libre"))
        for row in rows
    ]


def fill(store: Store, library: list[Sample]) -> list[ArticleId]:
    """Put the library into the store; the ids, in its order."""
    with store.begin() as tx:
        sources = {
            key: tx.sources.add(
                name=name,
                url=f"https://{key}.example/",
                feed=f"https://{key}.example/feed",
                kind=SourceKind.FEED,
                now=NOW,
            )
            for key, name in SOURCES.items()
        }
        ids = [
            tx.articles.save(
                Extracted(
                    url=f"https://www.{one.source}.example/{number}",
                    title=one.title,
                    text=one.text,
                    author="Camille Durand",
                    published=NOW - timedelta(hours=one.hours_ago),
                    access=one.access,
                ),
                source_id=sources[one.source].id,
                now=NOW,
                summary=f"Sur {one.word}, un regard de terrain." if number % 3 else "",
            )[0]
            for number, one in enumerate(library)
        ]
        tagged = [(id, _taggings(one)) for id, one in zip(ids, library, strict=True)]
        tx.articles.save_taggings(tagged, tagger="samples")
    return ids


def _taggings(one: Sample) -> list[Tagging]:
    start = one.text.index(one.word)
    evidence = Evidence("text", start, start + len(one.word), one.word)
    return [
        Tagging(ThemeId(theme), 0.9 - rank / 10, (evidence,) if rank == 0 else ())
        for rank, theme in enumerate(one.themes.split())
    ]
