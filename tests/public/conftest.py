"""A small country of companies, and a reader of it."""

from datetime import datetime

import pytest
from flask import Flask

from compliance.store.base import transaction
from tests.public.world import make_world


@pytest.fixture
def numbers(app: Flask, moment: datetime) -> dict[str, str]:
    """The world is made; certificate numbers by slug."""
    with app.app_context(), transaction() as session:
        return {slug: award.number for slug, award in make_world(session).items()}
