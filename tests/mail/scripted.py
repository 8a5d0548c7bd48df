"""A real SMTP server on loopback that misbehaves as it is told."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

CLOSE = "close the connection without a word"
HANG = "say nothing until the test ends"
DRIBBLE = "a byte now and then, never a whole line"

# What was said (CONNECT, EHLO, MAIL, RCPT, DATA, BODY, END, RSET …), on which connection and for
# which letter of it, from 1: the answer, one of the three above, or None for the usual one.
Script = Callable[[str, int, int], str | None]

USUAL = {
    "CONNECT": "220 loopback ready",
    "EHLO": "250 loopback",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass
class Scripted:
    """The server; ``taken`` are the letters for which it said 250, or closed in silence after."""

    script: Script
    taken: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.over = threading.Event()
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.connections += 1
                _Conversation(server, self.rfile, self.wfile, server.connections).hold()

        self._tcp = _Tcp(("127.0.0.1", 0), Handler)
        self.port: int = self._tcp.server_address[1]
        self._thread = threading.Thread(target=self._tcp.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._tcp.shutdown()
        self._thread.join()
        self._tcp.server_close()


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, *_: object) -> None:
        """A client that leaves is no failure."""


class _Conversation:
    def __init__(self, server: Scripted, reading: Any, writing: Any, number: int) -> None:
        self.server, self.reading, self.writing, self.number = server, reading, writing, number
        self.letter = 0

    def hold(self) -> None:
        going = self.answer("CONNECT")
        while going and (line := self.reading.readline()):
            verb = line[:4].decode().upper().strip()
            if verb == "MAIL":
                self.letter += 1
            self.server.said.append(line.decode().strip())
            answer = self.choose(verb)
            going = self.say(answer) and verb != "QUIT"
            if going and verb == "DATA" and answer.startswith("354"):
                going = self.take_letter()

    def take_letter(self) -> bool:
        if self.choose("BODY") == CLOSE:
            return False
        lines = iter(self.reading.readline, b"")
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line[1:] if line.startswith(b".") else line
        else:
            return False
        answer = self.choose("END")
        if answer.startswith("2") or answer in {CLOSE, HANG}:
            self.server.taken.append(body)
        return self.say(answer)

    def choose(self, verb: str) -> str:
        return self.server.script(verb, self.number, self.letter) or USUAL.get(verb, "250 Ok")

    def answer(self, verb: str) -> bool:
        return self.say(self.choose(verb))

    def say(self, answer: str) -> bool:
        if answer == HANG:
            self.server.over.wait()
            return False
        while answer == DRIBBLE:
            if self.server.over.wait(0.02):
                return False
            self.writing.write(b"2")
        if answer == CLOSE:
            return False
        self.writing.write(answer.encode() + b"\r\n")
        return not answer.startswith("421")


def closed_port() -> int:
    """A port of loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
