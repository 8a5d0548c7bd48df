"""The drain, against real servers on loopback, well and badly behaved."""

from __future__ import annotations

import os
import re
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks.mailing import Receiver, send_and_kill, send_newsletter_and_kill
from core.errors import BadSettings, MailUnavailable
from core.letters import Decision, Letter, LetterState, OutboxId
from core.model import Report
from mail.delivery import (
    DELAYS,
    GIVE_UP_AFTER,
    LEASE,
    PATIENCE,
    DrainRunning,
    World,
    check,
    drain,
    retry_at,
    send_one,
)
from mail.message import Message, Sender
from mail.transport import Server, Transport, read_server
from store import Store
from store.suppressions import SuppressionReason
from tests.mail.conftest import Hands
from tests.mail.scripted import CLOSE, DRIBBLE, HANG, Script, Scripted, closed_port

Run = Callable[..., Report]


@pytest.fixture
def run(store: Store, sender: Sender, world: World) -> Run:
    """Drain towards a port of loopback."""

    def drain_to(port: int, *, rate: float = 1e6, limit: int | None = None) -> Report:
        transport = Transport(Server("127.0.0.1", port, "smtp"), "x.example", timeout=0.3)
        return drain(store, transport, sender, world, rate=rate, place="here", limit=limit)

    return drain_to


def fill(store: Store, count: int = 1, **fields: Any) -> list[OutboxId]:
    with store.begin() as tx:
        now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        return [
            tx.outbox.add(
                Letter(
                    **{"key": f"k{n}", "recipient": f"r{n}@exemple.example", "subject": "Objet",
                       "text": f"Texte {n}"} | fields
                ),
                now=now,
            )
            for n in range(count)
        ]  # fmt: skip


def counts(store: Store) -> dict[str, int]:
    with store.read() as tx:
        return {state.value: count for state, count in tx.outbox.counts().items()}


def texts(server: Scripted) -> list[str]:
    """What the server has taken: « Texte 0 », « Texte 1 » …"""
    return [
        str(message_from_bytes(body, policy=default).get_content()).strip()
        for body in server.taken
    ]  # fmt: skip


def said_at(verb: str, answer: str, letter: int | None = None) -> Script:
    """A server that answers so at this point, of each letter or of one of each connection."""
    return lambda at, _connection, n: answer if at == verb and letter in {None, n} else None


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 2.0.0 Ok: queued"


def test_letters_arrive_once_over_one_connection(store: Store, run: Run) -> None:
    fill(store, 12)
    with Scripted(lambda *_: None) as server:
        report = run(server.port)
        assert run(server.port) == Report()
    assert (report.done, report.skipped, report.failed, report.failures) == (12, 0, 0, ())
    assert texts(server) == [f"Texte {n}" for n in range(12)]
    assert server.connections == 1
    assert server.said[-1].upper() == "QUIT"


def test_a_real_server_receives_envelope_and_lines_as_they_were(store: Store, run: Run) -> None:
    fill(store, text=".\n..a\nété", recipient="anne@café.example")
    inbox = Inbox()
    with Receiver(inbox) as server:
        assert run(server.port).done == 1
    [envelope] = inbox.envelopes
    assert envelope.mail_from == "lettre@glaneuse.example"
    assert envelope.rcpt_tos == ["anne@xn--caf-dma.example"]
    message = message_from_bytes(envelope.content, policy=default)
    assert message.get_content().replace("\r\n", "\n") == ".\n..a\nété\n"


def test_nothing_to_send_knocks_at_no_door(run: Run) -> None:
    assert run(closed_port()) == Report()


def test_the_pace_is_kept(store: Store, run: Run, hands: Hands) -> None:
    fill(store, 5)
    with Scripted(lambda *_: None) as server:
        run(server.port, rate=4)
    assert hands.paused == [0.25] * 4


def test_a_limit_leaves_the_others_waiting(store: Store, run: Run) -> None:
    fill(store, 5)
    with Scripted(lambda *_: None) as server:
        assert run(server.port, limit=2).done == 2
    assert counts(store) == {"sent": 2, "waiting": 3}


# -- temporary refusals -----------------------------------------------------------------------


