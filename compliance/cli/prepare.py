"""The command that makes a portal ready to serve: migrated and, outside production, with keys and a demonstration."""

from typing import Any

from certificates.demonstration import make_keyring
from compliance import clock
from compliance.cli import demonstration
from compliance.cli.database import migrate_all
from compliance.cli.demonstration.half_made import forget_half_made
from compliance.settings import Mode, Settings


def register(commands: Any) -> None:
    """Adds this file's command."""
    ready = commands.add_parser("prepare", help="migrate; in a demonstration also keys, companies and accounts")
    ready.set_defaults(run=lambda _chosen: prepare(Settings.from_env()))


def prepare(settings: Settings) -> None:
    """Everything `./portal run` needs before it can serve; harmless when it is there."""
    forget_half_made(settings)
    migrate_all(settings)
    if settings.mode is Mode.PRODUCTION:
        return
    if not (settings.keys_dir / "keyring.json").exists():
        make_keyring(settings.keys_dir, settings.keys_passphrase.encode() or None, today=clock.today())
    if settings.demonstration:
        demonstration.prepare(settings)
