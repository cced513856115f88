"""Commands that serve: run, web, worker."""

import argparse
import os
from pathlib import Path
from typing import Any

from compliance.cli.children import follow_parent
from compliance.settings import Mode, Settings

ROOT = Path(__file__).parents[2]


def register(commands: Any) -> None:
    """Adds this file's commands."""
    run = commands.add_parser("run", help="serve the portal (without settings: a demonstration)")
    run.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    run.add_argument("--mail-port", type=int, default=int(os.environ.get("MAIL_PORT", "8025")), help="demonstration")
    run.set_defaults(run=run_all)
    web = commands.add_parser("web", help="only the web server")
    web.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    web.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    web.add_argument("--processes", type=int, default=int(os.environ.get("WEB_PROCESSES", "2")))
    web.set_defaults(run=serve_web)
    worker = commands.add_parser("worker", help="only the worker: reminders, mails, certificates")
    worker.set_defaults(run=lambda _chosen: serve_worker())


def run_all(chosen: argparse.Namespace) -> int:
    """Brings up everything the portal needs and serves until stopped."""
    from compliance.cli import running

    os.environ.setdefault("PORTAL_MODE", Mode.DEMONSTRATION)
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{chosen.port}")
    if os.environ["PORTAL_MODE"] == Mode.DEMONSTRATION:
        os.environ.setdefault("SMTP_URL", f"smtp://127.0.0.1:{chosen.mail_port}")
    return running.run(Settings.from_env(), chosen.port)


def serve_web(chosen: argparse.Namespace) -> None:
    """The web server; it serves what `wsgi.app` is."""
    from granian import Granian
    from granian.constants import Interfaces

    from compliance import logs

    follow_parent()
    Settings.from_env()
    Granian(
        "wsgi:app",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.processes,
        blocking_threads=8,
        backlog=2048,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=20,
        websockets=False,
        log_dictconfig=logs.configuration(),
        working_dir=ROOT,
    ).serve()


def serve_worker() -> None:
    """The worker, until it is stopped."""
    from compliance.app import create_app
    from compliance.jobs import timetable

    follow_parent()
    settings = Settings.from_env()
    timetable.run(create_app(settings), settings)
