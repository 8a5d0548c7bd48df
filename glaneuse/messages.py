"""Errors as one French sentence that says what to do."""

from __future__ import annotations

import errno

from core import errors
from core.text import one_line


def sentence(error: errors.GlaneuseError) -> str:  # noqa: C901, PLR0911, PLR0912  one a case
    """The error, said to the person who typed the command."""
    match error:
        case errors.BadSettings():
            return _setting(error)
        case errors.BadSource() | errors.FetchFailed():
            subject = error.source if isinstance(error, errors.BadSource) else error.url
            return f"{subject} : {error.reason}"
        case errors.BadVocabulary():
            return f"{error.file}, ligne {error.line}, {error.field} : {error.reason}"
        case errors.Unreadable():
            return f"{error.what} : {error.reason}"
        case errors.NotFound():
            return f"« {error.key} » : rien de ce nom ({_KINDS.get(error.kind, error.kind)})."
        case errors.Withdrawn():
            return f"{error.url} : cet article a été retiré de Glaneuse, pour de bon."
        case errors.Conflict():
            return f"« {error} » existe déjà."
        case errors.AlreadyRunning() if str(error) == "worker":
            return "Des glaneuse worker font ce travail sur cette base : prenez glaneuse serve."
        case errors.AlreadyRunning():
            return f"{_WORK.get(str(error), str(error))} sur ce dossier : laissez-lui finir."
        case errors.IndexBusy():
            return "Une autre commande écrit l’index : réessayez quand elle aura fini."
        case errors.IndexOutdated():
            return "L’index vient d’une autre version de Glaneuse : glaneuse index --rebuild"
        case errors.IndexMissing():
            return "Rien n’a encore été indexé : glaneuse update, ou glaneuse index"
        case errors.SearchUnavailable():
            return f"Le moteur de recherche ne répond pas : {error}. Que faire : glaneuse doctor"
        case errors.MailUnavailable():
            return f"Le courrier ne part pas : {error}. Il attend."
        case errors.BadAddress():
            return f"« {error.address} » : {error.reason}"
        case errors.LastAdmin():
            return f"{error} administre seul·e : donnez d’abord ce rôle à une autre personne."
        case errors.StoreOutdated():
            return (
                "La base vient d’une version antérieure de Glaneuse. Pour la mettre à niveau, "
                "après une sauvegarde faite d’elle-même : glaneuse upgrade"
            )
        case errors.StoreTooNew():
            return (
                f"La base vient d’une version de Glaneuse plus récente (schéma {error.found}, "
                f"celle-ci connaît {error.known}) : reprenez cette version, ou restaurez la "
                "sauvegarde que glaneuse upgrade a faite dans le dossier « backups »."
            )
        case errors.UpgradeFailed():
            why = one_line(error.reason)
            return (
                f"La mise à niveau de la base échoue ({why}) : elle reste au schéma "
                f"{error.found or '0'}, rien n’est perdu. Si une mise à niveau y avait été coupée, "
                "reprenez une sauvegarde de « backups » : glaneuse restore --replace DOSSIER"
            )
        case errors.StoreFailed():
            why = one_line(str(error))
            return (
                f"La base de données ne peut être utilisée : {why}. Vérifiez DATABASE_URL, que le "
                "serveur tourne et qu’il reste de la place. Ce qui était gardé le reste."
            )
        case _:
            return str(error)


def _setting(error: errors.BadSettings) -> str:
    """Where it is written, what is wrong with it, and what would do."""
    place = f"{error.file}, ligne {error.line} : " if error.line else f"{error.file} : "
    where = place if error.file else ""
    match error:
        case errors.UnknownSetting() if "," in error.allowed:
            return f"{where}{error.name} n’est pas un réglage. Ceux qui existent : {error.allowed}."
        case errors.UnknownSetting():
            return f"{where}{error.name} n’est pas un réglage. Vouliez-vous dire {error.allowed} ?"
        case errors.UnreadableSettings():
            return f"{where or f'{error.name} : '}{error.allowed}."
    name = f"réglage {error.name}" if where else f"Réglage {error.name}"
    given = f" « {error.value} » ne convient pas." if error.value else ""
    return f"{where}{name} :{given} Il faut : {error.allowed}."


_KINDS = {
    "source": "voyez : glaneuse sources list",
    "article": "article",
    "pack": "voyez les paquets : glaneuse sources add",
    "account": "voyez : glaneuse users list",
    "theme": "voyez les thèmes dans taxonomy/themes.yaml",
}

_WORK = {
    "collect": "Une collecte est déjà en cours",
    "tag": "Un classement est déjà en cours",
    "mail": "Un envoi de courrier est déjà en cours",
    "letters": "Des lettres sont en cours d’écriture",
    "run": "Glaneuse tourne déjà (glaneuse run)",
}


def of_the_machine(error: OSError) -> str:
    """What the machine refuses and what to do, or an empty text where it is none of those."""
    return _OF_THE_MACHINE.get(error.errno or 0, "")


# What no program can help, and what to do.
_OF_THE_MACHINE = {
    errno.ENOSPC: "le disque est plein. Faites de la place, puis relancez : rien n’est perdu.",
    errno.EDQUOT: "la place accordée est épuisée. Augmentez-la, puis relancez : rien n’est perdu.",
    errno.EROFS: "ce disque est en lecture seule. Voyez DATA_DIR et la façon dont il est monté.",
    errno.EACCES: "accès refusé. Lancez Glaneuse sous le compte à qui sont ces fichiers.",
    errno.EPERM: "accès refusé. Lancez Glaneuse sous le compte à qui sont ces fichiers.",
    errno.ENOENT: "il n’y a rien de ce nom.",
    errno.EISDIR: "c’est un dossier ; il faut un fichier.",
    errno.ENOTDIR: "ce n’est pas un dossier.",
}
