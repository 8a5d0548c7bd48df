"""What bylines say: the people who sign, among the words around their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.text import fold, one_line

_PARTICLES = frozenset(
    "de du des d la le les von van der den di da del della el al ben bin y e ter saint".split()
)
NOT_A_NAME = re.compile(r"https?:|www\.|@|[\d{}<>=_#/\\|]|\.(?:fr|com|org|net)\b", re.IGNORECASE)
_MAIL = re.compile(r"[<(\[]?\s*[^\s<>()\[\],;]+@[^\s<>()\[\],;]+\s*[>)\]]?")
_GENRES = (
    "article|texte|billet|tribune|analyse|reportage|enquete|entretien|interview|point de vue|"
    "chronique"
)
BYLINE = re.compile(
    rf"^(?:(?:(?:un|une) )?(?:{_GENRES})s? )?"
    r"(?:(?:ecrite?s?|redigee?s?|publiee?s?|postee?s?|proposee?s?|signee?s?|soumise?s?|menee?s?|"
    r"propos recueillis|recueillis?|entretien realise|realisee?s?|mise? en ligne) )?"
    r"(?:par|by|(?:auteurs?|autrices?)(?:\.e|·e|\(e\))?(?:\.?s|·s|\(s\))? ?:|textes? ?:)\s*:?\s*|"
    rf"^(?:un|une) (?:{_GENRES}) d(?:e |')"
)
INLINE_BY = re.compile(
    r"(?:^|[\s,|–—•·-])(?:(?:par|by)\s+|(?:textes?|auteur[\w.·()]*|autrices?)\s*:\s*)",
    re.IGNORECASE,
)
# Whose work it is not: « Photo : … », « Traduit par … ».
_CREDITED = re.compile(
    r"\W*(?:photos?|photographies?|credits?|illustrations?|dessins?|infographies?|videos?|"
    r"traduit|traduction|relu|partage|sources?|merci|bonne|fin)\b"
)
ROLE = re.compile(
    r"(?:ancienne?s? )?(?:journaliste|redact|correspondant|envoye|avocat|educat|assistante? |"
    r"sociologue|psycholog|professeur|chercheu|docteure?\b|doctorant|formateur|formatrice|"
    r"president|directeur|directrice|membre|maitre|consultant|economiste|philosophe|delegue|"
    r"secretaire|responsable|charge|travailleu|cadre|chef|juriste|infirmi|moniteur|monitrice|"
    r"conseiller|medecin|pedopsychiatre|psychiatre|anthropologue|historien|politiste|animateur|"
    r"animatrice|coordinat|aidant|etudiant|benevole|militant|mediateur|mediatrice|"
    r"(?:photo|illustration)s?\b)"
)
# Where what is said of names ends.
_ENDS = re.compile(
    r"\s(?:[|•·–—-]|le\s+(?=\d|lun|mar|mer|jeu|ven|sam|dim)|publie|mis a jour|dans\s|il y a|"
    r"pour\s|a\s\d|on\s)|"
    r"\s*[|•:]|\s\d|(?<!\b\w)\.\s|"
    r",?\s*\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)
_BETWEEN = re.compile(r"\s*[,;&/]\s*|\s+(?:et|and|avec|with)\s+")
_LEADS = re.compile(
    r"(?:(?:et|and|avec|with|par|by|textes?|auteurs?|autrices?|propos recueillis par)\s*:?\s+|"
    r"(?:m\.|mme|mlle|mm\.|dr\.?|pr\.?|me\.?) |(?:de )?(?:notre|nos|votre) [\w-]+ )+"
)
_ORGANISATION = re.compile(
    r"\b(?:le monde|le figaro|les echos|le parisien|le point|liberation|afp|reuters|agence|"
    r"association|federation|"
    r"ministere|direction|conseil|union|syndicat|collectif|comite|fondation|observatoire|institut|"
    r"mission|maison|centre|ville|mairie|departement|prefecture|haute|haut|groupe|reseau|service|"
    r"pole|bureau|club|ligue|secours|croix|cgt|cfdt|fo|sud|ars|anas|uniopss|unaf|cnape|ash|"
    r"lien social|media|actualites?|info|infos|presse|journal|revue|editions?|gazette|magazine|"
    r"blog|team|travail|social|sociale|action)\b"
)
JUNK = re.compile(
    r"^(?:la |l'|le |les )?(?:redac|redaction|redacteurs?|redactrices?|admin|administrat|"
    r"webmaster|webmestre|"
    r"super ?users?|super ?utilisat|root|user|utilisateur|auteur|author|anonym|invite|equipe|"
    r"communication|service (?:communication|(?:de )?presse|web)|siteadmin|contributeur|editeur|"
    r"editor|contact|"
    r"accueil|partager|non renseigne|n/a|none|null|unknown|inconnu|site (?:web|internet)|"
    r"newsroom|staff|demo|test|wordpress|wpadmin|par defaut|a propos)"
)


def people_in(line: str) -> list[str]:
    """The people who sign, in « Par Marie Dupont, journaliste, et Jean Martin | 22 juillet »."""
    named, _ = _cut(line)
    found = [_person(part) for part in _BETWEEN.split(named)]
    people = [name for name in found if name]
    whole = [name for name in people if " " in name]
    return whole or people  # beside a name, a word alone is a town or a column


def without_byline(line: str) -> str:
    """The names in « Par Marie Dupont | 22 juillet 2020 », else the beginning of the line."""
    return re.sub(r"^De (?=[A-ZÀ-Þ])", "", _cut(line)[0])


def bare(line: str) -> str:
    """Who signs, a person or not: « Collectif d’ici » in « Publié par Collectif d’ici, le … »."""
    named, is_byline = _cut(line)
    if named and not is_byline:
        named = one_line(_MAIL.sub(" ", line))
    named = re.sub(r"^[Aa]vec (?:l['’])?", "", named)
    return re.sub(r" avec (?:l['’])?(?:AFP|agences?|Reuters)\b.*", "", named)


def _cut(line: str) -> tuple[str, bool]:
    """What stands between « Par » and the end of a byline, and whether it begins so.

    "" for a line that speaks of pictures or of a translation.
    """
    line = _level(_MAIL.sub(" ", line[:300]))
    folded = fold(line)
    if len(folded) != len(line) or _CREDITED.match(folded):
        return "", False
    start = BYLINE.match(folded) or INLINE_BY.search(folded)
    if start:
        line, folded = line[start.end() :], folded[start.end() :]
    lead = _LEADS.match(folded)
    end = _ENDS.search(folded, lead.end() if lead else 0)
    named = (line[: end.start()] if end else line).strip(" ,;:-–—|·")
    if not re.search(r"\b[A-ZÀ-Ý]\.$", named):
        named = named.rstrip(" .")
    return named, bool(start)


def _level(line: str) -> str:
    """On one line, of which each character is one once folded; who helped, beside who signs."""
    line = re.sub(r"\s*\((avec [^()]*)\)", r", \1", one_line(line))
    if len(fold(line)) == len(line):
        return line
    return line.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("…", "...")


def _person(part: str) -> str:
    """The person that a part of a byline names; "" for a trade, a town, a photographer."""
    name, _, aside = part.partition("(")
    if _CREDITED.match(fold(aside)) or _CREDITED.match(fold(name)):
        return ""
    name = _without_lead(name.strip(" -–—·"))
    if ROLE.match(fold(name)):
        return ""
    name = _without_trade(name)
    return tidy(name) if looks_like_person(name) else ""


def _without_lead(name: str) -> str:
    folded = fold(name)
    lead = _LEADS.match(folded)
    return name[lead.end() :] if lead and len(folded) == len(name) else name


def _without_trade(name: str) -> str:
    """« Marie Dupont » of « Marie Dupont éducatrice de rue »."""
    parts = name.split()
    for n, part in enumerate(parts):
        if n >= 2 and part[0].islower() and ROLE.match(fold(" ".join(parts[n:])) + " "):
            return " ".join(parts[:n])
    return name


def tidy(name: str) -> str:
    """« DUPONT » stays beside a first name, « MARIE DUPONT » becomes « Marie Dupont »."""
    name = one_line(name)
    return name.title() if name.isupper() and " " in name else name


def looks_like_person(name: str) -> bool:
    """Whether ``name`` reads as a person's: two to five capitalised words, or one known as such."""
    folded, parts = fold(name), name.split()
    if not 1 <= len(parts) <= 6 or len(name) > 60:
        return False
    if NOT_A_NAME.search(name) or JUNK.match(folded):
        return False
    if len(parts) == 1:
        return len(name) >= 4 and name[0].isupper() and not name.isupper()
    small = [part for part in parts if not part[0].isupper()]
    particles = all(fold(re.split("['’]", part)[0]) in _PARTICLES for part in small)
    enough = len(parts) - len(small) >= 2
    return particles and enough and not _ORGANISATION.search(folded)


def signature(paragraphs: Sequence[str]) -> str:
    """The name that alone ends a text: « Lise Morvan », « Lise Morvan, éducatrice »; else ""."""
    last = paragraphs[-1] if len(paragraphs) > 1 else ""
    if len(last) > 100 or last.endswith((":", "!", "?", "…")):
        return ""
    name, comma, trade = last.strip(" .—–-").partition(",")
    if comma and not ROLE.match(fold(trade.strip()) + " "):
        return ""
    enough = 2 <= len(name.split()) <= 4
    if not enough or not looks_like_person(name) or _CREDITED.match(fold(name)):
        return ""
    return tidy(name)
