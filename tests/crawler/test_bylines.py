"""Who signs: names out of what pages and their metadata say, whatever stands around them."""

from __future__ import annotations

import pytest

from crawler.authors import read_authors
from crawler.bylines import people_in
from crawler.head import Head


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("Par la rédaction avec AFP", ""),
        ("La rédaction", ""),
        ("Rédaction", ""),
        ("La Rédaction du Mensuel", ""),
        ("Publié par admin", ""),
        ("admin", ""),
        ("Administrateur", ""),
        ("webmaster", ""),
        ("Propos recueillis par Sonia Ferrandi", "Sonia Ferrandi"),
        ("Par Sonia Ferrandi", "Sonia Ferrandi"),
        ("PAR SONIA FERRANDI", "Sonia Ferrandi"),
        ("Sonia Ferrandi, éducatrice", "Sonia Ferrandi"),
        ("Sonia Ferrandi, éducatrice spécialisée et formatrice", "Sonia Ferrandi"),
        ("Sonia Ferrandi (éducatrice)", "Sonia Ferrandi"),
        ("Sonia Ferrandi - éducatrice de jeunes enfants", "Sonia Ferrandi"),
        ("Sonia Ferrandi avec AFP", "Sonia Ferrandi"),
        ("Sonia Ferrandi (avec AFP)", "Sonia Ferrandi"),
        ("Sonia Ferrandi, avec l’AFP", "Sonia Ferrandi"),
        ("Avec AFP", "AFP"),
        ("AFP", "AFP"),
        ("Agence France-Presse", "Agence France-Presse"),
        ("Sonia Ferrandi et AFP", "Sonia Ferrandi"),
        ("s.ferrandi@journal.example", ""),
        ("Sonia Ferrandi <s.ferrandi@journal.example>", "Sonia Ferrandi"),
        ("Sonia Ferrandi s.ferrandi@journal.example", "Sonia Ferrandi"),
        ("Sonia Ferrandi, infirmière, et Paul Nguyen, moniteur", "Sonia Ferrandi, Paul Nguyen"),
        ("Sonia Ferrandi, psychologue et Paul Nguyen, sociologue", "Sonia Ferrandi, Paul Nguyen"),
        ("Sonia Ferrandi ; Paul Nguyen", "Sonia Ferrandi, Paul Nguyen"),
        ("Sonia Ferrandi & Paul Nguyen", "Sonia Ferrandi, Paul Nguyen"),
        ("Sonia Ferrandi / Paul Nguyen", "Sonia Ferrandi, Paul Nguyen"),
        ("Texte : Sonia Ferrandi / Photos : Paul Nguyen", "Sonia Ferrandi"),
        ("Texte Sonia Ferrandi, photos Paul Nguyen", "Sonia Ferrandi"),
        ("Sonia Ferrandi (texte) et Paul Nguyen (photos)", "Sonia Ferrandi"),
        ("Mme Sonia Ferrandi", "Sonia Ferrandi"),
        ("Dr Sonia Ferrandi", "Sonia Ferrandi"),
        ("Pr Sonia Ferrandi", "Sonia Ferrandi"),
        ("De notre correspondante à Lille, Sonia Ferrandi", "Sonia Ferrandi"),
        ("Sonia Ferrandi, à Lille", "Sonia Ferrandi"),
        ("Sonia Ferrandi, notre correspondante", "Sonia Ferrandi"),
        ("Sonia Ferrandi | Le Mensuel", "Sonia Ferrandi"),
        ("Sonia Ferrandi pour Le Mensuel", "Sonia Ferrandi"),
        ("Recueilli par Sonia Ferrandi", "Sonia Ferrandi"),
        ("Un entretien mené par Sonia Ferrandi", "Sonia Ferrandi"),
        ("Interview réalisée par Sonia Ferrandi", "Sonia Ferrandi"),
        ("Écrit par Super Utilisateur", ""),
        ("Super User", ""),
        ("Service communication", ""),
        ("Le service presse", ""),
        ("Communication", ""),
        ("Non renseigné", ""),
        ("Anonyme", ""),
        ("rédaction web", ""),
        ("Équipe éditoriale", ""),
        ("L’équipe du site", ""),
        ("Collectif des éducateurs de rue", "Collectif des éducateurs de rue"),
        ("CGT Santé", "CGT Santé"),
        ("Jean-Michel de La Tour d’Auvergne", "Jean-Michel de La Tour d’Auvergne"),
        ("Anne-Sophie Ben Youssef", "Anne-Sophie Ben Youssef"),
        ("FERRANDI Sonia", "FERRANDI Sonia"),
        ("Sonia Ferrandi, docteure, Paul Nguyen, doctorant", "Sonia Ferrandi, Paul Nguyen"),
        ("Sonia Ferrandi, directrice du foyer des Tilleuls", "Sonia Ferrandi"),
        ("Sonia Ferrandi, cheffe de service", "Sonia Ferrandi"),
        ("Sonia Ferrandi, aidante familiale", "Sonia Ferrandi"),
        ("Sonia Ferrandi, juriste", "Sonia Ferrandi"),
        ("Sonia Ferrandi, ancienne assistante sociale", "Sonia Ferrandi"),
        ("Sonia Ferrandi, conseillère en économie sociale familiale", "Sonia Ferrandi"),
        ("Sonia Ferrandi Publié le 3 mars 2026", "Sonia Ferrandi"),
        ("Sonia Ferrandi, le 03/03/2026", "Sonia Ferrandi"),
        ("Posté par Sonia Ferrandi le 3 mars", "Sonia Ferrandi"),
        ("Mis en ligne par Sonia Ferrandi", "Sonia Ferrandi"),
        ("https://www.facebook.com/sonia", ""),
        ("@soniaf", ""),
        ("sferrandi", ""),
        ("Momo", "Momo"),
        ("Sonia F.", "Sonia F."),
        ("S. Ferrandi", "S. Ferrandi"),
        ("Auteur : Sonia Ferrandi", "Sonia Ferrandi"),
        ("Autrice : Sonia Ferrandi", "Sonia Ferrandi"),
        ("Auteure : Sonia Ferrandi", "Sonia Ferrandi"),
        ("Une tribune de Sonia Ferrandi", "Sonia Ferrandi"),
        ("Par notre journaliste Sonia Ferrandi", "Sonia Ferrandi"),
        ("Traduit par Paul Nguyen", ""),
        ("Photo : Paul Nguyen", ""),
        ("Crédit photo Paul Nguyen", ""),
    ],
)  # fmt: skip
def test_what_a_meta_element_says_is_cleaned_as_a_byline_is(said: str, author: str) -> None:
    head = Head(metas={"author": (said,)})
    assert read_authors(head, (), None, site="Journal d’ici", url="https://j.example/a") == author


def test_the_name_of_the_site_with_an_agency_is_nobody_s() -> None:
    head = Head(metas={"author": ("Journal d’ici avec AFP",)})
    assert read_authors(head, (), None, site="Journal d’ici", url="https://j.example/a") == ""


def test_a_word_alone_beside_a_name_is_a_town() -> None:
    assert people_in("Par Sonia Ferrandi, Lille") == ["Sonia Ferrandi"]
    assert people_in("Par Gaspard") == ["Gaspard"]
