"""``python -m tests.soak.soak [ROUNDS]``: each part of an installation is killed, cut, filled.

PostgreSQL, Meilisearch, two workers, the site, an SMTP server and a site that publishes without
end, some of it hostile, while readers search and an editor edits. Then nothing is lost. Prints
faults and invariants; exits with 1 when one does not hold.
"""

from __future__ import annotations

import http.client
import re
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

import sqlalchemy

from core.clock import now
from core.corrections import Verdict
from core.errors import GlaneuseError
from core.letters import Letter, LetterState
from core.model import SourceKind, ThemeId
from core.settings import read_settings
from glaneuse.wiring import open_engine
from indexer.engine import Query
from store import Store
from tests import meilisearch_server
from tests.crawler.local_site import Reply, item, rss
from tests.soak.town import Town, building

ROUNDS: Final = 4
CALM: Final = 5.0  # seconds between two faults
THEME: Final = ThemeId("logement")
WORDS: Final = re.compile(r"<h1[^>]*>[^<]{4,}", re.DOTALL)
_HOSTILE: Final = {
    "/stuck": Reply(stuck=True),
    "/endless": Reply(endless=30_000_000),
    "/loop": Reply.to("/loop"),
    "/private": Reply.to("http://10.1.2.3/"),
    "/broken": Reply(b"\xff\xfe<html>\x00<p>\x80" * 500),
    "/gone": Reply(status=410),
    "/busy": Reply(status=503, headers={"Retry-After": "1"}),
    "/script": Reply(b"<html><title><script>x</script></title><p>" + b"<b>" * 5_000),
}


@dataclass
class Seen:
    """What was promised to people meanwhile, and what they were answered."""

    published: dict[str, str] = field(default_factory=dict)  # address → the word only there
    corrected: set[int] = field(
        default_factory=set
    )  # articles of which an editor was told « kept »
    letters: set[str] = field(default_factory=set)  # recipients whose letter was taken
    answers: Counter[int] = field(default_factory=Counter)
    wordless: list[str] = field(default_factory=list)


def main(arguments: Sequence[str]) -> None:
    """Build, break, mend, look."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    server = meilisearch_server.program(Path(__file__).parent.parent.parent)
    if server is None:
        sys.exit("no meilisearch: see CONTRIBUTING.md")
    with TemporaryDirectory(prefix="glaneuse-soak-") as folder:
        broken = soak(Path(folder), server, rounds)
    sys.exit(1 if broken else 0)


def soak(
    folder: Path,
    meilisearch: Path,
    rounds: int,
    *,
    only: Collection[str] = (),
    say: Callable[[str], object] = print,
) -> int:
    """How many invariants do not hold after so many rounds of faults; ``only``: of these."""
    seen = Seen()
    with building(folder, meilisearch) as town:
        if town.disk is None:
            say("  no disk may be mounted here: PostgreSQL's is not filled")
        town.parts["meilisearch"].start()
        prepare(town)
        for name in ("web", "worker-1", "worker-2"):
            town.parts[name].start()
        town.wait_for(lambda: ask(town, seen, "/healthz") == 200)
        people = [
            threading.Thread(target=live, args=(town, seen, one), daemon=True)
            for one in (publish, read, read, edit, nudge)
        ]
        for one in people:
            one.start()
        for number in range(rounds):
            for name, fault in faults(town):
                if only and name not in only:
                    continue
                say(f"  fault {number + 1}: {name}")
                fault()
                revive(town, CALM)
        town.stopping.set()
        for one in people:
            one.join()
        mend(town)
        counts = f"{len(seen.published)} articles, {len(seen.corrected)} corrections"
        answers = dict(sorted(seen.answers.items()))
        say(f"  {counts}, {len(seen.letters)} letters, answers {answers}")
        broken = 0
        for what, wrong in invariants(town, seen):
            say(f"  {'✗' if wrong else '✓'} {what}{': ' + wrong if wrong else ''}")
            broken += bool(wrong)
    return broken


# -- faults ---------------------------------------------------------------------------------------


def faults(town: Town) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each thing that happens, in turn."""
    for name, part in town.parts.items():
        yield f"{name} killed", part.kill
    yield "a worker asked to end", lambda: town.parts["worker-1"].kill(signal.SIGTERM)
    yield "PostgreSQL killed", town.kill_postgresql
    for name, proxy in town.proxies.items():
        yield f"connections to {name} cut", proxy.cut
        yield f"{name} out of reach", partial(during, town, proxy.down, proxy.cut)
    for name, proxy in town.proxies.items():
        yield f"connections to {name} slowed", partial(during, town, proxy.slow)
    yield "disk full", lambda: fill_disk(town)
    if (disk := town.disk) is not None:
        yield "PostgreSQL's disk full", lambda: fill_postgresql(town, disk)


