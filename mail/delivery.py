"""The drain: letters of the outbox, one by one, to the mail server.

The peers looked at (django-mailer, django-post_office) send, then note that they have: killed in
between, they send again. Here a letter is marked before, and a cut hand-over waits for a person.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from core.clock import Clock
from core.errors import BadAddress, GlaneuseError, MailUnavailable
from core.letters import LetterState
from core.model import Report
from core.progress import Progress, silent
from mail.answers import Answer, Stage, Verdict, sort_answer
from mail.message import Message, Sender, compose
from mail.transport import Cut, NeedsSmtputf8, Session, Transport
from store import Store
from store.outbox import Queued
from store.suppressions import SuppressionReason

LEASE = "mail"
LEASE_LENGTH = timedelta(minutes=15)  # longer than any letter takes
GIVE_UP_AFTER = timedelta(days=4)  # RFC 5321, 4.5.4.1: at least 4 or 5 days
# How long to wait after the first temporary refusal, the second …; then always the last.
DELAYS = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 180, 360, 720))
JITTER = 0.25  # delays are longer by up to this share, so that letters do not come back in crowds
PATIENCE = 10  # letters in a row that a server does not take, for whatever reason of its own
CUTS = 3  # connections in a row that gave nothing
_ABANDONED = "remise interrompue : le processus a été arrêté"


class DrainRunning(GlaneuseError):
    """Another machine is draining this outbox."""


@dataclass(frozen=True, slots=True)
class World:
    """What a drain needs of time and chance."""

    clock: Clock
    pause: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random  # in [0, 1)


def retry_at(now: datetime, attempts: int, chance: float) -> datetime:
    """When to try again a letter refused for now, after ``attempts`` earlier refusals."""
    delay = DELAYS[min(attempts, len(DELAYS) - 1)]
    return now + delay * (1 + JITTER * chance)


def drain(
    store: Store,
    transport: Transport,
    sender: Sender,
    world: World,
    *,
    rate: float,
    place: str,
    limit: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Hand over the letters that are due: ``done`` are sent, ``skipped`` wait, ``failed`` never go.

    ``rate``: letters per second at most. ``place``: what the caller holds a lock on for as long as
    this lasts (its data folder): a drain of the same place that was killed is replaced at once,
    one of another place that still lives makes this one raise DrainRunning. Nothing is lost when
    the server is missing: the report's failures say so in a line, and the letters wait.
    """
    run = uuid4().hex
    now = world.clock()
    with store.begin() as tx:
        until = now + LEASE_LENGTH
        if not tx.leases.take(LEASE, holder=run, place=place, now=now, until=until):
            raise DrainRunning("Une autre machine envoie déjà ce courrier.")
        tx.outbox.doubt_abandoned(run=run, answer=_ABANDONED)
    work = _Drain(store, transport, sender, world, run, timedelta(seconds=1 / rate))
    try:
        return work.work(limit, progress)
    finally:
        work.close()
        with store.begin() as tx:
            tx.leases.release(LEASE, holder=run)


class _Stopped(Exception):
    """No use going on: the server does not take our mail, or another drain took over."""


