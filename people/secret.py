"""The secret that signs sessions and links: as set, else made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from core.errors import BadSettings
from core.settings import Settings

FILE_NAME = "secret.key"
SHORTEST = 32  # characters
LEAST_VARIED = 10  # different ones


def signing_secret(settings: Settings) -> str:
    """The installation's secret. Raises BadSettings for a weak one, or a file that fails."""
    if settings.secret_key:
        return _checked(settings.secret_key)
    path = settings.data_dir / FILE_NAME
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return _read(path) or _make(path)
    except (OSError, UnicodeDecodeError) as error:
        allowed = f"une valeur, puisque {path} ne peut servir ({error})"
        raise BadSettings("SECRET_KEY", "", allowed) from error


def _checked(secret: str) -> str:
    if len(secret) < SHORTEST or len(set(secret)) < LEAST_VARIED:
        allowed = f"{SHORTEST} caractères au moins, tirés au sort ; vide, il est fait pour vous"
        raise BadSettings("SECRET_KEY", "…", allowed)
    return secret


def _read(path: Path) -> str:
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    if path.stat().st_mode & 0o077:  # nobody else's business, whatever copied it here
        path.chmod(0o600)
    return _checked(kept)


def _make(path: Path) -> str:
    """Made whole under another name, then linked: of two processes, one makes it for both."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    number = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        with suppress(FileExistsError):  # another process was quicker: its secret is the one
            path.hardlink_to(made)
    finally:
        made.unlink()
    return _read(path)
