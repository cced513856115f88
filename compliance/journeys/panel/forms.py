"""The panel's forms: a seat, a note, and a vote with a finding on every ground."""

from typing import Any

from wtforms import HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from compliance.actions.appeal_panel import LONGEST, Ballot, Finding
from compliance.domain.appeals import AppealKind, Right, Vote
from compliance.journeys.appeal_words import would_mean
from compliance.journeys.forms import DateField, PortalForm, readable, required
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l

RIGHT, BECAUSE = "right_", "because_"


class NoteForm(PortalForm):
    """What was said when the panel met the company."""

    met_on = DateField(
        _l("Day of the meeting"),
        required(_l("Enter the day of the meeting.")),
        format="%d %m %Y",
        description=_l("For example 27 3 2026."),
    )
    text = TextAreaField(
        _l("What was said"),
        required(_l("Write what was said."), LONGEST),
        [readable],
        description=_l("For the panel only; it stays as you write it."),
        render_kw={"limit": LONGEST},
    )
    submit = SubmitField(_l("Keep the note"))


class VoteForm(PortalForm):
    """A word on the whole; `for_grounds` adds a finding for each ground. `seen` ties it to what the page showed."""

    seen = HiddenField()
    vote = RadioField(_l("Your vote"), validators=[InputRequired(_l("Choose how you vote."))])
    reasons = TextAreaField(
        _l("Reasons for the company"),
        required(_l("Give your reasons; the company reads them."), LONGEST),
        [readable],
        description=_l("The company reads the reasons of the majority, without names."),
        render_kw={"limit": LONGEST},
    )
    public_reason = TextAreaField(
        _l("Reason for the public, in Khmer"),
        [Length(max=LONGEST)],
        [readable],
        description=_l("One or two sentences for the register, without anything confidential."),
        render_kw={"limit": LONGEST, "lang": "km", "rows": 4},
    )
    public_reason_en = TextAreaField(
        _l("Reason for the public, in English"),
        [Length(max=LONGEST)],
        [readable],
        render_kw={"limit": LONGEST, "lang": "en", "rows": 4},
    )
    submit = SubmitField(_l("Close my vote"))

    def ballot(self, questions: list[str]) -> Ballot:
        """What was chosen and typed; `Ballot.checked` judges it."""
        findings = {
            name: Finding(Right(self[f"{RIGHT}{name}"].data), self[f"{BECAUSE}{name}"].data or "")
            for name in questions
            if self[f"{RIGHT}{name}"].data
        }
        public = self.public_reason.data or "", self.public_reason_en.data or ""
        return Ballot(Vote(self.vote.data), self.reasons.data or "", findings, *public)


def for_grounds(kind: AppealKind, questions: list[str], seen: str) -> VoteForm:
    """The form of an appeal with grounds on these questions."""
    fields: dict[str, Any] = {f"{RIGHT}{name}": _right() for name in questions}
    fields |= {f"{BECAUSE}{name}": _because() for name in questions}
    shape: type[VoteForm] = type("GroundedVoteForm", (VoteForm,), fields)
    form, meaning = shape(data={"seen": seen}), would_mean(kind)
    form.vote.choices = [
        SelectChoice(Vote.UPHOLD, _("Uphold the appeal"), {"hint": meaning[Vote.UPHOLD]}),
        SelectChoice(Vote.DISMISS, _("Dismiss the appeal"), {"hint": meaning[Vote.DISMISS]}),
    ]
    return form


def _right() -> RadioField:
    return RadioField(
        _l("Your finding"),
        choices=[
            SelectChoice(Right.COMPANY, _l("The company is right")),
            SelectChoice(Right.MINISTRY, _l("The Ministry is right")),
        ],
        validators=[InputRequired(_l("Say who is right on this ground."))],
    )


def _because() -> TextAreaField:
    return TextAreaField(
        _l("Because (both will read it)"),
        required(_l("Say why; the company reads it."), LONGEST),
        [readable],
        render_kw={"rows": 2, "limit": LONGEST},
    )
