"""A small country of companies, and a reader of it."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from compliance import clock
from compliance.app import create_app
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.copying import sqlite_path
from tests.conftest import MOMENT, settings_for
from tests.public.world import make_world


@dataclass(frozen=True)
class Country:
    """A SQLite file with the whole world in it, and certificate numbers by slug."""

    file: Path
    numbers: dict[str, str]


@pytest.fixture(scope="session")
def country(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Country:
    """The world, made once."""
    file = tmp_path_factory.mktemp("country") / "portal.sqlite"
    shutil.copy(sqlite_template, file)
    with clock.held(MOMENT):
        numbers = make(create_app(settings_for(file.parent, f"sqlite:///{file}")))
    return Country(file, numbers)


@pytest.fixture
def numbers(app: Flask, settings: Settings, moment: datetime, country: Country) -> dict[str, str]:
    """The world is there; certificate numbers by slug."""
    file = sqlite_path(settings.database_url)
    if file is None:
        return make(app)
    close(app)
    shutil.copy(country.file, file)
    return country.numbers


def make(app: Flask) -> dict[str, str]:
    with app.app_context(), transaction() as session:
        numbers = {slug: award.number for slug, award in make_world(session).items()}
    close(app)
    return numbers


def close(app: Flask) -> None:
    """Ends the application's connections, so that the file is whole and may be another."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
