"""Written references, in parts: plain, leaning, linked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.text import typographic

_ENDINGS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a written reference; ``leaning``: in italics; ``link``: where it leads."""

    text: str
    leaning: bool = False
    link: str = ""


Runs = tuple[Run, ...]


def plain(runs: Iterable[Run]) -> str:
    """A written reference without its italics."""
    return "".join(run.text for run in runs)


def roman(text: str) -> Runs:
    """Upright text, "" being nothing."""
    return (Run(text),) if text else ()


def italic(text: str) -> Runs:
    """Leaning text, "" being nothing."""
    return (Run(text, leaning=True),) if text else ()


def address(url: str) -> Runs:
    """An address as it is, leading where it says."""
    return (Run(url, link=url),) if url else ()


def sentence(*parts: Runs) -> Runs:
    """These parts one after the other, ended by a full stop unless they end themselves."""
    runs = tuple(run for part in parts for run in part)
    return runs if not runs or runs[-1].text.endswith(_ENDINGS) else (*runs, Run("."))


def written(*parts: Runs) -> Runs:
    """These parts with a space between, in French typography, addresses left alone."""
    runs: list[Run] = []
    for part in parts:
        if runs and part:
            runs.append(Run(" "))
        runs.extend(part)
    return _merged(run if run.link else replace(run, text=typographic(run.text)) for run in runs)


def after(lead: str, runs: Runs) -> Runs:
    """The runs after a lead (« Dans : »), nothing when there are none."""
    return (Run(lead), *runs) if runs else ()


def _merged(runs: Iterable[Run]) -> Runs:
    """Neighbours of the same sort as one."""
    merged: list[Run] = []
    for run in runs:
        if merged and not run.link and not merged[-1].link and merged[-1].leaning == run.leaning:
            merged[-1] = replace(merged[-1], text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)
