"""From sources to the digest, on the demo sites, by the command line."""

from __future__ import annotations

import json
import os
import re
import signal
from datetime import datetime
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import select

from core.weeks import Week
from demo.articles import load_articles
from demo.sites import addresses_of_sources
from indexer.french import French
from indexer.lexicon import Lexicon
from store.database import opened
from store.tables import articles, taggings
from tests.indexer.samples import document
from tests.journey.conftest import Glaneuse
from tests.parts import Parts


def titles(answer: dict[str, list[dict[str, str]]]) -> set[str]:
    return {hit["title"] for hit in answer["hits"]}


def test_every_article_of_the_demo_is_held_once(collected: Glaneuse) -> None:
    listed = collected.json("sources", "list")
    assert sum(source["articles"] for source in listed) == len(load_articles())
    assert {source["status"] for source in listed} == {"ok"}
    kinds = {source["name"]: source["kind"] for source in listed}
    assert kinds["Trait social"] == "feed"
    assert kinds["Union syndicale du travail social"] == "listing"
    assert kinds["Perles du terrain"] == "collection"


def test_the_search_reads_french(collected: Glaneuse) -> None:
    found = titles(collected.json("search", "enfance"))
    assert "Les mots du dossier : ce qu'une vieille dame a lu d'elle-même" in {
        title.replace("’", "'").replace("\xa0", " ") for title in found
    }  # it only has « l'enfance »
    assert any("Pauvreté des moins de 18 ans" in title for title in found)  # only « ENFANCE »


def test_with_or_without_accents_the_answers_are_the_same(collected: Glaneuse) -> None:
    with_accents = collected.json("search", "éducatrice")
    without = collected.json("search", "educatrices")
    assert with_accents["total"] == without["total"] > 0
    assert titles(with_accents) == titles(without)


def test_a_search_says_all_that_the_design_promises(collected: Glaneuse) -> None:
    answer = collected.json("search", "", "--theme", "protection-enfance", "--limit", "2")
    assert answer["total"] > len(answer["hits"]) == 2
    hit = answer["hits"][0]
    assert set(hit) == {
        "id", "title", "url", "source", "published", "access", "themes", "excerpt"
    }  # fmt: skip
    assert "protection-enfance" in hit["themes"]
    assert len(hit["excerpt"]) <= 200
    assert answer["facets"]["theme"]["protection-enfance"] == answer["total"]


def test_days_bound_a_search(collected: Glaneuse) -> None:
    everything = collected.json("search", "")["total"]
    old = collected.json("search", "", "--until", "2020-01-01")["total"]
    assert old == 0
    assert collected.json("search", "", "--since", "2020-01-01")["total"] == everything


def test_off_field_articles_are_found_only_when_asked_for(collected: Glaneuse) -> None:
    asked = ("search", '"vide-grenier"')
    assert collected.json(*asked)["total"] == 0
    assert collected.json(*asked, "--off-field")["total"] == 1


def test_collecting_again_adds_nothing_and_feeds_answer_304(collected: Glaneuse) -> None:
    before = collected("export", "-")
    said = collected("update", "--now")
    assert "0 article nouveau, 0 article changé" in said
    assert collected("export", "-") == before


def test_the_digest_of_a_week_is_given_in_each_form(collected: Glaneuse) -> None:
    published = [hit["published"] for hit in collected.json("search", "", "--sort", "date")["hits"]]
    week = str(Week.of(datetime.fromisoformat(published[5])))
    as_text = collected("digest", "--week", week)
    assert as_text.startswith("Semaine du ")
    assert "À la une" in as_text
    assert collected("digest", "--week", week, "--format", "markdown").startswith("# Semaine du ")
    assert "<section" in collected("digest", "--week", week, "--format", "html")
    assert json.loads(collected("digest", "--week", week, "--format", "json"))
    assert collected("digest", "--week", week) == as_text


def test_every_theme_given_has_its_words_in_the_article(collected: Glaneuse) -> None:
    query = select(articles.c.title, articles.c.text, taggings.c.evidence).join(
        taggings, articles.c.id == taggings.c.article_id
    )
    with opened(collected.settings.database_url) as engine, engine.connect() as database:
        rows = database.execute(query).all()
    assert rows
    for title, text, spans in rows:
        assert spans
        for one in spans:
            whole = {"title": title, "text": text}[one["field"]]
            assert whole[one["start"] : one["end"]] == one["text"]


def test_what_is_exported_is_imported_elsewhere(collected: Glaneuse, glaneuse: Glaneuse) -> None:
    lines = collected("export", "-")
    said = glaneuse("import", "-", text=lines)
    assert said.startswith(f"{len(lines.splitlines())} articles importés")
    assert glaneuse("import", "-", text=lines).startswith("0 article importé")


def test_sources_travel_as_opml(
    collected: Glaneuse, glaneuse: Glaneuse, sites: dict[str, str]
) -> None:
    opml = collected("sources", "export")
    said = glaneuse("sources", "import", "-", text=opml)
    assert said.splitlines()[-1] == "5 sources ajoutées, 0 déjà là, 0 échec"
    feeds = {source["feed"] for source in glaneuse.json("sources", "list")}
    assert f"{sites['carnet-du-lien']}/feed/" in feeds


