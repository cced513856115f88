"""Commands on people: the first person on the ministry's side is invited from here."""

import argparse
from typing import Any

from compliance.actions.invitations import invite_staff
from compliance.app import create_app
from compliance.domain.errors import InvalidError
from compliance.domain.roles import SYSTEM, Role
from compliance.journeys.account.invitation import link_for
from compliance.settings import Settings
from compliance.store.base import db, transaction


def register(commands: Any) -> None:
    """Adds this file's commands."""
    person = commands.add_parser("person", help="invite somebody to the Ministry's side and print the link")
    person.add_argument("email")
    person.add_argument("--role", choices=[role.value for role in Role], required=True)
    person.add_argument("--name", default="", help="how the email greets them")
    person.add_argument("--language", choices=["km", "en"], default="km")
    person.set_defaults(run=lambda chosen: invite(Settings.from_env(), chosen))


def invite(settings: Settings, chosen: argparse.Namespace) -> int:
    """The email is queued; the link is printed too, for the day when mail does not work yet."""
    links: list[str] = []

    def keep(token: str, lang: str) -> str:
        links.append(link_for(token, lang))
        return links[-1]

    with create_app(settings).test_request_context():
        try:
            with transaction() as session:
                invite_staff(session, SYSTEM, chosen.email, Role(chosen.role), chosen.language, keep, chosen.name)
        except InvalidError as error:
            print(error.message % error.values)
            return 1
        finally:
            db.session.remove()
            db.engine.dispose()
    print(f"An invitation for {chosen.email} as {chosen.role}; it works once, for 14 days:\n{links[-1]}")
    return 0
