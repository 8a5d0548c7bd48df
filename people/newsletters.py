"""Sending letters to who follows them: each once, whatever interrupts it.

A letter whose time has come becomes public, then its letters are put into the outbox, some at a
time, each under a key of its own: killed and run again, it goes on where it was, and the outbox
takes none twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from core.letters import Letter
from core.model import Report
from core.newsletters import Newsletter, NewsletterId, NewsletterState
from core.progress import Progress, silent
from core.subscriptions import NEWSLETTER, Ending, Subscription, SubscriptionId
from people.subscriptions import leave, letters_of
from store import ReadTransaction, Store, Transaction

KIND: Final = "newsletter"  # in the history
BATCH: Final = 100  # letters a transaction

# What is written to one subscriber; made once for a letter, then asked for each.
WriteTo = Callable[[Subscription], Letter]
Open = Callable[[Newsletter], WriteTo]


def key_of(newsletter: NewsletterId, subscription: Subscription) -> str:
    """Names the letter for ever: a subscription has each newsletter once, and may leave first."""
    return f"{letters_of(subscription)}{end_of(newsletter)}"


def end_of(newsletter: NewsletterId) -> str:
    """How the keys of all its letters end."""
    return f":newsletter:{newsletter}"


def withdrawn(tx: ReadTransaction, newsletter: Newsletter) -> bool:
    """Whether an article of the letter is no longer in Glaneuse."""
    ids = {one.article for one in newsletter.content.entries if one.article is not None}
    return len(tx.articles.by_ids(ids)) < len(ids)


def dispatch(store: Store, open_letter: Open, now: datetime, progress: Progress = silent) -> Report:
    """Put into the outbox the letters of what is due: ``done`` of them.

    ``failed`` newsletters are held, an article having been withdrawn since they were scheduled:
    they are drafts again.
    """
    with store.read() as tx:
        due = tx.newsletters.due(now)
    done, held = 0, []
    for one in due:
        newsletter = _begin(store, one.id, now)
        if newsletter is None:
            held.append(f"{one.content.subject} : retenue, un article en a été retiré")
        elif newsletter.state is NewsletterState.SENDING:
            done += _fill(store, newsletter.id, open_letter(newsletter), now, progress)
    return Report(done=done, failed=len(held), failures=tuple(held))


def publish(tx: Transaction, id: NewsletterId, now: datetime) -> None:
    """Where no mail goes: public at once."""
    tx.newsletters.begin_sending(id, now)
    tx.newsletters.end_sending(id)


def _begin(store: Store, id: NewsletterId, now: datetime) -> Newsletter | None:
    """The letter, public from now on; None when it is held."""
    with store.begin(durable=True) as tx:
        newsletter = tx.newsletters.hold(id)
        if newsletter.state is not NewsletterState.SCHEDULED:
            return newsletter  # taken up again, or called back a moment ago
        if withdrawn(tx, newsletter):
            tx.newsletters.call_back(id, held=now)
            tx.audit.record(None, "hold", KIND, id, {}, {}, now=now)
            return None
        tx.newsletters.begin_sending(id, now)
        tx.audit.record(None, "send", KIND, id, {}, {}, now=now)
        return tx.newsletters.by_id(id)


def _fill(store: Store, id: NewsletterId, write: WriteTo, now: datetime, progress: Progress) -> int:
    """The outbox has a letter for each subscriber; how many are new to it."""
    with store.read() as tx:
        total = tx.subscriptions.count_following(NEWSLETTER)
    after, added, seen = SubscriptionId(0), 0, 0
    while True:
        with store.begin() as tx:
            some = tx.subscriptions.following(NEWSLETTER, after=after, limit=BATCH)
            if not some:
                tx.newsletters.end_sending(id)
                return added
            letters = [write(one) for one in _still_written_to(tx, some, now)]
            added += tx.outbox.add_all(letters, now=now)
        after, seen = some[-1].id, seen + len(some)
        progress(seen, max(seen, total))


def _still_written_to(
    tx: Transaction, some: Sequence[Subscription], now: datetime
) -> list[Subscription]:
    """Those whose address takes letters; the others leave."""
    kept = []
    for one in some:
        if tx.suppressions.against(one.address, of_list=True) is None:
            kept.append(one)
        else:
            leave(tx, one, Ending.REFUSED, now)
    return kept
