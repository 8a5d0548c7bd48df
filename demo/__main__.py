"""``python -m demo``: the demo sites, to be looked at in a browser."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import click

from core.clock import now
from core.weeks import paris_date
from demo.server import serve
from demo.sites import SITES, addresses_of_sources


@click.command()
@click.option("--state-dir", type=click.Path(file_okay=False, path_type=Path), default=None,
              help="Folder where the ports are kept, to have the same ones next time.")  # fmt: skip
def main(state_dir: Path | None) -> None:
    """Serve the demo sites on loopback until Ctrl-C, and print their addresses."""
    with serve(paris_date(now()), state_dir) as addresses:
        for site in SITES:
            click.echo(f"{addresses[site.slug]}/  {site.name}")
        click.echo("\nSources :")
        for name, address in addresses_of_sources(addresses):
            click.echo(f"{address}  {name}")
        Event().wait()


if __name__ == "__main__":
    main()
