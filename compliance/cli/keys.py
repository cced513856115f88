"""Commands on the keys: keys show, keys add NAME, keys seal NAME FILE.p12."""

import argparse
import sys
from pathlib import Path
from typing import Any

from certificates import KeyringError
from certificates.keyring import add_key, add_seal
from compliance import clock
from compliance.actions.vital_signs import keys
from compliance.cli.app_context import application
from compliance.domain.roles import SYSTEM
from compliance.settings import Settings
from compliance.store.audit import record
from compliance.store.base import transaction


def register(commands: Any) -> None:
    """Adds this file's commands."""
    words = commands.add_parser("keys", help="the seals and signing keys: show, add, seal")
    acts = words.add_subparsers(dest="act", required=True)
    acts.add_parser("show", help="every key, and which of them signs").set_defaults(
        run=lambda _: show(Settings.from_env())
    )
    add = acts.add_parser("add", help="make a signing key; it signs from then on, the others still verify")
    add.add_argument("name", help="letters, digits and dashes, for example key-2027")
    add.set_defaults(run=lambda chosen: change(Settings.from_env(), chosen))
    seal = acts.add_parser("seal", help="add the Ministry's seal; it seals from then on, the others still verify")
    seal.add_argument("name")
    seal.add_argument("file", type=Path, metavar="FILE.p12")
    seal.set_defaults(run=lambda chosen: change(Settings.from_env(), chosen))


def show(settings: Settings) -> int:
    """One line a key."""
    for one in keys(settings):
        state = "signs" if one.signs else "retired" if one.retired else "verifies what it signed"
        until = f", until {one.until:%Y-%m-%d}" if one.until else ""
        print(f"{one.kind:4}  {one.id}: {state}{until}")
    return 0


def change(settings: Settings, chosen: argparse.Namespace) -> int:
    """Adds a key with which the whole ring opens, and records that it was added."""
    kind = "key" if chosen.act == "add" else "seal"
    try:
        passphrase = settings.keys_passphrase.encode() or None
        if kind == "key":
            add_key(settings.keys_dir, chosen.name, passphrase)
        else:
            add_seal(settings.keys_dir, chosen.name, chosen.file.read_bytes(), passphrase)
    except (KeyringError, OSError) as error:
        print(f"Look at {settings.keys_dir}: {error}", file=sys.stderr)
        return 1
    with application(settings), transaction() as session:
        record(session, clock.now(), SYSTEM, "system:key:added", "key", 1, kind=kind, key=chosen.name)
    print(f"{chosen.name} signs from now on. Make a backup, and keep the keys before it: they verify what they signed.")
    return 0
