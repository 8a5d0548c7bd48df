"""Whether an article is free to read, for subscribers, or not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.model import Access
from core.text import fold
from crawler.head import Head

# What a page says where its text stops, folded.
_WALLS = re.compile(
    r"il (?:vous |te )?reste (?:encore )?\d{1,3}(?:[.,]\d+)? ?% (?:de (?:l'|cet |"
    r"ce )?(?:article|contenu|texte|dossier)|a (?:lire|decouvrir))|"
    r"(?:la )?suite (?:de (?:cet|l')? ?(?:article|contenu) )?est (?:uniquement |"
    r"exclusivement )?reservee? (?:aux|a nos) (?:abonne|adherent|membre)|"
    r"(?:cet |ce |l'|votre )?(?:article|contenu|dossier|texte|document|page) (?:complet |"
    r"integral )?(?:est |reste )?(?:uniquement |exclusivement |entierement )?"
    r"(?:reservee?|accessible uniquement|accessible seulement) (?:uniquement |"
    r"exclusivement )?(?:aux|a nos|pour nos) (?:\w+ )?(?:abonne|adherent|membre|inscrit)|"
    r"(?:abonnez[- ]vous|identifiez[- ]vous|connectez[- ]vous|"
    r"inscrivez[- ]vous)(?: ou \S+)?(?: a [^.,:]{2,40}?)? (?:des maintenant |maintenant )?"
    r"(?:pour|afin de|et) (?:lire|acceder|consulter|poursuivre|continuer|decouvrir|"
    r"profitez de) (?:a )?(?:(?:lire|consulter) )?(?:ce post|la suite|la lecture|"
    r"l'integralite|(?:cet|l'|votre) ?article|"
    r"l'article|ce contenu|votre lecture|tout l'article|la totalite)|"
    r"pour (?:lire|acceder a|consulter|decouvrir|poursuivre)(?: a)? (?:la suite|l'integralite|"
    r"la lecture|l'article|cet article|ce contenu)[^.]{0,60}(?:abonnez|abonne|connectez|"
    r"identifiez|adherez)|"
    r"(?:la )?lecture (?:de cet article |de l'article )?est reservee aux abonne|"
    r"(?:contenu|article) (?:premium|abonnes?|payant)\b|zone abonnes|reserve aux (?:abonne|"
    r"inscrits|adherents)|reserve a nos (?:abonne|adherents)|"
    r"vous avez lu \d{1,3} ?% de cet article|offre(?:s)? d'abonnement pour lire|"
    r"achetez (?:cet |l'|ce )(?:article|contenu|numero) .{0,40}abonnez|"
    r"(?:lire|decouvrir|connaitre|acceder a) la suite ?\?.{0,60}(?:abonnez|achetez|connectez|"
    r"identifi)"
)
_ASIDE = re.compile(r"\([^()]{0,80}\)")
_HINT = re.compile(
    r"(?i)abonn|achetez|adh[ée]rent|membre|inscri|reste|identifiez|connectez|premium|payant|"
    r"vous avez lu"
)
_FREE = re.compile(
    r"(?:article|contenu|lecture) (?:gratuite?|(?:est )?(?:offerte?|en acces libre|"
    r"en libre acces|libre d'acces))|acces (?:libre|gratuit) a (?:cet|l')"
)
_TIERS = {
    "free": Access.FREE, "metered": Access.SUBSCRIBERS, "locked": Access.SUBSCRIBERS,
    "premium": Access.SUBSCRIBERS, "paid": Access.SUBSCRIBERS, "subscriber": Access.SUBSCRIBERS,
    "abonne": Access.SUBSCRIBERS, "abonnes": Access.SUBSCRIBERS, "payant": Access.SUBSCRIBERS,
    "gratuit": Access.FREE, "libre": Access.FREE,
}  # fmt: skip


def is_wall(line: str) -> bool:
    """Whether a line invites to subscribe in order to read on.

    « Lire l'article de … (réservé aux abonnés) » warns of another article, as press reviews do.
    """
    own = _ASIDE.sub(" ", line)
    said = own if own.strip() else line
    return bool(_HINT.search(said) and _WALLS.search(fold(said)))


def read_access(head: Head, lines: Sequence[str], *, text_was_read: bool) -> Access:
    """Whether the article is free: what the metadata say, then the page's own words.

    A page that gave its whole text to a passer-by without asking is free. ``lines``: the short
    lines of the page, apart from its menus and the articles that it recommends.
    """
    declared = _declared(head)
    if declared is not Access.UNKNOWN:
        return declared
    if any(is_wall(line) for line in lines):
        return Access.SUBSCRIBERS
    if text_was_read or any(_FREE.search(fold(line)) for line in lines):
        return Access.FREE
    return Access.UNKNOWN


def _declared(head: Head) -> Access:
    nodes = [head.article] if head.article else list(head.of_type("WebPage"))
    parts = [part for node in nodes for part in _listed(node.get("hasPart"))]
    said = [_truth(node.get("isAccessibleForFree")) for node in (*nodes, *parts)]
    if not nodes:  # the page's own mark-up; that of the articles that it recommends comes later
        said.append(_truth(head.meta("isaccessibleforfree")))
    if False in said:
        return Access.SUBSCRIBERS
    if True in said:
        return Access.FREE
    tier = fold(
        head.meta(
            "article:content_tier", "og:article:content_tier", "content_tier", "article:access"
        )
    )
    return _TIERS.get(tier, Access.UNKNOWN)


def _listed(value: Any) -> list[Any]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).rpartition("/")[2].strip().lower()
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(word)
