"""What texts name: French traps first. Every sentence is written for these tests."""

from __future__ import annotations

import pytest

from core.model import EntityType, Named
from taxonomy.entities import Recogniser
from taxonomy.lexicon import load_lexicon


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    return Recogniser(load_lexicon())


def found(recogniser: Recogniser, text: str, type: EntityType, title: str = "") -> set[str]:
    return {one.id for one in recogniser.names(title, text) if one.type is type}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # Départements that are rivers, words, directions, acronyms
        ("Dans l'Orne, les dossiers attendent.", "orne"),
        ("Le conseil départemental de l’Orne a voté.", "orne"),
        ("Ils pêchent au bord de l'Orne.", ""),
        ("Une crue de l'Orne a noyé le jardin.", ""),
        ("La préfecture du Rhône a répondu.", "rhone"),
        ("Le canal du Rhône est gelé.", ""),
        ("Un foyer du Rhône ferme ; à Villeurbanne, on cherche une place.", "rhone"),
        ("Les Bouches-du-Rhône manquent de places.", "bouches-du-rhone"),
        ("La Haute-Loire compte ses assistantes familiales.", "haute-loire"),
        ("En Saône-et-Loire, la maison d'enfants ferme.", "saone-et-loire"),
        ("Les Pays de la Loire financent l'école.", "pays-de-la-loire"),
        ("Ils ont visité les châteaux de la Loire.", ""),
        ("Dans la Loire, le département a coupé les subventions.", "loire"),
        ("Il dort au bord de la Loire.", ""),
        ("Le département du Nord a saisi le juge.", "nord"),
        ("Dans le Nord, les familles d'accueil manquent.", "nord"),
        ("Dans le Nord de la France, il pleut.", ""),
        ("Un train part de la gare du Nord.", ""),
        ("Des exilés venus d'Afrique du Nord.", ""),
        ("La mer du Nord est froide.", ""),
        ("Le Nord et le Pas-de-Calais ont signé : le conseil départemental.", "nord pas-de-calais"),
        ("Dans la Manche, une association relaie les aidants.", "manche"),
        ("Trois morts dans un naufrage, la Manche est un cimetière.", ""),
        ("Il faisait la manche devant la gare.", ""),
        ("Ils veulent traverser la Manche.", ""),
        ("Le Lot recrute des éducateurs.", "lot"),
        ("Un lot de consolation, le gros lot.", ""),
        ("Le Cher finance douze postes.", "cher"),
        ("Cher collègue, mon loyer est trop cher.", ""),
        ("Cher et Indre : deux départements.", ""),
        ("Dans le Var, l'arbitre consulte la VAR.", "var"),
        ("La VAR a annulé le but.", ""),
        ("Neuilly-sur-Marne ouvre un centre social.", "seine-saint-denis"),
        ("Marne-la-Vallée attire les familles.", "seine-et-marne"),
        ("La bataille de la Marne, en 1914.", ""),
        ("Dans la Marne, à Reims, le foyer rouvre.", "marne"),
        ("Le Val-de-Marne garde ses clubs de prévention.", "val-de-marne"),
        ("Une somme rondelette ; en Somme.", "somme"),
        ("Somme toute, rien ne change.", ""),
        ("L'aube se lève, l'ain n'est pas un mot.", ""),
        ("Dans l'Ain, deux micro-crèches ferment.", "ain"),
        ("La fille d'Aude est placée.", ""),
        ("Les élus de l'Aude ont tranché.", "aude"),
        ("Dans l'Eure et l'Orne, même constat.", "eure orne"),
        ("La Sarthe, l'Orne et la Mayenne s'allient.", "sarthe orne mayenne"),
        ("Un éducateur (Orne) témoigne.", "orne"),
        ("Un éducateur d'Alençon (61) témoigne.", "orne"),
        # Towns that are words, surnames, first names
        ("À Tours, la maraude part à vingt heures.", "indre-et-loire"),
        ("Au pied des Tours, les éducateurs passent.", ""),
        ("Les tours du quartier seront rasées.", ""),
        ("La quête de Sens", "yonne"),
        ("Le sens du travail se perd.", ""),
        ("À Nice, les tentes ont été évacuées.", "alpes-maritimes"),
        ("Nice try, dit le coach.", ""),
        ("Angers refuse de fermer le CHRS.", "maine-et-loire"),
        ("Mme Paris élève seule ses enfants.", ""),
        ("Le juge a entendu M. Lyon et sa sœur.", ""),
        ("Hier, Nathalie Toulouse a parlé.", ""),
        ("Les paris sportifs ruinent les jeunes.", ""),
        ("Paris sportifs : la prévention s'organise.", ""),
        ("Le Paris Saint-Germain a gagné.", ""),
        ("À Paris, les familles dorment dehors.", "paris"),
        ("La région parisienne manque d'éducateurs.", "ile-de-france"),
        ("Marine Le Pen et Jean Le Mans ont parlé.", ""),
        ("Au Mans, le centre social ouvre.", "sarthe"),
        ("Les éducateurs du Havre sont en grève.", "seine-maritime"),
        ("Les hôpitaux de La Rochelle débordent.", "charente-maritime"),
        ("Une image d'Épinal du travail social.", ""),
        ("Le régime de Vichy créa le délit.", ""),
        ("À Valence, en Drôme, la Pass rouvre.", "drome"),
        ("À Valence, en Espagne, l'eau a tout emporté.", ""),
        ("À Laval, au Québec, les intervenantes manifestent.", ""),
        ("Place des Vosges, un concert ; rue de Rennes, un autre.", ""),
        # Overseas, regions, inhabitants, numbers
        ("À La Réunion, la pauvreté recule peu.", "la-reunion"),
        ("La réunion est reportée. La Réunion publique aussi ? Non.", "la-reunion"),
        ("La réunion du mardi commence à neuf heures.", ""),
        ("À Mayotte, les enfants attendent.", "mayotte"),
        ("Une association nantaise et des Lillois.", "loire-atlantique nord"),
        ("L'agglomération paloise.", "pyrenees-atlantiques"),
        ("M. Breton et Mme Normand sont venus.", ""),
        ("Notre-Dame-des-Landes", "loire-atlantique"),
        ("L'Adil 47 reçoit sans rendez-vous.", "lot-et-garonne"),
        ("Les maraudes dans le 93 continuent.", "seine-saint-denis"),
        ("Le prix baisse de 93 % et dans le 93e rang.", ""),
        ("La Grande-Bretagne ferme ses portes.", ""),
        ("En Bretagne, deux écoles ferment.", "bretagne"),
        ("SEINE-SAINT-DENIS : LA GRÈVE CONTINUE", "seine-saint-denis"),
    ],
)
def test_a_territory_is_recognised_where_it_is_one(
    recogniser: Recogniser, text: str, ids: str
) -> None:
    assert found(recogniser, text, EntityType.TERRITORY) == set(ids.split())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("La CNIL enquête.", "cnil"),
        ("La Cnil enquête, selon la Cnaf.", "cnil cnaf"),
        ("La Commission nationale de l’informatique et des libertés", "cnil"),
        ("La Défenseure des droits alerte.", "defenseur-des-droits"),
        ("La caisse d'allocations familiales verse.", "caf"),
        ("Le service a été étendu.", ""),
        ("Il faut agir, unir, aider.", ""),
        ("L'aurore se lève. Aurore a quinze ans, un centre l'héberge.", ""),
        ("L'association Aurore ouvre un centre. Aurore recrute.", "aurore"),
        ("La FAS publie.", ""),
        ("La FAS demande des places d'hébergement.", "fas"),
        ("Le droit au logement est opposable, le DALO aussi.", ""),
        ("Droit au logement (DAL) occupe un immeuble.", "dal"),
        ("Les départements de France dépensent plus.", ""),
        ("Départements de France réclame une compensation.", "departements-de-france"),
        ("La voix de l'enfant compte.", ""),
        ("La mission locale de lutte contre la prostitution des mineurs.", ""),
        ("À la mission locale, elle attend.", "missions-locales"),
        ("L'ARS a inspecté l'établissement de santé.", "ars"),
        ("L'ARS est versée à la rentrée scolaire.", ""),
        ("Il étudie au Cnam.", "conservatoire-arts-et-metiers"),
        ("La Cnam rembourse.", "cnam"),
        ("Emmaüs recrute, Coallia licencie.", "emmaus coallia"),
        ("La croix de bois.", ""),
        ("Le ministère de la Justice et le garde des sceaux", "ministere-de-la-justice"),
        ("Secours catholique-Caritas France", "secours-catholique"),
    ],
)
def test_an_organisation_is_recognised_by_its_names(
    recogniser: Recogniser, text: str, ids: str
) -> None:
    assert found(recogniser, text, EntityType.ORGANISATION) == set(ids.split())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Deux assistantes sociales, un assistant de service social",
         "assistant-de-service-social"),
        ("Les éducateur·rices spécialisé·es sont en grève", "educateur-specialise"),
        ("éducateurs(trices) spécialisé(e)s", "educateur-specialise"),
        ("Une conseillère en économie sociale et familiale",
         "conseiller-en-economie-sociale-familiale"),
        ("La CESF reçoit le mardi", "conseiller-en-economie-sociale-familiale"),
        ("L'ASS est une allocation pour chômeurs", ""),
        ("Une assistante et deux ASS : le service déborde", "assistant-de-service-social"),
        ("Les accompagnant.e.s d'élèves en situation de handicap",
         "accompagnant-d-eleves-en-situation-de-handicap"),
        ("La puéricultrice est passée", "puericulteur"),
        ("Maîtresses de maison et surveillants de nuit", "maitre-de-maison surveillant-de-nuit"),
        ("Un éducateur canin", ""),
    ],
)  # fmt: skip
def test_a_profession_is_recognised_in_every_gender(
    recogniser: Recogniser, text: str, ids: str
) -> None:
    assert found(recogniser, text, EntityType.PROFESSION) == set(ids.split())


