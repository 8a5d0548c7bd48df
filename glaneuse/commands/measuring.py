"""Measuring: how right the themes are, how good the search is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

import click

from glaneuse.commands.options import json_option
from glaneuse.wiring import open_french, open_tagger, scratch_engine, settings_from

if TYPE_CHECKING:
    from indexer.evaluation import SearchFigures
    from taxonomy.evaluation import Evaluation, Share


@click.command()
@click.argument("gold", type=click.File(encoding="utf-8"))
def evaluate(gold: TextIO) -> None:
    """Précision, rappel et F1 par thème, sur des articles étiquetés à la main (JSON Lines)."""
    from taxonomy.evaluation import evaluate as measure
    from taxonomy.evaluation import read_gold
    from taxonomy.vocabulary import load_vocabulary

    vocabulary = load_vocabulary()
    lines = list(read_gold(gold, gold.name, known=vocabulary.themes))
    given = open_tagger().tag_all((line.title, line.text) for line in lines)
    _show(measure(lines, [[tagging.theme for tagging in one] for one in given]))


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


def _share(share: Share) -> str:
    return f"{share.value:.1%} ({share.count} sur {share.total})" if share.total else "—"


@click.command("evaluate-search")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--run", type=click.Path(dir_okay=False, path_type=Path), help="Garder les réponses.")
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
