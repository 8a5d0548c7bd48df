"""``make demo``: the sample sites collected for real, and the front end opened on them.

Everything is done by the commands that anybody would type, each printed before it runs.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from core.clock import now
from core.weeks import paris_date
from demo.server import serve
from demo.sites import addresses_of_sources

STATE = Path(__file__).parent / ".data"


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the front end.")
@click.option("--sites-only", is_flag=True, help="Serve the sample sites, to be looked at.")
@click.option("--no-serve", is_flag=True, help="Collect, then end.")
def main(*, port: int, sites_only: bool, no_serve: bool) -> None:
    """Serve the sample sites on loopback, collect them, and open the front end."""
    signal.signal(signal.SIGTERM, _interrupt)  # ends as Ctrl-C does, servers included
    with serve(paris_date(now()), STATE) as addresses:
        for name, address in addresses_of_sources(addresses):
            click.echo(f"  {address}  {name}")
        if sites_only:
            signal.pause()
        _collect(addresses_of_sources(addresses))
        if not no_serve:
            glaneuse("serve", "--port", str(port))


def _collect(sources: list[tuple[str, str]]) -> None:
    glaneuse("upgrade", quiet=True)  # what an earlier version of the demo left
    listed = json.loads(glaneuse("sources", "list", "--json", quiet=True))
    known = {source["name"] for source in listed}
    for name, address in sources:
        if name not in known:
            glaneuse("sources", "add", address, "--name", name)
    glaneuse("update", "--now")


def glaneuse(*arguments: str, quiet: bool = False) -> str:
    """Run a command as a person would; stop here when it fails. Its output when ``quiet``."""
    if not quiet:
        click.secho(f"$ glaneuse {shlex.join(arguments)}", bold=True)
    environment = os.environ | {
        "GLANEUSE_DATA_DIR": str(STATE / "glaneuse"),
        "GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
        "GLANEUSE_CONTACT": "demo@glaneuse.example",
    }
    done = subprocess.run(  # noqa: S603  our own command, our own arguments
        [sys.executable, "-m", "glaneuse", *arguments],
        env=environment, stdout=subprocess.PIPE if quiet else None, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout or ""


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
