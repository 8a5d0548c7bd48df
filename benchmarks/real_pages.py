"""Real pages through the whole chain: served on loopback, collected, tagged, indexed, found.

``python -m benchmarks.real_pages FOLDER``, where FOLDER holds ``pages/`` and ``pages.json``, a list
of ``{"file", "url", "title", "published", "paragraphs"}``. Prints one line a page, then how many
agree; exits with 1 when fewer than the bars say. What is measured is reading: a header permits it,
since some of the pages reserve mining in an element of their own, and of these only title and link
would be kept (``tests/crawler/test_optout.py`` has that).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from core.text import fold
from core.urls import canonical_url
from core.weeks import paris_date
from store import Store

DATES_BAR = 15 / 16


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one page."""

    file: str
    title: bool | None  # None: the labels do not say
    first: bool | None
    last: bool | None
    date: bool | None
    found: bool

    def line(self) -> str:
        """One line for a person."""
        marks = [
            f"{name} {'—' if seen is None else 'ok' if seen else 'NO'}"
            for name, seen in (
                ("title", self.title), ("first", self.first), ("last", self.last),
                ("date", self.date), ("found", self.found),
            )
        ]  # fmt: skip
        return f"{self.file:44} {'  '.join(marks)}"


@contextmanager
def served(folder: Path, labels: list[dict[str, Any]]) -> Iterator[str]:
    """The pages on loopback, with a feed that lists them; yields the base address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    base = f"http://127.0.0.1:{server.server_port}"
    feed = _feed(base, labels).encode()

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder / "pages"))

        def do_GET(self) -> None:
            if self.path != "/feed.xml":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(feed)))
            self.end_headers()
            self.wfile.write(feed)

        def end_headers(self) -> None:
            self.send_header("tdm-reservation", "0")
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _feed(base: str, labels: list[dict[str, Any]]) -> str:
    items = "".join(
        f"<item><link>{escape(base)}/{escape(label['file'])}</link></item>" for label in labels
    )
    return f'<rss version="2.0"><channel><title>Pages</title>{items}</channel></rss>'


def glaneuse(data: Path, *arguments: str) -> str:
    """Run a command; its output. Raises CalledProcessError."""
    environment = os.environ | {
        "GLANEUSE_DATA_DIR": str(data),
        "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
        "GLANEUSE_CONTACT": "benchmarks@glaneuse.example",
    }
    command = [sys.executable, "-m", "glaneuse", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def judge(data: Path, base: str, label: dict[str, Any]) -> Verdict:
    """Compare the article read in a page with its labels, and look for it."""
    with Store.open(f"sqlite:///{data / 'glaneuse.sqlite'}") as store, store.read() as tx:
        asked = f"{base}/{label['file']}"
        ids = tx.articles.by_urls([asked, canonical_url(asked), canonical_url(label["url"])])
        held = tx.articles.by_ids(ids.values())
    if not held:
        return Verdict(label["file"], False, False, False, False, found=False)
    article = held[0]
    paragraphs = [text for text in label.get("paragraphs") or [] if text.strip()]
    published = article.published.isoformat() if article.published else ""
    words = " ".join(re.findall(r"\w{5,}", article.title)[:6])
    answers = json.loads(glaneuse(data, "search", words, "--off-field", "--limit", "100", "--json"))
    return Verdict(
        label["file"],
        _flat(label["title"]) == _flat(article.title) if label.get("title") else None,
        _flat(paragraphs[0]) in _flat(article.text) if paragraphs else None,
        _flat(paragraphs[-1]) in _flat(article.text) if paragraphs else None,
        _same_day(published, label["published"]) if label.get("published") else None,
        found=article.id in [hit["id"] for hit in answers["hits"]],
    )


def _same_day(published: str, labelled: str) -> bool:
    # Labels are the publisher's day; a publication near midnight may be another day in UTC.
    if not published:
        return False
    return paris_date(datetime.fromisoformat(published)).isoformat() == labelled[:10]


def _flat(text: str) -> str:
    return re.sub(r"\W+", "", fold(text))


def main() -> None:
    """Run the chain and print the verdicts."""
    folder = Path(sys.argv[1])
    labels = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    with TemporaryDirectory() as temporary, served(folder, labels) as base:
        data = Path(temporary)
        glaneuse(data, "sources", "add", base, "--feed", f"{base}/feed.xml")
        print(glaneuse(data, "update"), end="")
        verdicts = [judge(data, base, label) for label in labels]
    for verdict in verdicts:
        print(verdict.line())
    for name in ("title", "first", "last", "date", "found"):
        seen = [getattr(verdict, name) for verdict in verdicts]
        known = [one for one in seen if one is not None]
        print(f"{name}: {sum(known)} of {len(known)}")
    dates = [verdict.date for verdict in verdicts if verdict.date is not None]
    if not all(verdict.found for verdict in verdicts) or sum(dates) < DATES_BAR * len(dates):
        sys.exit(1)


if __name__ == "__main__":
    main()
