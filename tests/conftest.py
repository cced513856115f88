"""What every test may use: settings, a migrated store on each database, the application, a careful client."""

import gc
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates.keyring import add_key
from compliance import clock
from compliance.app import create_app
from compliance.cli.database import migrate_database
from compliance.settings import Mode, Settings
from compliance.store.base import db
from tests import bounded, compiling, examples, ground, hashing, keys, postgresql
from tests.jobs.world import MailServer, mail_server
from tests.shared import made_once

ROOT = Path(__file__).parents[1]
MOMENT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
JOURNEYS = {path.name for path in (ROOT / "compliance" / "journeys").iterdir() if path.is_dir()}
bounded.begin_ready()
examples.choose()
compiling.once()
ground.choose()
keys.open_once()


def settings_for(data_dir: Path, database_url: str) -> Settings:
    """Settings of a test: nothing leaves the machine."""
    return Settings(
        mode=Mode.TEST,
        secret_key="k" * 40,
        data_dir=data_dir,
        public_url="http://localhost",
        security_contact="mailto:security@ministry.example",
        database_url=database_url,
        smtp_url="smtp://127.0.0.1:1",
        mail_from="Portal <no-reply@portal.example>",
        ministry_domains=("ministry.example", "demonstration.example"),
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    return made_once(tmp_path_factory, "migrated", _migrate) / "portal.sqlite"


def _migrate(folder: Path) -> None:
    migrate_database(settings_for(folder, f"sqlite:///{folder / 'portal.sqlite'}"))


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server with a migrated template database; the address of its maintenance database."""
    with postgresql.server() as uri:
        template = postgresql.with_database(uri, postgresql.TEMPLATE)
        migrate_database(settings_for(tmp_path_factory.mktemp("pgdata"), template))
        yield uri


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Further cases of a test are left to SQLite by day, and are the night's; what takes longest begins first: it would
    be left over at the end."""
    further = list(_further_cases(items))
    if examples.at_night():
        for item in further:
            item.add_marker("night")
    else:
        config.hook.pytest_deselected(items=further)
        items[:] = [item for item in items if item not in set(further)]
    items.sort(key=lambda item: item.path.parent.name not in {"stories", "failures"})


def _further_cases(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """On PostgreSQL, all cases but the first of each test: another value is no other SQL. The store keeps all."""
    asked: set[str] = set()
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if params.get("database_url") == "postgresql" and item.path.parent.name != "store":
            test = item.nodeid.partition("[")[0]
            if test in asked:
                yield item
            asked.add(test)


def pytest_collection_finish() -> None:
    """What was imported and collected is looked through for garbage no more: it was a tenth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What touches the store is tried on both databases; pages on SQLite alone, but for those marked."""
    if "database_url" in metafunc.fixturenames:
        asked = metafunc.definition.get_closest_marker
        alone = asked("sqlite_only") or (asked("night") and not examples.at_night())
        alone = alone or (metafunc.definition.path.parent.name in JOURNEYS and not asked("both_databases"))
        metafunc.parametrize("database_url", ["sqlite"] if alone else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database of the kind that `pytest_generate_tests` asks for."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "portal.sqlite")
        yield f"sqlite:///{tmp_path / 'portal.sqlite'}"
        return
    with postgresql.copy_of_template(request.getfixturevalue("postgresql_server")) as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> Iterator[None]:
    """Passwords are hashed in no time."""
    with hashing.costing(hashing.QUICK):
        yield


@pytest.fixture
def full_hashing(quick_hashing: None) -> Iterator[None]:
    """Hashing a password costs what it costs the portal; named before the application is."""
    with hashing.costing(hashing.FULL):
        yield


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """With a key that signs what is done to awards; a seal for certificates is laid where one is made."""
    made = settings_for(tmp_path, database_url)
    add_key(made.keys_dir, "test-key")
    return made


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application; its connections are closed when the test ends."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that keeps what it is sent."""
    with mail_server() as running:
        yield running


@pytest.fixture
def sending(settings: Settings, server: MailServer) -> Settings:
    """Settings with which mails go to `server`."""
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}")


class CarefulClient(FlaskClient):
    """Fails when a page that only reads leaves changed rows behind."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        response = super().open(*args, **kwargs)
        with self.application.app_context():
            assert not db.session.new, "a view added rows and did not commit them"
            assert not db.session.dirty, "a view changed rows and did not commit them"
        return response


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = CarefulClient
    return app.test_client()


@pytest.fixture
def moment() -> Iterator[datetime]:
    """It is ten in the morning in Phnom Penh on 23 November 2026, a Monday."""
    with clock.held(MOMENT):
        yield MOMENT


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The test body runs inside an application context."""
    with app.app_context():
        yield app
