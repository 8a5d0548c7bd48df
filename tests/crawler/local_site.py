"""A real HTTP server on loopback that answers what it is told, and remembers what it was asked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

RSS = "application/rss+xml"
HTML = "text/html; charset=utf-8"
FOR_ROBOTS = ("/robots.txt", "/.well-known/tdmrep.json")
ALLOW_ALL = b"User-agent: *\nDisallow:\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an address answers."""

    body: bytes = b""
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: bool = False  # with an ETag, and 304 when asked with it
    endless: int = 0  # bytes sent without announcing their number
    stuck: bool = False  # accepts the request, and says nothing until the site closes

    @classmethod
    def to(cls, location: str, status: int = 301) -> Self:
        """A redirect."""
        return cls(b"moved", status=status, headers={"Location": location})


@dataclass(slots=True)
class LocalSite:
    """Its replies by path (query included), and the requests it got but for robots' files."""

    url: str
    replies: dict[str, Reply]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)  # requests for robots' files
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.asked]

    def page(self, path: str, title: str, text: str = "", head: str = "") -> str:
        """Serve an article that an extractor can read; its address."""
        self.replies[path] = Reply(article(title, text, head).encode())
        return self.url + path

    def feed(self, path: str, *items: str, title: str = "Le fil") -> str:
        """Serve an RSS feed made of ``item``s, with an ETag; its address."""
        self.replies[path] = Reply(rss(*items, title=title).encode(), RSS, etag=True)
        return self.url + path


def article(title: str, text: str = "", head: str = "") -> str:
    """A page holding an article long enough to be one."""
    sentences = text or f"{title}. " + " ".join(
        f"Dans ce service, l’équipe éducative numéro {n} accueille des familles du quartier et "
        "raconte ce qui a changé depuis la rentrée." for n in range(1, 9)
    )  # fmt: skip
    return (
        f"<html lang='fr'><head><title>{title}</title>{head}</head><body><nav><a href='/'>Accueil"
        f"</a></nav><main><article><h1>{title}</h1><p>{sentences}</p><p>{sentences}</p></article>"
        "</main></body></html>"
    )


def item(link: str, title: str = "", more: str = "") -> str:
    """An RSS item."""
    return f"<item><title>{title or link}</title><link>{link}</link>{more}</item>"


def rss(*items: str, title: str = "Le fil") -> str:
    """An RSS 2.0 feed."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{title}</title><link>/</link>{''.join(items)}</channel></rss>"
    )


@contextmanager
def serving(replies: Mapping[str, Reply] | None = None) -> Iterator[LocalSite]:
    """A site on a port of its own, until the context ends."""
    site = LocalSite("", {"/robots.txt": Reply(ALLOW_ALL, "text/plain"), **(replies or {})})
    handler = type("Handler", (_Handler,), {"site": site})
    server = _on_a_new_port(handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


_HAD = set[int]()


def _on_a_new_port(handler: type[BaseHTTPRequestHandler]) -> _Server:
    """On a port that no site of this process had: a fetcher remembers what was said there."""
    server = _Server(("127.0.0.1", 0), handler)
    while server.server_port in _HAD:
        server.server_close()
        server = _Server(("127.0.0.1", 0), handler)
    _HAD.add(server.server_port)
    return server


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    site: LocalSite

    def do_GET(self) -> None:
        if self.path in FOR_ROBOTS:
            self.site.robots.append(self.path)
        else:
            self.site.asked.append((self.path, dict(self.headers)))
        reply = self.site.replies.get(self.path)
        if reply is None:
            reply = Reply(article("Page introuvable").encode(), status=404)
        if reply.stuck:
            self.site.closing.wait()
        elif reply.endless:
            self._pour(reply)
        else:
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"' if reply.etag else ""
        unchanged = bool(etag) and self.headers.get("If-None-Match") == etag
        body = b"" if unchanged else reply.body
        self.send_response(304 if unchanged else reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        if etag:
            self.send_header("ETag", etag)
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pour(self, reply: Reply) -> None:
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.end_headers()
        for _ in range(reply.endless // 65536):
            self.wfile.write(b"<p>encore un paragraphe</p>" * 2427)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
