"""The secret that signs: made once for itself, or given and strong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import BadSettings
from core.settings import read_settings
from people.secret import FILE_NAME, signing_secret


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path / "data")
    secret = signing_secret(settings)
    assert len(secret) == 64
    assert signing_secret(settings) == secret
    assert (tmp_path / "data" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE_NAME]


def test_many_processes_make_the_same(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: signing_secret(settings), range(40)))
    assert len(made) == 1


def test_a_file_copied_with_open_rights_is_closed_again(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text("0123456789abcdef" * 3)
    file.chmod(0o644)
    assert signing_secret(read_settings({}, tmp_path)) == "0123456789abcdef" * 3
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("weak", ["x", "changeme", "a" * 64, "abcabcabc" * 8, "0" * 31 + "1"])
def test_a_weak_secret_is_refused_and_not_repeated(tmp_path: Path, weak: str) -> None:
    settings = read_settings({"GLANEUSE_SECRET_KEY": weak}, tmp_path)
    with pytest.raises(BadSettings) as refused:
        signing_secret(settings)
    assert refused.value.name == "SECRET_KEY"
    assert weak not in str(refused.value).replace("SECRET_KEY", "") or weak == "x"


def test_a_strong_secret_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    strong = "0123456789abcdef0123456789abcdef"
    assert signing_secret(read_settings({"GLANEUSE_SECRET_KEY": strong}, tmp_path)) == strong
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"short", b"\x00" * 64])
def test_a_damaged_file_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(BadSettings) as refused:
        signing_secret(read_settings({}, tmp_path))
    assert "\n" not in str(refused.value)
