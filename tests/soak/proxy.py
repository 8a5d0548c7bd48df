"""A small TCP proxy on loopback: what runs through it can be cut and slowed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

SLOWLY: Final = 0.05  # seconds for each piece, when slow
PIECE: Final = 16_384


@dataclass
class Proxy:
    """Listens on ``port``; each connection goes on to what ``reach`` opens."""

    reach: Callable[[], socket.socket]
    slow: threading.Event = field(default_factory=threading.Event)
    down: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> None:
        """End every connection, in the middle of whatever it carries."""
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def serve(self, listener: socket.socket) -> None:
        """Until the listener is closed."""
        while True:
            try:
                ours, _ = listener.accept()
            except OSError:
                return
            try:
                if self.down.is_set():
                    raise OSError  # noqa: TRY301  as if nobody were there
                theirs = self.reach()
            except OSError:
                ours.close()
                continue
            with self._lock:
                self._open += [ours, theirs]
            for pair in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        pause = threading.Event()
        with suppress(OSError):
            while piece := one.recv(PIECE):
                if self.slow.is_set():
                    pause.wait(SLOWLY)
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def proxying(reach: Callable[[], socket.socket]) -> Iterator[Proxy]:
    """A proxy on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(reach, port=listener.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
        proxy.cut()
    thread.join()


def to_port(port: int) -> Callable[[], socket.socket]:
    """What listens on this port of loopback."""
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=None)


def to_socket(path: str) -> Callable[[], socket.socket]:
    """What listens on this Unix socket."""

    def reach() -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            raise
        return connection

    return reach
