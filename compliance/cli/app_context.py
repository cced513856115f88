"""The application around a command, tidied away when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from compliance.app import create_app
from compliance.settings import Settings
from compliance.store.base import db


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """Inside the block the application's context holds; afterwards its connections are closed."""
    app = create_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
