"""The command that serves pages."""

import argparse
import os
import resource
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from compliance import logs
from compliance.cli.interrupted import refuse_to_serve
from compliance.cli.processes import follow_parent
from compliance.settings import Settings

ROOT = Path(__file__).parents[2]
CONNECTIONS = 4_096


def register(commands: Any) -> None:
    """Adds this file's command."""
    web = commands.add_parser("web", help="only the web server")
    web.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    web.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    web.add_argument("--processes", type=int, default=int(os.environ.get("WEB_PROCESSES", "2")))
    web.set_defaults(run=serve)


def serve(chosen: argparse.Namespace) -> None:
    """The web server; it serves what `serving.entry.portal` is."""
    follow_parent()
    refuse_to_serve(Settings.from_env().data_dir)
    _many_connections()
    Granian(
        "compliance.serving.entry:portal",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.RSGI,
        workers=chosen.processes,
        backlog=2048,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=20,
        websockets=False,
        log_dictconfig=logs.configuration(),
        working_dir=ROOT,
    ).serve()


def _many_connections() -> None:
    """Slow clients hold a connection each, and no thread; the usual 1,024 files would be too few for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < 4 * CONNECTIONS:
        most = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * CONNECTIONS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
