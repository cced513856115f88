"""A database that is frozen, refuses, or keeps a lock: requests end soon, in the reader's language, for everybody."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pysqlite3.dbapi2 as fixed_sqlite
import pytest
from flask import Flask

from compliance.settings import Settings
from tests.conftest import settings_for
from tests.failures.served import Officer, Web, ask, officers, web
from tests.failures.test_database_gone import own_server, settings
from tests.failures.test_killed import check

__all__ = ["own_server", "settings"]

LONGEST = 5.0
BACK_WITHIN = 2.0
PAGES = (
    "/{lang}/",
    "/{lang}/register",
    "/{lang}/company/",
    "/{lang}/account/",
    "/{lang}/verify/KH-0000",
    "/{lang}/nothing",
)
WROTE = "Our terms name what is forbidden."
SORRY = {"km": "មិនអាចប្រើបានមួយភ្លែត", "en": "not available for the moment"}


def processes(server: Any) -> list[int]:
    """The server and all that works for it, the server first: it makes no new ones while it is frozen."""
    head = int(server.get_pid())
    below = Path(f"/proc/{head}/task/{head}/children").read_text().split()
    return [head, *map(int, below)]


@contextmanager
def frozen(server: Any) -> Iterator[None]:
    pids = processes(server)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def stop(server: Any) -> None:
    """Sends everybody away; from then on connections are refused."""
    head = int(server.get_pid())
    os.kill(head, signal.SIGINT)
    limit = time.monotonic() + 20
    while Path(f"/proc/{head}").exists() and "Z" not in Path(f"/proc/{head}/stat").read_text().split(")")[1][:3]:
        assert time.monotonic() < limit, "the server does not stop"
        time.sleep(0.05)


def timed(port: int, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None) -> Any:
    """Status, text and seconds of one request."""
    asked = time.monotonic()
    status, text, _cookies = ask(port, method, path, headers, form)
    return status, text, time.monotonic() - asked


def asked_by_everybody(port: int, officer: Officer, many: int) -> list[Any]:
    """Pages and saves at the same moment, by strangers and by somebody who is signed in."""
    form = {"csrf_token": officer.token, "version": officer.version, "csam_terms": "yes", "csam_terms__comment": WROTE}
    browser = {**officer.headers, "Origin": f"http://127.0.0.1:{port}"}
    save = f"/en/company/assessment/{officer.assessment}/question/csam_terms"
    wishes: list[tuple[Any, ...]] = []
    for number in range(many):
        lang = ("km", "en")[number % 2]
        who = officer.headers if number % 3 else {}
        wishes.append(("GET", PAGES[number % len(PAGES)].format(lang=lang), who))
    wishes += [("POST", save, browser, form), ("POST", f"{save}/autosave", officer.headers, form)] * 3
    with ThreadPoolExecutor(len(wishes)) as pool:
        found = pool.map(lambda wish: timed(port, *wish), wishes)
        return [(wish[1], *answer) for wish, answer in zip(wishes, found, strict=True)]


def require_kind(answers: list[Any]) -> None:
    """Nobody waits long, nobody is told that it is a fault, everybody reads it in their language."""
    for path, status, text, seconds in answers:
        assert seconds < LONGEST, (path, status, seconds)
        assert status in {200, 302, 404, 503}, (path, status, text[:300])
        if status == 503 and "autosave" not in path:
            assert SORRY[path[1:3]] in text, (path, text[:2000])
            assert WROTE in text or "question" not in path, "what was written is given back"


def wait_until_ready(portal: Web, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while portal.status("/readyz") != 200:
        assert time.monotonic() < limit, "the portal does not come back"
        time.sleep(0.05)


def test_a_frozen_server(app: Flask, settings: Settings, own_server: Any) -> None:
    with web(settings) as portal:
        (officer,) = officers(app, portal.port, 1)
        assert officer.save(portal.port, 1) == 200
        with frozen(own_server):
            answers = asked_by_everybody(portal.port, officer, 60)
            require_kind(answers)
            assert {answer[1] for answer in answers} >= {503}
            for path, status in (("/readyz", 503), ("/healthz", 200), ("/en/company/", 503)):
                found, _text, seconds = timed(portal.port, "GET", path, officer.headers)
                assert (found, seconds < 1) == (status, True), (path, found, seconds)
        wait_until_ready(portal, BACK_WITHIN)
        assert timed(portal.port, "GET", "/en/company/", officer.headers)[0] in {200, 302}
        assert officer.save(portal.port, 2) in {200, 409}  # what was sent while it was frozen may have arrived
        assert officer.save(portal.port, 3) == 200
        check(app, [officer])


def test_a_server_that_is_stopped(app: Flask, settings: Settings, own_server: Any) -> None:
    with web(settings) as portal:
        (officer,) = officers(app, portal.port, 1)
        stop(own_server)
        answers = asked_by_everybody(portal.port, officer, 30)
        require_kind(answers)
        assert {status for path, status, _text, _seconds in answers if "company" in path} == {503}
        own_server.ensure_postgres_running()
        wait_until_ready(portal, BACK_WITHIN + 1)
        assert officer.save(portal.port, 1) == 200


def test_a_lock_that_is_kept(app: Flask, settings: Settings) -> None:
    with web(settings) as portal:
        (officer,) = officers(app, portal.port, 1)
        address = settings.database_url.replace("+psycopg", "")
        with psycopg.connect(address) as other:
            other.execute("LOCK TABLE answers, attempts, sessions IN ACCESS EXCLUSIVE MODE")
            answers = asked_by_everybody(portal.port, officer, 30)
            require_kind(answers)
            assert {status for path, status, _text, _seconds in answers if "question" in path} == {503}
            assert timed(portal.port, "GET", "/km/", {})[0] == 200
            other.rollback()
        assert officer.save(portal.port, 1) == 200


class TestSqlite:
    """The embedded store, which another program may hold."""

    @pytest.fixture
    def settings(self, sqlite_template: Path, tmp_path: Path) -> Settings:
        (tmp_path / "portal.sqlite").write_bytes(sqlite_template.read_bytes())
        return settings_for(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite'}")

    def test_another_writer(self, app: Flask, settings: Settings) -> None:
        with web(settings) as portal:
            (officer,) = officers(app, portal.port, 1)
            with closing(fixed_sqlite.connect(settings.data_dir / "portal.sqlite", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                answers = asked_by_everybody(portal.port, officer, 40)
                require_kind(answers)
                by_path = {path: status for path, status, _text, _seconds in answers}
                assert by_path["/km/"] == by_path["/en/register"] == 200, "reading goes on"
                assert {status for path, status, _text, _seconds in answers if "question" in path} == {503}
                assert timed(portal.port, "GET", "/readyz", {})[::2] < (504, 2.5)
                assert portal.status("/readyz") == 503
                other.execute("ROLLBACK")
            assert officer.save(portal.port, 1) == 200
            assert portal.status("/readyz") == 200
            check(app, [officer])