@dataclass
class _Drain:
    """One run: its connection, its pace, what it counted."""

    store: Store
    transport: Transport
    sender: Sender
    world: World
    run: str
    interval: timedelta  # between the starts of two letters
    next_start: datetime | None = None
    session: Session | None = None
    counts: Counter[LetterState] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    untaken: int = 0  # letters in a row
    cuts: int = 0  # connections in a row

    # -- the loop -------------------------------------------------------------------------------

    def work(self, limit: int | None, progress: Progress) -> Report:
        """Until nothing is due, ``limit`` letters were settled, or the server does not want."""
        settled = 0
        with self.store.read() as tx:
            total = min(limit or sys.maxsize, tx.outbox.count_due(self.world.clock()))
        try:
            while limit is None or settled < limit:
                queued = self._next()
                if queued is None:
                    break
                self._deliver(queued)
                settled = self.counts.total()
                progress(settled, max(total, settled))
        except (_Stopped, MailUnavailable) as error:
            self.failures.append(str(error))
        return self._report()

    def _next(self) -> Queued | None:
        with self.store.read() as tx:
            found = tx.outbox.next(1, self.world.clock())
        return found[0] if found else None

    def _report(self) -> Report:
        counts = self.counts
        return Report(
            done=counts[LetterState.SENT],
            skipped=counts[LetterState.DEFERRED] + counts[LetterState.UNCERTAIN],
            failed=counts[LetterState.REFUSED] + counts[LetterState.FAILED],
            failures=tuple(self.failures),
            details={state.value: count for state, count in counts.items()},
        )

    # -- one letter -----------------------------------------------------------------------------

    def _deliver(self, queued: Queued) -> None:
        message = self._compose(queued)
        if message is None:
            return
        session = self._open()
        self._keep_pace()
        try:
            answer = session.hand(message, lambda: self._mark(queued))
        except NeedsSmtputf8:
            self._refuse(
                queued, "le serveur d’envoi ne prend pas les noms accentués avant le « @ »"
            )
        except Cut as cut:
            self._after_cut(queued, cut, session)
        else:
            if answer is None:
                raise _Stopped("un autre envoi a pris la suite")
            self._settle(queued, answer, session)

    def _compose(self, queued: Queued) -> Message | None:
        """The letter's bytes; None when it must not go, which is then noted."""
        letter = queued.letter
        with self.store.read() as tx:
            against = tx.suppressions.against(letter.recipient, of_list=bool(letter.list_id))
        if against is not None:
            self._refuse(queued, f"{_AGAINST[against]} (liste d’exclusion)")
            return None
        try:
            return compose(letter, self.sender, date=queued.added, now=self.world.clock())
        except BadAddress as error:
            self._refuse(queued, error.reason)
        except ValueError as error:  # a header that the library cannot write
            self._refuse(queued, f"lettre impossible à écrire : {error}")
        return None

    def _mark(self, queued: Queued) -> bool:
        now = self.world.clock()
        with self.store.begin(durable=True) as tx:
            until = now + LEASE_LENGTH + self.interval
            return tx.leases.renew(LEASE, holder=self.run, until=until) and (
                tx.outbox.mark_handing(queued.id, run=self.run, now=now)
            )

    # -- after the answer -----------------------------------------------------------------------

    def _settle(self, queued: Queued, answer: Answer, session: Session) -> None:
        verdict = sort_answer(answer)
        if verdict is Verdict.ACCEPTED:
            self._sent(queued, answer)
            return
        if (reason := _NEVER_AGAIN.get(verdict)) is not None:
            self.untaken = self.cuts = 0
            self._refuse(queued, answer.line, never_again=reason)
            return
        if verdict is Verdict.OURS:
            self._hold(queued, answer)
            raise _Stopped(f"le serveur refuse notre courrier : {answer.line}")
        if answer.stage is Stage.SENDER and verdict is Verdict.TEMPORARY and session.was_useful:
            self.close()  # « too many letters on this connection »: the next one takes this letter
            return
        if verdict is Verdict.TEMPORARY:
            self._defer(queued, answer.line)
        else:
            self._refuse(queued, answer.line)
        if answer.stage is not Stage.RECIPIENT or verdict is Verdict.REFUSED:
            self._count_untaken(answer.line)

    def _sent(self, queued: Queued, answer: Answer) -> None:
        self.untaken = self.cuts = 0
        with self.store.begin() as tx:
            now = self.world.clock()
            tx.outbox.mark_sent(queued.id, run=self.run, now=now, answer=answer.line)
        self.counts[LetterState.SENT] += 1

    def _after_cut(self, queued: Queued, cut: Cut, session: Session) -> None:
        self.close()
        if cut.maybe_taken:
            line = f"remise interrompue avant la réponse du serveur : {cut}"
            with self.store.begin() as tx:
                tx.outbox.doubt(queued.id, run=self.run, answer=line)
            self.counts[LetterState.UNCERTAIN] += 1
            self.failures.append(f"{queued.letter.recipient} : {line}")
        elif session.was_useful:
            self._unmark(queued)  # the connection had served long enough: a new one, at once
            return
        else:
            self._defer(queued, f"connexion coupée : {cut}")
        self.cuts += 1
        if self.cuts >= CUTS:
            raise _Stopped(f"le serveur coupe la connexion : {cut}")

    def _unmark(self, queued: Queued) -> None:
        """Nothing of it was taken for sure: as it was before."""
        with self.store.begin() as tx:
            tx.outbox.unmark(queued.id, run=self.run, due=queued.due)

    def _hold(self, queued: Queued, answer: Answer) -> None:
        if answer.stage is Stage.END:
            self._defer(queued, answer.line)

    def _defer(self, queued: Queued, line: str) -> None:
        now = self.world.clock()
        if now - queued.added >= GIVE_UP_AFTER:
            state = LetterState.FAILED
            with self.store.begin() as tx:
                tx.outbox.give_up(queued.id, run=self.run, now=now, answer=line)
            self.failures.append(f"{queued.letter.recipient} : {line}")
        else:
            state = LetterState.DEFERRED
            due = retry_at(now, queued.attempts, self.world.chance())
            with self.store.begin() as tx:
                tx.outbox.defer(queued.id, run=self.run, due=due, answer=line)
        self.counts[state] += 1

    def _refuse(
        self, queued: Queued, line: str, *, never_again: SuppressionReason | None = None
    ) -> None:
        now, recipient = self.world.clock(), queued.letter.recipient
        with self.store.begin() as tx:
            tx.outbox.refuse(queued.id, run=self.run, now=now, answer=line)
            if never_again is not None:
                tx.suppressions.add(recipient, never_again, now=now, detail=line)
        self.counts[LetterState.REFUSED] += 1
        self.failures.append(f"{recipient} : {line}")

    def _count_untaken(self, line: str) -> None:
        self.untaken += 1
        if self.untaken >= PATIENCE:
            raise _Stopped(f"le serveur ne prend plus rien : {line}")

    # -- connection and pace --------------------------------------------------------------------

    def _open(self) -> Session:
        """The connection in use, or a new one; one that worked earlier is given some patience."""
        if self.session is not None and not self.session.is_alive:
            self.close()
        if self.session is None:
            waits = iter((1.0, 5.0, 15.0) if self.counts[LetterState.SENT] else ())
            while self.session is None:
                try:
                    self.session = self.transport.open()
                except MailUnavailable:
                    wait = next(waits, None)
                    if wait is None:
                        raise
                    self.world.pause(wait)
        return self.session

    def close(self) -> None:
        """Leave the server."""
        if self.session is not None:
            self.session.close()
            self.session = None

    def _keep_pace(self) -> None:
        now = self.world.clock()
        start = max(self.next_start or now, now)
        if start > now:
            self.world.pause((start - now).total_seconds())
        self.next_start = start + self.interval


# What a server says of an address, that bars it.
_NEVER_AGAIN = {
    Verdict.NO_SUCH_RECIPIENT: SuppressionReason.REFUSED,
    Verdict.UNWANTED: SuppressionReason.COMPLAINED,
}
_AGAINST = {
    SuppressionReason.REFUSED: "cette adresse a déjà été refusée par son serveur",
    SuppressionReason.LEFT: "cette personne ne veut plus de lettres",
    SuppressionReason.COMPLAINED: "cette personne s’est plainte d’une lettre",
}


def send_one(transport: Transport, message: Message) -> Answer:
    """Hand one letter over without the outbox, for a person who watches: the server's answer.

    Raises MailUnavailable, also when the connection was cut.
    """
    try:
        with transport.open() as session:
            answer = session.hand(message, lambda: True)
    except Cut as cut:
        raise MailUnavailable(f"connexion coupée : {cut}") from cut
    except NeedsSmtputf8 as error:
        raise MailUnavailable("ce serveur ne prend pas les noms accentués") from error
    assert answer is not None  # there is nobody to say no
    return answer


def check(transport: Transport) -> str:
    """The server's name when it answers and lets us in. Raises MailUnavailable."""
    transport.open().close()
    return repr(transport.server)
