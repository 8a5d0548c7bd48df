"""A reading list as Markdown (CommonMark 0.31), to paste in a course or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curation.bibliography.layout import Entry, Leaflet
from curation.bibliography.runs import Run, Runs

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BEGINNING = re.compile(r"^(\s*[0-9]*)(?=[-+=.)])")  # of a list, or under a heading
_OUT_OF_LINKS = re.compile(r"[\s<>\\]")


def to_markdown(leaflet: Leaflet) -> str:
    """The list, headings from the first level on, a bullet for each reading."""
    return "\n\n".join(_blocks(leaflet)) + "\n"


def _blocks(leaflet: Leaflet) -> Iterator[str]:
    yield f"# {_text(leaflet.title)}"
    if leaflet.facts:
        yield "  \n".join(f"*{_text(fact)}*" for fact in leaflet.facts)
    yield from map(_text, leaflet.introduction)
    for part in leaflet.parts:
        if part.title:
            yield f"## {_text(part.title)}"
        yield from map(_text, part.introduction)
        if part.entries:
            yield "\n".join(map(_entry, part.entries))
    if leaflet.address:
        yield f"Bibliographie en ligne : {_link(leaflet.address)}"


def _entry(entry: Entry) -> str:
    lines = [_written(entry.runs)]
    lines += [f"**{_text(entry.details)}**"] if entry.details else []
    lines += map(_text, entry.note)
    lines += [f"*À discuter :* {_text(entry.question)}"] if entry.question else []
    lines += [f"Copie archivée : {_link(entry.archive)}"] if entry.archive else []
    return "- " + "  \n  ".join(lines)


def _written(runs: Runs) -> str:
    parts = [_run(run) for run in runs]
    return _BEGINNING.sub(r"\1\\", "".join(parts))


def _run(run: Run) -> str:
    if run.link:
        return _link(run.link) if run.text == run.link else f"[{_text(run.text)}]({_to(run.link)})"
    return f"*{_escaped(run.text)}*" if run.leaning else _escaped(run.text)


def _text(text: str) -> str:
    return _BEGINNING.sub(r"\1\\", _escaped(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _link(address: str) -> str:
    return f"<{_to(address)}>"


def _to(address: str) -> str:
    """An address that nothing in it ends: spaces and angle brackets are percent-encoded."""
    encoded = _OUT_OF_LINKS.sub(lambda match: f"%{ord(match[0]):02X}", address)
    return encoded.replace("(", "%28").replace(")", "%29")