@pytest.mark.parametrize(
    ("text", "type", "ids"),
    [
        ("Le RSA et la prime d'activité", EntityType.MEASURE, "rsa prime-d-activite"),
        ("Il a été placé en CER par la PJJ.", EntityType.ESTABLISHMENT, "cer"),
        ("Elle signe un CER avec son référent RSA.", EntityType.ESTABLISHMENT, ""),
        ("Deux Ehpad et un EHPAD", EntityType.ESTABLISHMENT, "ehpad"),
        ("Le CRA retient les étrangers en rétention", EntityType.ESTABLISHMENT, "cra"),
        ("Le DEES et le diplôme d’État d’assistant familial", EntityType.DIPLOMA, "dees deaf"),
        ("La DEETS de Guyane", EntityType.DIPLOMA, ""),
    ],
)
def test_measures_establishments_and_diplomas(
    recogniser: Recogniser, text: str, type: EntityType, ids: str
) -> None:
    assert found(recogniser, text, type) == set(ids.split())


def test_spans_are_the_words_of_the_text(recogniser: Recogniser) -> None:
    title, text = "Dans l'Orne", "Les assistant·e·s sociales de l’Orne et la CNIL."
    spans = [
        (one.field, (title if one.field == "title" else text)[one.start : one.end])
        for one in recogniser.find(title, text)
    ]
    assert ("title", "Orne") in spans
    assert ("text", "Orne") in spans
    assert ("text", "CNIL") in spans


def test_names_are_counted_and_those_of_the_title_come_first(recogniser: Recogniser) -> None:
    names = recogniser.names("La Drees publie", "L'Insee, l'Insee et la Drees.")
    assert [one for one in names if one.type is EntityType.ORGANISATION] == [
        Named(EntityType.ORGANISATION, "drees", 2, in_title=True),
        Named(EntityType.ORGANISATION, "insee", 2),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "🙂", "Hello, this is an English text about Nice people in Reading.", "Kaixo, zer moduz?",
     "نص عربي طويل", "\ud800 demi-caractère", "(" * 500, "Orne " * 5_000],
    ids=["empty", "emoji", "english", "basque", "arabic", "surrogate", "brackets", "repeated"],
)  # fmt: skip
def test_any_text_is_read(recogniser: Recogniser, text: str) -> None:
    assert not found(recogniser, text, EntityType.ORGANISATION)


def test_three_megabytes_are_read_to_the_limit(recogniser: Recogniser) -> None:
    found = recogniser.find("", "La Cnil enquête dans l'Orne. " * 110_000)
    assert found
    assert max(one.end for one in found) <= 200_000
