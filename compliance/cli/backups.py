"""Commands: backup DIR, restore DIR."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from compliance import clock
from compliance.cli import manifest, restoring
from compliance.settings import Settings
from compliance.store import copying
from compliance.store.errors import RestoreError
from compliance.store.files import INCOMING, LOCKED

BESIDE = ("keys", "audit-heads", "secret")


def register(commands: Any) -> None:
    """Adds this file's commands."""
    backup = commands.add_parser("backup", help="copy database, files and keys into a new directory under DIR")
    backup.add_argument("folder", type=Path, metavar="DIR")
    backup.set_defaults(run=lambda chosen: back_up_command(Settings.from_env(), chosen.folder))
    restore = commands.add_parser("restore", help="put a backup back (web and worker stopped)")
    restore.add_argument("folder", type=Path, metavar="DIR")
    restore.add_argument("--force", action="store_true", help="also over a store that is newer than the backup")
    restore.add_argument("--heads", type=Path, help="published audit heads kept elsewhere: what they revoked stays so")
    restore.set_defaults(run=lambda chosen: restore_command(Settings.from_env(), chosen))


def back_up_command(settings: Settings, folder: Path) -> int:
    """Makes one and says where."""
    print(back_up(settings, folder))
    return 0


def back_up(settings: Settings, folder: Path) -> Path:
    """A complete backup in a directory of its own; it may be made while the portal works.

    The database is copied first: every file its rows name was stored before them and is never changed.
    What was quarantined stays where it is locked: its bytes are copied nowhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = clock.now().astimezone(clock.PHNOM_PENH).strftime("%Y-%m-%dT%H%M%S")
    target = folder / f"portal-{stamp}"
    if target.exists():
        raise RestoreError(f"{target} is there already")
    fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        copying.copy_out(settings.database_url, fresh)
        _copy_files(settings, fresh / "files")
        for name in BESIDE:
            _copy(settings.data_dir / name, fresh / name)
        seq, digest, rows = restoring.state_of_copy(fresh, settings)
        database = "sqlite" if copying.sqlite_path(settings.database_url) else "postgresql"
        moment = clock.now().isoformat(timespec="seconds")
        manifest.write(fresh, manifest.Manifest(moment, database, seq, digest, rows, manifest.listed(fresh)))
        os.sync()
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return target


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def _copy_files(settings: Settings, target: Path) -> None:
    if settings.files_dir.exists():
        shutil.copytree(settings.files_dir, target, ignore=shutil.ignore_patterns(INCOMING, LOCKED, ".*"))


def restore_command(settings: Settings, chosen: argparse.Namespace) -> int:
    """Restores and says what staff have to look at."""
    try:
        report = restoring.restore(settings, chosen.folder, force=chosen.force, heads=chosen.heads)
    except RestoreError as error:
        print(f"Nothing was restored: {error}", file=sys.stderr)
        return 1
    print("\n".join(report))
    return 0
