"""Puts a backup back: revocations stand, no mail goes twice, nobody stays signed in."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateError
from compliance import clock
from compliance.cli import manifest
from compliance.cli.app_context import application
from compliance.cli.database import migrate_all
from compliance.domain.roles import SYSTEM
from compliance.domain.standing import AwardAct
from compliance.jobs.heads import current_head
from compliance.jobs.remind import remind
from compliance.settings import Settings
from compliance.store import audit_heads, copying, schema
from compliance.store.audit import AuditEntry, head, record
from compliance.store.audit_heads import Head
from compliance.store.awards import award_by_number
from compliance.store.base import db, transaction
from compliance.store.errors import RestoreError
from compliance.store.outbox import hold_unsent
from compliance.store.people import Attempt, LiveSession
from compliance.store.register import refresh_entry

HELD = "held when a backup was restored: it may have been sent before; ./portal outbox retry sends it"
ENDED = {AwardAct.REVOKED: 2, AwardAct.SUSPENDED: 1}


def state_of_copy(folder: Path, settings: Settings) -> tuple[int, str, dict[str, int]]:
    """Where the trail stands in a copy, and how many rows it has."""
    if copying.sqlite_path(settings.database_url) is None:
        return _head_of_tables(folder / copying.TABLES)
    address = f"sqlite:///{folder / copying.SQLITE}"
    seq, digest = _head(address)
    return seq, digest, copying.counts(address)


def _head_of_tables(folder: Path) -> tuple[int, str, dict[str, int]]:
    rows, seq, digest = {}, 0, ""
    for path in sorted(folder.glob("*.copy")):
        names, *lines = path.read_text().removesuffix("\n").split("\n")
        if path.stem == AuditEntry.__tablename__:
            place, hash_place = names.split(",").index("seq"), names.split(",").index("hash")
            for line in lines:
                cells = line.split("\t")
                if int(cells[place]) > seq:
                    seq, digest = int(cells[place]), cells[hash_place]
        if path.stem != copying.VERSION:
            rows[path.stem] = len(lines)
    return seq, digest, rows


def _head(database_url: str) -> tuple[int, str]:
    engine = schema.open_engine(database_url)
    try:
        with Session(engine) as session:
            return head(session)
    except sa.exc.SQLAlchemyError:
        return 0, ""
    finally:
        engine.dispose()


def restore(settings: Settings, folder: Path, *, force: bool, heads: Path | None) -> list[str]:
    """Checks every byte, then replaces store and files; returns what happened, line by line.

    Raises RestoreError before anything was changed.
    """
    backup = manifest.read(folder)
    kind = "sqlite" if copying.sqlite_path(settings.database_url) else "postgresql"
    if backup.database != kind:
        raise RestoreError(f"the backup is of {backup.database}, this portal runs on {kind}")
    _refuse_newer(settings, backup, force=force)
    ended = ended_awards(settings, heads, backup.audit_seq)
    copying.copy_in(settings.database_url, folder)
    for name in ("files", "keys", "audit-heads"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, settings.data_dir / name, dirs_exist_ok=True)
    if (folder / "secret").exists() and not (settings.data_dir / "secret").exists():
        shutil.copy2(folder / "secret", settings.data_dir / "secret")
    migrate_all(settings)
    return [f"Restored the backup of {backup.made_at}.", *_settle(settings, ended)]


def _refuse_newer(settings: Settings, backup: manifest.Manifest, *, force: bool) -> None:
    path = copying.sqlite_path(settings.database_url)
    if force or (path is not None and not path.exists()):
        return
    seq, _digest = _head(settings.database_url)
    if seq > backup.audit_seq:
        lost = seq - backup.audit_seq
        raise RestoreError(f"the store here is newer: {lost} recorded acts would be lost. --force does it all the same")


def ended_awards(settings: Settings, heads: Path | None, since: int) -> dict[str, AwardAct]:
    """What is known to be revoked, or to have been suspended after entry `since`: from the store that is about to go
    and from published heads. A revocation is final; a suspension counts as the newest word on it."""
    words = [_said_by_store(settings.database_url)]
    for folder in [audit_heads.folder(settings), *([heads] if heads else [])]:
        for path in audit_heads.published(folder):
            with suppress(CertificateError):
                words.append(audit_heads.read(path, None))
    words.sort(key=lambda said: said.seq)
    suspended = words[-1].suspended if words[-1].seq > since else ()
    revoked = [number for said in words for number in said.revoked]
    return dict.fromkeys(suspended, AwardAct.SUSPENDED) | dict.fromkeys(revoked, AwardAct.REVOKED)


def _said_by_store(database_url: str) -> Head:
    """The present store's own word; nothing when it cannot be read."""
    path = copying.sqlite_path(database_url)
    nothing = Head(0, "", "", (), ())
    if path is not None and not path.exists():
        return nothing
    engine = schema.open_engine(database_url)
    try:
        with Session(engine) as session:
            return current_head(session, clock.now())
    except sa.exc.SQLAlchemyError:
        return nothing
    finally:
        engine.dispose()


def _settle(settings: Settings, ended: dict[str, AwardAct]) -> list[str]:
    """What the world did since the backup is not undone."""
    with application(settings):
        remind()
        with transaction() as session:
            kept = sum(_keep_ended(session, number, act) for number, act in sorted(ended.items()))
            held = hold_unsent(session, clock.now(), HELD)
            session.execute(sa.delete(LiveSession))
            session.execute(sa.delete(Attempt))
            content = {"kept_ended": kept, "held_notices": held}
            record(session, clock.now(), SYSTEM, "system:store:restored", "store", 0, **content)
        unknown = [number for number in ended if award_by_number(db.session(), number) is None]
    lines = [
        "Everybody is signed out.",
        f"{held} unsent mails are held, so that none is sent twice; see ./portal outbox",
        f"{kept} awards that were revoked or suspended after the backup stay so.",
    ]
    if unknown:
        lines.append(f"Revoked or suspended, but not in the backup: {json.dumps(unknown)}")
    return lines


def _keep_ended(session: Session, number: str, act: AwardAct) -> bool:
    award = award_by_number(session, number)
    if award is None or ENDED.get(award.last_act, 0) >= ENDED[act]:
        return False
    award.last_act, award.acted_at = act, clock.now()
    session.flush()
    refresh_entry(session, award.company_id)
    record(session, clock.now(), SYSTEM, f"system:award:kept_{act}", "award", award.id, number=number)
    return True
