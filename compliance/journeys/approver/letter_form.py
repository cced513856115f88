"""The letter in the form of a decision: drafted for what is recommended, drafted anew for what is chosen instead."""

from sqlalchemy.orm import Session

from compliance.domain.lifecycle import State
from compliance.journeys.approver.forms import DecisionForm
from compliance.journeys.approver.letter_draft import drafted, notes_in_one_tongue
from compliance.journeys.language import gettext as _
from compliance.store.assessments import Assessment
from compliance.store.reviews import Deciding, standing_recommendation


def put_draft(form: DecisionForm, session: Session, found: Assessment, act: Deciding | None = None) -> None:
    """Puts the letter into the form: for `act`, else for what is recommended; nothing once it is decided."""
    recommendation = standing_recommendation(session, found.id)
    if recommendation is None or found.state is not State.RECOMMENDED:
        return
    form.one_tongue = notes_in_one_tongue(session, found, recommendation)
    act = act or (Deciding.REFUSE if recommendation.level is None else Deciding.APPROVE)
    letter = drafted(session, found, recommendation, act)
    form.letter_km.data, form.letter_en.data, form.drafted_for.data = letter.letter_km, letter.letter_en, act.value


def draft_anew(form: DecisionForm, session: Session, found: Assessment, act: Deciding) -> None:
    """The letter is of another decision: the right draft is shown first, with what was written beside it."""
    written = [form.letter_km.data or "", form.letter_en.data or ""]
    put_draft(form, session, found, Deciding.APPROVE if act is Deciding.REFUSE else Deciding.REFUSE)
    untouched = [form.letter_km.data or "", form.letter_en.data or ""]
    pairs = zip(written, untouched, strict=True)
    form.typed = [text for text, draft in pairs if text.strip() and text.split() != draft.split()]
    put_draft(form, session, found, act)
    form.form_errors.append(
        _("The letter was written for another decision. This is the draft for the one you chose: read it, then decide.")
    )
