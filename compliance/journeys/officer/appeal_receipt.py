"""The receipt of a lodged appeal on paper: what was lodged, by whom and when, with the text that its digest is of."""

from flask import render_template
from werkzeug.wrappers import Response

from compliance.actions import appealing
from compliance.bounded.runner import Sender
from compliance.clock import PHNOM_PENH
from compliance.domain.errors import NotFoundError
from compliance.journeys.appeal_view import about
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.officer.receipt import COMMANDS, STYLE
from compliance.journeys.officer.words import reader
from compliance.journeys.printing import Attached, printed
from compliance.store.base import abandon, db


@officer.get("/appeals/<id:appeal_id>/receipt.pdf")
def appeal_receipt(appeal_id: int) -> Response:
    """Ground by ground with its files; the lodged text travels inside. 404 for a draft."""
    session, actor = db.session(), current_actor()
    found = appealing.own_appeal(session, actor, appeal_id)
    if found.lodged_at is None:
        raise NotFoundError
    moment, name = found.lodged_at.astimezone(PHNOM_PENH), f"appeal-{appeal_id}.json"
    commands = [(system, command.format(name)) for system, command in COMMANDS]
    html = render_template("print/appeal_receipt.html", moment=moment, name=name, commands=commands, **about(found))
    attached = Attached(name, appealing.lodged_text(session, found), str(_("What was lodged")), moment.isoformat())
    sender = Sender(f"person {actor.user_id}", known=True)
    abandon()  # drawing takes its time: nothing is held meanwhile
    return printed(html, STYLE, f"appeal-{appeal_id}-{reader()}", sender, attached)
