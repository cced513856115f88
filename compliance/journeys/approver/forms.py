"""The approvers' forms."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from compliance.actions.grounds import LONGEST_PUBLIC, LONGEST_REASON, Why
from compliance.domain.grounds import GROUNDS, Ground
from compliance.domain.standing import AwardAct
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.ground_words import ground_names
from compliance.journeys.language import lazy_gettext as _
from compliance.store.reviews import Deciding


class DecisionForm(PortalForm):
    """Approve, refuse or return; `seen` and `told` tie the decision to what the page showed.

    `drafted_for` says for which decision the letter was drafted; `typed` is a letter that was written for another,
    `one_tongue` how many notes of the reviewer stand in one of the two languages only.
    """

    typed: Sequence[str] = ()
    one_tongue: int = 0

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
        description=_("It goes out with an approval or a refusal, and is kept exactly as it stands here."),
        render_kw={"rows": 16, "lang": "km"},
    )
    letter_en = TextAreaField(
        _("Letter to the company, in English"), filters=[readable], render_kw={"rows": 16, "lang": "en"}
    )
    drafted_for = HiddenField()
    seen = HiddenField()
    told = HiddenField()
    submit = SubmitField(_("Decide and send the letter"))

    def tell(self, granted: str) -> None:
        """Says beside each decision what it does; `granted` is the award in words."""
        hints = {Deciding.APPROVE: granted, Deciding.REFUSE: _("the company may appeal")}
        self.act.choices = [
            SelectChoice(one.value, one.label, {"hint": hints.get(one.value)}) for one in self.act.choices
        ]


ACT_WORDS = {
    AwardAct.SUSPENDED: _("Suspend"),
    AwardAct.REINSTATED: _("Reinstate"),
    AwardAct.REVOKED: _("Revoke"),
}


class ActForm(PortalForm):
    """A suspension, reinstatement or revocation, proposed to a second person."""

    act = RadioField(
        _("What should happen to the award?"),
        choices=[
            SelectChoice(AwardAct.SUSPENDED, ACT_WORDS[AwardAct.SUSPENDED]),
            SelectChoice(AwardAct.REINSTATED, ACT_WORDS[AwardAct.REINSTATED]),
            SelectChoice(AwardAct.REVOKED, ACT_WORDS[AwardAct.REVOKED]),
        ],
        validators=[InputRequired(_("Choose what should happen."))],
    )
    ground = SelectField(_("On which ground?"), [InputRequired(_("Choose a ground."))])
    reason = TextAreaField(
        _("Reason for your colleagues"),
        required(_("Give a reason for your colleagues."), LONGEST_REASON),
        [readable],
        description=_("Only the Ministry reads it: what was found, where, and by whom."),
    )
    public_km = TextAreaField(
        _("What everybody may read, in Khmer"),
        required(_("Write what everybody may read, in both languages."), LONGEST_PUBLIC),
        [readable],
        description=_("The company reads it now, everybody once it is confirmed. No names of people."),
        render_kw={"lang": "km", "rows": 4},
    )
    public_en = TextAreaField(
        _("What everybody may read, in English"),
        required(_("Write what everybody may read, in both languages."), LONGEST_PUBLIC),
        [readable],
        render_kw={"lang": "en", "rows": 4},
    )
    submit = SubmitField(_("Propose to a second person"))

    @property
    def why(self) -> Why:
        """What was typed; `Why.checked` judges whether it fits the act."""
        return Why(
            Ground(self.ground.data), self.reason.data or "", self.public_km.data or "", self.public_en.data or ""
        )

    def offer(self, possible: Sequence[AwardAct]) -> None:
        """Only what the award allows: the acts, and under each act its grounds."""
        self.act.choices = [choice for choice in self.act.choices if choice.value in possible]
        names = ground_names()
        groups = {ACT_WORDS[act]: [(one.value, names[one]) for one in GROUNDS[act]] for act in possible}
        self.ground.choices = {"": [("", _("Choose a ground"))], **{str(act): found for act, found in groups.items()}}


class DeclineForm(PortalForm):
    """The second person's no."""

    reason = TextAreaField(
        _("Why do you not confirm it?"),
        required(_("Give a reason for your colleagues."), LONGEST_REASON),
        [readable],
        description=_("Whoever proposed it reads this. The company is told only that nothing changes."),
        render_kw={"limit": LONGEST_REASON},
    )
    submit = SubmitField(_("Decline to confirm"))


class ConfirmForm(PortalForm):
    """The second person's word; `seen` ties it to the awards that the page showed as covered."""

    seen = HiddenField()
    submit = SubmitField(_("Confirm"))
