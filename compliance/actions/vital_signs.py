"""How the portal is at this moment: worker, mail, database, disk, backup; each look ends within a second or two."""

import shutil
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateError
from compliance import clock
from compliance.settings import Settings
from compliance.store import outbox
from compliance.store.issuing import stuck
from compliance.store.job_runs import JobRun, job_runs
from compliance.store.keys import keyring
from compliance.store.upkeep import Upkeep, UpkeepKind, failed_since, newest_upkeep

MAIL_SECONDS = 1.5
SILENT = timedelta(minutes=3)
"""Some job says that it ran in every minute."""
STUCK = timedelta(minutes=10)
BACKUP_OLD, TEST_OLD = timedelta(hours=36), timedelta(days=92)
LEAST_FREE, LEAST_SHARE = 2_000_000_000, 0.1
TRAIL_OLD = timedelta(hours=50)
LATELY = timedelta(days=7)
KEY_OLD, SEAL_ENDS = timedelta(days=400), timedelta(days=60)


@dataclass(frozen=True)
class Worker:
    """`seen_at` is the newest run of any job; `ill` are the jobs that failed since they last succeeded."""

    seen_at: datetime | None
    ill: tuple[JobRun, ...]
    now: datetime

    @property
    def well(self) -> bool:
        return self.seen_at is not None and self.now - self.seen_at <= SILENT and not self.ill


@dataclass(frozen=True)
class Mail:
    """`answers` says whether the mail server greets; `oldest` since when the longest waiting mail is due."""

    answers: bool
    waiting: int
    failed: int
    oldest: datetime | None
    now: datetime

    @property
    def well(self) -> bool:
        return self.answers and (self.oldest is None or self.now - self.oldest <= STUCK)


@dataclass(frozen=True)
class Database:
    """`milliseconds` for the smallest question; `size` in bytes."""

    milliseconds: float
    size: int

    @property
    def well(self) -> bool:
        return self.milliseconds < 500


@dataclass(frozen=True)
class Disk:
    """Of the data directory, in bytes."""

    free: int
    total: int

    @property
    def well(self) -> bool:
        return self.free >= LEAST_FREE and self.free >= self.total * LEAST_SHARE


@dataclass(frozen=True)
class Backup:
    """The newest good backup and the newest good trial of a restore; what failed after them."""

    made: Upkeep | None
    tried: Upkeep | None
    failed: Upkeep | None
    now: datetime

    @property
    def made_lately(self) -> bool:
        return self.made is not None and self.now - self.made.at <= BACKUP_OLD

    @property
    def tried_lately(self) -> bool:
        return self.tried is not None and self.now - self.tried.at <= TEST_OLD

    @property
    def well(self) -> bool:
        return self.made_lately and self.tried_lately and self.failed is None


@dataclass(frozen=True)
class Trail:
    """The newest reading of the audit trail from its first entry to its last; None before the first night."""

    read: Upkeep | None
    now: datetime

    @property
    def broken(self) -> bool:
        return self.read is not None and not self.read.good

    @property
    def late(self) -> bool:
        return self.read is not None and self.now - self.read.at > TRAIL_OLD


@dataclass(frozen=True)
class Failure:
    """Something that failed: a job by its name, or a kind of upkeep; `again` whether it has succeeded since."""

    at: datetime
    what: str
    said: str
    again: bool


@dataclass(frozen=True)
class VitalSigns:
    """All of them, as they were at `now`."""

    worker: Worker
    mail: Mail
    database: Database
    disk: Disk
    backup: Backup
    trail: Trail
    certificates_stuck: int
    now: datetime


def look(session: Session, settings: Settings) -> VitalSigns:
    now = clock.now()
    return VitalSigns(
        worker=_worker(session, now),
        mail=_mail(session, settings, now),
        database=_database(session),
        disk=_disk(settings.data_dir),
        backup=_backup(session, now),
        trail=Trail(newest_upkeep(session, UpkeepKind.TRAIL), now),
        certificates_stuck=len(stuck(session)),
        now=now,
    )


def _worker(session: Session, now: datetime) -> Worker:
    runs = job_runs(session)
    seen = [run.ran_at for run in runs if run.ran_at]
    return Worker(max(seen, default=None), tuple(run for run in runs if run.ill), now)


