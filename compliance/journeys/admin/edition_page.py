"""The page of one draft edition: its mistakes, its rules told back, what was proposed about it, and its forms."""

from dataclasses import dataclass

from flask import g, render_template
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import HiddenField, IntegerField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from compliance import clock
from compliance.actions.edition_drafts import edition_of
from compliance.actions.edition_publishing import LONGEST_REASON, MOST_GRACE, USUAL_GRACE
from compliance.domain.errors import NotFoundError, StaleError
from compliance.domain.roles import Role
from compliance.journeys.admin.editions import ACCEPTED
from compliance.journeys.forms import DateField, PortalForm, readable, required, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db
from compliance.store.edition_drafts import EditionDraft
from compliance.store.people import names_of, people_with_role
from compliance.store.published_editions import proposals_about, published_from
from compliance.store.rehearsals import rehearsals_of
from questionnaires import current
from scoring.checking.read_back import read_back

SHOWN_MISTAKES = 100


class ReplaceForm(PortalForm):
    """The same draft, mended elsewhere."""

    seen = HiddenField()
    draft = FileField(
        _l("Upload it anew"),
        description=_l("The mended folder packed as .zip. It takes the place of these files; a proposal is void then."),
        render_kw={"accept": ACCEPTED},
    )
    submit = SubmitField(_l("Replace the files"))


class PublishForm(PortalForm):
    """From when on, and for how long drafts of the edition before can still be submitted."""

    seen = HiddenField()
    begins = DateField(
        _l("In force from"),
        required(_l("Enter a day.")),
        format="%d %m %Y",
        description=_l("From tomorrow on at the earliest, by the calendar of Phnom Penh. For example 27 3 2027."),
    )
    grace_days = IntegerField(
        _l("Grace in days"),
        [
            InputRequired(_l("Enter a number, for example 90.")),
            NumberRange(0, MOST_GRACE, _l("Enter a number from 0 to 366.")),
        ],
        default=USUAL_GRACE,
        description=_l(
            "For so many days companies may still submit an assessment that they began with an earlier edition."
        ),
    )
    reason = TextAreaField(
        _l("Why? (optional)"),
        [Length(max=LONGEST_REASON)],
        [readable],
        description=_l("The second administrator reads it."),
    )
    submit = SubmitField(_l("Propose to a second administrator"))


class CallBackForm(PortalForm):
    """Why an edition shall not come after all."""

    reason = TextAreaField(_l("Why?"), [Optional(), Length(max=LONGEST_REASON)], [readable])
    submit = SubmitField(_l("Propose to call it back"))


@dataclass(frozen=True)
class Forms:
    """The forms of a draft's page; one of them may carry what was refused."""

    replace: ReplaceForm
    publish: PublishForm
    call_back: CallBackForm

    def refused(self) -> PortalForm | None:
        return next((form for form in (self.replace, self.publish, self.call_back) if form.errors), None)


def found_draft(draft_id: int) -> EditionDraft:
    """Raises NotFoundError."""
    draft = db.session.get(EditionDraft, draft_id)
    if draft is None:
        raise NotFoundError
    return draft


def forms_of(draft: EditionDraft) -> Forms:
    return Forms(ReplaceForm(seen=str(draft.version)), PublishForm(seen=str(draft.version)), CallBackForm())


def page(session: Session, draft: EditionDraft, forms: Forms) -> str:
    edition, row, told = edition_of(draft), published_from(session, draft.id), draft.told()
    proposals = proposals_about(session, draft.id)
    people = {one for row in proposals for one in (row.proposed_by, row.closed_by) if one is not None}
    runs = rehearsals_of(session, draft.id)
    return render_template(
        "admin/edition_draft.html",
        draft=draft,
        form=forms.refused(),
        forms=forms,
        edition=edition,
        published=row,
        to_come=row is not None and row.begins > clock.today(),
        mistakes=told[:SHOWN_MISTAKES],
        more=draft.wrong + draft.doubtful - min(len(told), SHOWN_MISTAKES),
        rules=list(read_back(edition.rubric, g.lang)) if edition else [],
        waiting=next((one for one in proposals if one.open), None),
        proposals=[one for one in proposals if not one.open],
        names=names_of(session, {*people, draft.changed_by, draft.uploaded_by}),
        own_id=current_actor().user_id,
        alone=len(people_with_role(session, Role.ADMINISTRATOR)) < 2,
        runs=runs,
        against=current().id,
    )


def seen_in(form: PortalForm) -> int:
    """The version that the page showed. Raises StaleError when it says none."""
    seen = whole_number(form["seen"].data)
    if seen is None:
        raise StaleError
    return seen
