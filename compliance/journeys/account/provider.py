"""Sign-in through an identity provider (OpenID Connect): out to it, back from it, and the binding removed.

The blueprint is registered where a provider is set, and is no address elsewhere.
"""

import logging
from dataclasses import asdict

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required
from werkzeug.wrappers import Response
from wtforms import SubmitField

from compliance.actions import identities
from compliance.domain.errors import DomainError, InvalidError
from compliance.domain.identity import Identity
from compliance.journeys.account import provider_sign_in, throttle
from compliance.journeys.account.config import FRESH
from compliance.journeys.account.openid import OpenIdClient, ProviderDownError, UntrueError, new_secrets
from compliance.journeys.account.provider_refusals import refusal
from compliance.journeys.account.provider_trip import (
    AGAIN,
    SIGN_IN,
    Trip,
    begin_trip,
    end_trip,
    is_ours,
    language_of_trip,
)
from compliance.journeys.forms import PortalForm
from compliance.journeys.gate import ASKING, current_actor
from compliance.journeys.language import PREFIX, current_language, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.identities import BoundIdentity, identity_of

log = logging.getLogger(__name__)

provider = Blueprint("provider", __name__)
BACK = "/account/provider/back"
ELSEWHERE = frozenset({"cross-site", "same-site"})


def init(app: Flask, settings: Settings) -> None:
    """The pages and the client, where a provider is set; its address comes from the settings, never from a request."""
    known = settings.identity_provider is not None
    app.jinja_env.globals.update(
        identity_provider=name if known else None, bound_identity=bound_identity if known else None
    )
    if settings.identity_provider is not None:
        redirect_uri = f"{settings.public_url}{BACK}"
        app.extensions["openid_client"] = OpenIdClient(settings.identity_provider, redirect_uri)
        app.register_blueprint(provider)


def client() -> OpenIdClient:
    made: OpenIdClient = current_app.extensions["openid_client"]
    return made


@provider.get(f"{PREFIX}/account/provider")
def begin() -> Response:
    """On to the provider. A link, not a form: the policy of our pages lets forms lead to our own pages only."""
    again = request.args.get("for") == AGAIN
    if current_user.is_authenticated != again:
        return redirect(url_for("account.signed_in"))
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        return redirect(url_for("security.login"))
    wanted = request.args.get("next", "")
    trip = Trip(
        **asdict(new_secrets()),
        lang=current_language(),
        wanted=wanted if is_ours(wanted) else url_for("account.signed_in"),
        purpose=AGAIN if again else SIGN_IN,
        invitation=request.args.get("invitation", "")[:100],
    )
    try:
        address = client().authorization_address(trip.secrets, trip.lang, anew=again)
    except ProviderDownError as error:
        return _down(error, trip)
    begin_trip(trip)
    return redirect(address)


@provider.get(BACK)
def back() -> Response:
    """Back from the provider, whatever it says. One address for both languages: providers compare it to the letter."""
    g.lang = language_of_trip() or current_language()
    trip = end_trip(request.args.get("state", ""))
    if trip is None:
        flash(_("This way of signing in has run out, or it was used already. Begin again."), "error")
        return redirect(url_for("security.login"))
    throttle.count_try_from_here()
    try:
        return _arrived(trip, _proved(trip))
    except ProviderDownError as error:
        return _down(error, trip)
    except UntrueError as error:
        log.warning("the answer of the identity provider is refused", extra={"fields": {"why": str(error)}})
        flash(_("You could not be signed in this way. Begin again."), "error")
    except InvalidError as error:
        flash(_(error.message), "error")
    except DomainError as error:
        log.info("nobody is signed in by the identity provider", extra={"fields": {"why": str(error)}})
        flash(refusal(error, name()), "error")
    return redirect(trip.page_before())


def _proved(trip: Trip) -> Identity:
    """Raises UntrueError also when the provider itself says no, ProviderDownError."""
    if error := request.args.get("error"):
        raise UntrueError(f"the provider says {error[:40]!r}")
    return client().identity(request.args.get("code", ""), trip.secrets, request.args.get("iss"))


def _arrived(trip: Trip, identity: Identity) -> Response:
    """Signs in, or shows that it is still the same person."""
    if trip.purpose == AGAIN:
        provider_sign_in.again(identity, trip)
        return redirect(trip.wanted)
    with transaction() as write:
        return provider_sign_in.sign_in(write, identity, trip)


def _down(error: ProviderDownError, trip: Trip) -> Response:
    log.warning("the identity provider gives no answer", extra={"fields": {"why": str(error)[:300]}})
    flash(
        _("%(provider)s does not answer at the moment. Try again later, or sign in another way.", provider=name()),
        "error",
    )
    return redirect(trip.page_before())


@provider.after_request
def _kept_nowhere(response: Response) -> Response:
    """What leads out and back is good for one browser, once."""
    response.headers["Cache-Control"] = "no-store"
    return response


def name() -> str:
    """What people call the provider."""
    known = client().provider
    return known.name_km if current_language() == "km" else known.name_en


@provider.before_request
def _own_page() -> Response | None:
    """What changes an account is for whoever is signed in; the gate leaves it to us."""
    if request.endpoint != "provider.remove" or current_user.is_authenticated:
        return None
    if request.method not in ASKING:
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def bound_identity(person_id: int) -> BoundIdentity | None:
    """Who a person is at the provider, for pages about their account."""
    return identity_of(db.session(), client().provider.issuer, person_id)


class RemoveForm(PortalForm):
    """Removes what binds the account to the provider."""

    submit = SubmitField(lazy_gettext("Remove"))


@provider.route(f"{PREFIX}/account/provider/remove", methods=["GET", "POST"])
@auth_required("session", within=lambda: FRESH)
def remove() -> str | Response:
    """Asks once more; whoever was signed in for long proves first who they are."""
    form = RemoveForm()
    if form.validate_on_submit():
        with transaction() as write:
            actor = current_actor()
            identities.unbind(write, actor, actor.user_id or 0)
        flash(_("Your account does not open with %(provider)s any more.", provider=name()), "success")
        return redirect(url_for("account.home"))
    bound = bound_identity(current_user.id)
    if bound is None:
        return redirect(url_for("account.home"))
    return render_template("account/remove_provider.html", form=form, bound=bound, provider=name())
