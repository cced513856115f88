"""The blueprint of one's own account; its pages are one's own, so they ask for signing in themselves."""

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from compliance.journeys.gate import ASKING
from compliance.journeys.language import PREFIX

account = Blueprint("account", __name__, url_prefix=f"{PREFIX}/account")

OPEN = frozenset({"account.check_mail", "account.invitation", "account.stop_mails"})


@account.before_request
def _signed_in_only() -> Response | None:
    """These pages are one's own; the gate leaves them to us."""
    if request.endpoint in OPEN or current_user.is_authenticated:
        return None
    if request.method not in ASKING:
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
