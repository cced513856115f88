"""The reviewers' forms."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from compliance.actions.covering import LONGEST_SCOPE
from compliance.actions.judging import REASONS
from compliance.actions.noting import LONGEST_NOTE
from compliance.domain.errors import InvalidError
from compliance.journeys.forms import PortalForm, VersionField, readable, shown_values, squeeze
from compliance.journeys.language import lazy_gettext as _
from compliance.store.reviews import Verdict
from questionnaires.answers import Value

REASON_WORDS = {
    "not_in_force": _("The document is a draft, or not in force"),
    "not_found": _("The evidence does not show it"),
    "out_of_scope": _("It does not cover the services in scope"),
    "too_old": _("The evidence is too old"),
    "not_complete": _("A part is missing"),
    "contradicts": _("It contradicts other answers or public pages"),
    "other": _("Another reason, told in the note"),
}


class DeclarationForm(PortalForm):
    """Ties to the company, declared before anything is read."""

    tie = RadioField(
        _("In the last 24 months, did you or your family work for, advise, get paid by or own a part of this company?"),
        choices=[
            SelectChoice("no", _("No, I have no tie to this company")),
            SelectChoice("yes", _("Yes, I have a tie")),
        ],
        validators=[InputRequired(_("Say whether you have a tie to this company."))],
    )
    what = TextAreaField(
        _("Which tie"), filters=[readable], validators=[Length(max=1000)], description=_("Only when you have one.")
    )
    version = VersionField()
    submit = SubmitField(_("Declare"))


class RulingForm(PortalForm):
    """One verdict on one answer."""

    verdict = RadioField(
        _("Your ruling"),
        choices=[
            SelectChoice(Verdict.CONFIRM, _("Confirm")),
            SelectChoice(Verdict.ADJUST, _("Adjust")),
            SelectChoice(Verdict.NOT_SUPPORTED, _("Not supported")),
            SelectChoice("ask", _("Ask the company")),
        ],
        validators=[Optional()],
    )
    adjusted = SelectMultipleField(_("What the evidence does support"), choices=[], validate_choice=False)
    evidence = RadioField(
        _("Is the evidence accepted?"),
        choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
        validators=[Optional()],
    )
    not_applicable = RadioField(
        _("Does the question really not apply?"),
        choices=[SelectChoice("yes", _("It does not apply")), SelectChoice("no", _("It does apply"))],
        validators=[Optional()],
    )
    reason = SelectField(
        _("Reason"),
        choices=[SelectChoice("", _("Choose a reason")), *(SelectChoice(key, REASON_WORDS[key]) for key in REASONS)],
        validators=[Optional()],
    )
    note = TextAreaField(_("To the company"), filters=[readable], validators=[Length(max=2000)])
    internal = TextAreaField(_("Internal note"), filters=[readable], validators=[Length(max=LONGEST_NOTE)])
    seen = HiddenField()
    tried: Value | None = None
    """An adjustment whose effect is asked for."""

    @property
    def typed_apart(self) -> str:
        """The text for the company, where a ruling that was not chosen has one."""
        return str(self.note.data or "") if self.verdict.data not in {None, "None", Verdict.CONFIRM} else ""


class FactsForm(PortalForm):
    """What only the ministry can say."""

    verification_visit_or_call_passed = BooleanField(
        _("Two reviewers confirmed the answers in a visit or a video call")
    )
    false_statement = BooleanField(_("An answer was found to be knowingly false"))
    major_finding = BooleanField(_("A serious finding is still open"))
    submit = SubmitField(_("Save"))

    def facts(self) -> dict[str, Any]:
        """In the edition's names."""
        return {
            "verification_visit_or_call_passed": bool(self.verification_visit_or_call_passed.data),
            "no_false_statement": not self.false_statement.data,
            "no_open_major_finding": not self.major_finding.data,
        }


def no_room(error: InvalidError) -> str:
    """Why these brands cannot be printed."""
    return str(
        _(
            "Scope and names together have at most %(most)s characters on the certificate.",
            **shown_values(error),
        )
    )


def _scope(label: str, lang: str) -> TextAreaField:
    """One line for the certificate, in a box in which all of it is seen."""
    shown = {"lang": lang, "rows": 3}
    return TextAreaField(label, filters=[squeeze], validators=[Length(max=LONGEST_SCOPE)], render_kw=shown)


class RecommendationForm(PortalForm):
    """The words for the certificate and the note to the approver."""

    scope_km = _scope(_("In Khmer, as the certificate will name it"), "km")
    scope_en = _scope(_("In English, as the certificate will name it"), "en")
    not_covered_km = _scope(_("What is left out, in Khmer"), "km")
    not_covered_en = _scope(_("What is left out, in English"), "en")
    covered = SelectMultipleField(
        _("Brands and services that the award covers"),
        description=_("Only those that the evidence was about; the register tells which ones are covered."),
        validate_choice=False,
    )
    note = TextAreaField(_("Note to the approver"), filters=[readable], validators=[Length(max=2000)])
    seen = HiddenField()
    submit = SubmitField(_("Recommend"))


class ReleaseForm(PortalForm):
    """One button that hands an assessment back."""

    version = VersionField()


class ChangeForm(PortalForm):
    """Confirm or decline what an awarded company wants the register to say."""

    answer = RadioField(
        _("Your answer"),
        choices=[
            SelectChoice("confirm", _("Confirm: the register shows the new details")),
            SelectChoice("decline", _("Decline")),
        ],
        validators=[InputRequired(_("Choose an answer."))],
    )
    covered = SelectMultipleField(
        _("Brands and services that the award covers"),
        description=_("The certificate is issued anew when what it says changes."),
        validate_choice=False,
    )
    reason = TextAreaField(
        _("Reason"),
        description=_("Needed to decline; the company reads it."),
        filters=[readable],
        validators=[Length(max=2000)],
    )
    submit = SubmitField(_("Send the answer"))
