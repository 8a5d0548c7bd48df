"""Letters as bytes: read back by the library, the signature verified by another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadAddress, BadSettings
from core.letters import Letter
from core.settings import Settings, read_settings
from core.text import one_line
from mail.addresses import parse_address
from mail.message import Sender, compose, inline_css, sender_from
from mail.signature import read_dkim_key

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SENDER = Sender(parse_address("lettre@glaneuse.example"), "Glaneuse", "glaneuse.example")


def letter(**fields: object) -> Letter:
    given = {
        "key": "semaine:12",
        "recipient": "anne@exemple.example",
        "subject": "La semaine : « l’été »",
        "text": "Bonjour,\n.\nà bientôt",
        "html": "<style>p { color: red }</style><p>À bientôt</p>",
        "list_id": "semaine.glaneuse.example",
        "unsubscribe_url": "https://glaneuse.example/lettres/quitter/" + "x" * 150,
        "unsubscribe_mailto": "quitter@glaneuse.example",
    }
    return Letter(**(given | fields))  # type: ignore[arg-type]


def written(letter: Letter, sender: Sender = SENDER) -> bytes:
    return compose(letter, sender, date=NOW, now=NOW).content


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert message.defects == []
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    text: str = found.get_content()
    return text.replace("\r\n", "\n")


def test_both_parts_and_all_headers_come_back() -> None:
    message = parsed(written(letter()))
    assert message.get_content_type() == "multipart/alternative"
    assert part(message, "plain") == "Bonjour,\n.\nà bientôt\n"
    assert '<p style="color: red;">À bientôt</p>' in part(message, "html")
    assert message["Subject"] == "La semaine : « l’été »"
    assert message["From"] == "Glaneuse <lettre@glaneuse.example>"
    assert message["To"] == "anne@exemple.example"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<semaine.glaneuse.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"] == (
        f"<{letter().unsubscribe_url}>, <mailto:quitter@glaneuse.example>"
    )


def test_a_letter_of_text_alone_has_one_part_and_no_list() -> None:
    alone = letter(html="", list_id="", unsubscribe_url="", unsubscribe_mailto="")
    message = parsed(written(alone))
    assert message.get_content_type() == "text/plain"
    assert not [name for name in message if name.startswith("List-")]


def test_one_click_is_offered_over_https_only() -> None:
    message = parsed(written(letter(unsubscribe_url="http://glaneuse.example/q")))
    assert message["List-Unsubscribe"]
    assert "List-Unsubscribe-Post" not in message


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert written(letter()) == written(letter())
    assert parsed(written(letter()))["Message-ID"] != parsed(written(letter(key="b")))["Message-ID"]


def test_lines_are_ascii_and_short_enough_for_any_server() -> None:
    content = written(letter(html="<p>" + "é" * 5000 + "</p>", text="é" * 5000))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=120))
def test_no_subject_nor_name_adds_a_header_or_hides_an_address(subject: str, name: str) -> None:
    plain = written(letter(subject="x"))
    message = parsed(written(letter(subject=subject, recipient_name=name)))
    assert message.keys() == parsed(plain).keys()
    [recipient] = message["To"].addresses
    assert recipient.addr_spec == "anne@exemple.example"
    assert "@" not in recipient.display_name
    assert "<" not in recipient.display_name
    if len(one_line(subject)) <= 250:
        assert message["Subject"] == one_line(subject).replace("=?", "= ?")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('Anne" <autre@x.example>', "Anne autre x.example"),
        ("Banque <b@b.example>, Anne", "Banque b b.example Anne"),
        ("=?utf-8?q?a=40b=2Eexample?=", "utf-8 q a 40b 2Eexample"),
        ("Anne\r\nBcc: b@x.example", "Anne Bcc b x.example"),
        ("enn\u202eA", "ennA"),
        ("Zoé d’Été, équipe", "Zoé d’Été équipe"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    [recipient] = parsed(written(letter(recipient_name=name)))["To"].addresses
    assert (recipient.display_name, recipient.addr_spec) == (shown, "anne@exemple.example")


def test_a_typed_encoded_word_stays_as_typed() -> None:
    message = parsed(written(letter(subject="=?utf-8?q?Gagn=C3=A9=0ABcc:x?=")))
    assert message["Subject"] == "= ?utf-8?q?Gagn=C3=A9=0ABcc:x?="


def test_a_unicode_domain_goes_in_ascii() -> None:
    message = compose(letter(recipient="anne@café.example"), SENDER, date=NOW, now=NOW)
    assert message.recipient == "anne@xn--caf-dma.example"
    assert b"To: anne@xn--caf-dma.example\r\n" in message.content
    assert not message.needs_smtputf8


def test_a_recipient_that_is_no_address_is_refused() -> None:
    with pytest.raises(BadAddress):
        written(letter(recipient="anne"))


def test_rules_go_on_the_elements_and_nothing_is_opened(tmp_path: Path) -> None:
    sheet = tmp_path / "a.css"
    sheet.write_text("p { color: blue }")
    html = inline_css(
        f"<link rel='stylesheet' href='{sheet.as_uri()}'><style>@import '{sheet.as_uri()}';"
        "p { margin: 0 } @media (max-width: 9px) { p { margin: 1px } }</style><p>a</p>"
    )
    assert '<p style="margin: 0;">a</p>' in html
    assert "@media" in html
    assert "blue" not in html


def verified(content: bytes, record: bytes) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert timeout
        asked.append(name)
        return record

    result: bool = dkim.verify(content, dnsfunc=dns)
    assert asked == [b"essai._domainkey.glaneuse.example."]
    return result


def test_the_signature_holds_and_covers_what_matters(
    signing_sender: Sender, dns_record: bytes
) -> None:
    content = written(letter(), signing_sender)
    assert verified(content, dns_record)
    for changed in (
        (b"Subject: ", b"Subject: x"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <https://x.example>, <"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"To: anne", b"To: zoe"),
        (b"From: Glaneuse", b"From: Autre"),
        (b"Message-ID: <", b"Message-ID: <0"),
        (b"Date: Sun", b"Date: Mon"),
        (b"Bonjour", b"Bonsoir"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nSubject: ajout\r\n"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nReply-To: x@x.example\r\n"),
    ):
        other = content.replace(*changed, 1)
        assert other != content
        assert not verified(other, dns_record), changed


def test_a_server_may_respace_headers_without_breaking_the_signature(
    signing_sender: Sender, dns_record: bytes
) -> None:
    content = written(letter(), signing_sender)
    respaced = content.replace(b"Subject: ", b"Subject:   ").replace(b"<lettre@", b"\r\n <lettre@")
    assert verified(b"Received: from a by b; today\r\n" + respaced, dns_record)


@given(subject=st.text(max_size=120), text=st.text(max_size=200), html=st.text(max_size=100))
def test_any_letter_is_signed_right(
    rsa_key: rsa.RSAPrivateKey, dns_record: bytes, subject: str, text: str, html: str
) -> None:
    from mail.signature import DkimKey  # noqa: PLC0415

    sender = Sender(
        SENDER.address, "Glaneuse", "glaneuse.example",
        DkimKey(rsa_key, "essai", "glaneuse.example"),
    )  # fmt: skip
    content = written(letter(subject=subject, text=text, html=html), sender)
    assert verified(content, dns_record)


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PRIVATE KEY-----\nxx\n"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.pem"
    path.write_text(content)
    with pytest.raises(BadSettings):
        read_dkim_key(path, selector="s", domain="x.example")


def test_a_key_that_cannot_sign_mail_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(BadSettings):
        read_dkim_key(path, selector="s", domain="x.example")
    path.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(BadSettings):
        read_dkim_key(path, selector="s", domain="x.example")


def settings(**values: str) -> Settings:
    names = {f"GLANEUSE_{name.upper()}": value for name, value in values.items()}
    return read_settings(names, Path("/nowhere"))


def test_the_sender_is_read_from_the_settings(key_file: Path) -> None:
    sender = sender_from(
        settings(
            mail_from="lettre@Glaneuse.example",
            mail_name="La Glaneuse",
            public_url="https://www.glaneuse.example",
            dkim_key_file=str(key_file),
        )
    )
    assert (sender.address.normal, sender.host) == (
        "lettre@glaneuse.example", "www.glaneuse.example"
    )  # fmt: skip
    assert sender.dkim is not None
    assert (sender.dkim.selector, sender.dkim.domain) == ("glaneuse", "glaneuse.example")
    assert sender_from(settings(mail_from="a@x.example")).host == "x.example"
    local = settings(mail_from="a@x.example", public_url="http://[::1]:8000")
    assert sender_from(local).host == "x.example"


@pytest.mark.parametrize("address", ["", "lettre", "été@glaneuse.example", "a@b@c.example"])
def test_a_sender_that_is_no_address_is_a_bad_setting(address: str) -> None:
    with pytest.raises(BadSettings, match="MAIL_FROM"):
        sender_from(settings(mail_from=address))


def test_the_date_is_that_of_the_letter_and_the_signature_that_of_the_day(
    signing_sender: Sender,
) -> None:
    later = NOW + timedelta(days=2)
    content = compose(letter(), signing_sender, date=NOW, now=later).content
    assert parsed(content)["Date"].datetime == NOW
    assert f"t={int(later.timestamp())}".encode() in content
