"""The paragraphs of an article, from the body that trafilatura kept; what is no prose left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lxml.html import HtmlElement

from core.text import clean, fold, one_line
from crawler.access import is_wall
from crawler.cleaning import says_also
from crawler.french_dates import find_dates
from crawler.markup import LINE, SIGNS, link_share, words

_NETWORKS = (
    r"facebook|twitter|x|linkedin|whatsapp|pinterest|instagram|telegram|bluesky|mastodon|threads|"
    r"messenger|e-?mail|mail|courriel|imprimer|pdf|print|tweet(?:er)?|partager|partagez|reddit|"
    r"tumblr|pocket|flipboard|youtube|copier le lien|share|sms|viadeo|google(?: ?\+| ?plus)?|"
    r"rss|skype|tiktok"
)
_SHARE = re.compile(
    rf"(?=.*\b(?:{_NETWORKS})\b)"
    rf"(?:(?:partager|partagez|suivre|suivez|retrouvez|envoyer|imprimer|share|recommander|"
    rf"cliquez? pour (?:partager|imprimer|envoyer))[^.!?]{{0,40}}?)?(?:\W*\b(?:{_NETWORKS}|par|"
    rf"sur|on|cet?|article|cette|page|un ami|a|nous|-nous|l'|la|le|les|et|"
    rf"ouvre dans une nouvelle fenetre)\b)+\W*"
)
_CLICK_SHARE = re.compile(
    r"^(?:cliquez? pour (?:partager|imprimer|envoyer)|partage[rz] (?:cet?|cette|l'|la|sur|par|"
    r"avec|:)|envoyer (?:un lien )?par (?:e-?mail|mail|courriel)|wordpress:|j'aime (?:ca :|"
    r"chargement)|like this|share this|(?:tweet|share|post|print)\b.{0,20}$)"
)
_READING = re.compile(
    r"^\W*(?:(?:temps|duree) (?:estime )?de lecture\b.{0,40}|(?:lecture|"
    r"lire en)\s?:?\s?\d+.{0,10}|\d+\s?(?:min|mn|minutes?)\b(?: de lecture)?.{0,12}|(?:lu |"
    r"vu )?\d[\d\s]* ?(?:vues?|fois|lectures?|partages?|j'aime|likes?|commentaires?|reactions?|"
    r"views?))\W*$"
)
_LETTER = re.compile(
    r"^(?:abonnez-vous|inscrivez-vous|je m'abonne|je m'inscris|s'abonner|s'inscrire|recevez|"
    r"recevoir|newsletter\s*:|restez informe|ne manquez (?:rien|aucun)|"
    r"pour (?:recevoir|rester informe|ne rien (?:manquer|rater)))\b"
    r"(?=.*(?:newsletters?|lettre|infolettre|mail|boite|actualites?|abonn|inscri|gratuit))"
)
_CREDIT = re.compile(
    r"^(?:\(?\s*)?(?:(?:credits?(?: photos?)?|photos?(?: d'illustration)?|illustrations?|"
    r"images?|visuels?|copyright|dessin|legende)\s*(?:[:©]|par\b)|©|\(c\))"
)
_DATELINE = re.compile(
    r"^\W*(?:(?:article |actualite |billet )?(?:publiee?|postee?|mise? en ligne|mise? a jour|"
    r"maj|modifiee?|redigee?|paru|soumis|ecrit|actualise|derniere (?:modification|mise a jour)|"
    r"date de publication|le|ce|posted|published|updated)\b|[\w' -]{3,40}, (?:le )?\d|(?:lundi|"
    r"mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d))"
)
_BYLINE = re.compile(
    r"^(?:(?:ecrit |publie |redige |poste |propos recueillis |article )?par|by|"
    r"auteure?\w*(?:·e)?s?)\s*:?\s+\S"
)
_LABELS = re.compile(
    r"^\W*(?:publie dans|classe dans|posted in|categories?|etiquettes?|mots?[- ]?cles?|tags?|"
    r"tagged|themes?|rubriques?|thematiques?)\s*(?::|associes?).{0,200}$|^(?:etiquettes?|tags?|"
    r"mots?[- ]?cles?)\W*$"
)
_COMMENT = re.compile(
    r"^\W*(?:(?:laisser?|laissez|ajouter|poster|ecrire|soumettre|publier|voir|afficher|deposer|"
    r"lire) (?:un|votre|les|mon|le|des) (?:commentaires?|reponses?|message)|"
    r"\d* ?(?:commentaires?|reponses?|reactions?) ?(?:sur|a|au|:|\(\d+\))?\s*(?:«.*|\".*)?$|"
    r"aucun commentaire|pas (?:encore )?de commentaires?|votre adresse (?:e-?mail|"
    r"de messagerie) ne sera|les champs obligatoires|(?:se connecter|connectez-vous|"
    r"vous devez (?:etre connecte|vous connecter)) pour (?:commenter|reagir|poster|publier)|"
    r"(?:se connecter|connectez-vous) ou (?:s'inscrire|inscrivez-vous) pour\b.{0,60}|"
    r"repondre a cet article|reagir a cet article|ce site utilise akismet|annuler la reponse|"
    r"(?:les )?commentaires? (?:sont )?(?:fermes?|desactives?|clos)|soyez le premier a|"
    r"un message, un commentaire|moderation a priori|(?:attention, votre message|"
    r"ce forum est modere)|(?:votre message|qui etes-vous|forum sur abonnement)\W*$|"
    r"pour creer des paragraphes, laissez)"
)
_MOVES = re.compile(
    r"^\W*(?:accueil|home|menu|retour(?: (?:a|au|aux|en) .{1,40})?|haut de (?:la )?page|"
    r"article (?:precedent|suivant).{0,120}|(?:precedent|suivant|next|previous)(?: (?:article|"
    r"post))?.{0,3}|(?:lire|voir) (?:la suite|l'article complet|plus|tous les articles|"
    r"toutes les actualites|tout)|en savoir plus|(?:en )?lire (?:plus|davantage)|cliquez ici|"
    r"aller au contenu|skip to (?:main )?content|rechercher?|fermer|ok|sommaire|"
    r"afficher (?:plus|la suite)|voir le diaporama|agrandir(?: l'image)?|imprimer(?: (?:la page|"
    r"l'article|cet article))?|ajouter (?:a mes favoris|aux favoris).{0,80}|"
    r"l'article a ete ajoute.{0,60}|google ?news|ecouter(?: (?:l'article|cet article))?|"
    r"offrir (?:cet )?article|version imprimable|(?:passer la )?publicite|suivez-nous.{0,60}|"
    r"(?:precedent|suivant)e?s? ?[:«»‹›].{1,120}|"
    r"(?:se desinscrire|se desabonner|(?:gerer|modifier) (?:votre|mon) abonnement|desinscription|"
    r"(?:voir|ouvrir|lire|afficher) .{0,40}dans (?:votre|le|un) navigateur|vous recevez ce\S* "
    r"(?:e-?mail|mail|courriel|courrier|message|lettre)).{0,200}|"
    r"(?:plan detaille|pour citer cet article|reference (?:electronique|papier)|"
    r"droits d'auteur|entrees d'index|resumes?|table des matieres)|"
    r"(?:soutenez[- ](?:nous|notre)|nous soutenir|faites un don|faire un don).{0,120}|"
    r"nous suivre|reagir|signaler|(?:abonne|premium|abonnes))\W*$"
)
_TRAIL = re.compile(r"^(?:vous etes ici|accueil)\s*[:>›»/|]")
_COOKIES = re.compile(
    r"^(?:(?:nous|ce site|le site|notre site|nos partenaires)\b.{0,60}\b(?:utilis|depos|"
    r"stock)\w*.{0,60}\b(?:cookies|traceurs)|en (?:poursuivant|continuant) (?:votre|la|a) navig|"
    r"(?:tout )?(?:accepter|refuser)(?: (?:tout|et fermer|les cookies|tous les cookies))?\W*$|"
    r"(?:gerer|parametrer|personnaliser) (?:(?:vos|mes|les) )?(?:cookies|choix|preferences|"
    r"consentements?)|politique (?:de|relative aux) cookies|continuer sans accepter|"
    r"gestion des cookies|pour offrir les meilleures experiences, nous utilisons)"
)
_RIGHTS = re.compile(
    r"^\W*(?:©|copyright|\(c\))?.{0,60}\b(?:tous droits reserves|all rights reserved|"
    r"mentions legales|propulse par|powered by|toute reproduction)\b.{0,80}$"
)
# Whole lines that ask something of who reads, or name a button.
_CALLS = re.compile(
    r"\W*(?:"
    r"(?:cet?(?:te)? (?:article|page|billet|texte|contenu|dossier)|ca) vous a(?:-t-(?:elle|il))? "
    r"(?:ete utile|plu|interesse)\W.{0,90}|vous avez (?:aime|apprecie) (?:cet?|notre) "
    r"(?:article|page|billet|texte|contenu) ?\?.{0,90}|avez-vous trouve cet?(?:te)? "
    r"(?:page|article|information) utile\W.{0,40}|"
    r"partagez(?:-(?:le|la|les|moi))\W.{0,40}|partages?|faites passer(?: le message)?|"
    r"(?:rejoignez|retrouvez|suivez)[- ]nous (?:sur|aussi)\b.{0,60}|"
    r"suivez (?:toute )?l'actualite\b.{0,60} sur\b.{0,60}|"
    r"(?:envoyer|recommander|transmettre) (?:(?:cet |l'|la )?(?:article|page) )?a un\S* "
    r"(?:amie?|ami\S*|collegue|proche)|"
    r"(?:enregistrer|telecharger|exporter|ouvrir|version)(?: (?:cet |l')?article)? "
    r"(?:au format|en|format) pdf|version imprimable\b.{0,30}|lien copie\b.{0,40}|"
    r"(?:sauvegarder|enregistrer|conserver|garder|lire) (?:l'article|cet article|plus tard|"
    r"pour plus tard)|nous respectons votre vie privee|j'accepte|je refuse|"
    r"votre (?:commentaire|reponse|message|e-?mail|nom|adresse e-?mail|pseudo)|"
    r"commenter(?: (?:cet|l')? ?article| la page)?|"
    r"(?:enregistrer|sauvegarder) mon nom\b.{0,120}|prevenez-moi (?:de|par)\b.{0,90}|"
    r"en savoir plus sur (?:comment|la facon dont) les donnees\b.{0,90}|"
    r"s'abonner|s'inscrire|je m'abonne|je m'inscris|se connecter|creer un compte|"
    r"deja (?:abonnee?|inscrite?|client|membre|adherente?)\S*(?: ?\?)?.{0,60}|"
    r"abonnez-vous (?:des|a partir de|pour)\b.{0,60}|"
    r"pour (?:vous|se) des(?:inscrire|abonner)\b.{0,120}|"
    r"(?:voir )?tout(?:es)? (?:nos|les|l') ?(?:actualites?|articles?|actus)|"
    r"(?:ca|cela|ceci) (?:pourrait|peut|devrait) (?:aussi |egalement )?vous interesser|"
    r"(?:les )?(?:articles? )?(?:les )?plus (?:lus|partages|commentes|consultes)|"
    r"la suite apres cette publicite|(?:contenu|article|lecture) (?:en )?(?:acces )?libre|"
    r"acces libre|signaler une? (?:erreur|coquille|abus|contenu)|"
    r"retrouvez (?:tous|toutes) (?:nos|les) (?:articles|actualites|numeros)\b.{0,40}|"
    r"nous contacter|contactez-nous|classe sous ?:.{0,120}|"
    r"pour (?:nous|la) soutenir\b.{0,60}"
    r")\W*"
)
_EMBED = re.compile(
    r"(?:pour (?:afficher|voir|lire|visionner) ce(?:tte)? (?:contenu|video|carte|media)|"
    r"ce(?:tte)? (?:contenu|video|media) (?:est|a ete) (?:bloque|desactive)|"
    r"vous avez (?:refuse|desactive|bloque)).{0,80}\b(?:cookies|traceurs)\b.{0,160}"
)
_NO_WORD = re.compile(r"\W*")
_ANYWHERE = (
    _NO_WORD.fullmatch,
    _LETTER.match,
    _SHARE.fullmatch,
    _CLICK_SHARE.match,
    _READING.match,
    _COMMENT.match,
    _MOVES.match,
    _TRAIL.match,
    _RIGHTS.match,
    _LABELS.match,
    _CALLS.fullmatch,
    _EMBED.fullmatch,
)
_LONGEST_NOTICE = 320
_LONG_HINT = re.compile(r"(?i)cookies|abonn|inscri|adh[ée]rent|identifiez|connectez")


def is_boilerplate(line: str) -> bool:
    """Whether a short line is a button, an invitation, a credit or a notice, and no prose."""
    if len(line) > _LONGEST_NOTICE and not _LONG_HINT.search(line):
        return False
    folded = fold(one_line(line))
    return _is_notice(line, folded) or _is_invitation(line, folded)


def _is_notice(line: str, folded: str) -> bool:
    if len(folded) > _LONGEST_NOTICE:
        return False
    if len(folded) <= 160 and _CREDIT.match(folded):
        return True
    return any(test(folded) for test in _ANYWHERE) or says_also(line)


def _is_invitation(line: str, folded: str) -> bool:
    """To accept cookies, or to subscribe in order to read on."""
    if len(folded) <= 600 and _COOKIES.match(folded):
        return True
    return len(folded) <= 420 and is_wall(line) and _only_wall(folded)


def _only_wall(folded: str) -> bool:
    """A line about subscribing, not a sentence that quotes one: no longer than an invitation."""
    return len(folded) < 260 or folded.count(".") <= 4


def is_dateline(line: str, today: date) -> bool:
    """« Publié le 22 juillet 2020 par Marie Dupont », « Par Marie Dupont », a date alone."""
    if len(line) > 150:
        return False
    folded = fold(one_line(line))
    if (
        _BYLINE.match(folded)
        and len(folded) <= 90
        and not folded.rstrip().endswith((".", "!", "?", "…", ":"))
    ):
        return True
    dates = find_dates(folded, today)
    if dates and _is_set_apart(folded, dates[0].start):
        return True
    if not _DATELINE.match(folded):
        return False
    if not dates:
        return (
            bool(re.match(r"\W*(?:publie|mis a jour|poste|mis en ligne)\b.{0,60}$", folded))
            and len(folded) < 60
            and not folded.endswith(".")
        )
    left = len(folded) - sum(found.end - found.start for found in dates)
    return left <= (
        70
        if re.match(r"\W*(?:publ|mis|post|modif|redig|paru|date|dern|maj|artic|act)", folded)
        else 24
    )


def _is_set_apart(folded: str, date_at: int) -> bool:
    """« Une ville | 3 novembre 2026 | 2 min »: labels beside a date, between signs."""
    parts = SIGNS.split(folded)
    labels = all(len(part) < 60 and not part.endswith((".", "!", "?")) for part in parts)
    alone = any(folded.find(part) == date_at and len(part) < 40 for part in parts)
    return len(parts) > 1 and labels and alone


def of_body(body: Any) -> Iterator[str]:
    """The paragraphs of trafilatura's body: paragraphs, headings, list items, cells, quotes."""
    for element in body:
        yield from _blocks(element)


