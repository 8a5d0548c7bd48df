"""Mail addresses: what is one, and the one form under which it is known.

Read with the library email-validator, without asking the DNS. Two spellings of one address (case
and IDNA form of the domain, Unicode normalisation) have the same normal form. What a provider
makes of dots, plus signs or the case of its own part is its business, and is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import email_validator

from core.errors import BadAddress
from core.text import shorten

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


@dataclass(frozen=True, slots=True)
class Address:
    """An address. ``normal`` is what is stored, compared and put on the wire."""

    normal: str  # the domain in ASCII: « é@café.example » gives « é@xn--caf-dma.example »
    shown: str  # the domain as its owners write it
    domain: str
    needs_smtputf8: bool  # its local part is not ASCII: few servers take it (RFC 6531)


def parse_address(text: str) -> Address:
    """The address typed, spaces around it apart.

    Raises BadAddress, whose ``reason`` is a French sentence for the person who typed it.
    """
    typed = text.strip()
    try:
        found = email_validator.validate_email(typed, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise BadAddress(shorten(typed, 100), _reason(typed)) from error
    except ValueError as error:  # the library's own libraries, on half characters
        raise BadAddress(shorten(typed, 100), _UNREADABLE) from error
    normal = f"{found.local_part}@{found.ascii_domain}"
    if len(normal.encode()) > LONGEST:
        raise BadAddress(shorten(typed, 100), _reason("x" * LONGEST))
    return Address(normal, found.normalized, found.ascii_domain, found.smtputf8)


_UNREADABLE = "Cette adresse contient des caractères qui ne conviennent pas."


def _reason(typed: str) -> str:  # noqa: PLR0911  one sentence a case
    """Why ``typed`` is no address. The library says so in English; here, what to do, in French."""
    local, at, domain = typed.rpartition("@")
    if not typed:
        return "Écrivez une adresse électronique."
    if len(typed) >= LONGEST:
        return "Cette adresse est trop longue."
    if "<" in typed or ">" in typed:
        return "Écrivez l’adresse seule, sans nom ni chevrons."
    if any(mark in typed for mark in " ,;\t\r\n"):
        return "Écrivez une seule adresse, sans espace ni virgule."
    if not at or not local or not domain:
        return "Il faut une adresse complète, comme prenom.nom@exemple.fr."
    if "@" in local:
        return "Il y a deux « @ » dans cette adresse."
    if "." not in domain:
        return "Il manque la fin de l’adresse, comme « .fr »."
    if ".." in typed or local[0] == "." or local[-1] == "." or domain[0] == "." == domain[-1]:
        return "Un point est mal placé dans cette adresse."
    if domain.rpartition(".")[2].lower() in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        return "Aucun courrier n’arrive à ce domaine."
    return _UNREADABLE
