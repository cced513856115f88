"""Command restore-test DIR: a backup put back beside the portal, looked at, and thrown away; the portal works on."""

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from compliance.cli import manifest, restoring
from compliance.cli.app_context import application
from compliance.cli.audit import verify_trail
from compliance.cli.upkeep import note
from compliance.settings import Settings
from compliance.store import copying
from compliance.store.errors import RestoreError
from compliance.store.upkeep import UpkeepKind

CLEARED = frozenset({"sessions", "attempts", "unsent_posts", "published_figures"})
"""Tables that a restore empties on purpose; to others it may add rows of its own."""


def register(commands: Any) -> None:
    """Adds this file's command."""
    trial = commands.add_parser("restore-test", help="try a backup beside the portal, which works on")
    trial.add_argument("folder", type=Path, metavar="DIR", help="the backup")
    trial.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL database for the trial")
    trial.set_defaults(run=lambda chosen: try_command(Settings.from_env(), chosen))


def try_command(settings: Settings, chosen: argparse.Namespace) -> int:
    """Says what was found, and leaves the result for the administrators' page."""
    began = monotonic()
    about: dict[str, Any] = {"backup": chosen.folder.resolve().name}
    try:
        about["rows"] = attempt(settings, chosen.folder, chosen.database)
    except (RestoreError, OSError, psycopg.Error, SQLAlchemyError) as error:
        note(settings, UpkeepKind.RESTORE_TEST, good=False, **about, failure=type(error).__name__)
        print(f"The backup cannot be put back: {error}", file=sys.stderr)
        return 1
    about["seconds"] = round(monotonic() - began)
    note(settings, UpkeepKind.RESTORE_TEST, good=True, **about)
    print(f"The backup can be put back: {about['rows']} rows, every file, and a trail that verifies.")
    return 0


def attempt(settings: Settings, folder: Path, database: str) -> int:
    """Restores into a directory of its own; returns how many rows came back. Raises RestoreError."""
    backup, place = manifest.read(folder), Path(tempfile.mkdtemp(prefix="portal-trial-"))
    try:
        if backup.database == "postgresql" and (not database or database == settings.database_url):
            raise RestoreError("name an empty database for the trial: --database postgresql://…")
        url = database or f"sqlite:///{place / 'portal.sqlite'}"
        trial = replace(settings, data_dir=place, database_url=url, bucket=None)
        _restore(trial, folder)
        counts = copying.counts(url)
        short = [name for name, rows in backup.rows.items() if name not in CLEARED and counts.get(name, 0) < rows]
        if short:
            raise RestoreError(f"tables came back with fewer rows: {', '.join(sorted(short))}")
        with application(trial):
            if verify_trail(trial, argparse.Namespace(heads=None)):
                raise RestoreError("the audit trail of the backup does not verify")
        return sum(backup.rows.values())
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _restore(trial: Settings, folder: Path) -> None:
    """Nobody is asked which awards come back: they come back nowhere."""
    try:
        restoring.restore(trial, folder, restoring.Wanted())
    except restoring.AwardsAskedError as asked:
        restoring.restore(trial, folder, restoring.Wanted(awards=asked.digest))
