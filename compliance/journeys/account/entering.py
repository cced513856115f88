"""Whoever proved who they are is signed in, or led on to their second factor: one way for all proofs that are ours."""

from typing import Any

from flask import Flask, g, redirect, url_for
from flask_login import current_user
from flask_security.proxies import _security
from flask_security.utils import login_user
from werkzeug.wrappers import Response

from compliance.journeys.account import throttle
from compliance.store.people import Person

RESET = "security.reset_password"


def enter(person: Person, way: str, wanted: str, *, second_factor: bool = False) -> Response:
    """Inside the transaction of what was proved. `way` is for the record, `wanted` a page of ours.

    With `second_factor` two factors were passed already; else whoever has one set up, or needs one, shows it first.
    """
    g.second_factor = second_factor
    if not second_factor:
        leads_on: Any = _security.two_factor_plugins.tf_enter(person, False, way, next_loc=wanted)
        if isinstance(leads_on, Response):
            throttle.was_right()
            return leads_on
    login_user(person, authn_via=[way])
    return redirect(wanted)


def load_reader() -> bool:
    """Who was signed in here before is known before anything changes: their session ends with the new one."""
    return bool(current_user.is_authenticated)


def init(app: Flask) -> None:
    """A password set by the link of a mail signs in, in the transaction that stores it."""
    reset = app.view_functions[RESET]

    def reset_and_enter(token: str) -> Any:
        load_reader()
        answer: Any = reset(token)
        person: Person | None = g.pop("new_password_of", None)
        if person is None or not person.active or person.confirmed_at is None:
            return answer
        return enter(person, "reset", url_for("account.signed_in"))

    app.view_functions[RESET] = reset_and_enter
