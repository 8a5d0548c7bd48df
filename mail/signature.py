"""The DKIM signature (RFC 6376, relaxed/relaxed; Ed25519 after RFC 8463).

Written here on the library cryptography: dkimpy signs with arithmetic in pure Python, 18 ms a
letter, which is the whole time a letter may take. The tests verify with dkimpy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from core.errors import BadSettings

SHORTEST_RSA_KEY = 1024  # bits; RFC 8301, 3.2
# Signed once more than they stand in the letter, so that none can be added (RFC 6376, 8.15).
SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
)  # fmt: skip
_SPACES = re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, and where the DNS holds its public half: ``selector._domainkey.domain``."""

    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    selector: str
    domain: str


def read_dkim_key(path: Path, *, selector: str, domain: str) -> DkimKey:
    """The key in a PEM file. Raises BadSettings."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        allowed = f"un fichier que Glaneuse peut lire ({error.strerror})"
        raise BadSettings("DKIM_KEY_FILE", path, allowed) from error
    except (ValueError, TypeError) as error:  # no PEM; protected by a password
        raise BadSettings("DKIM_KEY_FILE", path, "une clé privée PEM sans mot de passe") from error
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SHORTEST_RSA_KEY:
        raise BadSettings("DKIM_KEY_FILE", path, f"une clé de {SHORTEST_RSA_KEY} bits au moins")
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise BadSettings("DKIM_KEY_FILE", path, "une clé RSA ou Ed25519")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", selector):
        raise BadSettings("DKIM_SELECTOR", selector, "des lettres, chiffres, tirets et points")
    return DkimKey(key, selector, domain)


def sign(message: bytes, dkim: DkimKey, *, now: datetime) -> bytes:
    """The ``DKIM-Signature`` header of a message with CRLF line ends, to be put before it."""
    head, _, body = message.partition(b"\r\n\r\n")
    headers = _unfolded(head)
    held = Counter(name for name, _ in headers)
    names = [name for name in SIGNED for _ in range(held[name.lower().encode()] + 1)]
    algorithm = "rsa-sha256" if isinstance(dkim.key, rsa.RSAPrivateKey) else "ed25519-sha256"
    value = (
        f"v=1; a={algorithm}; c=relaxed/relaxed; d={dkim.domain};\r\n"
        f" s={dkim.selector}; t={int(now.timestamp())};\r\n"
        f" h={_folded(names)};\r\n"
        f" bh={_base64(hashlib.sha256(_relaxed_body(body)).digest())};\r\n b="
    )
    signature = _base64(_signed(dkim, _relaxed(headers, names, value.encode())))
    pieces = [signature[start : start + 72] for start in range(0, len(signature), 72)]
    folded = "\r\n  ".join(pieces)
    return f"DKIM-Signature: {value}{folded}\r\n".encode()


def _unfolded(head: bytes) -> list[tuple[bytes, bytes]]:
    """Names in lower case with their values, in the order of the message."""
    lines = re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    return [(name.strip().lower(), value) for name, _, value in pairs]


def _relaxed(headers: list[tuple[bytes, bytes]], names: list[str], own: bytes) -> bytes:
    """What is signed: the headers named, the last ones first, then the signature's own."""
    left = list(headers)
    lines = []
    for name in names:
        places = [i for i, (held, _) in enumerate(left) if held == name.lower().encode()]
        if places:
            held, value = left.pop(places[-1])
            lines.append(held + b":" + _relaxed_value(value) + b"\r\n")
    return b"".join(lines) + b"dkim-signature:" + _relaxed_value(own.replace(b"\r\n", b""))


def _relaxed_value(value: bytes) -> bytes:
    return _SPACES.sub(b" ", value).strip()


def _relaxed_body(body: bytes) -> bytes:
    lines = [_SPACES.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _signed(dkim: DkimKey, content: bytes) -> bytes:
    if isinstance(dkim.key, rsa.RSAPrivateKey):
        return dkim.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return dkim.key.sign(hashlib.sha256(content).digest())


def _folded(names: list[str]) -> str:
    lines = [":".join(names[start : start + 4]) for start in range(0, len(names), 4)]
    return ":\r\n  ".join(lines)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
