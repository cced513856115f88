"""The transparency log as strangers read it: what is sealed is proved, what is rewritten, reordered, forked or cut is
caught, by the portal, by the command and by a program that knows nothing of the portal."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from certificates.keyring import add_key
from certificates.note import COSIGNATURE, Verifier, read_checkpoint, read_verifier, signature_line, signed_by
from compliance import clock
from compliance.cli.__main__ import main
from compliance.domain.merkle import WIDTH, climb, leaf_hash, root
from compliance.domain.standing import AwardAct
from compliance.jobs.seal import seal
from compliance.settings import Settings
from compliance.store import log_copies
from compliance.store.base import db, transaction
from compliance.store.transparency import LogCheckpoint, LogEntry, Told, append_entries
from tests.actions.histories import START, History, begin, on
from tests.keys import lay_keys

PROGRAM = Path(__file__).parents[2] / "static" / "check-log.py"
Copy = Callable[[str], Path]


@pytest.fixture
def history(in_app: Flask, settings: Settings) -> Iterator[History]:
    """An awarded company, on the day of its award."""
    with clock.held(on(START)):
        lay_keys(settings.keys_dir)
        made = begin()
        made.grant()
        yield made


@pytest.fixture
def world(history: History, settings: Settings, client: FlaskClient, tmp_path: Path) -> Copy:
    """A sealed log of a few acts; gives what a stranger downloads of it into a folder."""
    _say(300)
    seal(settings)
    with clock.held(on(START + timedelta(days=30))):
        history.act(history.awards[0], AwardAct.SUSPENDED)
    seal(settings)

    def download(name: str) -> Path:
        folder = tmp_path / name
        size = read_checkpoint(client.get("/log/checkpoint").get_data(as_text=True)).size
        _save(client, folder, "checkpoint", "keys")
        for number in range(-(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            _save(client, folder, f"tile/entries/{number:03d}" + (f".p/{width}" if width < WIDTH else ""))
        return folder

    return download


def _say(entries: int) -> None:
    at = clock.now().isoformat()
    told = [Told(None, None, None, {"act": "checked_in", "at": at, "due": str(n)}) for n in range(entries)]
    with transaction() as session:
        append_entries(session, clock.now(), told)


def _save(client: FlaskClient, folder: Path, *names: str) -> None:
    for name in names:
        answer = client.get(f"/log/{name}")
        assert answer.status_code == 200, name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(answer.data)


def checked(folder: Path, old: Path, *more: str) -> tuple[int, str]:
    """What the program says that a stranger runs: no packages, no paths of ours."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), str(folder), str(old), *more],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody with the database in their hands."""
    with transaction() as session:
        if session.get_bind().dialect.name == "sqlite":
            for table in ("log_entries", "log_checkpoints"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_update"))
                session.execute(sa.text(f"DROP TRIGGER {table}_no_delete"))
        else:
            for table in ("log_entries", "log_checkpoints"):
                session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    db.session.expire_all()


def rewrite(position: int, content: str) -> None:
    with transaction() as session:
        values = {"content": content, "leaf": leaf_hash(content.encode())}
        session.execute(sa.update(LogEntry).where(LogEntry.position == position).values(values))


@pytest.mark.both_databases
def test_a_stranger_checks_two_checkpoints_and_finds_a_certificate(
    world: Copy, history: History, settings: Settings
) -> None:
    old = world("old") / "checkpoint"
    number = history.awards[0].number
    with clock.held(on(START + timedelta(days=200))):
        history.act(history.awards[0], AwardAct.REINSTATED)
        add_key(settings.keys_dir, "key-2027")
    seal(settings)
    later = world("later")
    code, said = checked(later, old, "--about", number)
    assert code == 0, said
    assert "True: the log of 303 entries begins with the 302 of the earlier checkpoint." in said
    assert [json.loads(line.split(": ", 1)[1])["act"] for line in said.splitlines()[:-1]] == [
        "granted", "suspended", "reinstated"]  # fmt: skip
    kept = (later / "keys").read_text().split()[0]
    assert checked(later, old, "--key", kept)[0] == 1, (
        "the new key signed the later one: whoever trusts the old only hears so"
    )
    assert checked(later, old, *(f"--key={key}" for key in (later / "keys").read_text().split()))[0] == 0


@pytest.mark.parametrize("how", ["rewritten", "reordered", "cut"])
def test_a_log_that_was_tampered_with_is_caught_by_everybody(
    how: str, world: Copy, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = world("old") / "checkpoint"
    contents = list(db.session.scalars(sa.select(LogEntry.content).order_by(LogEntry.position)))
    with unguarded():
        if how == "rewritten":
            rewrite(0, contents[0].replace("Pond", "Pool"))
        elif how == "reordered":
            rewrite(5, contents[6])
            rewrite(6, contents[5])
        else:
            with transaction() as session:
                session.execute(sa.delete(LogEntry).where(LogEntry.position >= 300))
        _say(3)
    assert not seal(settings), "the portal signs no checkpoint over it"
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    monkeypatch.setattr("compliance.cli.log.application", lambda _settings: _Here())
    assert main(["log", "verify", str(old)]) == 1
    assert "BROKEN" in capsys.readouterr().out
    with transaction() as session:  # and if it were signed all the same, with the ministry's own key:
        log_copies.folder(settings).joinpath(log_copies.ENTRIES).unlink()
        leaves = list(session.scalars(sa.select(LogEntry.leaf).order_by(LogEntry.position)))
        size = min(session.scalars(sa.select(sa.func.max(LogCheckpoint.size))).one(), len(leaves))
    with unguarded_checkpoints(size, root(leaves[:size])):
        assert seal(settings)
    code, said = checked(world("forged"), old)
    assert (code, "NOT TO BE BELIEVED" in said) == (1, True), said


class _Here:
    """The application context that the test is in already."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None: ...


@contextmanager
def unguarded_checkpoints(size: int, digest: bytes) -> Iterator[None]:
    """The portal's own memory of what it sealed is rewritten as well."""
    with transaction() as session:
        newest = session.scalars(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc())).first()
        assert newest is not None
        values = {"root": digest, "size": size}
        session.execute(sa.update(LogCheckpoint).where(LogCheckpoint.size == newest.size).values(values))
    yield


def test_proofs_are_data_that_hold(world: Copy, client: FlaskClient) -> None:
    newest = read_checkpoint(client.get("/log/checkpoint").get_data(as_text=True))
    for position in (0, 255, 256, 301):
        told = client.get(f"/log/entries/{position}.json").get_json()
        proof = [base64.b64decode(one) for one in told["inclusion"]]
        leaf = leaf_hash(told["entry"].encode())
        assert base64.b64decode(told["leaf"]) == leaf
        assert climb(leaf, position, told["size"], proof)[-1].made == newest.root
    tiles = client.get("/log/tile/0/000").data + client.get("/log/tile/0/001.p/46").data
    assert root([tiles[at : at + 32] for at in range(0, len(tiles), 32)]) == newest.root
    assert client.get("/log/tile/1/000.p/1").data == root([tiles[at : at + 32] for at in range(0, 8192, 32)])
    assert client.get("/log/consistency/301/302.json").get_json()["consistency"]
    listed = client.get("/log/checkpoints/after/0.json").get_json()
    assert [one["size"] for one in listed["checkpoints"]] == [301, 302]
    keys = [read_verifier(key) for key in client.get("/log/keys").get_data(as_text=True).split()]
    for one in listed["checkpoints"]:
        kept = read_checkpoint(client.get(f"/log/checkpoints/{one['size']}").get_data(as_text=True))
        assert base64.b64encode(kept.root).decode() == one["root"]
        assert any(signed_by(kept, key) for key in keys)


def test_what_is_full_is_kept_by_caches_and_what_is_not_sealed_is_not_there(world: Copy, client: FlaskClient) -> None:
    assert "immutable" in client.get("/log/tile/0/000").headers["Cache-Control"]
    assert "no-cache" in client.get("/log/checkpoint").headers["Cache-Control"]
    _say(1)
    for path in (
        *("entries/302.json", "tile/0/001.p/47", "tile/entries/001.p/47", "tile/0/002", "tile/9/000", "tile/1/000"),
        *(
            "consistency/0/5.json",
            "consistency/5/303.json",
            "checkpoints/300",
            "tile/0/1",
            "tile/entries/x",
            "tile/0/-01",
        ),
    ):
        assert client.get(f"/log/{path}").status_code == 404, path


def test_a_witness_signs_along(
    world: Copy, settings: Settings, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = Ed25519PrivateKey.generate()
    by = Verifier("witness.example/w1", COSIGNATURE, private.public_key().public_bytes_raw())
    text = client.get("/log/checkpoint").get_data(as_text=True)
    said = f"cosignature/v1\ntime 1780000000\n{read_checkpoint(text).signed}".encode()
    line = signature_line(by, (1_780_000_000).to_bytes(8) + private.sign(said))
    file, forged = tmp_path / "signed.txt", tmp_path / "forged.txt"
    file.write_text(text + line)
    forged.write_text(text.replace("\n302\n", "\n301\n") + line)
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    monkeypatch.setattr("compliance.cli.log.application", lambda _settings: _Here())
    assert main(["log", "cosign", str(forged), "--witness", by.text]) == 1
    assert main(["log", "cosign", str(file), "--witness", by.text]) == 0
    assert main(["log", "cosign", str(file), "--witness", by.text]) == 0, "twice is once"
    assert client.get("/log/checkpoint").get_data(as_text=True) == text + line
    assert checked(world("signed"), file, "--witness", by.text)[0] == 0
    other = Verifier("witness.example/w1", COSIGNATURE, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert checked(world("signed"), file, "--witness", other.text)[0] == 1


def test_entries_that_a_restore_lost_come_back_from_the_copy(world: Copy, settings: Settings) -> None:
    old = world("old") / "checkpoint"
    with unguarded(), transaction() as session:
        session.execute(sa.delete(LogCheckpoint).where(LogCheckpoint.size > 301))
        session.execute(sa.delete(LogEntry).where(LogEntry.position >= 301))
    with transaction() as session:
        assert log_copies.bring_back(session, settings) == 1
        assert log_copies.bring_back(session, settings) == 0
    assert seal(settings)
    assert checked(world("restored"), old)[0] == 0
    last = db.session.scalars(sa.select(LogEntry.content).order_by(LogEntry.position.desc())).first()
    assert json.loads(last or "")["act"] == "restored"


def test_pages_say_what_the_log_says(world: Copy, history: History, in_app: Flask, client: FlaskClient) -> None:
    number = history.awards[0].number
    page = client.get("/en/log").get_data(as_text=True)
    assert "Suspended" in page
    assert client.get("/en/log?before=301").get_data(as_text=True).count("<li") < page.count("<li") + 5
    found = client.get(f"/km/log?number={number}")
    assert found.headers["Location"].endswith("/km/log/301")
    for lang in ("km", "en"):
        one = client.get(f"/{lang}/log/301").get_data(as_text=True)
        assert read_checkpoint(client.get("/log/checkpoint").get_data(as_text=True)).root.hex() in one
    assert "no certificate number" in client.get("/en/log?number=COP-1").get_data(as_text=True)
    company = client.get("/en/register/pond").get_data(as_text=True)
    assert 'href="/en/log/0"' in company
    assert 'href="/en/log/301"' in company
    assert client.get("/en/log/302").status_code == 404