def _blocks(element: Any) -> Iterator[str]:
    if element.tag in ("list", "div", "table", "row", "quote", "details") and len(element):
        if element.text and element.text.strip():
            yield from _split(element.text)
        if element.tag == "row" and all(len("".join(cell.itertext())) < 80 for cell in element):
            yield one_line(" ".join("".join(cell.itertext()) for cell in element))
        elif element.tag == "quote" and not any(
            child.tag in ("p", "list", "quote", "head") for child in element
        ):
            yield from _split(_with_breaks(element))
        else:
            for child in element:
                yield from _blocks(child)
    elif element.tag in ("item", "cell") and any(
        child.tag in ("p", "list", "head", "table", "quote") for child in element
    ):
        yield from _split(element.text or "")
        for child in element:
            yield from _blocks(child)
    else:
        yield from _split(_with_breaks(element))
    yield from _split(element.tail or "")


def _with_breaks(element: Any) -> str:
    for br in element.iter("lb"):
        br.tail = "\n" + (br.tail or "")
    text = "".join(element.itertext())
    return (
        text
        if element.tag != "p" or "\n\n" in text or element.find("lb") is not None
        else text.replace("\n", " ")
    )


def _split(text: str) -> Iterator[str]:
    for piece in re.split(r"\n\s*\n", clean(text).replace("\u00ad", "")):
        line = one_line(piece)
        if line:
            yield line


