"""Tables kept beside the index: forms that the stemmer alone gets wrong, and words there are."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from indexer.french import STOP_WORDS, French


class Tables:
    """The two tables of a folder under a version; made once from ``lemmas`` when missing."""

    def __init__(self, folder: Path, version: str) -> None:
        self._forms = folder / f"forms-{version}.tsv"
        self._words = folder / f"words-{version}.txt"

    def make(self, lemmas: Iterable[tuple[str, str]]) -> None:
        """Write both from forms (folded) and the words (folded) they are forms of.

        The forms come last, and whole: they say that all was written.
        """
        pairs = dict(lemmas)
        words = sorted({*pairs, *pairs.values()})
        _write(self._words, "\n" + "".join(f"{word}\n" for word in words))
        _write(self._forms, "".join(f"{form}\t{key}\n" for form, key in keyed(pairs).items()))

    @property
    def are_made(self) -> bool:
        """Whether both tables are there."""
        return self._forms.exists()

    @property
    def forms(self) -> dict[str, str]:
        """Form → key."""
        text = self._forms.read_text(encoding="utf-8")
        return dict(line.split("\t") for line in text.splitlines())

    def has_word(self, folded: str) -> bool:
        """Whether there is such a word in French; read when first asked (2 MB)."""
        return f"\n{folded}\n".encode() in self._all_words

    @cached_property
    def _all_words(self) -> bytes:
        with suppress(FileNotFoundError):
            return self._words.read_bytes()
        return b""


def keyed(pairs: dict[str, str]) -> dict[str, str]:
    """Form → key, for the forms that the stemmer separates from the word they are forms of."""
    key = French().key
    keys = {form: key(pairs.get(lemma, lemma)) for form, lemma in pairs.items()}
    return {
        form: wanted
        for form, wanted in keys.items()
        if wanted != key(form) and form not in STOP_WORDS
    }


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(file)
