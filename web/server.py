"""Serving the application: waitress, on a port that is free."""

from __future__ import annotations

import logging
import socket

import waitress
from flask import Flask

THREADS = 8
CONNECTIONS = 1_000  # kept open: a browser holds several, and thinks between two requests
TRIED = 50  # ports after the one wanted


def serve(app: Flask, host: str, port: int, *, trusted_proxy: str = "") -> None:
    """Answer on ``host:port`` until the process is told to stop. Raises OSError when taken.

    ``trusted_proxy``: the address of a reverse proxy that says who is asking, and by https or not.
    """
    # It warns of each request that waits for another to be answered: hundreds a second in a rush.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    proxy = {
        "trusted_proxy": trusted_proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
    waitress.serve(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() knows a thousand files only
        ident="Glaneuse",
        clear_untrusted_proxy_headers=True,
        **(proxy if trusted_proxy else {}),
    )


def free_port(host: str, wanted: int) -> int:
    """``wanted``, or the next port that is free; any free one for 0. Raises OSError when none."""
    if not wanted:
        with _bound(host, 0) as bound:
            return int(bound.getsockname()[1])
    for port in range(wanted, min(wanted + TRIED, 65_536)):
        try:
            _bound(host, port).close()
        except PermissionError:
            raise
        except OSError:  # taken: the next one
            continue
        return port
    raise OSError(f"no free port from {wanted} to {wanted + TRIED - 1} on {host}")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        # As the server itself does: a port just given up may be taken again.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
