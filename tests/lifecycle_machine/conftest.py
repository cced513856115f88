"""The store that the machine and the races begin with."""

from collections.abc import Iterator

import pytest
from flask import Flask

from compliance.settings import Settings
from tests.lifecycle_machine.store import Store


@pytest.fixture
def store(app: Flask, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Store]:
    on_server = settings.database_url.startswith("postgresql")
    made = Store(app, settings, request.getfixturevalue("postgresql_server") if on_server else "")
    yield made
    made.gone()
