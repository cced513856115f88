"""A store led somewhere once: whoever begins there at the same moment gets a copy of it, keys and files included."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from compliance import clock
from compliance.settings import Settings
from compliance.store.base import Base, db
from compliance.store.copying import sqlite_path
from compliance.store.people import Person
from tests import postgresql

Made = TypeVar("Made")
_led: dict[tuple[object, ...], tuple[Path, Any]] = {}
copying = True
"""Off where each test has to go the whole way itself: when it is asked which lines it reaches."""
KEPT = "led_{}"


def led(settings: Settings, how: tuple[object, ...], lead: Callable[[], Made]) -> Made:
    """What `lead` gives, done once a process; inside an application context.

    Anew wherever somebody is in the store already and where no moment is held: it would be another store.
    """
    if not copying or clock.now() != clock.now() or db.session.scalar(sa.select(Person.id).limit(1)) is not None:
        return lead()
    on = "sqlite" if sqlite_path(settings.database_url) else _server(settings)
    index = settings.keys_dir / "keyring.json"
    key = (on, clock.now(), _rows(), index.exists() and index.read_text(), *how)
    if key not in _led:
        made = lead()
        _led[key] = _keep(settings, len(_led)), made
        return made
    folder, kept = _led[key]
    _put(settings, folder)
    return kept  # type: ignore[no-any-return]


def _rows() -> int:
    """Of all tables: what was there before somebody came."""
    counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in Base.metadata.sorted_tables]
    return int(db.session.scalar(sa.select(sum(counts[1:], counts[0]))) or 0)


def _keep(settings: Settings, number: int) -> Path:
    folder = settings.data_dir.parent / KEPT.format(number)
    _closed()
    shutil.copytree(settings.data_dir, folder)
    if sqlite_path(settings.database_url) is None:
        _copy(settings, _name(settings), folder.name)
    return folder


def _put(settings: Settings, folder: Path) -> None:
    _closed()
    shutil.copytree(folder, settings.data_dir, dirs_exist_ok=True)
    if sqlite_path(settings.database_url) is None:
        postgresql.tell(_server(settings), f"DROP DATABASE {_name(settings)} WITH (FORCE)")
        _copy(settings, folder.name, _name(settings))


def _closed() -> None:
    """Nobody reads or writes it while it is copied."""
    db.session.remove()
    db.engine.dispose()


def _copy(settings: Settings, name: str, to: str) -> None:
    postgresql.tell(_server(settings), f"CREATE DATABASE {to} TEMPLATE {name} STRATEGY file_copy")


def _server(settings: Settings) -> str:
    return postgresql.with_database(settings.database_url, "postgres")


def _name(settings: Settings) -> str:
    return str(sa.make_url(settings.database_url).database)
