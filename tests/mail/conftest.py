"""A store, a sender, and a clock that a pause moves."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mail.addresses import parse_address
from mail.delivery import World
from mail.message import Sender
from mail.signature import read_dkim_key


class Hands:
    """A clock that shows what it is set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        self.paused: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def world(hands: Hands) -> World:
    return World(hands, hands.pause, lambda: 0.0)


@pytest.fixture
def sender() -> Sender:
    return Sender(parse_address("lettre@glaneuse.example"), "Glaneuse", "glaneuse.example")


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def key_file(tmp_path: Path, rsa_key: rsa.RSAPrivateKey) -> Path:
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        rsa_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def signing_sender(key_file: Path) -> Sender:
    key = read_dkim_key(key_file, selector="essai", domain="glaneuse.example")
    address = parse_address("lettre@glaneuse.example")
    return Sender(address, "Glaneuse", "glaneuse.example", key)


@pytest.fixture(scope="session")
def dns_record(rsa_key: rsa.RSAPrivateKey) -> bytes:
    public = rsa_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
