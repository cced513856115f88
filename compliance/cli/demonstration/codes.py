"""The demonstration's authenticator: what an officer's phone would show."""

import argparse
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from compliance.app import create_app
from compliance.cli.demonstration.cast import STAFF
from compliance.settings import Settings, SettingsError
from compliance.store.base import db
from compliance.store.people import Person, person_by_email


def register(commands: Any) -> None:
    """Adds this file's command."""
    code = commands.add_parser("code", help="demonstration: the second-factor code of a ministry account, now")
    code.add_argument("email", nargs="?", default="")
    code.set_defaults(run=show)


def show(chosen: argparse.Namespace) -> int:
    """Prints the codes. Raises SettingsError outside the demonstration."""
    settings = Settings.from_env()
    if not settings.demonstration:
        raise SettingsError("Codes are shown in the demonstration only: PORTAL_MODE=demonstration")
    app = create_app(settings)
    with app.app_context():
        for email, code in codes(app, db.session()):
            if chosen.email in {"", email}:
                print(f"{code}  {email}")
    return 0


def give_authenticators(app: Flask, session: Session) -> None:
    """Sets up a second factor for every invented person of the ministry."""
    factory = app.extensions["security"].totp_factory
    for staff in STAFF:
        person = _person(session, staff.email)
        person.tf_primary_method = "authenticator"
        person.tf_totp_secret = factory.generate_totp_secret()
        person.mf_recovery_codes = factory.generate_recovery_codes(8)


def codes(app: Flask, session: Session) -> list[tuple[str, str]]:
    """Address and present code of every person of the ministry who was given an authenticator."""
    factory = app.extensions["security"].totp_factory
    people = [person_by_email(session, staff.email) for staff in STAFF]
    return [
        (person.email, str(factory.generate_totp_password(person.tf_totp_secret)))
        for person in people
        if person is not None and person.tf_totp_secret
    ]


def _person(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise LookupError(email)
    return person
