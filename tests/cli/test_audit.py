"""A tampered audit trail is found, whatever was done to its rows or to the heads published of it; none is a crash."""

import argparse
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates.demonstration import make_keyring
from certificates.keyring import Keyring, load_keyring
from compliance import clock
from compliance.cli.__main__ import main
from compliance.cli.audit import verify_trail
from compliance.domain.roles import SYSTEM
from compliance.jobs.heads import publish_head
from compliance.settings import Settings
from compliance.store import audit_heads
from compliance.store.audit import record
from compliance.store.audit_head_bundles import bundle
from compliance.store.base import WRITING, db, transaction
from tests.cli import tampers
from tests.keys import lay_keys

ENTRIES = 12
UNCHECKED = argparse.Namespace(heads=None)
SLEEPING = {
    "sqlite": ("DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"),
    "postgresql": ("ALTER TABLE audit_entries DISABLE TRIGGER USER",),
}


@pytest.fixture
def trail(in_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Twelve entries; heads were published after the 4th, the 8th and the 12th. The directory of heads."""
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    lay_keys(settings.keys_dir)
    for number in range(1, ENTRIES + 1):
        with transaction() as session:
            record(session, clock.now(), SYSTEM, "system:test:done", "test", number % 3, number=number)
        if number % 4 == 0:
            assert publish_head(settings)
    yield audit_heads.folder(settings)
    db.session.remove()
    assert in_app


@contextmanager
def rows_tampered(*statements: str) -> Iterator[None]:
    """Triggers off, rows changed, triggers on as well as they can be: undone after the block."""
    session = db.session()
    session.rollback()
    connection = session.connection(execution_options={WRITING: True})
    raw = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.create_function("chr", 1, chr)  # type: ignore[union-attr]
    for statement in (*SLEEPING[connection.dialect.name], *statements):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)
    try:
        yield
    finally:
        session.rollback()


def found(settings: Settings, capsys: pytest.CaptureFixture[str], chosen: argparse.Namespace = UNCHECKED) -> str:
    """What `audit verify` says; nothing when the trail holds."""
    capsys.readouterr()
    code = verify_trail(settings, chosen)
    said = capsys.readouterr().out
    assert code == ("BROKEN" in said)
    return said if code else ""


def test_an_untouched_trail_holds(trail: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    assert "12 entries and 3 published heads checked: the trail holds" in capsys.readouterr().out
    assert main(["audit", "verify", "--heads", str(trail)]) == 0


def test_every_tampered_row_is_found(
    trail: Path, settings: Settings, capsys: pytest.CaptureFixture[str], database_url: str
) -> None:
    own = tampers.POSTGRESQL if database_url.startswith("postgresql") else tampers.SQLITE
    edits = tampers.ROWS | own
    assert trail.exists()
    assert len(edits) > 40
    missed = {}
    for name, (statements, words) in edits.items():
        with rows_tampered(*statements):
            said = found(settings, capsys)
        if words not in said:
            missed[name] = said
        assert not found(settings, capsys), f"{name} was not undone"
    assert missed == {}


@pytest.fixture(scope="module")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Keys of another portal, with the ids of ours."""
    folder = tmp_path_factory.mktemp("other")
    make_keyring(folder, today=clock.today())
    return load_keyring(folder)


def test_every_tampered_head_is_found(
    trail: Path, settings: Settings, other_keys: Keyring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = _missed(tampers.FILES, trail, settings, other_keys, tmp_path, capsys)
    bundle(trail, clock.now() + timedelta(days=40))
    assert not audit_heads.published(trail)
    assert missed | _missed(tampers.BUNDLED, trail, settings, other_keys, tmp_path, capsys) == {}


def _missed(
    edits: tampers.Files,
    trail: Path,
    settings: Settings,
    other: Keyring,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> dict[str, str]:
    aside, missed = tmp_path / "aside", {}
    for name, (edit, words) in edits.items():
        shutil.copytree(trail, aside)
        edit(trail, other)
        said = found(settings, capsys)
        if words not in said:
            missed[name] = said
        shutil.rmtree(trail, ignore_errors=True)
        aside.rename(trail)
        assert not found(settings, capsys), f"{name} was not undone"
    return missed


def test_sleeping_triggers_are_a_finding(trail: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert trail.exists()
    with rows_tampered():
        assert "that refuses changes is gone" in found(settings, capsys)


def test_heads_kept_elsewhere_are_checked_too(
    trail: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = argparse.Namespace(heads=trail.rename(tmp_path / "elsewhere"))
    with rows_tampered("DELETE FROM audit_entries WHERE seq > 9"):
        assert "no published head was found" in found(settings, capsys)
        assert "12: the entry published" in found(settings, capsys, elsewhere)


def test_entries_that_nobody_published_for_long_are_a_finding(
    trail: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction() as session:
        record(session, clock.now(), SYSTEM, "system:test:done", "test", 1)
    assert not found(settings, capsys)
    with clock.held(clock.now() + timedelta(hours=2)):
        assert "13: no head was published since" in found(settings, capsys)
        publish_head(settings)
        assert not found(settings, capsys)
    assert trail.exists()


@pytest.mark.parametrize("newest", ["{", "", None])
def test_publishing_goes_on_after_a_damaged_newest_head(trail: Path, settings: Settings, newest: str | None) -> None:
    (trail / "latest.json").unlink()
    if newest is not None:
        (trail / "latest.json").write_text(newest)
    with transaction() as session:
        record(session, clock.now(), SYSTEM, "system:test:done", "test", 1)
    assert publish_head(settings)
    assert main(["audit", "verify"]) == 0


def test_past_months_stand_in_one_file(trail: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A year of heads, one a week: none is lost, bundling twice or after a stop changes nothing."""
    start = datetime(2025, 1, 1, 3, tzinfo=UTC)
    shutil.rmtree(trail)
    for day in range(0, 364, 7):
        with clock.held(start + timedelta(days=day)):
            publish_head(settings, always=True)
    heads = {path.read_text() for path in audit_heads.published(trail)}
    stopped = audit_heads.published(trail)[0]
    text = stopped.read_text()
    assert bundle(trail, datetime(2025, 12, 20, tzinfo=UTC)) == 48
    stopped.write_text(text)
    assert bundle(trail, datetime(2025, 12, 20, tzinfo=UTC)) == 1
    assert len(list(trail.glob("*.jsonl"))) == 11
    lines = [line + "\n" for path in trail.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert sorted([*lines, *(path.read_text() for path in audit_heads.published(trail))]) == sorted(heads)
    assert not found(settings, capsys)


@pytest.mark.usefixtures("trail")
def test_export_gives_every_entry(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seq"] for line in lines[1:]] == list(range(1, ENTRIES + 1))
    assert main(["audit", "export", "--subject", "test", "--id", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 4


def test_no_published_head_is_a_failure(trail: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(trail)
    assert "no published head was found" in found(settings, capsys)
    assert sa.inspect(db.engine).has_table("audit_entries")
