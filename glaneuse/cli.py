"""The command line: its commands, its errors in one line, its exit codes.

0: done; 1: an error, said in one line; 2: a command written wrong; 130: interrupted.
"""

from __future__ import annotations

import errno
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
from glaneuse.messages import sentence


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="glaneuse %(version)s")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
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


def main() -> None:
    """Run a command; an expected error is one line and the exit code 1."""
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
        if error.errno not in _OF_THE_MACHINE:
            raise
        _stop(f"{error.filename or 'Écriture'} : {_OF_THE_MACHINE[error.errno]}", 1)
    except (click.Abort, KeyboardInterrupt):
        _stop("Interrompu. Ce qui était fait est gardé ; relancez pour continuer.", 130)


# What no program can help, and what to do.
_OF_THE_MACHINE = {
    errno.ENOSPC: "le disque est plein. Faites de la place, puis relancez : rien n’est perdu.",
    errno.EDQUOT: "la place accordée est épuisée. Augmentez-la, puis relancez : rien n’est perdu.",
    errno.EROFS: "ce disque est en lecture seule. Voyez DATA_DIR et la façon dont il est monté.",
    errno.EACCES: "accès refusé. Lancez Glaneuse sous le compte à qui sont ces fichiers.",
    errno.EPERM: "accès refusé. Lancez Glaneuse sous le compte à qui sont ces fichiers.",
}


def _stop(line: str, code: int) -> None:
    click.echo(line, err=True)
    sys.exit(code)
