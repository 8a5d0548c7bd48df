"""What a person sees on a terminal, and what a log keeps: bars there, plain lines here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.model import Report
from core.progress import Progress


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A progress to hand to a stage: a bar on a terminal, else a line at each tenth."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(label: str) -> Progress:
    said = 0

    def say(done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // total if total else 10
        if tenth > said:
            said = tenth
            click.echo(f"{label} : {done}/{total}", err=True)

    return say


def show_failures(report: Report) -> None:
    """What failed, a line each, on the error output."""
    for line in report.failures:
        click.echo(f"  ✗ {line}", err=True)


def plural(count: int, one: str, several: str | None = None) -> str:
    """« 0 article », « 1 article », « 2 articles »."""
    return f"{count} {one if count < 2 else several or one + 's'}"