@pytest.mark.parametrize("code", ["450 4.2.0 Greylisted", "451 4.7.1 Try again later"])
@pytest.mark.parametrize("verb", ["RCPT", "DATA", "END"])
def test_greylisting_waits_and_passes(
    store: Store, run: Run, hands: Hands, verb: str, code: str
) -> None:
    fill(store)
    with Scripted(said_at(verb, code)) as server:
        assert run(server.port).skipped == 1
        assert run(server.port) == Report()
    assert server.taken == []
    hands.now += DELAYS[0]
    with Scripted(lambda *_: None) as server:
        assert run(server.port).done == 1


def test_delays_grow_with_some_chance_and_end(store: Store, run: Run, hands: Hands) -> None:
    [id] = fill(store)
    start, dues = hands.now, []
    with Scripted(said_at("RCPT", "450 4.2.0 Greylisted")) as server:
        while run(server.port).skipped:
            with store.read() as tx:
                due = tx.outbox.by_id(id).due
            assert due is not None
            dues.append(due)
            hands.now = due
    delays = [later - earlier for earlier, later in zip([start, *dues], dues, strict=False)]
    assert delays == sorted(delays)
    assert delays[: len(DELAYS)] == list(DELAYS)
    assert counts(store) == {"failed": 1}
    assert hands.now - start >= GIVE_UP_AFTER
    assert retry_at(start, 0, 0.5) == start + DELAYS[0] * 1.125


# -- permanent refusals -----------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["RCPT", "END"])
def test_an_unknown_recipient_is_recorded_and_written_to_no_more(
    store: Store, run: Run, verb: str
) -> None:
    [id] = fill(store, recipient="partie@exemple.example")
    with Scripted(said_at(verb, "550 5.1.1 User unknown")) as server:
        report = run(server.port)
        assert report.failed == 1
        assert "partie@exemple.example" in report.failures[0]
        fill(store, key="other", recipient="partie@exemple.example")
        assert run(server.port).failed == 1
    assert sum(line.startswith("mail") for line in map(str.lower, server.said)) == 1
    with store.read() as tx:
        assert "User unknown" in tx.outbox.by_id(id).answer
        [suppression] = tx.suppressions.all()
    assert suppression.reason is SuppressionReason.REFUSED


def test_who_had_a_letter_blocked_gets_no_more_of_them_but_account_mail(
    store: Store, run: Run
) -> None:
    who, lists = "fachee@exemple.example", "lettre.x.example"
    fill(store, recipient=who, list_id=lists)
    said = "550 5.7.1 The recipient has blocked messages from this sender"
    with Scripted(said_at("RCPT", said)) as server:
        assert run(server.port).failed == 1
    with store.read() as tx:
        [suppression] = tx.suppressions.all()
    assert suppression.reason is SuppressionReason.COMPLAINED
    fill(store, key="again", recipient=who, list_id=lists)
    fill(store, key="reset", recipient=who)
    with Scripted(lambda *_: None) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (1, 1)


def test_a_letter_taken_for_spam_is_refused_but_not_its_reader(store: Store, run: Run) -> None:
    fill(store, 2)
    with Scripted(said_at("END", "554 5.7.1 Message rejected as spam", 1)) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (1, 1)
    with store.read() as tx:
        assert tx.suppressions.count() == 0


def test_those_who_left_get_account_mail_only(store: Store, run: Run, hands: Hands) -> None:
    fill(store, key="list", recipient="a@x.example", list_id="semaine.x.example")
    fill(store, key="reset", recipient="a@x.example")
    with store.begin() as tx:
        tx.suppressions.add("a@x.example", SuppressionReason.LEFT, now=hands.now)
    with Scripted(lambda *_: None) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (1, 1)


def test_a_letter_that_cannot_be_written_is_refused_and_the_others_go(
    store: Store, run: Run
) -> None:
    fill(store, key="bad", recipient="personne")
    fill(store, 1)
    with Scripted(lambda *_: None) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (1, 1)


def test_an_accented_name_needs_a_server_that_takes_it(store: Store, run: Run) -> None:
    fill(store, recipient="rené@exemple.example")
    with Scripted(lambda *_: None) as server:
        report = run(server.port)
    assert report.failed == 1
    assert "accentués" in report.failures[0]
    fill(store, key="again", recipient="rené@exemple.example")
    inbox = Inbox()
    with Receiver(inbox, enable_SMTPUTF8=True) as receiver:
        assert run(receiver.port).done == 1
    assert inbox.envelopes[0].rcpt_tos == ["rené@exemple.example"]


