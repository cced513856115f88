"""A certificate as it would be printed, to look at before anything is proposed or confirmed."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping

from flask import make_response
from werkzeug.wrappers import Response

from certificates import Signatory
from compliance.actions.signing_for import sample_facts
from compliance.bounded.runner import BusyError, CrashedError, Sender, TooHeavyError, ask_in_turn
from compliance.clock import today
from compliance.domain.errors import InvalidError
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.responses import error_page
from compliance.store.base import db
from compliance.store.certificate_marks import digests_in_use, mark_pictures


def pictures_in_use() -> dict[str, bytes]:
    """The ministry's pictures that certificates show today, by `logo` and `seal`."""
    digests = digests_in_use(db.session())
    found = mark_pictures(db.session(), digests.values())
    return {name: found[sha256] for name, sha256 in digests.items()}


def sender() -> Sender:
    """Whose file it is that is looked into."""
    return Sender(f"person {current_actor().user_id}", known=True)


def drawn(who: Signatory, marks: Mapping[str, bytes]) -> Response:
    """The sample as a PDF to look at; 503 while others are drawn. Raises InvalidError for what cannot be drawn."""
    digests = {name: hashlib.sha256(picture).hexdigest() for name, picture in marks.items()}
    facts = sample_facts(who, settings().public_url, today(), digests).to_json().decode()
    packed = {name: b64encode(picture).decode() for name, picture in marks.items()}
    try:
        _said, made = ask_in_turn("compliance.bounded.sample_certificate", {"facts": facts, "marks": packed}, sender())
    except BusyError:
        return error_page(503)
    except (TooHeavyError, CrashedError) as error:
        raise InvalidError(
            "", "The certificate cannot be drawn with this: it may hold letters that we cannot print."
        ) from error
    response = make_response(made)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="sample-certificate.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