def readable(tree: HtmlElement, most: int = 500_000) -> list[str]:
    """The paragraphs of a page by a simple reading: those long enough that are no list of links.

    Reading stops after ``most`` characters.
    """
    found: list[str] = []
    read = 0
    for element in tree.iter("p", "blockquote", "li", "h2", "h3"):
        if read > most:
            break
        text = words(element)
        read += len(text)
        enough = 12 if element.tag in ("h2", "h3") else LINE
        if (
            len(text) >= enough
            and link_share(element) < 0.5
            and not any(text in one for one in found[-2:])
        ):
            found.append(text)
    while found and len(found[-1]) < LINE:
        found.pop()
    return found


def tidy(paragraphs: Iterable[str], *, title: str, today: date) -> list[str]:
    """The paragraphs that are prose: without title, datelines and bylines at both ends, notices."""
    kept: list[str] = []
    key = _key(title)
    listed = list(paragraphs)
    for index, paragraph in enumerate(listed):
        if is_boilerplate(paragraph):
            if kept and _closes(paragraph) and _only_short(listed[index + 1 :]):
                break
            continue
        if kept and paragraph == kept[-1]:
            continue
        if len(kept) < 3 and len(paragraph) < 400 and _opens(paragraph, key, today):
            continue
        kept.append(paragraph)
    while kept and (is_dateline(kept[-1], today) or _ends_badly(kept[-1])):
        kept.pop()
    return kept


def _opens(paragraph: str, key: str, today: date) -> bool:
    """Whether a paragraph only repeats what stands above a text: the title, date and byline."""
    return _key(paragraph) == key or is_dateline(paragraph, today)


def _closes(notice: str) -> bool:
    """Whether a notice stands where an article ends: what follows belongs to the site."""
    folded = fold(notice)
    return (
        is_wall(notice)
        or says_also(notice)
        or bool(_COMMENT.match(folded) or _LETTER.match(folded))
    )


def _only_short(lines: list[str]) -> bool:
    return all(len(line) < 140 for line in lines)


def _ends_badly(line: str) -> bool:
    """A heading that nothing follows any more (« Pour aller plus loin », « Partager »)."""
    return len(line) < 40 and line.endswith(":") and not re.search(r"\d", line)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", fold(text))
