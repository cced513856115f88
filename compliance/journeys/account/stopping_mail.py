"""The page behind the link in an optional mail: which mails stop, which come all the same."""

from flask import render_template, request

from compliance.actions.stopping_mail import reader_of, stop_optional
from compliance.domain.notices import OptionalMail
from compliance.journeys.account.blueprint import account
from compliance.journeys.gate import settings
from compliance.store.base import db, transaction


@account.route("/mails/<token>", methods=["GET", "POST"])
def stop_mails(token: str) -> str:
    """GET shows and changes nothing, since programs look into links; posting stops.

    A mail program posts without a form's token (RFC 8058): the link itself is the proof.
    """
    if request.method == "POST":
        with transaction() as session:
            stop_optional(session, reader_of(session, settings(), token))
    person = reader_of(db.session(), settings(), token)
    stopped = person.optional_mail is OptionalMail.NONE
    return render_template("account/stop_mails.html", token=token, email=person.email, stopped=stopped)
