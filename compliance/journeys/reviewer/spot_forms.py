"""The forms of a spot check."""

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from compliance.actions.spot_checking import IN_ORDER, LONGEST, NOT_IN_ORDER, Found
from compliance.journeys.forms import DateField, PortalForm, readable, required
from compliance.journeys.language import lazy_gettext as _
from compliance.store.spot_checks import Finding


class TellForm(PortalForm):
    """What is looked at, what the company is to have ready, and by when."""

    questions = SelectMultipleField(_("Which answers do you look at?"), validate_choice=False)
    asked = TextAreaField(
        _("What is the company to have ready?"),
        required(_("Write what the company is to have ready."), LONGEST),
        [readable],
        description=_("The company reads this, in its email and on its page."),
        render_kw={"limit": LONGEST},
    )
    due_on = DateField(_("Answer due by"), required(_("Enter a day.")), format="%d %m %Y")
    submit = SubmitField(_("Tell the company"))


class FindingForm(PortalForm):
    """The outcome; each answer's own word and note stand beside it under names made of the question."""

    outcome = RadioField(
        _("Outcome"),
        choices=[
            SelectChoice(Finding.IN_ORDER, _("In order: nothing more is asked")),
            SelectChoice(Finding.TO_MEND, _("To be mended by a day")),
            SelectChoice(Finding.SUSPEND, _("Propose to suspend the award; a second person decides")),
        ],
        validators=[InputRequired(_("Choose an outcome."))],
    )
    reasons = TextAreaField(
        _("Reasons"),
        [Length(max=LONGEST)],
        [readable],
        description=_("The company reads them. Needed unless everything is in order."),
        render_kw={"limit": LONGEST},
    )
    mend_by = DateField(_("To be mended by"), [Optional()], format="%d %m %Y")
    submit = SubmitField(_("Record the outcome"))


def found_in(form: FindingForm, questions: list[str], typed: Mapping[str, str]) -> Found:
    """What was filled in; the rules judge it."""
    answers = {
        name: (typed.get(f"said-{name}", ""), typed.get(f"note-{name}", ""))
        for name in questions
        if typed.get(f"said-{name}") in {IN_ORDER, NOT_IN_ORDER}
    }
    day: Any = form.mend_by.data
    return Found(Finding(form.outcome.data), answers, form.reasons.data or "", day)
