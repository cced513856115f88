"""Command: contact-keys rotate."""

from typing import Any

from compliance.actions.authority_contacts import seal_anew
from compliance.app import create_app
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.contact_keys import add_key, contact_keys


def register(commands: Any) -> None:
    """Adds this file's command."""
    keys = commands.add_parser("contact-keys", help="a new key for the sealed contacts of companies")
    keys.add_argument("act", choices=["rotate"])
    keys.set_defaults(run=lambda _chosen: rotate(Settings.from_env()))


def rotate(settings: Settings) -> int:
    """A new key in front, and every contact sealed with it; older keys stay for older backups."""
    add_key(settings.contact_keys)
    with create_app(settings).app_context():
        try:
            with transaction() as session:
                count = seal_anew(session, contact_keys(settings.contact_keys))
        finally:
            db.session.remove()
            db.engine.dispose()
    print(f"A new key seals {count} contacts. Keep {settings.contact_keys} apart from the backups of the database.")
    return 0
