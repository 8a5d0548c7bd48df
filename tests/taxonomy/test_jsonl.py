from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from core.model import Evidence, Tagging, ThemeId
from taxonomy.jsonl import tag_lines


class TitleTagger:
    """Gives the theme « titre » to whatever has a title."""

    def tag(self, title: str, text: str) -> tuple[Tagging, ...]:
        if not title:
            return ()
        return (Tagging(ThemeId("titre"), 0.5, (Evidence("title", 0, 1, title[0]),)),)


def run(*lines: str) -> list[object]:
    return [json.loads(line) for line in tag_lines(lines, TitleTagger())]


def test_a_line_gives_its_themes_with_their_evidence() -> None:
    assert run('{"id": "x1", "title": "Été", "text": "…"}') == [
        {
            "id": "x1",
            "themes": [
                {
                    "id": "titre",
                    "score": 0.5,
                    "evidence": [{"field": "title", "start": 0, "end": 1, "text": "É"}],
                }
            ],
        }
    ]


def test_a_bad_line_is_told_and_the_rest_goes_on() -> None:
    first, second, third, fourth, last = run(
        "{", "[1]", '{"title": 3}', '{"id": 1}', '{"id": 2, "text": "sans titre"}'
    )
    for number, line in enumerate((first, second, third, fourth), 1):
        assert isinstance(line, dict)
        assert line["line"] == number
        assert line["error"]
    assert last == {"id": 2, "themes": []}


def test_empty_lines_are_skipped_but_counted() -> None:
    (line,) = run("", "  ", "{")
    assert isinstance(line, dict)
    assert line["line"] == 3


@example("\ud800")
@given(st.text(st.characters(exclude_categories=())))
def test_any_line_gives_at_most_one_line_that_can_be_written(line: str) -> None:
    for out in tag_lines([line, json.dumps({"id": line, "title": line})], TitleTagger()):
        assert "\n" not in out
        out.encode()
        json.loads(out)