def _mail(session: Session, settings: Settings, now: datetime) -> Mail:
    counts = outbox.counts(session)
    oldest = outbox.oldest_due(session, now)
    return Mail(greets(settings.smtp_url), counts["waiting"], counts["failed"], oldest, now)


def greets(smtp_url: str) -> bool:
    """Whether the mail server says a word within MAIL_SECONDS; a server behind TLS only has to take the connection."""
    address = urlsplit(smtp_url)
    tls = address.scheme == "smtps"
    try:
        port = address.port or (465 if tls else 25)
        with socket.create_connection((address.hostname or "localhost", port), MAIL_SECONDS) as line:
            line.settimeout(MAIL_SECONDS)
            return tls or line.recv(3) == b"220"
    except (OSError, ValueError):
        return False


def _database(session: Session) -> Database:
    began = monotonic()
    session.execute(sa.text("SELECT 1"))
    milliseconds = (monotonic() - began) * 1000
    sqlite = session.get_bind().dialect.name == "sqlite"
    size = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if sqlite
        else ("SELECT pg_database_size(current_database())")
    )
    return Database(milliseconds, int(session.scalar(sa.text(size)) or 0))


def _disk(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)


def _backup(session: Session, now: datetime) -> Backup:
    made, tried = (newest_upkeep(session, kind, good=True) for kind in (UpkeepKind.BACKUP, UpkeepKind.RESTORE_TEST))
    bad = [newest_upkeep(session, kind, good=False) for kind in (UpkeepKind.BACKUP, UpkeepKind.RESTORE_TEST)]
    late = [one for one, good in zip(bad, (made, tried), strict=True) if one and (good is None or one.id > good.id)]
    return Backup(made, tried, late[0] if late else None, now)


def failures(session: Session) -> list[Failure]:
    """What failed in the last seven days, the newest first: of each job its last failure, and each run of upkeep."""
    since = clock.now() - LATELY
    jobs = [
        Failure(run.failed_at, run.name, run.failure, not run.ill)
        for run in job_runs(session)
        if run.failed_at is not None and run.failed_at >= since
    ]
    upkeep = [
        Failure(one.at, one.kind.value, _said(one), _good_since(session, one)) for one in failed_since(session, since)
    ]
    return sorted([*jobs, *upkeep], key=lambda one: one.at, reverse=True)


def _said(one: Upkeep) -> str:
    return "; ".join(str(part) for part in one.about.get("said", [one.about.get("failure", "")]))


def _good_since(session: Session, one: Upkeep) -> bool:
    newest = newest_upkeep(session, one.kind, good=True)
    return newest is not None and newest.at > one.at


@dataclass(frozen=True)
class KeyState:
    """A key of the ring. `since` is when its file was made, `until` the last day of a seal's certificate."""

    id: str
    kind: str
    signs: bool
    retired: bool
    since: datetime | None
    until: datetime | None

    def old(self, now: datetime) -> bool:
        """Whether it should be replaced soon."""
        ends = self.until is not None and self.until - now <= SEAL_ENDS
        return self.signs and (ends or (self.kind == "key" and self.since is not None and now - self.since > KEY_OLD))


def keys(settings: Settings) -> list[KeyState]:
    """Seals and signing keys, the newest first; none when they cannot be opened."""
    try:
        ring = keyring(settings)
    except CertificateError:
        return []
    seals = [(one, one.certificate) for one in reversed(ring.seals)]
    found = [
        KeyState(
            one.id,
            "seal",
            one is _last_whole(ring.seals),
            one.private is None,
            paper.not_valid_before_utc,
            paper.not_valid_after_utc,
        )
        for one, paper in seals
    ]
    return found + [
        KeyState(one.id, "key", one is _last_whole(ring.keys), one.private is None, _made(settings, one.id), None)
        for one in reversed(ring.keys)
    ]


def _last_whole(ring: tuple[object, ...]) -> object:
    """The key that signs: the newest whose private half is here."""
    return next((one for one in reversed(ring) if getattr(one, "private", None) is not None), None)


def _made(settings: Settings, key_id: str) -> datetime | None:
    """When the file of a key was written; None where it has another name."""
    times = [path.stat().st_mtime for path in settings.keys_dir.glob(f"{key_id}*")]
    return datetime.fromtimestamp(min(times), clock.PHNOM_PENH) if times else None
