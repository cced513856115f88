"""Commands: backup DIR, restore DIR."""

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from compliance import clock
from compliance.cli import interrupted, learning, manifest, restoring
from compliance.cli.upkeep import note
from compliance.settings import Settings
from compliance.store import copied, copying
from compliance.store.audit import GENESIS
from compliance.store.errors import RestoreError
from compliance.store.files import file_store
from compliance.store.upkeep import UpkeepKind

BESIDE = ("keys", "audit-heads", "secret")


def register(commands: Any) -> None:
    """Adds this file's commands."""
    backup = commands.add_parser("backup", help="copy database, files and keys into a new directory under DIR")
    backup.add_argument("folder", type=Path, metavar="DIR")
    backup.set_defaults(run=lambda chosen: back_up_command(Settings.from_env(), chosen.folder))
    restore = commands.add_parser("restore", help="put a backup back (web and worker stopped)")
    restore.add_argument("folder", type=Path, metavar="DIR")
    restore.add_argument("--force", action="store_true", help="also over a store that is newer than the backup")
    restore.add_argument("--heads", type=Path, help="published audit heads kept elsewhere: what they ended stays so")
    restore.add_argument(
        "--ended", type=Path, metavar="FILE", help="awards known to have ended: NUMBER revoked, a line"
    )
    restore.add_argument("--awards", default="", metavar="DIGEST", help="the list of awards that may come back")
    restore.set_defaults(run=lambda chosen: restore_command(Settings.from_env(), chosen))
    late = commands.add_parser("restored", help="account for published heads that turned up after a restore")
    late.add_argument("--heads", type=Path, required=True, help="the heads: a directory or a file")
    late.set_defaults(run=lambda chosen: learn_command(Settings.from_env(), chosen.heads))


def back_up_command(settings: Settings, folder: Path) -> int:
    """Makes one, says where, and leaves a note of it for the administrators."""
    try:
        made = back_up(settings, folder)
    except BaseException as error:
        note(settings, UpkeepKind.BACKUP, good=False, failure=type(error).__name__)
        raise
    note(settings, UpkeepKind.BACKUP, good=True, backup=made.name)
    print(made)
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
    moment = clock.now().isoformat()
    fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        copying.copy_out(settings.database_url, fresh)
        file_store(settings).copy_out(fresh / "files")
        for name in BESIDE:
            _copy(settings.data_dir / name, fresh / name)
        hashes = copied.entry_hashes(fresh)
        seq = max(hashes, default=0)
        database = "sqlite" if copying.sqlite_path(settings.database_url) else "postgresql"
        digest, rows = hashes.get(seq, GENESIS), copied.counts(fresh)
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


def restore_command(settings: Settings, chosen: argparse.Namespace) -> int:
    """Restores and says what staff have to look at."""
    wanted = restoring.Wanted(chosen.force, chosen.heads, chosen.ended, chosen.awards)
    try:
        try:
            report = restoring.restore(settings, chosen.folder, wanted)
        except restoring.AwardsAskedError as asked:
            report = restoring.restore(settings, chosen.folder, replace(wanted, awards=_answer(asked)))
    except RestoreError as error:
        print(f"Nothing was restored: {error}", file=sys.stderr)
        return 1
    except (OSError, psycopg.Error, SQLAlchemyError) as error:
        begun = interrupted.known(settings.data_dir) is not None
        print(
            "The restore stopped half-way; run it again:" if begun else "Nothing was restored:", error, file=sys.stderr
        )
        return 1
    print("\n".join(report))
    return 0


def learn_command(settings: Settings, heads: Path) -> int:
    """Ends what those heads say was ended and records what the restore lost."""
    try:
        print("\n".join(learning.learn(settings, heads)))
    except RestoreError as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 1
    return 0


def _answer(asked: restoring.AwardsAskedError) -> str:
    """The digest as somebody at a terminal types it. Raises the question itself when there is nobody to ask."""
    print("These awards would be in force again. Nobody here knows whether they were revoked or suspended since:")
    for award in asked.awards:
        print(f"  {award.number}  {award.level}, {award.term.starts} to {award.term.ends}  {award.company}")
    print("Give the newest published heads (--heads), or a list of what has ended (--ended). Otherwise read each line,")
    print(f"and answer for them all: --awards {asked.digest}")
    if not sys.stdin.isatty():
        raise asked
    typed = input(f"Type {asked.digest} to bring them back: ").strip()
    if typed != asked.digest:
        raise asked
    return typed