# -- a server that wants none of our mail -----------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("CONNECT", "421 4.3.2 Service not available"),
        ("CONNECT", "554 5.7.1 You are blocked"),
        ("CONNECT", CLOSE),
        ("CONNECT", HANG),
        ("EHLO", "421 4.3.2 Too busy"),
        ("EHLO", CLOSE),
        ("EHLO", HANG),
        ("MAIL", "550 5.1.8 Sender address rejected"),
        ("MAIL", "530 5.7.0 Authentication required"),
        ("RCPT", "554 5.7.1 Relay access denied"),
    ],
)
def test_a_server_that_will_not_have_us_keeps_nothing_from_waiting(
    store: Store, run: Run, verb: str, answer: str
) -> None:
    fill(store, 3)
    with Scripted(said_at(verb, answer)) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (0, 0)
    assert len(report.failures) == 1
    assert counts(store) == {"waiting": 3}


def test_a_server_that_refuses_every_greeting_is_said_once(store: Store, run: Run) -> None:
    fill(store, 3)
    with Scripted(lambda at, *_: "500 5.5.1 No" if at in {"EHLO", "HELO"} else None) as server:
        report = run(server.port)
    assert "EHLO" in report.failures[0]
    assert counts(store) == {"waiting": 3}


def test_no_server_at_all_is_said_once(store: Store, run: Run) -> None:
    fill(store, 3)
    report = run(closed_port())
    assert len(report.failures) == 1
    assert counts(store) == {"waiting": 3}


@pytest.mark.parametrize("answer", ["451 4.3.0 Internal trouble", "554 5.7.1 spam"])
def test_a_server_that_takes_nothing_more_is_not_insisted_upon(
    store: Store, run: Run, answer: str
) -> None:
    fill(store, PATIENCE + 5)
    with Scripted(said_at("END", answer)) as server:
        report = run(server.port)
    assert report.skipped + report.failed == PATIENCE
    assert counts(store)["waiting"] == 5


# -- connections that break -------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["421 4.7.0 Too many messages on this connection", CLOSE])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_leaves_after_each_tenth_letter_is_joined_again(
    store: Store, run: Run, verb: str, answer: str
) -> None:
    fill(store, 35)
    with Scripted(said_at(verb, answer, 11)) as server:
        report = run(server.port)
    assert (report.done, report.skipped, report.failures) == (35, 0, ())
    assert texts(server) == [f"Texte {n}" for n in range(35)]
    assert server.connections == 4


def test_a_server_that_dies_while_it_is_given_a_letter_never_has_it_twice(
    store: Store, run: Run
) -> None:
    fill(store, 25)
    with Scripted(said_at("BODY", CLOSE, 11)) as server:
        report = run(server.port)
    # Whether our end-of-data mark left before we knew is a matter of chance.
    assert report.done + report.skipped == 25
    assert counts(store).get("uncertain", 0) <= 2
    assert max(Counter(texts(server)).values()) == 1
    assert len(server.taken) == report.done


def test_a_421_instead_of_taking_the_letter_defers_it(store: Store, run: Run) -> None:
    fill(store, 3)
    with Scripted(said_at("END", "421 4.7.0 Try again later", 2)) as server:
        report = run(server.port)
    assert (report.done, report.skipped) == (2, 1)
    assert server.connections == 2


def test_a_sender_refused_for_now_on_a_used_connection_is_tried_on_a_new_one(
    store: Store, run: Run
) -> None:
    fill(store, 6)
    with Scripted(said_at("MAIL", "452 4.5.3 Too many messages", 3)) as server:
        assert run(server.port).done == 6
    assert server.connections == 3


def test_a_refusal_stands_though_the_connection_dies_after_it(store: Store, run: Run) -> None:
    fill(store, 4)

    def script(at: str, connection: int, _letter: int) -> str | None:
        if connection > 1:
            return None
        return {"RCPT": "550 5.1.1 User unknown", "RSET": CLOSE}.get(at)

    with Scripted(script) as server:
        report = run(server.port)
    assert (report.done, report.failed) == (3, 1)


