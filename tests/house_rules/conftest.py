"""The town of the sweeps: built once, a copy for each module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance.app import create_app
from compliance.store.base import db
from tests.conftest import settings_for
from tests.house_rules.town import Town, build


@pytest.fixture(scope="session")
def built_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town that nobody has visited yet."""
    folder = tmp_path_factory.mktemp("built")
    build(folder, sqlite_template)
    return folder


@pytest.fixture(scope="module")
def town(built_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of the module's own."""
    folder = tmp_path_factory.mktemp("town") / "copy"
    shutil.copytree(built_town, folder)
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'portal.sqlite'}"))
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Town(app, folder)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
