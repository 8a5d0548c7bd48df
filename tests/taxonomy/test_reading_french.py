from __future__ import annotations

import pytest

from taxonomy import french
from taxonomy.tagger import Tagger


def themes(tagger: Tagger, title: str, text: str = "") -> set[str]:
    return {tagging.theme for tagging in tagger.tag(title, text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("éducateur", "éducatrices"),
        ("placé", "PLACEES"),
        ("travailleur", "travailleuses"),
        ("conseiller", "Conseillère"),
        ("professionnel", "professionnelles"),
        ("sociaux", "sociale"),
        ("hôpital", "HÔPITAUX"),
        ("œuvre", "OEUVRES"),
        ("assistant", "assistantes"),
        ("cheffe", "chefs"),
        ("bureau", "bureaux"),
        ("du", "de"),
    ],
)
def test_forms_of_a_word_share_a_key(one: str, other: str) -> None:
    assert french.key(one) == french.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("éducateur", "éducation"), ("place", "placement"), ("dés", "âgés"), ("foyer", "foi"),
        ("social", "société"), ("pas", "passe"),
    ],
)  # fmt: skip
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert french.key(one) != french.key(other)


@pytest.mark.parametrize(
    ("written", "padded"),
    [
        ("les professionnel·le·s usé·es", "les professionnel      usé   "),
        ("salarié.e.s.", "salarié    ."),
        ("un(e) éducateur(trice) là", "un    éducateur        là"),
        ("conseiller/ère, chargéEs", "conseiller    , chargé  "),
        ("étudiant-e-s et étudiant-es", "étudiant     et étudiant   "),
        ("l'éducateur/trice.", "l'éducateur      ."),
    ],
)
def test_inclusive_endings_give_way_to_spaces(written: str, padded: str) -> None:
    assert french.pad_inclusive(written)[0] == padded


@pytest.mark.parametrize(
    "plain", ["La fin. Elle part.", "a-t-il dit ?", "24/7 et/ou", "peut-être", "QPV", "donne-le"]
)
def test_what_is_no_inclusive_writing_is_left_alone(plain: str) -> None:
    assert french.pad_inclusive(plain) == (plain, {})


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("L’aller-vers, une démarche", "aller-vers"),
        ("Une démarche d'aller vers", "aller-vers"),
        ("L'aller vers se travaille", "aller-vers"),
        ("Éducatrices de rue : vingt ans", "prevention-specialisee"),
        ("ÉDUCATEURS DE RUE", "prevention-specialisee"),
        ("EDUCATEURS DE RUE", "prevention-specialisee"),
        ("Des éducateur·rices de rue", "prevention-specialisee"),
        ("Un éducateur/trice de rue", "prevention-specialisee"),
        ("Aide\u00a0sociale à l’enfance", "protection-enfance"),
        ("Le non recours progresse", "acces-aux-droits"),
        ("Le non-recours progresse", "acces-aux-droits"),
        ("Hébergement d’ur-\ngence", "hebergement-sans-abrisme"),
        ("Hé\u00adbergement d'urgence", "hebergement-sans-abrisme"),
        ("Les enfants qui leur sont confiés", "protection-enfance"),
        ("Personnes agees", "grand-age"),
        ("Les travailleur·euse·s handicapé·e·s", "handicap"),
        ("Les assistant(e)s maternel(le)s", "petite-enfance"),
        ("L’EHPAD et ses familles", "grand-age"),
        ("L’Ehpad et ses familles", "grand-age"),
    ],
)
def test_a_term_is_found_however_it_is_written(tagger: Tagger, title: str, theme: str) -> None:
    assert theme in themes(tagger, title)


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("Aller vers la sortie", "aller-vers"),
        ("La maraude des taxis", "aller-vers"),
        ("La maraude des taxis", "hebergement-sans-abrisme"),
        ("Le ministère de tutelle a tranché", "protection-des-majeurs"),
        ("Le foyer fiscal et le placement financier", "protection-enfance"),
        ("Un plan social dans la métallurgie", "insertion-emploi"),
        ("Le chiffrement RSA", "insertion-emploi"),
        ("La PASS", "sante-acces-aux-soins"),
        ("Une passe décisive", "sante-acces-aux-soins"),
        ("Un éducateur canin", "metiers-conditions-travail"),
        ("Ase, ville imaginaire", "protection-enfance"),
        ("peut-on", "participation-pouvoir-agir"),
    ],
)
def test_other_senses_give_no_theme(tagger: Tagger, title: str, theme: str) -> None:
    assert theme not in themes(tagger, title)


