"""Lines that are buttons, calls and notices; and sentences that begin with the same words."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.paragraphs import is_boilerplate, is_dateline

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "line",
    [
        "Cet article vous a plu ? Partagez-le !",
        "Vous avez aimé cet article ? Partagez-le avec vos collègues.",
        "Cette page vous a-t-elle été utile ?",
        "Avez-vous trouvé cette page utile ? Oui Non",
        "Partagez cet article sur les réseaux",
        "Partagez sur",
        "Partager l’article",
        "Partage",
        "Faites passer le message",
        "Suivez-nous sur les réseaux sociaux",
        "Retrouvez-nous sur Facebook et Instagram",
        "Rejoignez-nous sur LinkedIn",
        "Suivez toute l’actualité sociale sur notre page Facebook",
        "Envoyer à un ami",
        "Envoyer à un collègue",
        "Recommander à un ami",
        "Enregistrer au format PDF",
        "Télécharger en PDF",
        "Version imprimable de cet article",
        "Copier le lien",
        "Lien copié !",
        "Lien copié dans le presse-papier",
        "Ajouter à mes favoris",
        "Sauvegarder l’article",
        "Lire plus tard",
        "Nous respectons votre vie privée",
        "Ce site utilise des cookies",
        "Nous utilisons des traceurs pour mesurer l’audience.",
        "Nous et nos partenaires stockons des informations sur votre terminal (cookies)",
        "Ce contenu est bloqué car vous n’avez pas accepté les cookies.",
        "Pour afficher ce contenu, vous devez accepter les cookies.",
        "Vous avez refusé les cookies associés aux contenus issus de tiers.",
        "J’accepte",
        "Accepter et fermer",
        "Continuer sans accepter",
        "Laisser un commentaire",
        "Votre commentaire",
        "Commenter",
        "Commenter cet article",
        "3 commentaires",
        "0 commentaire",
        "Soyez le premier à commenter",
        "Connectez-vous pour commenter",
        "Votre adresse de messagerie ne sera pas publiée.",
        "Les commentaires sont fermés.",
        "Enregistrer mon nom, mon e-mail et mon site pour mon prochain commentaire.",
        "Prévenez-moi de tous les nouveaux commentaires par e-mail.",
        "En savoir plus sur comment les données de vos commentaires sont utilisées.",
        "Inscrivez-vous à notre newsletter",
        "Je m’inscris à la newsletter",
        "Abonnez-vous à notre lettre d’information pour recevoir nos articles chaque mois.",
        "Recevez nos articles par mail",
        "Ne manquez aucun article, abonnez-vous",
        "Votre e-mail",
        "S’abonner",
        "Je m’abonne",
        "Déjà abonné ? Connectez-vous",
        "Déjà inscrit ? Identifiez-vous",
        "Abonnez-vous dès 1 € par mois",
        "Pour vous désinscrire de cette liste, cliquez ici.",
        "Retour en haut",
        "Retour à la liste des actualités",
        "Toutes les actualités",
        "Voir toutes nos actualités",
        "Sur le même sujet",
        "Articles similaires",
        "Ça pourrait vous intéresser",
        "Vous pourriez aussi aimer",
        "Les plus lus",
        "À lire aussi",
        "Publicité",
        "La suite après cette publicité",
        "Article réservé aux abonnés",
        "Lecture libre",
        "Contenu en accès libre",
        "Signaler une erreur",
        "Imprimer cette page",
        "Retrouvez tous nos articles",
        "Nous contacter",
        "Mots-clés : famille, foyer",
        "Classé sous : Actualités",
        "Tags : foyer, visites",
        "Temps de lecture : 4 minutes",
        "Crédit photo : Adobe Stock",
        "© Adobe Stock",
        "Photo : Paul Nguyen",
        "Tous droits réservés",
        "Pour nous soutenir, faites un don",
        "Soutenez notre journal",
        "Partager :",
    ],
)  # fmt: skip
def test_what_is_said_to_who_reads_is_no_text(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Partager le pouvoir d’agir avec les familles suppose du temps.",
        "Elle a partagé son expérience devant trente éducateurs réunis à Lille.",
        "Recevez-vous les familles à domicile ?",
        "Suivez-vous ces jeunes après leur majorité ?",
        "Inscrivez-vous dans la durée, répète la cheffe de service.",
        "Abonnés absents : les collectivités ne répondent plus.",
        "Nous contacter directement les parents, c’était l’ancienne façon.",
        "La lecture libre des dossiers par les usagers reste un droit méconnu.",
        "Commenter une décision de justice n’est pas la contester.",
        "Les plus lus des rapports de l’IGAS ne sont pas les plus suivis.",
        "Toutes les actualités ne se valent pas, dit-elle.",
        "Imprimer les livrets d’accueil coûte cher aux petites structures.",
        "Cet article 5 de la loi a plu aux associations.",
        "Photos de famille, doudous, carnets : tout compte.",
        "Le cookie que l’enfant garde dans sa poche dit quelque chose de la faim.",
        "Vous pourriez aussi aimer ce métier, leur dit-elle en souriant.",
        "Sauvegarder l’article 375 du code civil fut l’enjeu des débats.",
        "Publicité des débats : le tribunal refuse.",
        "Télécharger en PDF un formulaire ne suffit pas à ouvrir un droit.",
        "Votre commentaire vaut pour tous les foyers, lui répond l’inspectrice.",
        "Signaler une erreur n’est pas dénoncer un collègue.",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_so_is_kept(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("Le Ponant avec AFP - 10 nov. 2026 à 11:02 - Temps de lecture : 2 min", True),
        ("Lettre n° 42 | novembre 2026 | 24 novembre 2026", True),
        ("L’atelier | Lille | 3 mars 2026", True),
        ("Le décret du 3 mars 2026 — attendu depuis deux ans — change tout.", False),
        ("Ouverture le 3 mars 2026 – une fête est prévue dans la cour, avec les voisins", False),
    ],
)  # fmt: skip
def test_labels_beside_a_date_are_no_text(line: str, dateline: bool) -> None:
    assert is_dateline(line, TODAY) is dateline
