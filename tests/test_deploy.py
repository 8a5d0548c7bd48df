"""The files that install Glaneuse on a server."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import TABLE


@pytest.fixture
def deploy(checkout: Path) -> Path:
    return checkout / "deploy"


def test_settings_named_in_them_exist(deploy: Path) -> None:
    known = {setting.variable for setting in TABLE}
    for file in deploy.iterdir():
        named = set(re.findall(r"GLANEUSE_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert named <= known, file.name


def test_containers_are_confined_and_watched(deploy: Path) -> None:
    services: dict[str, Any] = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
    assert set(services) == {"glaneuse", "postgres", "meilisearch", "caddy"}
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert name == "glaneuse" or "healthcheck" in service, name  # ours is in its image
    assert "ports" not in services["postgres"] | services["meilisearch"]


def test_the_variables_of_the_compose_file_are_in_the_example(deploy: Path) -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (deploy / "compose.yaml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (deploy / "env.example").read_text(), re.MULTILINE))
    assert wanted == given


def test_the_image_runs_as_an_ordinary_user_and_is_watched(deploy: Path) -> None:
    words = [
        line.split()[0] for line in (deploy / "Containerfile").read_text().splitlines() if line
    ]
    assert words.index("USER") > words.index("COPY")
    assert "HEALTHCHECK" in words


def test_the_unit_is_confined(deploy: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(deploy / "glaneuse.service", encoding="utf-8")
    service = unit["Service"]
    assert service["User"] == "glaneuse"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"


def test_systemd_takes_the_unit(deploy: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    unit = tmp_path / "glaneuse.service"
    text = (deploy / "glaneuse.service").read_text(encoding="utf-8")
    # What it starts is not installed where the tests run.
    unit.write_text(re.sub(r"/opt/glaneuse/bin/glaneuse", sys.executable, text))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "glaneuse.service" in line]
    assert not [line for line in ours if "User" not in line], done.stderr


def test_a_known_weakness_ends_the_audit_and_no_database_is_said(
    checkout: Path, tmp_path: Path
) -> None:
    """The audit's answers, as pip-audit writes them: with a weakness, without, knowing nothing."""
    weak = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
    sound: dict[str, Any] = {"name": "b", "version": "1", "vulns": []}
    unknown = {"name": "c", "skip_reason": "not found"}
    for told, code, said in (
        ([weak, sound, unknown], 1, "a 1: PYSEC-1, mended in 2"),
        ([sound, unknown], 0, "1 of 2 packages of lock.txt judged, 0 with a known weakness"),
        ([unknown], 0, "not done"),
        (None, 0, "not done, the database of weaknesses cannot be asked: no answer"),
    ):
        program = tmp_path / "pip-audit"
        answer = "" if told is None else json.dumps({"dependencies": told})
        program.write_text(f"#!/bin/sh\ncat <<'EOF'\n{answer}\nEOF\n")
        program.chmod(0o755)
        command = [str(checkout / ".ci" / "audit"), str(program), "lock.txt"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (code, "")
        assert said in ran.stdout
