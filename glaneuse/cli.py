"""The command line: its commands, its errors in one line, its exit codes.

0: done; 1: an error, said in one line; 2: a command written wrong; 130: interrupted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from core.errors import GlaneuseError
from glaneuse import __version__
from glaneuse.commands import (
    articles,
    asking,
    exchange,
    installation,
    keeping,
    learning,
    letters,
    mail,
    measuring,
    privacy,
    site,
    sources,
    stages,
    users,
)
from glaneuse.locale import speak_french
from glaneuse.messages import of_the_machine, sentence


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
)
@click.version_option(
    __version__, "--version", message="glaneuse %(version)s", help="Affiche la version."
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Dossier des données (sinon GLANEUSE_DATA_DIR, ou ./data).",
)
@click.pass_context
def cli(context: click.Context, data_dir: Path | None) -> None:
    """Glane ce que publie le travail social francophone, le classe, le cherche et le redonne."""
    context.obj = data_dir


for command in (
    installation.init,
    sources.sources,
    stages.collect,
    stages.reread,
    stages.group,
    stages.tag,
    stages.stories,
    stages.index,
    stages.update,
    asking.search,
    asking.digest,
    articles.articles,
    exchange.extract,
    exchange.import_articles,
    exchange.export_articles,
    measuring.evaluate,
    measuring.evaluate_search,
    learning.learn,
    mail.mail,
    letters.letters,
    privacy.privacy,
    privacy.retention,
    users.users,
    site.serve,
    site.run,
    site.worker,
    keeping.backup,
    keeping.restore,
    keeping.migrate_database,
    keeping.upgrade,
    installation.doctor,
):
    cli.add_command(command)
    if isinstance(command, click.Group):
        command.subcommand_metavar = cli.subcommand_metavar


def main() -> None:
    """Run a command; an expected error is one line and the exit code 1."""
    speak_french()
    try:
        # Without its standalone mode, click returns the code that a command exits with.
        sys.exit(cli.main(standalone_mode=False) or 0)
    except GlaneuseError as error:
        _stop(sentence(error), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output left: `glaneuse export - | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        said = of_the_machine(error)
        if not said:
            raise
        _stop(f"{error.filename or 'Écriture'} : {said}", 1)
    except (click.Abort, KeyboardInterrupt):
        _stop("Interrompu. Ce qui était fait est gardé ; relancez pour continuer.", 130)


def _stop(line: str, code: int) -> None:
    click.echo(line, err=True)
    sys.exit(code)
