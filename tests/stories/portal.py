"""A portal as it really runs: web server, worker and mail server on free ports, in a directory of its own."""

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask

from certificates.demonstration import make_keyring
from compliance.app import create_app
from compliance.cli import mailbox
from compliance.cli.database import migrate_database
from compliance.settings import Settings

ROOT = Path(__file__).parents[2]
PATIENCE = 90


@dataclass
class Portal:
    """A running portal: its address, settings, and an application on the same store for looking behind the pages."""

    url: str
    settings: Settings
    app: Flask

    def mails_to(self, address: str) -> list[email.message.EmailMessage]:
        """What the mail server holds for one address, oldest first."""
        files = sorted((self.settings.data_dir / "mailbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        return [message for message in read if address in str(message["To"])]

    def mail(self, address: str, containing: str) -> str:
        """The text of the first mail to the address that contains the words; waits for the worker."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            for message in self.mails_to(address):
                body = message.get_body(("plain",))
                text = body.get_content() if body else ""
                if containing in text:
                    return str(text)
            time.sleep(0.3)
        raise AssertionError(f"no mail to {address} contains {containing!r}")

    def link(self, address: str, part: str) -> str:
        """The link in a mail whose address contains `part`."""
        found = re.search(rf"{re.escape(self.url)}\S*{re.escape(part)}\S*", self.mail(address, part))
        assert found
        return found.group()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, *, worker: bool = True) -> Iterator[Portal]:
    """Starts everything, stops everything; without its worker where no story waits for one."""
    port, mail_port = free_port(), free_port()
    environment = {
        **os.environ,
        "PORTAL_MODE": "demonstration",
        "PORTAL_DATA": str(folder),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "MAIL_FROM": "Champion Companies <no-reply@portal.example>",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
    }
    settings = Settings.from_env(environment)
    migrate_database(settings)
    make_keyring(settings.keys_dir, today=date(2026, 1, 1))
    sink = mailbox.start(folder / "mailbox", mail_port)
    with (folder / "log").open("wb") as log:
        children = [
            subprocess.Popen(
                [sys.executable, "-m", "compliance.cli", *words], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            for words in (["web", "--port", str(port), "--processes", "1"], *([["worker"]] if worker else []))
        ]
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield Portal(settings.public_url, settings, create_app(settings))
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(20)
            sink.stop()


def _wait(address: str) -> None:
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)