def test_a_longer_term_hides_the_shorter_inside_it(tagger: Tagger) -> None:
    assert "politiques-sociales" not in themes(tagger, "L'aide sociale à l'enfance débordée")


def test_an_ambiguous_acronym_counts_with_a_second_clue(tagger: Tagger) -> None:
    alone = "Le CER a été signé mardi par les deux parties."
    helped = alone + " Les allocataires du RSA s'en inquiètent, France Travail aussi."
    assert themes(tagger, "Le CER", alone) == set()
    assert "insertion-emploi" in themes(tagger, "Le CER", helped)


@pytest.mark.parametrize(
    "said",
    ["la prévention spécialisée", "le surendettement", "les Ehpad", "la protection de l’enfance"],
)
def test_one_mention_deep_in_a_long_article_gives_no_theme(tagger: Tagger, said: str) -> None:
    filler = "La réunion a commencé à neuf heures et personne ne savait comment elle finirait. "
    text = filler * 40 + f"On a cité {said}. " + filler * 10
    assert themes(tagger, "Une réunion", text) == set()


def test_terms_do_not_run_across_punctuation(tagger: Tagger) -> None:
    terms = {mention.term for mention in tagger.read("Droit, au logement, opposable", "").mentions}
    assert "droit au logement opposable" not in terms


def test_two_halves_do_not_meet_across_sentences(tagger: Tagger) -> None:
    read = tagger.read("Brèves", "Elle a un enfant. Il a confié ses clés au voisin.")
    assert "enfant … confié" not in {mention.term for mention in read.mentions}


def test_no_article_gets_more_than_three_themes(tagger: Tagger) -> None:
    text = (
        "Protection de l'enfance, hébergement d'urgence, surendettement, psychiatrie, addictions, "
        "violences conjugales, prison, crèche, aide à domicile et secret professionnel. "
    )
    assert 0 < len(tagger.tag("Tout", text * 3)) <= 3


def test_another_language_is_told_from_french() -> None:
    foreign = (
        "Gizarte langileek lan handia egiten dute egunero auzo guztietan",
        "Social workers in the county are asking for more time with each family",
        "Die Kinder und Jugendhilfe braucht mehr Personal in allen Bezirken",
        "Los trabajadores sociales piden más tiempo para acompañar a las familias",
        "العمل الاجتماعي في فرنسا يحتاج الى المزيد من العاملين في كل مكان",
    )
    assert all(french.is_foreign(text) for text in foreign)


