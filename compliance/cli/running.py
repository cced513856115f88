"""`./portal run`: prepares what is missing, then web server, worker and (demonstration) mail server together."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller

from compliance.cli import mailbox
from compliance.cli.processes import Child, ChildFailedError, stop
from compliance.cli.readiness import is_ready
from compliance.settings import Mode, Settings
from compliance.store.unplayed import unplayed

ANSWER_SECONDS = 60
LOOK_EVERY = 0.1


def register(commands: Any) -> None:
    """Adds this file's command."""
    words = commands.add_parser("run", help="serve the portal (without settings: a demonstration)")
    words.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    words.add_argument("--mail-port", type=int, default=int(os.environ.get("MAIL_PORT", "8025")), help="demonstration")
    words.set_defaults(run=run_all)


def run_all(chosen: argparse.Namespace) -> int:
    """Brings up everything the portal needs and serves until stopped."""
    os.environ.setdefault("PORTAL_MODE", Mode.DEMONSTRATION)
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{chosen.port}")
    if os.environ["PORTAL_MODE"] == Mode.DEMONSTRATION:
        os.environ.setdefault("SMTP_URL", f"smtp://127.0.0.1:{chosen.mail_port}")
    return run(Settings.from_env(), chosen.port)


def run(settings: Settings, port: int) -> int:
    """Serves until Ctrl-C or SIGTERM; the exit code says whether all was well."""
    if told := _port_taken(settings, port):
        print(told, file=sys.stderr)
        return 1
    stopping = _Stopping()
    if not is_ready(settings):
        done = subprocess.run([sys.executable, "-m", "compliance.cli", "prepare"], check=False)
        if done.returncode:
            return done.returncode
    demonstration = settings.mode is Mode.DEMONSTRATION
    mail = None
    logs = settings.data_dir / "logs" if demonstration else None
    web = Child(
        "web server", ["web", "--port", str(port), "--processes", "1" if demonstration else "2"], _log(logs, "web")
    )
    worker = Child("worker", ["worker"], _log(logs, "worker"))
    rest = Child("demonstration", ["play-on"], _log(logs, "demonstration"))
    children = [web]
    try:
        web.start()
        mail = _mail_server(settings) if demonstration else None
        _wait_until_it_answers(web, port, stopping)
        worker.start()
        children.append(worker)
        if demonstration and unplayed(settings).exists():
            rest.start()  # ends by itself; what it left is played after the next start
        if not stopping.asked:
            _announce(settings, port)
        while not stopping.asked:
            for child in children:
                child.check()
            time.sleep(LOOK_EVERY)
    except (ChildFailedError, MailServerError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        stop([*children, rest])
        if mail is not None:
            mail.stop()
    return 0


def _port_taken(settings: Settings, port: int) -> str:
    """What to do where somebody listens already: said before a demonstration is made, which takes a minute."""
    options = {"--port": port}
    if settings.mode is Mode.DEMONSTRATION:
        options["--mail-port"] = urlsplit(settings.smtp_url).port or 25
    for option, number in options.items():
        with socket.socket() as probe:
            if number and probe.connect_ex(("127.0.0.1", number)) == 0:
                return f"Something listens on port {number} already. Choose another {option}."
    return ""


class MailServerError(Exception):
    """The demonstration's mail server cannot start; the text says why and what to do."""


def _mail_server(settings: Settings) -> Controller:
    try:
        return mailbox.start(settings.data_dir / "mailbox", urlsplit(settings.smtp_url).port or 25)
    except OSError as error:
        told = f"The demonstration's mail server cannot start: {error}. Choose another --mail-port."
        raise MailServerError(told) from error


class _Stopping:
    """Whether somebody asked us to stop."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _log(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    path.write_bytes(b"")
    return path


def _wait_until_it_answers(web: Child, port: int, stopping: _Stopping) -> None:
    limit = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < limit and not stopping.asked:
        web.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.03)
    if not stopping.asked:
        raise ChildFailedError(f"the web server does not answer; see {web.log or 'the lines above'}")


def _announce(settings: Settings, port: int) -> None:
    print(f"\nThe portal is at {settings.public_url}/  (this machine: http://127.0.0.1:{port}/)", flush=True)
    told = settings.data_dir / "demonstration.txt"
    if settings.mode is Mode.DEMONSTRATION:
        if told.exists():
            print(told.read_text().strip())
        if unplayed(settings).exists():
            print("More companies come in the background; national figures stand when all are there.")
        print(f"Emails are read at {settings.public_url}/en/mailbox")
        print(f"Logs: {settings.data_dir / 'logs'}")
    print("Ctrl-C stops it.", flush=True)
