"""The web server as a process of its own, and officers who keep saving answers against it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from compliance.actions import renewing
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import person_by_email
from tests.helpers import PASSWORD, company, person

ROOT = Path(__file__).parents[2]
QUESTION = "csam_terms"
CHOICES = ("yes", "partial", "no")
PATIENCE = 90
FORM = "application/x-www-form-urlencoded"


def ask(
    port: int, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
) -> tuple[int, str, list[str]]:
    """Status, body and cookies of one request. Raises OSError and HTTPException when the connection breaks."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, urlencode(form) if form else None, headers)
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie") or []


class Web:
    """`./portal web` on a port of its own."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **os.environ,
            "PORTAL_MODE": "test",
            "PORTAL_DATA": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "PUBLIC_URL": settings.public_url,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["web", "--port", str(self.port), "--processes", "1"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "compliance.cli", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        limit = time.monotonic() + PATIENCE
        while self.status("/healthz") != 200:
            assert time.monotonic() < limit, "the web server does not answer"
            time.sleep(0.05)

    def status(self, path: str) -> int:
        """The status of an address; 0 when nobody listens."""
        with suppress(OSError, http.client.HTTPException):
            return ask(self.port, "GET", path, {})[0]
        return 0

    def workers(self) -> list[int]:
        """The processes that serve, below the one that watches them."""
        assert self.process is not None
        watching = self.process.pid
        found = Path(f"/proc/{watching}/task/{watching}/children").read_text().split()
        assert found, "nobody serves"
        return [int(number) for number in found]

    def kill(self) -> None:
        """As the system does when memory runs out: no process of it gets to say a word."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def web(settings: Settings) -> Iterator[Web]:
    """A web server that serves; ended with the block."""
    server = Web(settings)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Officer:
    """One officer's browser, and every save the portal acknowledged: version and value."""

    assessment: int
    headers: dict[str, str]
    token: str
    version: str = "0"
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def save(self, port: int, turn: int) -> int:
        """One autosave; the status, 0 when the connection broke."""
        value = CHOICES[turn % 3]
        fields = {"csrf_token": self.token, "version": self.version, QUESTION: value}
        path = f"/en/company/assessment/{self.assessment}/question/{QUESTION}/autosave"
        try:
            status, body, _cookies_set = ask(port, "POST", path, self.headers, fields)
        except (OSError, http.client.HTTPException):
            return 0
        found = re.search(r'"version":\s*"(\d+)"', body)
        if status == 200 and found:
            self.acknowledged.append((int(found.group(1)), value))
        else:
            self.refused.append(status)
        if found:  # also after a conflict: a save whose answer got lost had been stored
            self.version = found.group(1)
        return status


def officers(app: Flask, port: int, many: int) -> list[Officer]:
    """People with a draft each, signed in through the form."""
    made = []
    for number in range(many):
        email = f"officer{number}@company.example"
        with app.app_context():
            company_id = company(person(email)).id
            owner = person_by_email(db.session(), email)
            assert owner is not None
            actor = owner.actor()
            with transaction() as session:
                assessment = renewing.start(session, actor, company_id).id
        made.append(_sign_in(port, email, assessment))
    return made


def _sign_in(port: int, email: str, assessment: int) -> Officer:
    jar: dict[str, str] = {}
    token = _token(_ask(port, "GET", "/en/account/sign-in", jar))
    _ask(port, "POST", "/en/account/sign-in", jar, {"csrf_token": token, "email": email, "password": PASSWORD})
    page = _ask(port, "GET", f"/en/company/assessment/{assessment}/question/{QUESTION}", jar)
    return Officer(assessment, {"Content-Type": FORM, "Cookie": _cookies(jar)}, _token(page))


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def _cookies(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def _ask(port: int, method: str, path: str, jar: dict[str, str], form: dict[str, str] | None = None) -> str:
    headers = {"Cookie": _cookies(jar), **({"Content-Type": FORM} if form else {})}
    _status, body, cookies = ask(port, method, path, headers, form)
    for cookie in cookies:
        name, _equals, value = cookie.partition(";")[0].partition("=")
        jar[name] = value
    return body


@contextmanager
def saving(people: list[Officer], port: int) -> Iterator[None]:
    """Everybody keeps saving while the block runs."""
    ended = threading.Event()

    def keep_saving(officer: Officer) -> None:
        turn = 0
        while not ended.is_set():
            turn += 1
            if officer.save(port, turn) == 0:
                time.sleep(0.05)

    threads = [threading.Thread(target=keep_saving, args=(officer,)) for officer in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
