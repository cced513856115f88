"""The command that serves pages."""

import argparse
import ctypes
import gc
import importlib
import os
import resource
import time
from collections import deque
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from compliance import logs
from compliance.cli.interrupted import refuse_to_serve
from compliance.cli.processes import follow_parent
from compliance.settings import Settings

ROOT = Path(__file__).parents[2]
CONNECTIONS = 4_096
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
MOST_ENDS, WITHIN_SECONDS = 5, 60.0


def register(commands: Any) -> None:
    """Adds this file's command."""
    web = commands.add_parser("web", help="only the web server")
    web.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    web.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    web.add_argument("--processes", type=int, default=int(os.environ.get("WEB_PROCESSES", "2")))
    web.set_defaults(run=serve)


def serve(chosen: argparse.Namespace) -> None:
    """The web server; it serves what `serving.entry.portal` is.

    granian gives up when a process ends twice within seconds; it is begun anew here, which takes a moment, and only
    given up when it ends again and again.
    """
    follow_parent()
    refuse_to_serve(Settings.from_env().data_dir)
    _many_connections()
    _load()
    ends: deque[float] = deque(maxlen=MOST_ENDS)
    while True:
        try:
            _server(chosen).serve()
        except SystemExit as end:
            now = time.monotonic()
            if not end.code or (len(ends) == MOST_ENDS and now - ends[0] < WITHIN_SECONDS):
                raise
            ends.append(now)
        else:
            return


def _load() -> None:
    """The code is loaded before processes part: one that was killed is back in a moment, and all share its memory.

    What hashing a password takes (19 MB) goes back to the system at once, and does not stay with each thread.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc
        libc.mallopt(M_MMAP_THRESHOLD, 1 << 20)
        libc.mallopt(M_ARENA_MAX, 2)
    importlib.import_module("compliance.app")
    gc.collect()
    gc.freeze()


def _server(chosen: argparse.Namespace) -> Any:
    return Granian(
        "compliance.serving.entry:portal",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # the proxy speaks it; a second protocol is a second way in
        workers=chosen.processes,
        backlog=2048,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=20,
        websockets=False,
        log_dictconfig=logs.configuration(),
        working_dir=ROOT,
    )


def _many_connections() -> None:
    """Slow clients hold a connection each, and no thread; the usual 1,024 files would be too few for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < 4 * CONNECTIONS:
        most = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * CONNECTIONS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
