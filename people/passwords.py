"""Passwords: hashed with Argon2id, long enough, and not among those that everybody takes.

NIST SP 800-63B, section 5.1.1.2: length and commonness count; no rules of composition, no
forced change. Hashing: RFC 9106, with parameters of OWASP's Password Storage Cheat Sheet.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from zxcvbn import zxcvbn

from core.errors import GlaneuseError
from core.people import Person

SHORTEST = 12
LONGEST = 256  # characters; far above what anybody types, so that hashing cannot be abused
GUESSED_WITHIN = 10**8  # guesses: what zxcvbn calls « somewhat guessable » or worse
ESTIMATED = 72  # characters that the estimator looks at; it refuses more
# What people here would think of first, and that lists made elsewhere lack.
LOCAL_WORDS = tuple(
    "glaneuse glaneuses motdepasse azerty azertyuiop qsdfghjklm bonjour soleil doudou marseille "
    "chouchou jetaime travailsocial travail social educateur educatrice assistante formation "
    "redaction documentation administration newsletter lettre toulouse france paris".split()
)


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    COMMON = "common"


class WeakPassword(GlaneuseError, ValueError):
    """A password that is refused; says why, never which."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness.value)
        self.weakness = weakness


class Passwords:
    """Hashes and verifies. Another hasher may be given: cheap, or one that counts."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
        # Verified against when there is no account, so that both answers take the same time.
        self._nobodys = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to keep, its parameters within."""
        return self._hasher.hash(normal(password))

    def verify(self, hashed: str, password: str) -> bool:
        """Whether this is the password; as long when there is none to compare with ("")."""
        try:
            self._hasher.verify(hashed or self._nobodys, normal(password)[:LONGEST])
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return bool(hashed)

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)


def normal(password: str) -> str:
    """As two keyboards would type the same (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, person: Person) -> Weakness | None:
    """Why this password cannot be this person's, if so."""
    password = normal(password)
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    own = [person.address, *person.address.split("@"), *person.name.split()]
    guesses = zxcvbn(password[:ESTIMATED], user_inputs=[*own, *LOCAL_WORDS])["guesses"]
    return Weakness.COMMON if guesses < GUESSED_WITHIN else None