@pytest.mark.parametrize("answer", [CLOSE, HANG, DRIBBLE, "nonsense"])
def test_a_letter_whose_answer_never_came_is_uncertain_and_never_sent_again(
    store: Store, sender: Sender, world: World, hands: Hands, answer: str
) -> None:
    fill(store, 3)

    def script(at: str, connection: int, letter: int) -> str | None:
        return answer if (at, connection, letter) == ("END", 1, 2) else None

    with Scripted(script) as server:
        way = Server("127.0.0.1", server.port, "smtp")
        transport = Transport(way, "x.example", timeout=0.3, deadline=0.5)
        report = drain(store, transport, sender, world, rate=1e6, place="here")
        hands.now += timedelta(days=30)
        assert drain(store, transport, sender, world, rate=1e6, place="here") == Report()
    assert (report.done, report.skipped) == (2, 1)
    assert counts(store) == {"sent": 2, "uncertain": 1}
    assert Counter(texts(server))["Texte 1"] == (0 if answer in {DRIBBLE, "nonsense"} else 1)
    assert "exemple.example" in report.failures[0]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [CLOSE, HANG])
def test_a_server_that_hangs_or_dies_before_it_has_the_letter_is_left_in_time(
    store: Store, run: Run, verb: str, answer: str
) -> None:
    fill(store, 5)
    with Scripted(said_at(verb, answer)) as server:
        report = run(server.port)
    assert server.connections == 3
    assert counts(store) == {"deferred": 3, "waiting": 2}
    assert "coupe la connexion" in report.failures[-1]


def test_a_person_sends_an_uncertain_letter_again_under_the_same_id(
    store: Store, run: Run, hands: Hands
) -> None:
    [id] = fill(store)
    with Scripted(said_at("END", CLOSE)) as server:
        run(server.port)
        first = server.taken
    with store.begin() as tx:
        tx.outbox.decide(id, Decision.RESEND, now=hands.now)
    with Scripted(lambda *_: None) as server:
        assert run(server.port).done == 1
    ids = [re.search(rb"Message-ID: (.*)", body) for body in (*first, *server.taken)]
    assert ids[0] is not None
    assert ids[1] is not None
    assert ids[0][1] == ids[1][1]


# -- several drains ---------------------------------------------------------------------------


def test_a_drain_elsewhere_keeps_this_one_out_until_its_lease_runs_out(
    store: Store, run: Run, hands: Hands
) -> None:
    fill(store)
    with store.begin() as tx:
        until = hands.now + timedelta(minutes=5)
        tx.leases.take(LEASE, holder="other", place="elsewhere", now=hands.now, until=until)
    with Scripted(lambda *_: None) as server:
        with pytest.raises(DrainRunning):
            run(server.port)
        hands.now = until
        assert run(server.port).done == 1


def test_what_a_killed_drain_was_handing_over_is_uncertain(
    store: Store, run: Run, hands: Hands
) -> None:
    [id, *_] = fill(store, 2)
    with store.begin() as tx:
        until = hands.now + timedelta(minutes=5)
        tx.leases.take(LEASE, holder="killed", place="here", now=hands.now, until=until)
        tx.outbox.mark_handing(id, run="killed", now=hands.now)
    with Scripted(lambda *_: None) as server:
        assert run(server.port).done == 1
    assert counts(store) == {"sent": 1, "uncertain": 1}


def test_a_drain_that_lost_its_lease_hands_over_nothing_more(
    store: Store, run: Run, hands: Hands
) -> None:
    fill(store, 3)

    def script(at: str, _connection: int, letter: int) -> str | None:
        if (at, letter) == ("DATA", 2):
            with store.begin() as tx:
                later = hands.now + timedelta(days=1)
                tx.leases.take(LEASE, holder="other", place="there", now=later, until=later)
        return None

    with Scripted(script) as server:
        report = run(server.port)
    assert report.done == 1
    assert texts(server) == ["Texte 0"]
    assert counts(store) == {"sent": 1, "waiting": 2}


def test_killed_again_and_again_each_letter_arrives_once(tmp_path: Path) -> None:
    figures = send_and_kill(tmp_path, letters=600, kills=3)
    assert figures.twice == 0
    assert figures.sent_missing == 0
    uncertain = figures.states.get(LetterState.UNCERTAIN, 0)
    assert 1 <= uncertain <= 3
    assert figures.states[LetterState.SENT] == 600 - uncertain
    assert len(figures.received) == 600 - uncertain + figures.uncertain_arrived


