"""Ten tries in a quarter of an hour, counted in the database before they are made: for each account and each address.

An address (many people share one behind a mobile network) may try more often than an account.
"""

from datetime import timedelta

from flask import Flask, Response, g, request, session
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from compliance import clock
from compliance.domain.addresses import normal_address
from compliance.domain.roles import Actor
from compliance.journeys.gate import ASKING
from compliance.store.base import db, transaction
from compliance.store.people import Person
from compliance.store.sessions import count_try, forget_tries, take_back_try

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100
# What a try is made against: the address typed into the form, or whoever passed the first factor.
BY_EMAIL = {
    "security.login": "sign_in",
    "security.forgot_password": "mail",
    "security.send_confirmation": "mail",
    "security.register": "register",
}
BY_VISITOR = {
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "code",
    "security.two_factor_setup_validate": "code",
    "security.verify": "password",
    "security.change_password": "password",
    "account.second_factor_off": "password",
}
RIGHT_WHEN_LED_ON = frozenset(
    {"security.login", "security.verify", "security.change_password", "account.second_factor_off"}
)
"""Where only a right password leads on to another page; a wrong one shows the form again."""
BY_ADDRESS = frozenset(
    {"security.reset_password", "security.wan_signin_response", "account.invitation", "account.confirm_address"}
)


def account_key(endpoint: str) -> str | None:
    """Whom the try is made against; None when only the sender's address counts."""
    if what := BY_EMAIL.get(endpoint):
        email = normal_address(request.form.get("email", ""))
        return f"{what}:email:{email}" if email else None
    if what := BY_VISITOR.get(endpoint):
        # The person is named by the account's own id, so that a new sign-in does not begin a new count.
        who = session.get("tf_user_id") or (current_user.id if current_user.is_authenticated else None)
        return f"{what}:person:{who}" if who else None
    return None


def address_key() -> str:
    return f"address:{request.remote_addr}"


def count(limits: dict[str, int]) -> None:
    """Counts a try for every key. Raises TooManyRequests when one of them has had too many."""
    moment = clock.now()
    with transaction() as write:
        over = [key for key, limit in sorted(limits.items()) if count_try(write, key, moment, WINDOW) > limit]
    if over:
        raise TooManyRequests(retry_after=int(WINDOW.total_seconds()))


def count_invitation(actor: Actor) -> None:
    """Each invitation is a mail to somebody who did not ask for one."""
    count({f"invite:person:{actor.user_id}": 2 * PER_ACCOUNT})


def count_password(actor: Actor) -> None:
    """The password asked for once more on a page of ours; counted together with Flask-Security's own pages."""
    count({address_key(): PER_ADDRESS, f"password:person:{actor.user_id}": PER_ACCOUNT})


def count_new_address(actor: Actor) -> None:
    """Each is a mail to an address that may be somebody else's."""
    count({f"address:person:{actor.user_id}": PER_ACCOUNT // 2})


def count_try_from_here() -> None:
    """Each answer of a provider that a browser brings costs a question to the provider."""
    count({address_key(): PER_ADDRESS})
    g.try_counted = True


def was_right() -> None:
    """The first factor was right, though a second one has to follow; inside the transaction that says so."""
    if g.pop("try_counted", False):
        take_back_try(db.session(), address_key())


def succeeded(person: Person) -> None:
    """A success ends the count of failures, and the try of this very request no longer counts against its address.

    So five hundred rightful people may share an address, and whoever guesses gains nothing by signing in themselves.
    Runs in the success's own transaction.
    """
    write = db.session()
    if g.pop("try_counted", False):
        take_back_try(write, address_key())
    for key in (
        f"sign_in:email:{person.email}",
        f"code:person:{person.fs_uniquifier}",
        f"code:person:{person.id}",
        f"password:person:{person.id}",
    ):
        forget_tries(write, key)


def init(app: Flask) -> None:
    """Counts before the view, in a transaction of its own: tries made at the same moment all count."""

    @app.before_request
    def _count() -> None:
        endpoint = request.endpoint or ""
        if request.method in ASKING or endpoint not in BY_EMAIL.keys() | BY_VISITOR.keys() | BY_ADDRESS:
            return
        limits = {address_key(): PER_ADDRESS}
        if key := account_key(endpoint):
            limits[key] = PER_ACCOUNT
        count(limits)
        g.try_counted = True

    @app.after_request
    def _right(response: Response) -> Response:
        """A right password is no guess, also when a second factor has to follow before anybody is signed in."""
        if request.endpoint in RIGHT_WHEN_LED_ON and response.status_code == 302 and g.pop("try_counted", False):
            with transaction() as write:
                take_back_try(write, address_key())
        return response
