"""The second factor: six digits from an application (TOTP, RFC 6238), or a recovery code."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Final

import pyotp

from core.people import PersonId
from store import Transaction

ISSUER: Final = "Glaneuse"
STEP: Final = 30  # seconds
CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_CODE_LENGTH: Final = 16


def new_secret() -> str:
    """A shared secret, in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, address: str) -> str:
    """What the QR code says to the application."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=address, issuer_name=ISSUER)


def recovery_codes() -> tuple[str, ...]:
    """Codes to be kept on paper, each good for once: « k7fm-… », 79 bits each."""
    return tuple(_recovery_code() for _ in range(CODES))


def code_hash(code: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step of a code: the present one, or a neighbour for clocks a little off."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch("[0-9]{6}", digits):
        return None
    totp = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def accept(tx: Transaction, id: PersonId, code: str, now: datetime) -> bool:
    """Take a code or a recovery code of this person; none is taken twice."""
    factor = tx.accounts.second_factor(id)
    if factor is None:
        return False
    step = matching_step(factor.secret, code, now)
    if step is not None:
        return tx.accounts.use_step(id, step)
    return factor.confirmed and tx.accounts.use_recovery_code(id, code_hash(code))


def _recovery_code() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(drawn[at : at + 4] for at in range(0, _CODE_LENGTH, 4))
