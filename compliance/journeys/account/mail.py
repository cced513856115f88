"""What Flask-Security mails becomes a notice in the outbox, in the transaction of what it tells about."""

import secrets
from datetime import timedelta
from typing import Any

from flask_security import MailUtil

from compliance import clock
from compliance.actions.addresses import state_of
from compliance.actions.notifying import notify
from compliance.domain.addresses import normal_address
from compliance.journeys.account.config import CONFIRM_WITHIN, RESET_WITHIN
from compliance.journeys.account.links import public_link
from compliance.journeys.account.writing import begin
from compliance.store.base import db
from compliance.store.people import Person


def _until(person: Person, within: timedelta) -> dict[str, str]:
    """How long a link of now opens something, and the state of the account that it is sealed with."""
    return {"until": (clock.now() + within).isoformat(), "state": state_of(person)}


def values_for(template: str, person: Person, context: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The kind of notice and its values; None for what we do not send."""
    lang = person.language
    match template.rsplit("/", 1)[-1]:
        case "welcome" | "confirmation_instructions":
            link = public_link("security.confirm_email", lang, token=context["confirmation_token"])
            return "account_confirm", {"link": link, **_until(person, CONFIRM_WITHIN)}
        case "welcome_existing":
            return "account_exists", {
                "sign_in_link": public_link("security.login", lang),
                "reset_link": public_link("security.forgot_password", lang),
            }
        case "reset_instructions":
            link = public_link("security.reset_password", lang, token=context["reset_token"])
            return "account_reset", {"link": link, **_until(person, RESET_WITHIN)}
        case "reset_notice" | "change_notice":
            return "account_password_changed", {"reset_link": public_link("security.forgot_password", lang)}
    return None


class OutboxMail(MailUtil):
    """Queues instead of sending; an address is compared and kept in its normal form."""

    def normalize(self, email: str) -> str:
        super().normalize(email)
        return normal_address(email)

    def validate(self, email: str) -> str:
        super().validate(email)
        return normal_address(email)

    def send_mail(
        self,
        template: str,
        subject: str,  # noqa: ARG002 (our own texts are used)
        recipient: object,  # noqa: ARG002
        sender: object,  # noqa: ARG002
        body: str | None,  # noqa: ARG002
        html: str | None,  # noqa: ARG002
        **context: Any,
    ) -> None:
        person: Person = context["user"]
        begin()
        found = values_for(template, person, context)
        if found is not None:
            kind, values = found
            # Each asked-for mail is a new one: the key only has to be unique.
            notify(db.session(), [person], kind, secrets.token_hex(8), values)
