"""The administrator's first page tells what needs a person; health is true at the moment it is looked at."""

import socket
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions.vital_signs import greets
from compliance.cli.__main__ import main
from compliance.cli.backups import back_up_command
from compliance.cli.restore_trial import attempt
from compliance.domain.roles import Role
from compliance.domain.session_limits import COMPANY
from compliance.jobs.pulse import Pulse
from compliance.jobs.sweep import sweep
from compliance.jobs.timetable import in_context, timetable
from compliance.journeys.admin.health import JOB_NAMES
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.errors import RestoreError
from compliance.store.job_runs import JobRun, note_run
from compliance.store.people import LiveSession
from compliance.store.upkeep import UpkeepKind, note_upkeep
from tests.helpers import person, sign_in

HOME, HEALTH = "/en/admin/", "/en/admin/health"


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("admin@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "admin@ministry.example")
    return client


def test_what_needs_a_person_stands_first(app: Flask, administrator: FlaskClient) -> None:
    page = administrator.get(HOME).text
    for need in ("The worker stands still or a job fails.", "Emails do not go out.", "There is no fresh backup.",
                 "No backup was put back as a test lately.", "The public holidays of 2026 are missing."):  # fmt: skip
        assert need in page, need
    assert "It has never run here." in page
    with app.app_context(), transaction() as session:
        note_run(session, "deliver", clock.now())
        for kind in UpkeepKind:
            note_upkeep(session, kind, clock.now(), good=True, backup="portal-today")
    page = administrator.get(HOME).text
    assert "The worker stands still" not in page
    assert "At work, last seen 23 November 2026, 10:00." in page
    assert "There is no fresh backup." not in page
    assert len(page.encode()) < 60_000
    with app.app_context(), clock.held(clock.now() + timedelta(days=2)):
        sign_in(administrator, "admin@ministry.example")
        later = administrator.get(HEALTH).text
    assert "Silent since 23 November 2026" in later


def test_a_job_that_fails_is_named_until_it_succeeds(app: Flask, administrator: FlaskClient) -> None:
    fails = True

    def job() -> None:
        if fails:
            raise ValueError("<script>alert(1)</script>")

    run = in_context(app, "issue", job)
    run()
    page = administrator.get(HEALTH).text
    assert "Jobs that fail: Makes certificates." in page
    home = administrator.get(HOME).text
    failed = home.partition('id="failed"')[2].partition("</section>")[0]
    assert "Makes certificates" in failed
    for state in ("Edition 2026 is in force. Drafts: 0.", "Failed: 0.", "Entries: "):
        assert state in home
    assert "<script>alert" not in page
    fails = False
    run()
    assert "Jobs that fail" not in administrator.get(HEALTH).text


def test_a_job_tells_once_a_minute_that_it_runs(app: Flask, moment: datetime) -> None:
    with app.app_context():
        pulse = Pulse("deliver")
        pulse.beat()
        with clock.held(moment + timedelta(seconds=5)):
            pulse.beat()
        assert db.session.get_one(JobRun, "deliver").ran_at == moment


def test_every_job_has_a_name(app: Flask, settings: Settings) -> None:
    assert timetable(app, settings).keys() <= JOB_NAMES.keys()


def greet(server: socket.socket) -> None:
    line, _address = server.accept()
    with closing(line):
        line.sendall(b"220 hello\r\n")


def test_a_mail_server_that_says_nothing_holds_no_page_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        began = monotonic()
        assert not greets(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        assert monotonic() - began < 4
    with closing(socket.create_server(("127.0.0.1", 0))) as polite:
        answer = threading.Thread(target=greet, args=(polite,))
        answer.start()
        assert greets(f"smtp://127.0.0.1:{polite.getsockname()[1]}")
        answer.join()
    for odd in ("smtp://127.0.0.1:1", "smtp://", "smtp://nowhere.invalid:25", "smtp://host:port"):
        assert not greets(odd), odd


def test_what_the_clock_deletes_is_logged_with_its_rule(
    app: Flask, administrator: FlaskClient, settings: Settings, moment: datetime
) -> None:
    assert "Nothing was deleted yet." in administrator.get("/en/admin/retention").text
    with app.app_context():
        with transaction() as session:
            old = moment - COMPANY.absolute - timedelta(days=1)
            owner = session.scalar(sa.text("SELECT min(id) FROM people"))
            session.add(LiveSession(token_sha256="old", person_id=owner, data={}, started_at=old, seen_at=old))
        sweep(settings)
        sweep(settings)
    page = administrator.get("/en/admin/retention").text
    assert page.count("Signed-in browsers") == 2
    assert "23 November 2026, 10:00" in page


def test_a_backup_is_made_tried_and_told(
    app: Flask, administrator: FlaskClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    assert back_up_command(settings, backups) == 0
    [made] = backups.iterdir()
    assert attempt(settings, made, "") > 0
    for name, value in (("PORTAL_MODE", "test"), ("PORTAL_DATA", str(settings.data_dir)),
                        ("DATABASE_URL", settings.database_url), ("PUBLIC_URL", settings.public_url)):  # fmt: skip
        monkeypatch.setenv(name, value)
    assert main(["restore-test", str(made)]) == 0
    page = administrator.get(HEALTH).text
    assert "Put back as a test" in page
    assert page.count(made.name) == 2
    (made / "portal.sqlite").write_bytes(b"broken")
    with pytest.raises(RestoreError):
        attempt(settings, made, "")
    assert main(["restore-test", str(made)]) == 1
    assert "The last try failed" in administrator.get(HEALTH).text


def test_a_trial_never_touches_the_portals_own_database(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(RestoreError):
        attempt(settings, tmp_path / "nothing", settings.database_url)


def test_a_new_key_signs_and_the_old_one_still_verifies(
    app: Flask, administrator: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PORTAL_MODE", "test"), ("PORTAL_DATA", str(settings.data_dir)),
                        ("DATABASE_URL", settings.database_url), ("PUBLIC_URL", settings.public_url)):  # fmt: skip
        monkeypatch.setenv(name, value)
    assert "test-key" in administrator.get("/en/admin/keys").text
    assert main(["keys", "add", "../escape"]) == 1
    assert main(["keys", "add", "key-2027"]) == 0
    assert main(["keys", "add", "key-2027"]) == 1
    page = administrator.get("/en/admin/keys").text
    assert page.index("key-2027") < page.index("Signs") < page.index("Verifies what it signed")
    assert "A key was added at the command line." in administrator.get("/en/admin/audit").text
