"""The web front end."""

from __future__ import annotations

from pathlib import Path

import click

from core.clock import now
from glaneuse.wiring import open_engine, open_store, settings_from


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse écoutée.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_obj
def serve(data_dir: Path | None, *, host: str, port: int) -> None:
    """Sert le site, sur le port voulu ou le premier libre après lui."""
    from taxonomy.vocabulary import load_vocabulary
    from web.application import create_app
    from web.server import free_port
    from web.server import serve as run

    settings = settings_from(data_dir)
    with open_store(settings) as store:
        app = create_app(settings, store, open_engine(settings), load_vocabulary(), now)
        chosen = free_port(host, port)
        if chosen != port:
            click.echo(f"Le port {port} est pris.", err=True)
        click.echo(f"Glaneuse : http://{host}:{chosen} (Ctrl-C pour arrêter)")
        run(app, host, chosen, trusted_proxy=settings.trusted_proxy)
