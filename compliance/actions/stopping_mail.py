"""Stopping the optional mails by the link in one of them, without signing in: for people and for mail programs."""

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import NotFoundError
from compliance.domain.notices import OptionalMail
from compliance.settings import Settings
from compliance.store.audit import record
from compliance.store.people import Person

SALT = "stop-optional-mail"


def _seal(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings.old_secret_keys), settings.secret_key], salt=SALT)


def stop_token(settings: Settings, person_id: int) -> str:
    """It opens nothing but this one choice, and works as long as the portal's secrets are kept."""
    return str(_seal(settings).dumps(person_id))


def reader_of(session: Session, settings: Settings, token: str) -> Person:
    """Whose mails a link stops. Raises NotFoundError for what we never sealed or who is gone."""
    try:
        number = _seal(settings).loads(token)
    except BadData as error:
        raise NotFoundError from error
    person = session.get(Person, number) if isinstance(number, int) else None
    if person is None:
        raise NotFoundError
    return person


def stop_optional(session: Session, person: Person) -> None:
    """No optional mail goes to the person any more; saying so twice is one act."""
    if person.optional_mail is not OptionalMail.NONE:
        person.optional_mail = OptionalMail.NONE
        record(session, clock.now(), person.actor(), "account:mail:stopped", "person", person.id)