def during(town: Town, state: threading.Event, first: Callable[[], None] = lambda: None) -> None:
    """This holds for a while."""
    state.set()
    first()
    revive(town, CALM)
    state.clear()


def fill_disk(town: Town) -> None:
    """Nothing more can be written, for a while."""
    with town.full_disk():
        revive(town, CALM)


def fill_postgresql(town: Town, disk: Path) -> None:
    """The database can write nothing more, for a while."""
    with town.full_postgresql(disk):
        revive(town, CALM)


def revive(town: Town, seconds: float) -> None:
    """Some time passes, in which what died is started again, as systemd does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for part in town.parts.values():
            part.keep_alive()
        threading.Event().wait(0.5)


# -- people ---------------------------------------------------------------------------------------


def live(town: Town, seen: Seen, act: Callable[[Town, Seen, Random], None]) -> None:
    """Somebody does this again and again; what fails is tried again later."""
    dice = Random(act.__name__)
    while not town.stopping.wait(0.2):
        try:
            act(town, seen, dice)
        except (GlaneuseError, sqlalchemy.exc.SQLAlchemyError, OSError):
            continue  # not told « kept »: nothing was promised


def publish(town: Town, seen: Seen, _dice: Random) -> None:
    """The site has one more article."""
    number = len(seen.published)
    word = "zz" + "".join(chr(97 + int(digit)) for digit in f"{number:05}") + "qu"
    title = f"La maraude {word} et le logement"
    address = town.site.page(f"/a/{number}", title, f"{title}. L’aller-vers au quotidien. " * 12)
    told = [item(one, "La maraude") for one in [*seen.published, address]]
    town.site.replies["/feed"] = Reply(rss(*told).encode(), "application/rss+xml", etag=True)
    seen.published[address] = word
    town.stopping.wait(1)


def read(town: Town, seen: Seen, dice: Random) -> None:
    """A reader searches, and looks at pages."""
    words = list(seen.published.values()) or ["maraude"]
    path = dice.choice(["/", f"/recherche?q={quote(dice.choice(words))}", "/sources", "/semaines"])
    ask(town, seen, path)


def ask(town: Town, seen: Seen, path: str) -> int:
    """The status of an answer, 0 for none; one without words is remembered."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{town.port}{path}", timeout=60) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, _read_of(error)
    except (OSError, http.client.HTTPException):  # the site itself is dead: nobody answers
        seen.answers[0] += 1
        return 0
    seen.answers[status] += 1
    page = body.decode("utf-8", "replace")
    if path != "/healthz" and (not WORDS.search(page) or "Traceback" in page):
        seen.wordless.append(f"{status} {path}: {page[:200]}")
    return int(status)


def _read_of(error: urllib.error.HTTPError) -> bytes:
    with error:
        return error.read()


def edit(town: Town, seen: Seen, dice: Random) -> None:
    """An editor says of an article that it speaks of housing; a reader is written to."""
    who = f"lecteur{len(seen.letters)}-{dice.randrange(10**9)}@exemple.fr"
    with Store.open(town.url) as store:
        with store.read() as tx:
            ids = [id for id in tx.articles.ids() if id not in seen.corrected]
        with store.begin() as tx:
            tx.outbox.add(Letter(f"soak:{who}", who, "Un objet", "Un texte."), now=now())
            if ids:
                tx.articles.correct(ids[-1], THEME, Verdict.GIVEN, by=None, now=now())
    seen.letters.add(who)
    seen.corrected.update(ids[-1:])


