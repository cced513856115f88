"""Flask-Security inside our transactions: it may begin and end one, the store alone commits."""

from flask import Flask, Response, request
from flask_security import SQLAlchemyUserDatastore

from compliance.journeys.gate import ASKING
from compliance.store import base
from compliance.store.base import WRITING, commit, db

# These hash a password first and only then begin to write (forms.py), so that nobody waits for the lock meanwhile.
HASHING = frozenset(
    f"security.{name}"
    for name in ("login", "verify", "register", "forgot_password", "reset_password", "change_password")
) | {"security.send_confirmation"}


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's store, whose commit is the store's own."""

    def commit(self) -> None:
        commit()


def writing() -> bool:
    return bool(db.session().info.get(WRITING))


def begin() -> None:
    """Begins the write transaction unless it runs already; what was only read is read again."""
    if not writing():
        base.begin_writing()


def init(app: Flask) -> None:
    """Opens the transaction of a post to Flask-Security's views and ends it with the answer."""

    @app.before_request
    def _begin() -> None:
        if request.blueprint == "security" and request.method not in ASKING and request.endpoint not in HASHING:
            begin()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.blueprint == "security" and writing():
            if response.status_code < 400:
                commit()
            else:
                base.abandon()
        return response

    @app.teardown_request
    def _abandon(_error: BaseException | None) -> None:
        if request.blueprint == "security" and writing():
            base.abandon()
