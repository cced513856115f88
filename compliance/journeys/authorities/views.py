"""A company's contact for authorities: a reason first, then what was sealed, on this one page and in no cache."""

from flask import render_template
from sqlalchemy.orm import Session
from wtforms import SubmitField, TextAreaField

from compliance.actions import authority_contacts
from compliance.actions.authority_contacts import LONGEST_REASON
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.authorities.blueprint import authorities
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.contact_keys import contact_keys
from compliance.store.errors import SealedError
from compliance.store.law_contacts import law_contact_of
from compliance.store.people import names_of


class ReasonForm(PortalForm):
    """Why it is read."""

    reason = TextAreaField(
        _l("Why do you need to read it?"),
        required(_l("Say why you need to read it."), LONGEST_REASON),
        [readable],
        description=_l("It is recorded with your name. Write nothing about a case."),
        render_kw={"limit": LONGEST_REASON, "rows": 2},
    )
    submit = SubmitField(_l("Open the contact"))


@authorities.route("/<id:company_id>", methods=["GET", "POST"])
def contact(company_id: int) -> str | tuple[str, int]:
    """Shown in the answer to the form alone: opening the page again asks for a reason again."""
    session, form = db.session(), ReasonForm()
    company = session.get(Company, company_id)
    if company is None:
        raise NotFoundError
    require_no_tie(session, current_actor(), company_id)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                keys = contact_keys(settings().contact_keys)
                found, _row = authority_contacts.read_contact(
                    writing, current_actor(), company_id, form.reason.data or "", keys
                )
        except InvalidError as error:
            form.refuse(error)
        except SealedError:
            form.form_errors.append(_("It cannot be opened: its key is not on this machine. Tell an administrator."))
        else:
            return _page(session, company, form, found)
    return _page(session, company, form, None), 422 if form.is_submitted() else 200


def _page(
    session: Session, company: Company, form: ReasonForm, found: authority_contacts.AuthorityContact | None
) -> str:
    given = law_contact_of(session, company.id)
    by = names_of(session, {given.saved_by}).get(given.saved_by, "") if given else ""
    return render_template("authorities/contact.html", company=company, form=form, contact=found, given=given, by=by)