def test_a_newsletter_killed_while_written_and_while_sent_arrives_once(tmp_path: Path) -> None:
    subscribers = int(os.environ.get("GLANEUSE_TEST_SUBSCRIBERS", "200"))
    kills = 5 if subscribers >= 10_000 else 2
    figures = send_newsletter_and_kill(tmp_path, subscribers=subscribers, kills=kills)
    assert figures.twice == 0
    assert figures.sent_missing == 0
    uncertain = figures.states.get(LetterState.UNCERTAIN, 0)
    assert 1 <= uncertain <= kills
    assert sum(figures.states.values()) == subscribers
    assert figures.states[LetterState.SENT] == subscribers - uncertain
    assert len(figures.received) == subscribers - uncertain + figures.uncertain_arrived


# -- reaching the server ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of « localhost » signed by itself, with its key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = timedelta(days=1)
    now = datetime.now(UTC)  # noqa: TID251  TLS reads the machine's clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


MESSAGE = Message("l@x.example", "a@y.example", b"Subject: a\r\n\r\nb\r\n", needs_smtputf8=False)


class Keyring:
    """Lets one user in."""

    def __call__(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult  # noqa: PLC0415

        return AuthResult(success=data.password == b"p@ss", handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_the_connection_is_encrypted_and_the_certificate_checked(
    certificate: Path, scheme: str
) -> None:
    inbox = Inbox()
    options: dict[str, Any] = (
        {"tls_context": serving(certificate), "require_starttls": True}
        if scheme == "smtp+starttls"
        else {"ssl_context": serving(certificate), "auth_require_tls": False}
    )
    with Receiver(inbox, authenticator=Keyring(), auth_required=True, **options) as server:
        way = Server("localhost", server.port, scheme, "anne", "p@ss")
        trusted = Transport(way, "x.example", tls=trusting(certificate))
        assert send_one(trusted, MESSAGE).code == 250
        assert check(trusted) == f"{scheme}://localhost:{server.port}"
        with pytest.raises(MailUnavailable, match="certificat refusé"):
            check(Transport(way, "x.example"))
        with pytest.raises(MailUnavailable, match="certificat refusé"):
            check(replace(trusted, server=replace(way, host="127.0.0.1")))
        with pytest.raises(MailUnavailable, match="authentification") as caught:
            check(replace(trusted, server=replace(way, password="secret")))
    assert "secret" not in str(caught.value)
    assert len(inbox.envelopes) == 1


def test_encryption_asked_for_and_not_offered_is_no_connection() -> None:
    with Scripted(lambda *_: None) as server:
        way = Server("127.0.0.1", server.port, "smtp+starttls", "anne", "secret")
        with pytest.raises(MailUnavailable, match="STARTTLS"):
            check(Transport(way, "x.example"))
    assert not any("AUTH" in line for line in server.said)


def test_one_letter_may_be_handed_over_while_a_person_watches() -> None:
    with Scripted(said_at("RCPT", "550 5.1.1 User unknown")) as server:
        transport = Transport(Server("127.0.0.1", server.port, "smtp"), "x.example")
        assert send_one(transport, MESSAGE).code == 550
    with Scripted(said_at("DATA", CLOSE)) as server:
        transport = Transport(Server("127.0.0.1", server.port, "smtp"), "x.example")
        with pytest.raises(MailUnavailable):
            send_one(transport, MESSAGE)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, "smtp")),
        ("smtps://a%40b:p%2Fw@mail.example", Server("mail.example", 465, "smtps", "a@b", "p/w")),
        ("smtp+starttls://mail.example:2525", Server("mail.example", 2525, "smtp+starttls")),
        ("smtp://courrier.café.example", Server("courrier.xn--caf-dma.example", 25, "smtp")),
    ],
)
def test_a_server_is_read_from_its_address(url: str, server: Server) -> None:
    assert read_server(url) == server


@pytest.mark.parametrize(
    "url",
    ["http://a:secret@mail.example", "mail.example", "smtp://", "smtp://a:secret@mail.example:99999",
     "smtp://a:secret@mail.example/path", "smtp://a:secret@..", "smtps://a:secret@[::1"],
)  # fmt: skip
def test_an_address_that_is_no_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadSettings, match="SMTP_URL") as caught:
        read_server(url)
    assert "secret" not in str(caught.value)


def test_no_server_set_is_said_as_such() -> None:
    with pytest.raises(MailUnavailable, match="SMTP_URL"):
        read_server("")


def test_a_password_is_never_shown() -> None:
    assert "p/w" not in repr(read_server("smtps://a:p%2Fw@mail.example"))
