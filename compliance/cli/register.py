"""Command: rebuild-register."""

import argparse
from typing import Any

from compliance.cli.app_context import application
from compliance.settings import Settings
from compliance.store.base import transaction
from compliance.store.register import rebuild


def register(commands: Any) -> None:
    """Adds this file's command."""
    rebuild = commands.add_parser("rebuild-register", help="rewrite every line of the register after texts changed")
    rebuild.set_defaults(run=rebuild_register)


def rebuild_register(_chosen: argparse.Namespace) -> None:
    """Rewrites the public's read model from the awards; readers see the old lines until it is done."""
    with application(Settings.from_env()), transaction() as session:
        print(f"Rewrote the register: {rebuild(session)} companies")
