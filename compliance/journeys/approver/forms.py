"""The approvers' forms."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from compliance.domain.standing import AwardAct
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.language import lazy_gettext as _
from compliance.store.reviews import Deciding


class DecisionForm(PortalForm):
    """Approve, refuse or return; `seen` and `told` tie the decision to what the page showed.

    `drafted_for` says for which decision the letter was drafted; `typed` is a letter that was written for another.
    """

    typed: Sequence[str] = ()

    act = RadioField(
        _("Your decision"),
        choices=[
            SelectChoice(Deciding.APPROVE, _("Approve: grant the award")),
            SelectChoice(Deciding.REFUSE, _("Refuse")),
            SelectChoice(Deciding.RETURN, _("Return to the reviewer")),
        ],
        validators=[InputRequired(_("Choose a decision."))],
    )
    reason = TextAreaField(
        _("Reason"),
        description=_(
            "Needed to refuse, to return, and to approve when something stands against it. The company reads the "
            "reason of an approval or a refusal."
        ),
        filters=[readable],
        validators=[Length(max=2000)],
    )
    letter_km = TextAreaField(
        _("Letter to the company, in Khmer"),
        filters=[readable],
        description=_(
            "Drafted from the rulings: edit it. It goes out with an approval or a refusal, and is kept exactly as it "
            "stands here."
        ),
        render_kw={"rows": 16, "lang": "km"},
    )
    letter_en = TextAreaField(
        _("Letter to the company, in English"), filters=[readable], render_kw={"rows": 16, "lang": "en"}
    )
    drafted_for = HiddenField()
    seen = HiddenField()
    told = HiddenField()
    submit = SubmitField(_("Decide"))


class ActForm(PortalForm):
    """A suspension, reinstatement or revocation, proposed to a second person."""

    act = RadioField(
        _("What should happen to the award?"),
        choices=[
            SelectChoice(AwardAct.SUSPENDED, _("Suspend")),
            SelectChoice(AwardAct.REINSTATED, _("Reinstate")),
            SelectChoice(AwardAct.REVOKED, _("Revoke")),
        ],
        validators=[InputRequired(_("Choose what should happen."))],
    )
    reason = TextAreaField(_("Reason"), required(_("Give a reason; the company will read it."), 2000), [readable])
    submit = SubmitField(_("Propose to a second person"))


class ConfirmForm(PortalForm):
    """The second person's word; `seen` ties it to the awards that the page showed as covered."""

    seen = HiddenField()
    submit = SubmitField(_("Confirm"))
