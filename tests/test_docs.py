"""The documents say what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from core.settings import TABLE, Setting
from glaneuse.cli import cli


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_every_setting_has_its_line(setting: Setting, checkout: Path) -> None:
    default = f"`{setting.default}`" if setting.default else ""
    line = f"| `{setting.name}` | {default} | {setting.help} |"
    assert line in (checkout / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    reasons = (checkout / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = [name.split(">")[0].split("[")[0].strip() for name in wanted]
    assert [name for name in names if f"| {name.lower()} |" not in reasons] == []


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_guide(command: str, checkout: Path) -> None:
    guide = (checkout / "docs" / "guide" / "commandes.md").read_text(encoding="utf-8")
    assert f"glaneuse {command}" in guide


def test_each_threat_names_tests_that_exist(checkout: Path) -> None:
    rows = [
        line.split("|")
        for line in (checkout / "SECURITY.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 4
    ]
    named = [name for row in rows for name in re.findall(r"`([\w/.]+(?:::\w+)?)`", row[3])]
    assert len(rows) > 15
    assert len(named) > 30
    for name in named:
        file, _, test = name.partition("::")
        written = (checkout / file).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in written, name
