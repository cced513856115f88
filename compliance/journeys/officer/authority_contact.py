"""Whom authorities may call: given here, sealed at once, shown here never again."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField, SubmitField, TelField
from wtforms.validators import Email, Length, Optional

from compliance.actions import authority_contacts
from compliance.actions.authority_contacts import LONGEST, MAY_GIVE, AuthorityContact
from compliance.domain.errors import InvalidError
from compliance.journeys.forms import PortalForm, required, squeeze
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db, transaction
from compliance.store.companies import company_of
from compliance.store.contact_keys import contact_keys
from compliance.store.errors import SealedError
from compliance.store.law_contacts import law_contact_of
from compliance.store.people import names_of

FILL_IN = _l("Fill this in.")


class ContactForm(PortalForm):
    """Of people who work for the company; nothing of it is shown to anybody but the Ministry's officers."""

    name = StringField(_l("Name of the contact"), required(FILL_IN, LONGEST), [squeeze])
    deputy = StringField(_l("Name of a deputy"), [Length(max=LONGEST)], [squeeze])
    telephone = TelField(_l("Telephone"), required(FILL_IN, LONGEST), [squeeze])
    email = EmailField(
        _l("Email"),
        [Optional(), Length(max=LONGEST), Email(_l("Enter an email address, such as name@company.com."))],
        [squeeze],
    )
    hours = StringField(
        _l("When they can be reached"),
        required(FILL_IN, LONGEST),
        [squeeze],
        description=_l("For example: day and night, or Monday to Friday from 8:00 to 17:00."),
    )
    submit = SubmitField(_l("Seal and keep"))

    @property
    def contact(self) -> AuthorityContact:
        texts = (self[name].data or "" for name in ("name", "telephone", "hours", "deputy", "email"))
        return AuthorityContact(*texts)


@officer.route("/<id:company_id>/authority-contact", methods=["GET", "POST"])
def authority_contact(company_id: int) -> str | tuple[str, int] | Response:
    """The form is always empty: what is sealed is not shown back, writing it anew replaces it."""
    session, form = db.session(), ContactForm()
    company = company_of(session, current_actor(), company_id, MAY_GIVE)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                keys = contact_keys(settings().contact_keys)
                authority_contacts.give(writing, current_actor(), company_id, form.contact, keys)
        except InvalidError as error:
            form.refuse(error)
        except SealedError:
            form.form_errors.append(_("It cannot be sealed now, so nothing was kept. Tell the Ministry."))
        else:
            flash(_("The contact is sealed and kept. Officers of the Ministry can read it for a reason."), "success")
            return redirect(url_for("officer.authority_contact", company_id=company_id))
    found = law_contact_of(session, company_id)
    by = names_of(session, {found.saved_by}).get(found.saved_by, "") if found else ""
    page = render_template("officer/authority_contact.html", company=company, form=form, given=found, by=by)
    return page, 422 if form.is_submitted() else 200
