"""The demo sites on loopback, each on a port of its own."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import yaml
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from demo.articles import FOLDER, BadDemoFile, load_articles
from demo.pages import HERE, Resource, build, build_collections
from demo.sites import SITES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
COLLECTIONS = HERE / "collections" / "perles.yaml"
PORTS = "ports.json"
FIRST_PORT = 18470  # tried by the first run that keeps its ports: out of what systems hand out


@contextmanager
def serve(
    today: date, state_dir: Path | None = None, folder: Path = FOLDER
) -> Iterator[dict[str, str]]:
    """Serve every site until the context ends; yields slug → address, without a final « / ».

    ``today`` (in Paris) dates the articles. With ``state_dir``, the ports of the last run are
    taken again when they are free, so that articles keep their addresses. Raises BadDemoFile.
    """
    with ExitStack() as stack:
        sockets = {
            slug: stack.enter_context(opened)
            for slug, opened in _open_sockets(_known_ports(state_dir)).items()
        }
        ports = {slug: opened.getsockname()[1] for slug, opened in sockets.items()}
        addresses = {slug: f"http://{HOST}:{port}" for slug, port in ports.items()}
        for slug, resources in everything_served(today, addresses, folder).items():
            stack.enter_context(_running(application(resources), sockets[slug]))
        _keep_ports(state_dir, ports)
        yield addresses


def everything_served(
    today: date, addresses: Mapping[str, str], folder: Path = FOLDER
) -> dict[str, dict[str, Resource]]:
    """What each site serves, by path. Raises BadDemoFile."""
    articles = load_articles(folder)
    collections = yaml.safe_load(COLLECTIONS.read_text("utf-8"))
    known = {site.slug for site in SITES}
    for article in articles:
        if article.site not in known:
            raise BadDemoFile(folder / article.site, "is the folder of no demo site")
    return {
        site.slug: build_collections(site, collections, articles, addresses)
        if site.slug == collections["site"]
        else build(site, articles, today, addresses)
        for site in SITES
    }


def application(resources: Mapping[str, Resource]) -> WSGIApplication:
    """A site made of ``resources``, by path or path?query; other queries do not count."""

    @Request.application
    def respond(request: Request) -> Response:
        resource = _find(resources, request)
        if resource is None:
            missing = resources["404"]
            return Response(missing.body, 404, content_type=missing.content_type)
        if resource.redirect:
            return redirect(resource.redirect, 301)
        response = Response(resource.body, content_type=resource.content_type)
        if resource.modified is not None:
            response.set_etag(hashlib.sha256(resource.body).hexdigest()[:20])
            response.last_modified = resource.modified
            response.make_conditional(request)
        return response

    return respond


def _find(resources: Mapping[str, Resource], request: Request) -> Resource | None:
    query = request.query_string.decode("ascii", "replace")
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not name.startswith("utm_")
    ]
    rest = "&".join(f"{name}={value}" if value else name for name, value in kept)
    asked = f"{request.path}?{rest}" if rest else request.path
    return resources.get(asked) or resources.get(request.path)


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing: the demo's terminal belongs to Glaneuse."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _running(app: WSGIApplication, opened: socket.socket) -> Iterator[BaseWSGIServer]:
    port = opened.getsockname()[1]
    server = make_server(
        HOST, port, app, threaded=True, request_handler=_QuietHandler, fd=opened.fileno()
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _open_sockets(ports: Mapping[str, int]) -> dict[str, socket.socket]:
    """A listening socket for each site."""
    return {site.slug: _open_socket(ports.get(site.slug, 0)) for site in SITES}


def _open_socket(port: int) -> socket.socket:
    """A listening socket on ``port`` when it is free, else on a port that the system chooses."""
    try:
        return socket.create_server((HOST, port), backlog=64)
    except OSError:
        return socket.create_server((HOST, 0), backlog=64)


def _known_ports(state_dir: Path | None) -> dict[str, int]:
    """The ports to try: those of the last run, else our own; none when none are kept."""
    if state_dir is None:
        return {}
    ports = {site.slug: FIRST_PORT + index for index, site in enumerate(SITES)}
    try:
        known = json.loads((state_dir / PORTS).read_text("utf-8"))
        kept = {slug: int(known[slug]) for slug in ports if 0 < int(known[slug]) < 65536}
    except (OSError, ValueError, TypeError, LookupError):
        return ports
    return {**ports, **kept}


def _keep_ports(state_dir: Path | None, ports: Mapping[str, int]) -> None:
    if state_dir is None:
        return
    state_dir.mkdir(parents=True, exist_ok=True)
    (state_dir / PORTS).write_text(json.dumps(ports, indent=2) + "\n", "utf-8")
