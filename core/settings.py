"""Settings: one table, read from the environment and ``glaneuse.toml``, and shown by the docs."""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from core.errors import BadSettings, UnknownSetting, UnreadableSettings

PREFIX = "GLANEUSE_"
FILE_NAME = "glaneuse.toml"
SHORT: Final = 80  # characters of a name
_INDEX: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")  # what Meilisearch takes, and room for ours
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Logo:
    """The organisation's image: its name among the images kept, and its size in pixels."""

    name: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.name} {self.width} {self.height}"

    @classmethod
    def read(cls, text: str) -> Logo:
        """What ``str`` wrote."""
        name, width, height = text.split()
        return cls(name, int(width), int(height))


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation may set. Made by ``read_settings``; see ``TABLE`` for the meanings."""

    data_dir: Path
    database_url: str
    meilisearch_url: str
    meilisearch_key: str
    meilisearch_search_key: str
    meilisearch_index: str
    allow_private_networks: tuple[Network, ...]
    public_url: str
    trusted_proxy: str
    contact: str
    publisher: str
    publisher_address: str
    director: str
    host: str
    site_name: str
    colour: str
    territory: str
    secret_key: str
    smtp_url: str
    mail_from: str
    mail_name: str
    mail_rate: float
    dkim_key_file: str
    dkim_selector: str
    backfill_months: int
    extract_length: int
    metrics_token: str
    request_rate: int
    log_format: str
    logo: Logo | None = None  # said in the browser alone

    @property
    def bodies_url(self) -> str | None:
        """Where raw pages go: a file of their own on SQLite, the same database on PostgreSQL."""
        if not self.database_url.startswith("sqlite"):
            return None
        return f"sqlite:///{self.data_dir / 'pages.sqlite'}"

    @property
    def model_file(self) -> Path:
        """What `glaneuse learn` made of this installation's corrections, if anything."""
        return self.data_dir / "model.npz"

    @property
    def index_dir(self) -> Path:
        """The folder of the embedded engine's index."""
        return self.data_dir / "index"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table. ``read`` raises ValueError, whose text says what is allowed."""

    name: str
    default: str
    help: str
    read: Callable[[str], object] = str

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ValueError("des réseaux tels que 127.0.0.0/8, séparés par des espaces") from error


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError("une adresse telle que https://glaneuse.example")
    return text.rstrip("/")


def _ip_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError as error:
        raise ValueError("une adresse IP telle que 127.0.0.1") from error


def _whole_number(most: int, zero: str = "0") -> Callable[[str], int]:
    """Reads a whole number; ``zero``: how 0 is told of."""

    def read(text: str) -> int:
        if not text.isdecimal() or int(text) > most:
            raise ValueError(f"un nombre entier de {zero} à {most}")
        return int(text)

    return read


def _token(text: str) -> str:
    if text and len(text) < 20:
        raise ValueError("20 caractères au moins")
    return text


def _short(text: str) -> str:
    if len(text) > SHORT:
        raise ValueError(f"{SHORT} caractères au plus")
    return text


def _index_name(text: str) -> str:
    if not _INDEX.fullmatch(text):
        raise ValueError("1 à 80 lettres sans accent, chiffres, - ou _")
    return text


def _colour(text: str) -> str:
    if text and not _COLOUR.fullmatch(text):
        raise ValueError("une couleur telle que #1d5550")
    return text.lower()


def _log_format(text: str) -> str:
    if text not in {"text", "json"}:
        raise ValueError("text ou json")
    return text


def _mail_rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0
    if not 0 < rate <= 1000:  # also false for nan
        raise ValueError("un nombre au-dessus de 0, au plus 1000")
    return rate


TABLE = (
    Setting("DATA_DIR", "./data", "dossier de la base, de l’index et des journaux", Path),
    Setting(
        "DATABASE_URL",
        "",
        "base de données ; vide : SQLite dans le dossier de données ; sinon postgresql+psycopg://…",
    ),
    Setting("MEILISEARCH_URL", "", "serveur Meilisearch ; vide : moteur embarqué", _web_address),
    Setting("MEILISEARCH_KEY", "", "clé de Meilisearch qui peut écrire l’index"),
    Setting(
        "MEILISEARCH_SEARCH_KEY", "", "clé de Meilisearch qui ne peut que chercher, pour le site"
    ),
    Setting(
        "MEILISEARCH_INDEX",
        "articles",
        "index sur ce serveur ; à chaque installation son nom",
        _index_name,
    ),
    Setting(
        "ALLOW_PRIVATE_NETWORKS",
        "",
        "réseaux privés à visiter malgré tout (10.1.0.0/16), séparés par des espaces",
        _networks,
    ),
    Setting("PUBLIC_URL", "", "adresse à laquelle on lit Glaneuse", _web_address),
    Setting(
        "TRUSTED_PROXY",
        "",
        "adresse IP du serveur placé devant, cru sur qui demande ; vide : aucun",
        _ip_address,
    ),
    Setting(
        "CONTACT",
        "",
        "adresse ou page où les sites visités peuvent vous écrire ; dite à chacun (User-Agent)",
    ),
    Setting(
        "PUBLISHER", "", "qui édite ce site : association, personne… ; pour les mentions légales"
    ),
    Setting("PUBLISHER_ADDRESS", "", "adresse postale de l’éditeur ; pour les mentions légales"),
    Setting("DIRECTOR", "", "qui répond de ce qui est publié (direction de la publication)"),
    Setting(
        "HOST", "", "qui héberge le site : nom, adresse, téléphone ; pour les mentions légales"
    ),
    Setting("SITE_NAME", "", "nom de votre organisation, à côté de celui de Glaneuse", _short),
    Setting("COLOUR", "", "couleur des liens et des boutons, telle que #1d5550", _colour),
    Setting(
        "TERRITORY",
        "",
        "votre département, tel que orne : sa page est proposée la première",
        _short,
    ),
    Setting(
        "SECRET_KEY",
        "",
        "secret qui signe sessions et liens, 32 caractères au moins ; vide : tiré une fois, gardé "
        "dans `secret.key` du dossier de données",
    ),
    Setting(
        "SMTP_URL",
        "",
        "serveur de courrier, smtp+starttls://nom:secret@hôte:port, smtps:// ou smtp:// ; "
        "vide : pas de courrier",
    ),
    Setting("MAIL_FROM", "", "expéditeur du courrier, une adresse"),
    Setting("MAIL_NAME", "Glaneuse", "expéditeur du courrier, le nom affiché"),
    Setting("MAIL_RATE", "5", "messages envoyés par seconde, au plus", _mail_rate),
    Setting("DKIM_KEY_FILE", "", "clé privée (PEM, RSA ou Ed25519) qui signe le courrier"),
    Setting(
        "DKIM_SELECTOR", "glaneuse", "sélecteur de cette clé : SÉLECTEUR._domainkey dans le DNS"
    ),
    Setting(
        "BACKFILL_MONTHS",
        "12",
        "mois d’archives cherchés peu à peu pour une source nouvelle ; 0 : aucun",
        _whole_number(240),
    ),
    Setting(
        "EXTRACT_LENGTH", "200", "caractères montrés d’un article, de 0 à 200", _whole_number(200)
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "jeton de Prometheus pour lire /metrics, 20 caractères au moins ; vide : personne ne lit",
        _token,
    ),
    Setting(
        "REQUEST_RATE",
        "3000",
        "recherches et demandes à l’API par minute et par adresse ; 0 : sans limite",
        _whole_number(1_000_000, zero="0 (aucune limite)"),
    ),
    Setting(
        "LOG_FORMAT",
        "text",
        "lignes à lire (text), ou un objet JSON par ligne, avec les numéros des demandes (json)",
        _log_format,
    ),
)


# Those that an admin may also say in the browser.
SAYABLE: Final = (
    "SITE_NAME", "COLOUR", "TERRITORY", "PUBLISHER", "PUBLISHER_ADDRESS", "DIRECTOR", "HOST",
    "CONTACT",
)  # fmt: skip

LOGO: Final = "LOGO"  # said in the browser alone: an image is no text


def completed(settings: Settings, said: Mapping[str, str]) -> Settings:
    """The settings, what environment and file leave empty being taken from what was ``said``."""
    silent = (name for name in SAYABLE if name in said and not getattr(settings, name.lower()))
    values = {name.lower(): said[name] for name in silent}
    logo = Logo.read(said[LOGO]) if LOGO in said else None
    return replace(settings, logo=logo, **values)  # type: ignore[arg-type]


def read_settings(environment: Mapping[str, str], folder: Path | None = None) -> Settings:
    """The settings: environment first, then ``glaneuse.toml`` in the data folder, then defaults.

    ``folder``: the data folder, when the command line names it. Raises BadSettings for an unknown
    name, a value that cannot be used, or a file that is no TOML.
    """
    _refuse_unknown(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    named = environment.get("GLANEUSE_DATA_DIR") or "./data"
    data_dir = folder or Path(named)
    file = data_dir / FILE_NAME
    written = _read_file(file)
    values = {
        setting.name.lower(): _read(setting, environment.get(setting.variable), written, file)
        for setting in TABLE
    }
    values["data_dir"] = data_dir.absolute()
    values["database_url"] = (
        values["database_url"] or f"sqlite:///{data_dir.absolute() / 'glaneuse.sqlite'}"
    )
    return Settings(**values)  # type: ignore[arg-type]


def _read(setting: Setting, given: str | None, written: Mapping[str, str], file: Path) -> object:
    text = given if given is not None else written.get(setting.name, setting.default)
    try:
        return setting.read(text)
    except ValueError as error:
        name = setting.name
        if given is None and name in written:
            place, line = str(file), _line_of(name, file)
            raise BadSettings(name, text, str(error), file=place, line=line) from error
        raise BadSettings(name, text, str(error)) from error


def _read_file(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        refused = isinstance(error, PermissionError)
        why = "ce compte ne peut le lire" if refused else "ce n’est pas un fichier lisible"
        raise UnreadableSettings(str(path), "", why) from error
    except UnicodeDecodeError as error:
        raise UnreadableSettings(str(path), "", "il n’est pas en UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, str(error)) from error
    _refuse_unknown((name.upper() for name in content), path)
    for name, value in content.items():
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            allowed, line = "un texte entre guillemets, ou un nombre", _line_of(name, path)
            raise BadSettings(name.upper(), value, allowed, file=str(path), line=line)
    return {name.upper(): str(value) for name, value in content.items()}


def _not_toml(path: Path, said: str) -> UnreadableSettings:
    """What tomllib says of a file, with its line."""
    found = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", said)
    why = (
        "ce nom y est déjà écrit plus haut" if "overwrite" in said
        else "ce n’est pas du TOML ; un texte s’écrit entre guillemets : "
        'contact = "redaction@exemple.fr"'
    )  # fmt: skip
    line = int(found[1] or 0) if found else 0
    return UnreadableSettings(str(path), "", why, file=str(path), line=line)


# Variables of the tests and benchmarks, which are no settings of the program.
_FOREIGN = "TEST_"


def _line_of(name: str, file: Path) -> int:
    """The line where a file sets this; 0 when it is not seen."""
    written = re.compile(
        rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]|\s*\[+{re.escape(name)}\b", re.IGNORECASE
    )
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((at for at, line in enumerate(lines, 1) if written.match(line)), 0)


def _refuse_unknown(names: Iterable[str], file: Path | None = None) -> None:
    known = [setting.name for setting in TABLE]
    for name in names:
        if name in known or name.startswith(_FOREIGN):
            continue
        near = difflib.get_close_matches(name, known, n=1)
        allowed = near[0] if near else ", ".join(known)
        place, line = (str(file), _line_of(name, file)) if file else ("", 0)
        raise UnknownSetting(name, "", allowed, file=place, line=line)