def test_the_doctor_finds_all_well(collected: Glaneuse) -> None:
    collected("index")
    checks = collected.json("doctor")
    assert [check["name"] for check in checks if not check["ok"]] == []


def test_a_collect_killed_on_the_way_resumes_without_loss(
    collected: Glaneuse, glaneuse: Glaneuse, sites: dict[str, str]
) -> None:
    for name, address in addresses_of_sources(sites):
        glaneuse("sources", "add", address, "--name", name)
    for _ in range(2):
        running = glaneuse.start("update", "--now")
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith(("Visites : 3", "Visites : 5", "Lecture")):
                break
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    glaneuse("update", "--now")
    undisturbed, resumed = (
        sorted(json.loads(line)["url"] for line in one("export", "-").splitlines())
        for one in (collected, glaneuse)
    )
    assert resumed == undisturbed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sources", "add", "ftp://carnet.example/"], "http"),
        (["sources", "add", "http://10.0.0.1/"], "réseau privé"),
        (["sources", "remove", "inconnue"], "« inconnue »"),
        (["collect", "--source", "inconnue"], "« inconnue »"),
        (["digest", "--week", "2026-W60"], "2026-W60"),
        (["search", "--since", "hier", "x"], "n’est pas une date"),
        (["evaluate", "absent.jsonl"], "absent.jsonl"),
    ],
)
def test_an_error_is_one_line_that_helps(
    glaneuse: Glaneuse, arguments: list[str], sentence: str
) -> None:
    done = glaneuse.run(*arguments)
    assert done.returncode in {1, 2}
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_setting_that_is_unknown_is_named(glaneuse: Glaneuse) -> None:
    environment = {**glaneuse.environment, "GLANEUSE_CONTCT": "x"}
    done = Glaneuse(glaneuse.data, environment).run("sources", "list")
    assert done.returncode == 1
    assert "CONTACT" in done.stderr


def test_the_first_search_says_what_to_do(glaneuse: Glaneuse) -> None:
    done = glaneuse.run("search", "enfance")
    assert done.returncode == 1
    assert "glaneuse index" in done.stderr


def test_the_doctor_says_by_its_exit_code_that_something_is_wrong(glaneuse: Glaneuse) -> None:
    done = glaneuse.run("doctor")
    assert done.returncode == 1
    assert "glaneuse sources add" in done.stdout


def test_two_collects_at_once_are_one_too_many(glaneuse: Glaneuse) -> None:
    glaneuse("init")
    with FileLock(glaneuse.data / "collect.lock"):
        done = glaneuse.run("collect")
    assert done.returncode == 1
    assert "Une collecte est déjà en cours" in done.stderr


def test_a_page_in_a_file_is_read(glaneuse: Glaneuse, checkout: Path, tmp_path: Path) -> None:
    page = checkout / "tests" / "crawler" / "pages" / "spip-association.html"
    empty = tmp_path / "vide.html"
    empty.touch()
    done = glaneuse.run("extract", str(page), str(empty), str(tmp_path / "absent"), "--json")
    read, nothing, absent = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert read["title"]
    assert read["text"]
    assert nothing["error"]
    assert absent["error"].startswith("le fichier ne peut être lu")


def test_a_page_at_an_address_is_read(glaneuse: Glaneuse, sites: dict[str, str]) -> None:
    address = f"{sites['carnet-du-lien']}/quand-la-famille-ne-demande-rien/"
    (read,) = map(json.loads, glaneuse("extract", address, "--json").splitlines())
    assert read["url"] == address
    assert read["title"] == "Quand la famille ne demande rien"


def test_an_index_of_another_version_is_made_again(collected: Glaneuse, glaneuse: Glaneuse) -> None:
    glaneuse("import", "-", text=collected("export", "-"))
    glaneuse("tag")
    glaneuse("index")
    other = French(Lexicon({"directrice": "directeur"}))
    Parts.engine(glaneuse.settings, other).rebuild([document(1, "Budget")])
    assert "glaneuse index --rebuild" in glaneuse.run("search", "enfance").stderr
    glaneuse("index")
    assert glaneuse.json("search", "enfance")["total"] > 0


def test_the_text_of_each_article_is_its_own(collected: Glaneuse) -> None:
    reprinted = {article.same_as for article in load_articles()}
    texts = {
        letters(line["title"]): letters(line["text"])
        for line in map(json.loads, collected("export", "-").splitlines())
    }
    for article in load_articles():
        if article.access == "abonnés" or article.same_as or article.ref in reprinted:
            continue
        body = re.sub(r"\]\([^)]*\)", "]", article.body)
        paragraphs = [letters(part) for part in re.split(r"\n\s*\n", body) if len(part) > 80]
        text = texts[letters(article.title)]
        missing = [part for part in paragraphs if part not in text]
        assert missing == [], article.ref
        # The summary may stand before the body; menus, comments and boxes may not.
        assert len(text) <= len(letters(body)) + len(letters(article.summary)) + 40, article.ref


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