def nudge(town: Town, _seen: Seen, _dice: Random) -> None:
    """Time passes quickly: the source is due again, and so are the jobs."""
    engine = sqlalchemy.create_engine(town.url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        for said in (
            "UPDATE sources SET next_visit = NULL",
            "DELETE FROM jobs",
            "UPDATE pages SET due = fetched WHERE state = 'announced' AND attempts < 11",
            "DELETE FROM hosts",
            "UPDATE outbox SET due = added WHERE state = 'deferred'",
        ):
            connection.execute(sqlalchemy.text(said))
    town.stopping.wait(5)


# -- before and after -----------------------------------------------------------------------------


def prepare(town: Town) -> None:
    """A database with one source, and the hostile pages."""
    bad = [item(town.hostile.url + path, path) for path in _HOSTILE]
    town.hostile.replies.update(_HOSTILE)
    town.hostile.replies["/feed"] = Reply(rss(*bad).encode(), "application/rss+xml")
    town.site.replies["/feed"] = Reply(rss().encode(), "application/rss+xml")
    town.wait_for(lambda: town.command("index").returncode == 0)
    with Store.open(town.url) as store, store.begin() as tx:
        for name, site in (("Le carnet", town.site), ("Les pièges", town.hostile)):
            tx.sources.add(
                name=name, url=site.url + "/", feed=site.url + "/feed",
                kind=SourceKind.FEED, now=now(),
            )  # fmt: skip


def mend(town: Town) -> None:
    """Everything is in order again, and works until nothing is left to do."""
    for name in ("worker-1", "worker-2"):
        town.parts[name].kill()
    for part in town.parts.values():
        if not part.name.startswith("worker"):
            part.keep_alive()
    nudge(town, Seen(), Random(0))
    town.wait_for(lambda: ask(town, Seen(), "/recherche?q=maraude") == 200)
    for _ in range(3):  # what was announced last is visited, then read
        town.wait_for(lambda: town.command("worker", "--once").returncode == 0)
        nudge(town, Seen(), Random(0))


def invariants(town: Town, seen: Seen) -> Iterator[tuple[str, str]]:
    """What must hold, each with what is wrong: "" when nothing is."""
    settings = read_settings(
        {name: one for name, one in town.environment.items() if name.startswith("GLANEUSE")}
    )
    engine = open_engine(settings, writing=True)
    with Store.open(town.url) as store, store.read() as tx:
        held = Counter(one.url for one in tx.articles.by_ids(tx.articles.ids()))
        leaders = [one for one in tx.articles.by_ids(tx.articles.ids()) if one.leads]
        said = {
            id
            for id, given in tx.corrections.of(list(seen.corrected)).items()  # type: ignore[arg-type]
            if any(one.theme == THEME for one in given)
        }
        entries = {one.recipient: one.state for one in tx.outbox.entries()}
        left = (tx.pages.count_waiting(), tx.changes.count(), tx.groups.count_waiting())
    lost = sorted(seen.published.keys() - held.keys())
    yield "no article is lost", f"{len(lost)} of {len(seen.published)}: {lost[:3]}" if lost else ""
    doubled = [url for url, count in held.items() if count > 1]
    yield "no article is doubled", ", ".join(doubled)
    yield "nothing is left to do", f"{left}" if any(left) else ""
    counted = engine.count()
    same = counted == len(leaders)
    yield "the index equals the store", "" if same else f"{counted} for {len(leaders)}"
    unfound = [
        url
        for url, word in seen.published.items()
        if url in held and not engine.search(Query(word)).hits
    ]
    yield "every article is found by its word", f"{len(unfound)}: {unfound[:3]}" if unfound else ""
    unkept = seen.corrected - said
    yield (
        "every edit that was kept holds",
        f"{len(unkept)} of {len(seen.corrected)}" if unkept else "",
    )
    yield "no letter is lost", ", ".join(sorted(seen.letters - entries.keys())[:3])
    received = town.letterbox.received
    yield "no letter is sent twice", ", ".join(one for one, n in received.items() if n > 1)
    sent = {one for one, state in entries.items() if state is LetterState.SENT}
    yield "what is « sent » was received", ", ".join(sorted(sent - received.keys())[:3])
    sure = {LetterState.SENT, LetterState.UNCERTAIN, LetterState.HANDING}
    unsaid = [one for one in received if entries.get(one) not in sure]
    yield "what was received is not sent again", ", ".join(unsaid[:3])
    yield "no answer without words", " | ".join(seen.wordless[:3])


if __name__ == "__main__":
    main(sys.argv[1:])
