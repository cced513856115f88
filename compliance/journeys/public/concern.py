"""The public raises a concern about an awarded company: never a case; and follows it by its reference."""

import secrets
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from compliance.actions.raising import LONGEST, CaseDetailsError, Said, days_of, may_be_raised, raise_concern
from compliance.clock import day_of, today
from compliance.domain.case_details import details_in
from compliance.domain.concerns import About
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.journeys.account import throttle
from compliance.journeys.concern_words import ABOUT, DETAILS, NO_CASE, about_name, grouped, outcome_told
from compliance.journeys.forms import PortalForm, address, readable, required
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.channels import safe_website
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.concerns import Concern, concern_by_reference
from compliance.store.register import RegisterEntry, entry_by_slug

CASE, SERVICE = "case", "service"
ELSEWHERE = frozenset({CASE, SERVICE})
"""What is no concern: other doors take it."""
PER_ADDRESS, PER_MAILBOX = 10, 3
"""Concerns in a quarter of an hour; many people share an address behind a mobile network."""
KEY = r"\A[0-9a-f]{32}\Z"


class ConcernForm(PortalForm):
    """What it is about first; `more` is seen by programs alone, `key` makes pressing twice one concern."""

    key = HiddenField(validators=[Regexp(KEY)])
    about = RadioField(_l("What is it about?"), validators=[InputRequired(_l("Choose what it is about."))])
    text = TextAreaField(
        _l("What does the company not do?"),
        required(_l("Say what the company does not do."), LONGEST),
        [readable],
        render_kw={"limit": LONGEST},
    )
    email = EmailField(
        _l("Your email, if you want an answer"),
        [Optional(), Length(max=255), Email(_l("Enter an email address, such as name@company.com."))],
        [address],
        description=_l("You need not give one. Only the Ministry has it, until 30 days after the outcome."),
        render_kw={"autocomplete": "email"},
    )
    more = StringField(
        _l("Leave this empty"), [Length(max=0, message=_l("Leave this field empty: only programs fill it in."))]
    )
    submit = SubmitField(_l("Send the concern"))

    @property
    def said(self) -> Said:
        return Said(
            About(self.about.data), self.text.data or "", self.email.data or "", current_language(), self.key.data
        )


class FollowForm(PortalForm):
    """A reference."""

    reference = StringField(
        _l("Reference of the concern"),
        [Length(max=200)],
        description=_l("16 signs, for example ABCD-EFGH-2345-WXYZ."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _form() -> ConcernForm:
    form = ConcernForm(data={"key": secrets.token_hex(16)})
    elsewhere = [
        SelectChoice(CASE, _("A child, a picture or a message"), {"hint": _("Something that happened to somebody")}),
        SelectChoice(SERVICE, _("My own bill, account or connection"), {"hint": _("The company answers that itself")}),
    ]
    form.about.choices = [SelectChoice(one, *_named(one)) for one in About] + elsewhere
    return form


def _named(about: About) -> tuple[str, dict[str, Any]]:
    name, hint = ABOUT[about]
    return name, {"hint": hint}


@public.route("/register/<slug>/concern", methods=["GET", "POST"])
def concern(slug: str) -> Response:
    """Says first what is no concern; what was typed stays in the form whatever is wrong with it."""
    session = db.session()
    entry = entry_by_slug(session, slug, today()) if len(slug) <= 80 and "\0" not in slug else None
    if entry is None:
        abort(404)
    form, award = _form(), session.get_one(Award, entry.award_id)
    if form.about.data in ELSEWHERE:
        form.about.errors = [_("This is no concern for here. Please take the door that the page names.")]
        return _page(entry, award, form, 422, door=form.about.data)
    if not form.validate_on_submit():
        return _page(entry, award, form, 422 if form.is_submitted() else 200, found=_case_in(form))
    try:
        return _raise(entry.award_id, form)
    except CaseDetailsError as error:
        form.text.errors = [NO_CASE]
        return _page(entry, award, form, 422, found=[DETAILS[one] for one in error.details])
    except InvalidError as error:
        form.refuse(error)
        return _page(entry, award, form, 422)
    except WrongStateError:
        return _page(entry, award, form, 409)


def _case_in(form: ConcernForm) -> list[Any]:
    """What looks like a case in a form that has other faults too: its doors come before them."""
    found = details_in((form.text.data or "")[: 5 * LONGEST])
    if found:
        form.text.errors = [NO_CASE]
    return [DETAILS[one] for one in found]


def _raise(award_id: int, form: ConcernForm) -> Response:
    said = form.said.checked()
    limits = {f"concern:address:{request.remote_addr}": PER_ADDRESS}
    if said.email:
        limits[f"concern:mailbox:{said.email}"] = PER_MAILBOX
    try:
        throttle.count(limits)
    except TooManyRequests as error:
        raise InvalidError("", "Many concerns came from here in a short time. Wait a quarter of an hour.") from error
    with transaction() as session:
        reference = raise_concern(session, award_id, said).reference
    flash(_("Your concern has arrived."), "success")
    return redirect(url_for("public.followed_concern", reference=grouped(reference)))


def _page(entry: RegisterEntry, award: Award, form: ConcernForm, status: int, **more: Any) -> Response:
    page = render_template(
        "public/concern.html",
        form=form,
        entry=entry,
        names={"name_km": entry.name_km, "name_en": entry.name_latin, "level": entry.level},
        held=may_be_raised(award),
        website=safe_website(entry.website),
        days=days_of(db.session(), award).acknowledge_working_days,
        **more,
    )
    return make_response(page, status)


@public.get("/concerns")
def follow_concern() -> str | tuple[str, int] | Response:
    """Where a reference is typed; on to its page."""
    form = FollowForm(request.args, meta={"csrf": False})
    typed = (form.reference.data or "").strip()
    if not typed:
        return render_template("public/follow_concern.html", form=FollowForm(formdata=None, meta={"csrf": False}))
    if form.validate() and (found := _found(typed)) is not None:
        return redirect(url_for("public.followed_concern", reference=grouped(found.reference)))
    form.reference.errors = [_("No concern has this reference. Compare it with what you kept.")]
    return render_template("public/follow_concern.html", form=form), 422


def _found(typed: str) -> Concern | None:
    signs = "".join(mark for mark in typed.upper() if mark.isascii() and mark.isalnum())
    return concern_by_reference(db.session(), signs.translate(str.maketrans("018", "OIB"))) if signs else None


@public.get("/concerns/<reference>")
def followed_concern(reference: str) -> Response:
    """Where it is; of what was written nothing, and for search engines and caches nothing at all."""
    found = _found(reference) if len(reference) <= 40 else None
    if found is None:
        abort(404)
    company = found.company
    page = render_template(
        "public/followed_concern.html",
        concern=found,
        reference=grouped(found.reference),
        about=about_name(found.about),
        outcome=outcome_told(found),
        name=company.name_km if current_language() == "km" else company.name_latin,
        day=today(),
        silent=found.closed_at is not None and found.heard(day_of(found.closed_at)),
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
