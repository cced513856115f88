"""A backup is complete although the portal works on; a restore undoes no revocation and sends nothing twice."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.cli.__main__ import main
from compliance.cli.backups import back_up
from compliance.cli.manifest import read
from compliance.cli.settling import HELD
from compliance.domain.roles import SYSTEM
from compliance.domain.standing import AwardAct
from compliance.jobs.heads import publish_head
from compliance.jobs.remind import remind
from compliance.settings import Settings
from compliance.store import copying
from compliance.store.audit import AuditEntry, record, verify
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.outbox import mark_sent
from compliance.store.people import LiveSession
from compliance.store.register import rebuild
from tests.jobs.world import award, award_ending, notices
from tests.keys import lay_keys

EVIDENCE = "ភស្តុតាង".encode()


@pytest.fixture
def portal(in_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A portal with two awards about to end, a file, somebody signed in; the id of the first award."""
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    lay_keys(settings.keys_dir)
    award_id = award_ending(clock.today() + timedelta(days=30))
    award_ending(clock.today() + timedelta(days=7), 2)
    file_store(settings).put(EVIDENCE)
    moment = clock.now()
    with transaction() as session:
        one = LiveSession(token_sha256="t", person_id=1, data={}, started_at=moment, seen_at=moment)
        session.add(one)
        record(session, moment, SYSTEM, "system:test:done", "test", 1, words="tab\tline\nback\\slash ខ្មែរ")
    yield award_id
    forget(in_app)


def forget(_app: Flask) -> None:
    """Closes our own connections: the portal is stopped."""
    db.session.remove()
    db.engine.dispose()


def test_every_row_and_file_comes_back(in_app: Flask, portal: int, settings: Settings, tmp_path: Path) -> None:
    remind()
    with transaction() as session:
        rebuild(session)
    folder = back_up(settings, tmp_path / "backups")
    backup = read(folder)
    forget(in_app)
    assert main(["restore", str(folder)]) == 0
    rows = copying.counts(settings.database_url)
    changed = {"sessions", "attempts", "audit_entries", "holidays"}  # migrating adds the coming years
    assert {name: n for name, n in rows.items() if name not in changed} == {
        name: n for name, n in backup.rows.items() if name not in changed
    }
    assert rows["sessions"] == 0
    later = sa.select(AuditEntry.tag).where(AuditEntry.seq > backup.audit_seq).order_by(AuditEntry.seq)
    assert db.session.scalars(later).first() == "system:store:restored"
    assert file_store(settings).get(hashlib.sha256(EVIDENCE).hexdigest()) == EVIDENCE
    assert list(verify(db.session())) == []
    with transaction() as session:
        record(session, clock.now(), SYSTEM, "system:test:again", "test", award(portal).company_id)
    assert award_ending(clock.today() + timedelta(days=300), 3) > portal


def test_nothing_unsent_is_sent_after_a_restore(in_app: Flask, portal: int, settings: Settings, tmp_path: Path) -> None:
    folder = back_up(settings, tmp_path / "backups")
    remind()
    with transaction() as session:
        for notice in notices():
            mark_sent(session, notice, clock.now())
    assert len(notices()) == 2
    forget(in_app)
    assert main(["restore", str(folder), "--force"]) == 0
    assert [notice.last_error for notice in notices()] == [HELD, HELD]
    assert remind() == 0
    assert portal


def test_a_restore_never_un_revokes(in_app: Flask, portal: int, settings: Settings, tmp_path: Path) -> None:
    folder = back_up(settings, tmp_path / "backups")
    with transaction() as session:
        award(portal).last_act = AwardAct.REVOKED
        record(session, clock.now(), SYSTEM, "system:test:revoked", "award", portal)
    forget(in_app)
    assert main(["restore", str(folder)]) == 1
    assert main(["restore", str(folder), "--force"]) == 0
    assert award(portal).last_act is AwardAct.REVOKED


def test_the_store_is_lost_and_published_heads_still_say_what_was_revoked(
    in_app: Flask, portal: int, settings: Settings, tmp_path: Path, database_url: str
) -> None:
    folder = back_up(settings, tmp_path / "backups")
    with transaction() as session:
        award(portal).last_act = AwardAct.SUSPENDED
        record(session, clock.now(), SYSTEM, "system:test:suspended", "award", portal)
    publish_head(settings)
    elsewhere = tmp_path / "elsewhere"
    (settings.data_dir / "audit-heads").rename(elsewhere)
    forget(in_app)
    if (path := copying.sqlite_path(database_url)) is not None:
        for lost in path.parent.glob(f"{path.name}*"):
            lost.unlink()
    assert main(["restore", str(folder), "--heads", str(elsewhere), "--force"]) == 0
    assert award(portal).last_act is AwardAct.SUSPENDED


def test_a_backup_under_load_is_consistent(
    in_app: Flask, portal: int, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping = threading.Event()
    written: list[int] = []

    def write() -> None:
        with in_app.app_context():
            while not stopping.is_set():
                with transaction() as session:
                    entry = record(session, clock.now(), SYSTEM, "system:test:load", "test", portal)
                written.append(entry.seq)
            db.session.remove()

    thread = threading.Thread(target=write)
    thread.start()
    while len(written) < 5:
        pass
    before = written[-1]
    folder = back_up(settings, tmp_path / "backups")
    stopping.set()
    thread.join()
    backup = read(folder)
    assert backup.audit_seq == backup.rows["audit_entries"] >= before
    forget(in_app)
    assert main(["restore", str(folder), "--force"]) == 0
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    assert f"{len(written) - written.index(backup.audit_seq) - 1} entries" in capsys.readouterr().out


@pytest.mark.usefixtures("portal")
def test_a_damaged_backup_changes_nothing(in_app: Flask, settings: Settings, tmp_path: Path) -> None:
    folder = back_up(settings, tmp_path / "backups")
    file = next(path for path in (folder / "files").rglob("*") if path.is_file())
    file.write_bytes(b"other")
    forget(in_app)
    assert main(["restore", str(folder)]) == 1
    assert main(["restore", str(tmp_path)]) == 1
    assert (db.session.scalar(sa.select(sa.func.count()).select_from(LiveSession)) or 0) == 1


@pytest.mark.usefixtures("portal", "in_app")
def test_a_portal_at_work_is_not_restored_over(settings: Settings, tmp_path: Path) -> None:
    folder = back_up(settings, tmp_path / "backups")
    db.session.execute(sa.text("SELECT 1"))
    assert main(["restore", str(folder)]) == 1


@pytest.mark.usefixtures("portal")
def test_what_is_locked_away_is_copied_nowhere(settings: Settings, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(EVIDENCE).hexdigest()
    file_store(settings).quarantine(sha256)
    folder = back_up(settings, tmp_path / "backups")
    assert not list(folder.rglob(sha256))
