from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from core.errors import BadSettings, UnknownSetting
from core.settings import TABLE, read_settings


def _write(folder: Path, content: str) -> None:
    (folder / "glaneuse.toml").write_text(content, encoding="utf-8")


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    assert settings.data_dir == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/glaneuse.sqlite"
    assert settings.bodies_url == f"sqlite:///{tmp_path}/pages.sqlite"
    assert settings.index_dir == tmp_path / "index"
    assert settings.extract_length == 200
    assert settings.allow_private_networks == ()


def test_the_environment_comes_before_the_file_and_the_file_before_defaults(tmp_path: Path) -> None:
    _write(tmp_path, 'extract_length = 50\ncontact = "fichier"\n')
    settings = read_settings({"GLANEUSE_CONTACT": "milieu"}, tmp_path)
    assert (settings.contact, settings.extract_length, settings.mail_from) == ("milieu", 50, "")


def test_an_empty_variable_is_a_value(tmp_path: Path) -> None:
    _write(tmp_path, 'contact = "fichier"\n')
    assert read_settings({"GLANEUSE_CONTACT": ""}, tmp_path).contact == ""


def test_the_environment_may_name_the_data_folder_whose_file_is_read(tmp_path: Path) -> None:
    _write(tmp_path, 'contact = "ici"\n')
    settings = read_settings({"GLANEUSE_DATA_DIR": str(tmp_path)})
    assert (settings.data_dir, settings.contact) == (tmp_path, "ici")


def test_the_command_line_s_folder_comes_before_the_environment_s(tmp_path: Path) -> None:
    settings = read_settings({"GLANEUSE_DATA_DIR": "/nulle/part"}, tmp_path)
    assert settings.data_dir == tmp_path


def test_pages_are_kept_with_the_rest_on_postgresql(tmp_path: Path) -> None:
    url = "postgresql+psycopg://localhost/glaneuse"
    settings = read_settings({"GLANEUSE_DATABASE_URL": url}, tmp_path)
    assert (settings.database_url, settings.bodies_url) == (url, None)


def test_networks_are_separated_by_spaces_or_commas(tmp_path: Path) -> None:
    given = {"GLANEUSE_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8, ::1 10.0.0.0/8"}
    assert read_settings(given, tmp_path).allow_private_networks == (
        ipaddress.ip_network("127.0.0.0/8"),
        ipaddress.ip_network("::1"),
        ipaddress.ip_network("10.0.0.0/8"),
    )


def test_a_web_address_loses_its_last_slash(tmp_path: Path) -> None:
    given = {"GLANEUSE_PUBLIC_URL": "https://glaneuse.example/"}
    assert read_settings(given, tmp_path).public_url == "https://glaneuse.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXTRACT_LENGTH", "201"),
        ("EXTRACT_LENGTH", "-1"),
        ("EXTRACT_LENGTH", "beaucoup"),
        ("EXTRACT_LENGTH", ""),
        ("EXTRACT_LENGTH", "²"),
        ("ALLOW_PRIVATE_NETWORKS", "127.0.0.1/8"),
        ("ALLOW_PRIVATE_NETWORKS", "ici"),
        ("PUBLIC_URL", "glaneuse.example"),
        ("PUBLIC_URL", "ftp://glaneuse.example"),
        ("PUBLIC_URL", "https://[::1"),
        ("MEILISEARCH_URL", "localhost:7700"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    name: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({f"GLANEUSE_{name}": value}, tmp_path)
    assert caught.value.name == name
    assert caught.value.allowed
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "near"), [("CONTCT", "CONTACT"), ("DATABASE", "DATABASE_URL"), ("SMTP", "SMTP_URL")]
)
def test_an_unknown_name_proposes_the_near_one(written: str, near: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownSetting) as from_environment:
        read_settings({f"GLANEUSE_{written}": "x"}, tmp_path)
    _write(tmp_path, f'{written.lower()} = "x"')
    with pytest.raises(UnknownSetting) as from_file:
        read_settings({}, tmp_path)
    assert from_environment.value.allowed == from_file.value.allowed == near


def test_a_name_near_to_none_lists_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="DATA_DIR, DATABASE_URL"):
        read_settings({"GLANEUSE_ZZZ": "x"}, tmp_path)


def test_variables_of_others_and_of_the_tests_are_not_looked_at(tmp_path: Path) -> None:
    read_settings({"CONTACT": "x", "GLANEUSE_TEST_MEILISEARCH": "x", "PATH": "/bin"}, tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "contact = ",
        "contact",
        "[contact]\na = 1",
        "contact = [1]",
        "contact = true",
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(content: str, tmp_path: Path) -> None:
    _write(tmp_path, content)
    with pytest.raises(BadSettings, match=r"contact|glaneuse\.toml"):
        read_settings({}, tmp_path)


def test_a_file_of_other_bytes_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "glaneuse.toml").write_bytes(b'contact = "\xff"')
    with pytest.raises(BadSettings, match=r"glaneuse\.toml"):
        read_settings({}, tmp_path)


def test_a_folder_in_place_of_the_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "glaneuse.toml").mkdir()
    with pytest.raises(BadSettings, match=r"glaneuse\.toml"):
        read_settings({}, tmp_path)


def test_the_table_names_each_setting_once_with_a_usable_default() -> None:
    names = [setting.name for setting in TABLE]
    assert len(names) == len(set(names))
    for setting in TABLE:
        setting.read(setting.default)
        assert setting.help
        assert setting.variable == f"GLANEUSE_{setting.name}"


@pytest.mark.parametrize(
    ("written", "line", "allowed"),
    [
        ("# rien\n\nEXTRACT_LENGTH = 900\n", 3, "de 0 à 200"),
        ('contact = "a"\nextract_lenght = 100\n', 2, "EXTRACT_LENGTH"),
        ('contact = "a"\n"MAIL_RATE" = [1]\n', 2, "ou un nombre"),
        ("[smtp]\nurl = 1\n", 1, "SMTP_URL"),
    ],
)
def test_a_mistake_in_the_file_is_shown_with_its_line(
    tmp_path: Path, written: str, line: int, allowed: str
) -> None:
    (tmp_path / "glaneuse.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        read_settings({}, tmp_path)
    assert caught.value.file == str(tmp_path / "glaneuse.toml")
    assert caught.value.line == line
    assert allowed in caught.value.allowed
