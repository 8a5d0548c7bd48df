"""``glaneuse sources``: what it says of the sources, and of sites that are none yet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from core.model import Citation, Extracted, SourceKind
from glaneuse.cli import cli
from store.backfills import Step
from tests.crawler.local_site import item, serving
from tests.parts import Parts

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def run(parts: Parts, folder: Path, *words: str) -> Result:
    environment = parts.environment(folder) | {"GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8"}
    return CliRunner().invoke(cli, ["--data-dir", str(folder), *words], env=environment)


def keep(parts: Parts, folder: Path, site: str) -> None:
    """A source whose archives are being read, and that cites another site three times."""
    with parts.store(folder) as store, store.begin() as tx:
        source = tx.sources.add(
            name="Carnet", url=f"{site}/", feed=f"{site}/feed", kind=SourceKind.FEED, now=NOW
        )
        read = Extracted(f"{site}/revue", "Revue", "Un texte.", published=NOW)
        review, _ = tx.articles.save(read, source_id=source.id, now=NOW)
        urls = [f"https://journal.example/{number}" for number in range(3)]
        tx.citations.replace(review, [Citation(url) for url in urls])
        tx.backfills.ask(source.id, datetime(2025, 11, 1, tzinfo=UTC), [Step("feed", urls[0])])


def test_check_tries_the_sources_and_tells_the_sites_cited_often(
    parts: Parts, tmp_path: Path
) -> None:
    with serving() as site:
        keep(parts, tmp_path, site.url)
        site.feed("/feed", item(f"{site.url}/a", "Un article"))
        said = run(parts, tmp_path, "sources", "check")
        assert said.exit_code == 0, said.output
        assert "✓ carnet : 1 article annoncé" in said.output
        assert "Souvent cités, et pas encore des sources : journal.example (3)" in said.output
        del site.replies["/feed"]
        assert run(parts, tmp_path, "sources", "check", "--source", "carnet").exit_code == 1


def test_health_tells_which_archives_are_being_read(parts: Parts, tmp_path: Path) -> None:
    keep(parts, tmp_path, "https://carnet.example")
    said = " ".join(run(parts, tmp_path, "sources", "health").output.split())
    assert "… carnet : Archives à lire, vers le 1er novembre 2025" in said
