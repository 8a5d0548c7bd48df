"""Measuring: how right the themes are, how good the search is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

import click

from glaneuse.commands.options import InputFile, json_option
from glaneuse.wiring import open_french, open_tagger, scratch_engine, settings_from, vocabulary_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.evaluation import SearchFigures
    from taxonomy.evaluation import Evaluation, Share

LISTED = 10  # confusions, and articles, that an evaluation lists


@click.command()
@click.argument("gold", metavar="FICHIER", type=InputFile(encoding="utf-8"))
@click.pass_obj
def evaluate(data_dir: Path | None, gold: TextIO) -> None:
    """Précision, rappel et F1 par thème, sur des articles étiquetés à la main (JSON Lines).

    Ce que donne cette installation, avec son vocabulaire et ce qu’elle a appris.
    """
    from taxonomy.evaluation import evaluate as measure
    from taxonomy.evaluation import read_gold, unspoken

    settings = settings_from(data_dir)
    vocabulary = vocabulary_here(settings)
    lines = list(read_gold(gold, gold.name, known=vocabulary.themes))
    tagger = open_tagger(settings, vocabulary)
    tagged = tagger.tag_all((one.title, one.text) for one in lines)
    silent = unspoken(lines, vocabulary.themes) if lines else frozenset()
    given = [[t.theme for t in one if t.theme not in silent] for one in tagged]
    _show(measure(lines, given))
    if silent:
        click.echo(
            "\nThèmes que ce fichier ne nomme jamais, ni demandés ni comptés comme faux : "
            + ", ".join(sorted(silent))
        )


def _show(found: Evaluation) -> None:
    click.echo(f"{'thème':32} {'précision':>9} {'rappel':>7} {'F1':>6} {'articles':>9}")
    for row in found.rows():
        click.echo(
            f"{row.name:32} {row.precision:9.3f} {row.recall:7.3f} {row.f1:6.3f} {row.support:9}"
        )
    low, high = found.f1_interval.low, found.f1_interval.high
    click.echo(f"\nF1 micro {found.micro.f1:.3f} (intervalle à 95 % : {low:.3f} à {high:.3f})")
    click.echo(f"F1 macro {found.macro_f1:.3f}")
    click.echo(f"Hors champ laissés sans thème : {_share(found.traps)}")
    click.echo(f"Thème principal trouvé : {_share(found.main)}")
    click.echo(f"Au moins un de leurs thèmes trouvé : {_share(found.any)}")
    if found.confusions:
        click.echo("\nConfusions (thème attendu, thème donné à sa place)")
    for missed, wrong, count in found.confusions[:LISTED]:
        click.echo(f"{count:4}  {missed} → {wrong}")
    if found.mistaken:
        click.echo("\nArticles les moins bien classés")
    for text in found.mistaken[:LISTED]:
        click.echo(f"{text.gold.id}  {text.gold.title[:60]}")
        click.echo(f"      manqués : {_ids(text.missed)} ; de trop : {_ids(text.wrong)}")


def _ids(themes: Sequence[str]) -> str:
    return ", ".join(themes) or "—"


def _share(share: Share) -> str:
    if not share.total:
        return "—"
    low, high = share.interval.low, share.interval.high
    return f"{share.value:.1%} ({share.count} sur {share.total} ; de {low:.1%} à {high:.1%})"


@click.command("evaluate-search")
@click.argument(
    "folder", metavar="DOSSIER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--run",
    metavar="FICHIER",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Garder les réponses.",
)
@json_option
@click.pass_obj
def evaluate_search(
    data_dir: Path | None, folder: Path, run: Path | None, *, as_json: bool
) -> None:
    """NDCG@10 sur un jeu de questions jugées (articles.jsonl, queries.jsonl).

    Notre moteur embarqué, Meilisearch quand il est réglé, et deux BM25 ordinaires.
    """
    from indexer.embedded import EmbeddedEngine
    from indexer.evaluation import baselines
    from indexer.evaluation import evaluate as measure

    settings = settings_from(data_dir)
    with TemporaryDirectory() as index:
        engine = EmbeddedEngine(Path(index), open_french(settings))
        found = measure(engine, folder, run)
    others = {}
    if settings.meilisearch_url:
        with scratch_engine(settings) as server:
            others["Meilisearch"] = measure(server, folder)
    others |= {f"BM25 ({name})": figures for name, figures in baselines(folder).items()}
    if as_json:
        beside = {name: asdict(figures) for name, figures in others.items()}
        click.echo(json.dumps({**asdict(found), "others": beside}, ensure_ascii=False))
        return
    click.echo(f"{found.questions} questions")
    click.echo(_answered(found))
    click.echo(f"Questions sans réponse : {found.unanswered:.1%}")
    for name, figures in others.items():
        click.echo(f"À côté, {name} : {_answered(figures)}, sans réponse {figures.unanswered:.1%}")


def _answered(figures: SearchFigures) -> str:
    return f"nDCG@10 {figures.ndcg:.3f}, rappel à 10 {figures.recall:.3f}"
