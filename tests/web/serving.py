"""An application served on loopback as in production, and ended without leaving anything open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress.server
from flask import Flask
from waitress.wasyncore import close_all


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """The address at which the application is served meanwhile."""
    server = waitress.server.create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, name="site")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # By the thread that reads the connections: closing them under it is an error in it.
        server.trigger.pull_trigger(lambda: close_all(server._map))
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)
