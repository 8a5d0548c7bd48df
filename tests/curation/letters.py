"""Letters to edit and to merge, drawn."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from core.newsletters import Content, Entry, EntryKind, Section
from curation.newsletter_editing import ids_of, order_of, ordered

WORDS = st.sampled_from(["", "un", "deux", "trois", "quatre", "cinq"])


@st.composite
def letters(draw: st.DrawFn) -> Content:
    """One to three sections of none to four entries."""
    sections, number = [], 0
    for at in range(draw(st.integers(1, 3))):
        entries = []
        for _ in range(draw(st.integers(0, 4))):
            number += 1
            entries.append(Entry(f"e{number}", EntryKind.LINK, title=draw(WORDS), text=draw(WORDS)))
        sections.append(Section(f"s{at}", draw(WORDS), tuple(entries), brief=draw(st.booleans())))
    return Content(draw(WORDS), draw(WORDS), draw(WORDS), tuple(sections))


@st.composite
def edited(draw: st.DrawFn, content: Content, who: str) -> Content:
    """The letter after somebody wrote in it, moved, removed and added things."""
    content = replace(content, subject=draw(st.sampled_from([content.subject, f"objet {who}"])))
    written = [
        replace(
            section,
            title=draw(st.sampled_from([section.title, f"rubrique {who}"])),
            entries=tuple(
                replace(one, text=draw(st.sampled_from([one.text, one.text, f"texte {who}"])))
                for one in section.entries
            ),
        )
        for section in content.sections
    ]
    content = replace(content, sections=tuple(written))
    if draw(st.booleans()):
        order = draw(st.permutations(order_of(content)))
        content = ordered(
            content, [(section, draw(st.permutations(list(own)))) for section, own in order]
        )
    kept = [
        (section, [id for id in own if draw(st.integers(0, 4))])
        for section, own in order_of(content)
    ]
    content = ordered(content, kept)
    if draw(st.booleans()) and content.sections:
        at = draw(st.integers(0, len(content.sections) - 1))
        new = Entry(f"new{who}", EntryKind.LINK, title=f"ajout {who}")
        sections = list(content.sections)
        place = draw(st.integers(0, len(sections[at].entries)))
        own = sections[at].entries
        sections[at] = replace(sections[at], entries=(*own[:place], new, *own[place:]))
        content = replace(content, sections=tuple(sections))
    assert len(ids_of(content)) == len(content.sections) + sum(1 for _ in content.entries)
    return content