@pytest.mark.parametrize(
    "text",
    [
        ("Las trabajadoras sociales del municipio denuncian la falta de recursos para atender a "
        "las familias con menores y piden una reunión con el consejero."),
        ("El centro de acogida de personas sin hogar abre de noche en invierno. Se sirve la cena y "
        "se ofrece una cama a quien la necesita, sin más preguntas."),
        "Servicios sociales: el gobierno de la región aprueba un plan de vivienda para jóvenes.",
        ("Gli assistenti sociali del comune chiedono più risorse per le famiglie con minori e un "
        "tavolo con la regione. Il servizio è in difficoltà da mesi."),
        ("La comunità di accoglienza apre le porte ai minori stranieri non accompagnati: una casa, "
        "una scuola, un educatore che li segue nella vita di ogni giorno."),
        ("As assistentes sociais da cidade pedem mais recursos para as famílias em situação de "
        "pobreza e uma reunião com o governo."),
        ("Les treballadores socials del barri demanen més recursos per a les famílies amb infants "
        "i una trobada amb l'ajuntament de la ciutat."),
        "Social workers in the region are asking for more resources and a meeting with the county.",
        "Die Sozialarbeiterinnen der Stadt fordern mehr Geld für die Familien und ein Gespräch.",
        "De maatschappelijk werkers van de stad vragen meer middelen voor het werk met gezinnen.",
        "La infancia en riesgo, una asignatura pendiente de la administración",
        "Trabajo social y salud mental: jornada de formación en Bilbao",
        "La dependencia, una ley sin presupuesto",
        "Educativa di strada nel quartiere Sanità",
        "La legge sulla disabilità entra in vigore tra dubbi e ritardi",
        "Minori stranieri non accompagnati: la tutela in affanno",
    ],
)  # fmt: skip
def test_neighbours_of_french_are_told_from_it(text: str) -> None:
    assert french.is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        ("La treballadora social del barri explica que les famílies esperen més d’un any per "
        "entrar en un pis social. « No podem fer res més », diu l’equip."),
        ("L’associacion dobrís un ostal pels joves que son pas aculhits enluòc, e cerca de "
        "benevòls per la serada."),
        "Lo trabalh social en país occitan : una jornada d’estudi a Besièrs",
        ("Digoret eo bet un ti degemer nevez e Kemper evit an dud hep lojeiz, a-drugarez d’ar "
        "gevredigezh."),
        "Labour sokial e Breizh : petra a vez graet evit ar re yaouank ?",
        ("Gizarte langileek denbora gehiago eskatu dute familiei laguntzeko, eta udalak bilera "
        "bat egingo du asteazkenean."),
        ("L’assistenti suciali di a cità dumandanu più tempu per aiutà e famiglie è una riunione "
        "cù u presidente."),
        ("Sé travayè sosyal la ka mandé plis tan pou yo pé akonpanyé fanmi ki adan difikilté, é "
        "asosyasyon la ka chaché moun pou édé."),
        "Timoun ki an danjé : sa lwa-la ka di",
        ("Bann travayèr sosyal i domann plis létan pou akonpagn bann famiy, épi lo konséy "
        "départman i pran in désizyon."),
        "Travayè sosyal yo ap mande plis tan pou yo ka ede fanmi ki nan difikilte yo.",
        ("Asistenții sociali din oraș cer mai mult timp pentru a sprijini familiile, iar primăria "
        "promite o întâlnire."),
        "Crianças em risco : educadores em greve pela segunda semana",
        ("D’Sozialarbeiter vun dr Stadt welle meh Zit fer d’Familie un e Gspräch mit em "
        "Bürgermeischter."),
        ("Pracownicy socjalni w mieście proszą o więcej czasu na pomoc rodzinom i o spotkanie z "
        "prezydentem."),
        "إضراب المربين للأسبوع الثاني",
        "Социальные работники просят больше времени",
    ],
    ids=["ca", "oc", "oc title", "br", "br title", "eu", "co", "gcf", "gcf title", "rcf", "ht",
         "ro", "pt title", "gsw", "pl", "ar title", "ru title"],
)  # fmt: skip
def test_languages_of_france_and_of_its_visitors_are_told_from_french(text: str) -> None:
    assert french.is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le film « La vida es una fiesta » raconte une éducatrice de rue, et c’est beau.",
        ("Par solidarité, on a lu The Guardian et le rapport of the Trust : la protection de "
        "l’enfance y est décrite."),
        "Logement : la commission DALO du Rhône a été saisie par neuf familles.",
        "À Bastia, l’association Per a Famiglia accueille des mères isolées et leurs enfants.",
        ("À Saint-Denis, Mamadou Traoré, Fatoumata Diallo et Sekou Camara tiennent la permanence "
        "du collectif El Warda, rue Dos Santos."),
        ("Ahmed Ben Salah, João Pereira da Silva, Xabier Etxeberria et Oihana Goikoetxea animent "
        "l’équipe de rue de Bayonne."),
        "Rencontre : Amaia Etcheverry, directrice d’Etxe Goxoa à Hasparren",
        "Entretien avec Jorge González Núñez et Małgorzata Świątek, éducateurs à Strasbourg",
        "Caf de La Réunion : Ti Kaz, Kaz Ékoute et Lékol Marmay cherchent des bénévoles",
        "Skoazell Vreizh aide des familles de Quimper depuis cinquante ans",
        "A Fort-de-France, Lyannaj Pou Timoun accompagne les jeunes de Volga-Plage",
        "Care, empowerment, advocacy : faut-il traduire les mots du social work ?",
        "Association Le Gué - Montreuil - CDI - Éducateur spécialisé (H/F) - Internat",
        "Diplômes d’État : la réforme reportée d’un an",
        "Peio Etchegaray, Maritxu Harignordoquy, Txomin Laborde",
    ],
)  # fmt: skip
def test_french_that_quotes_is_french(text: str) -> None:
    assert not french.is_foreign(text)


def test_french_of_all_sorts_is_french() -> None:
    own = (
        "Handicap : emploi record",
        "Le non-recours comme expérience : renoncer, différer, refuser",
        "Centre éducatif fermé : onze places, trois fugues, deux directeurs",
        "Madrid, Milan, Lisbonne : José Núñez et María Conti racontent la rue",
        "Protection de l'enfance : les départements réclament trois milliards à l'État",
        "« Aller vers » les jeunes sans domicile, pari d'une équipe mobile à Nantes",
    )
    assert not any(french.is_foreign(text) for text in own)
