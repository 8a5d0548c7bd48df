"""Learning from people's corrections."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from glaneuse.display import plural
from glaneuse.wiring import alone, open_store, open_tagger, settings_from, vocabulary_of

if TYPE_CHECKING:
    from taxonomy.evaluation import Evaluation


@click.command()
@click.pass_obj
def learn(data_dir: Path | None) -> None:
    """Apprend des corrections de l’équipe ; ne change rien si ce n’est pas mieux."""
    from taxonomy.contest import FEWEST, try_corrections
    from taxonomy.corrections import gold_texts
    from taxonomy.learning import shipped_examples
    from taxonomy.model import to_bytes

    settings = settings_from(data_dir)
    with alone(settings, "learn"), open_store(settings) as store:
        vocabulary = vocabulary_of(store)
        corrections = list(gold_texts(store, vocabulary.themes))
        click.echo(plural(len(corrections), "article corrigé", "articles corrigés"))
        if len(corrections) < FEWEST:
            click.echo(f"C’est trop peu pour apprendre : il en faut {FEWEST}.")
            return
        trial = try_corrections(
            corrections,
            shipped_examples(vocabulary.themes),
            vocabulary,
            open_tagger(settings, vocabulary),
        )
        click.echo(f"Sur {trial.present.texts} articles mis de côté :")
        _show("  classement actuel", trial.present)
        _show("  classement appris", trial.learnt)
        if trial.model is None:
            click.echo("Ce n’est pas mieux : rien n’est changé.")
            return
        _keep(settings.model_file, to_bytes(trial.model))
    click.echo("C’est mieux : le nouveau classement servira à partir de maintenant.")
    click.echo("« glaneuse tag » reprend les articles déjà classés.")


def _show(name: str, found: Evaluation) -> None:
    low, high = found.f1_interval.low, found.f1_interval.high
    click.echo(f"{name} : F1 {found.micro.f1:.3f} (à 95 % : {low:.3f} à {high:.3f})")


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all, even if stopped meanwhile."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)
