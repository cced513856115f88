"""Commands that serve: run."""

import argparse
import os
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from compliance.cli.database import migrate_database
from compliance.settings import Settings


def register(commands: Any) -> None:
    """Adds this file's commands."""
    run = commands.add_parser("run", help="serve the portal (without settings: a demonstration)")
    run.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    run.set_defaults(run=serve)


def serve(chosen: argparse.Namespace) -> None:
    """Brings up everything the portal needs and serves until stopped."""
    os.environ.setdefault("PORTAL_MODE", "demonstration")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{chosen.port}")
    migrate_database(Settings.from_env())
    print(f"The portal is at http://127.0.0.1:{chosen.port}/", flush=True)
    Granian("wsgi:app", address="127.0.0.1", port=chosen.port, interface=Interfaces.WSGI, blocking_threads=8).serve()
