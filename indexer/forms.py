"""The table of forms kept beside the index: what the stemmer alone would get wrong."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from indexer.french import STOP_WORDS, French


def keyed(lemmas: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Form → key, for the forms (folded) that the stemmer separates from their lemma (folded)."""
    pairs = dict(lemmas)
    key = French().key
    keys = {form: key(pairs.get(lemma, lemma)) for form, lemma in pairs.items()}
    return {
        form: wanted
        for form, wanted in keys.items()
        if wanted != key(form) and form not in STOP_WORDS
    }


def read_forms(file: Path) -> dict[str, str] | None:
    """The table written there, None when there is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return dict(line.split("\t") for line in text.splitlines())


def write_forms(file: Path, forms: dict[str, str]) -> None:
    """Keep the table; where nothing can be written it is made again at each start."""
    fresh = file.with_name(f"{file.name}.new")
    with suppress(PermissionError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text("".join(f"{form}\t{key}\n" for form, key in forms.items()), "utf-8")
        fresh.replace(file)
