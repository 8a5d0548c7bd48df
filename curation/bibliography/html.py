"""A reading list as a fragment of HTML to paste in Moodle: no style, no script, no class.

Elements are those that Moodle's own cleaning keeps; headings begin at the third level, below those
of a course's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from curation.bibliography.layout import Entry, Leaflet, Part
from curation.bibliography.runs import Run, Runs


def to_html_fragment(leaflet: Leaflet) -> str:
    """The list, in French for who reads it aloud.

    In ASCII (« &#233; »): a fragment cannot say its encoding, and is opened and pasted anywhere.
    """
    text = "\n".join(['<div lang="fr">', *_lines(leaflet), "</div>"]) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode()


def _lines(leaflet: Leaflet) -> Iterator[str]:
    yield f"<h3>{escape(leaflet.title)}</h3>"
    if leaflet.facts:
        yield f"<p>{'<br>'.join(map(escape, leaflet.facts))}</p>"
    yield from map(_paragraph, leaflet.introduction)
    for part in leaflet.parts:
        yield from _part(part)
    if leaflet.address:
        yield f"<p>Bibliographie en ligne : {_run(Run(leaflet.address, link=leaflet.address))}</p>"


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield f"<h4>{escape(part.title)}</h4>"
    yield from map(_paragraph, part.introduction)
    if part.entries:
        yield "<ul>"
        yield from map(_entry, part.entries)
        yield "</ul>"


def _entry(entry: Entry) -> str:
    lines = [written_in_html(entry.runs)]
    lines += [f"<strong>{escape(entry.details)}</strong>"] if entry.details else []
    lines += map(escape, entry.note)
    lines += [f"<em>À discuter :</em> {escape(entry.question)}"] if entry.question else []
    archive = Run(entry.archive, link=entry.archive)
    lines += [f"Copie archivée : {_run(archive)}"] if entry.archive else []
    return f"<li>{'<br>'.join(lines)}</li>"


def written_in_html(runs: Runs) -> str:
    """A written reference, safe in a page."""
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.link.startswith(("http://", "https://")):
        return f'<a href="{escape(run.link)}">{text}</a>'
    return f"<em>{text}</em>" if run.leaning else text


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
