"""A tampered audit trail is found: edits, deletions, swaps, and a tail that was cut."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from compliance import clock
from compliance.cli.__main__ import main
from compliance.domain.roles import SYSTEM
from compliance.settings import Settings
from compliance.store.audit import record
from compliance.store.base import WRITING, db, transaction
from tests.keys import lay_keys

ENTRIES = 12


@pytest.fixture
def trail(in_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Twelve entries; the head was published after the tenth."""
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    lay_keys(settings.keys_dir)
    for number in range(ENTRIES):
        with transaction() as session:
            record(session, clock.now(), SYSTEM, "system:test:done", "test", number % 3, number=number)
        if number == 9:
            assert main(["audit", "head"]) == 0
    return in_app


def tamper(*statements: str) -> None:
    """What somebody with the database's password could do: triggers off, rows changed, triggers on."""
    db.session.remove()
    with db.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        _without_triggers(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)


def _without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        return
    names = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in names:
        connection.execute(sa.text(f"DROP TRIGGER {name}"))


@pytest.mark.usefixtures("trail")
def test_an_untouched_trail_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    assert "12 entries and 1 published heads checked: the trail holds" in capsys.readouterr().out


EDITS: dict[str, tuple[str, ...]] = {
    "content": ("""UPDATE audit_entries SET content = '{"number":99}' WHERE seq = 4""",),
    "actor": ("UPDATE audit_entries SET actor_id = 7 WHERE seq = 4",),
    "tag": ("UPDATE audit_entries SET tag = 'system:test:undone' WHERE seq = 4",),
    "subject": ("UPDATE audit_entries SET subject_id = 77 WHERE seq = 4",),
    "moment": ("UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE seq = 4",),
    "one deleted": ("DELETE FROM audit_entries WHERE seq = 5",),
    "first deleted": ("DELETE FROM audit_entries WHERE seq = 1",),
    "swapped": (
        "UPDATE audit_entries SET seq = 99 WHERE seq = 3",
        "UPDATE audit_entries SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = 99",
    ),
    "tail cut": ("DELETE FROM audit_entries WHERE seq > 9",),
    "all gone": ("DELETE FROM audit_entries",),
}


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_tampered_trail_is_found(edit: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    tamper(*edit)
    assert main(["audit", "verify"]) == 1
    assert "BROKEN" in capsys.readouterr().out


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("change", [lambda text: text.replace('"seq":10', '"seq":9'), lambda _text: "{"])
def test_a_forged_head_is_found(settings: Settings, change: Callable[[str], str]) -> None:
    path = next((settings.data_dir / "audit-heads").glob("0*.json"))
    path.write_text(change(path.read_text()))
    assert main(["audit", "verify"]) == 1


@pytest.mark.usefixtures("trail")
def test_heads_kept_elsewhere_are_checked_too(settings: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (settings.data_dir / "audit-heads").rename(elsewhere)
    tamper("DELETE FROM audit_entries WHERE seq > 9")
    assert main(["audit", "verify"]) == 1, "no head beside the database: nothing was proved"
    assert main(["audit", "verify", "--heads", str(elsewhere)]) == 1


@pytest.mark.usefixtures("trail")
def test_export_gives_every_entry(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["audit", "export"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seq"] for line in lines[1:]] == list(range(1, ENTRIES + 1))
    assert main(["audit", "export", "--subject", "test", "--id", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 4


@pytest.mark.usefixtures("trail")
def test_no_published_head_is_a_failure(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (settings.data_dir / "audit-heads").glob("*.json"):
        path.unlink()
    assert main(["audit", "verify"]) == 1
    assert "no published head was found" in capsys.readouterr().out
