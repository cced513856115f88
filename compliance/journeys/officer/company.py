"""Companies: chosen, registered, looked at and edited."""

from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import changing
from compliance.actions.companies import edit_company, register_company
from compliance.actions.declaring import MAY_DECLARE, under
from compliance.actions.renewing import begin_with, start
from compliance.actions.submitting import open_issues
from compliance.domain.errors import InvalidError, StaleError
from compliance.domain.roles import MAY_EDIT, MAY_MANAGE
from compliance.journeys.change_view import lines, service_words
from compliance.journeys.declaration_words import kind_names
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.officer import home_view
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.officer.company_form import CompanyForm
from compliance.journeys.officer.desk import open_desk
from compliance.journeys.officer.known import read
from compliance.journeys.officer.next_up import next_up
from compliance.journeys.preview import read_preview
from compliance.journeys.role_names import COMPANY_ROLES as ROLE_NAMES
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.change_declarations import declarations_of
from compliance.store.changes import changes_of, open_change
from compliance.store.check_ins import check_ins_of
from compliance.store.companies import Company, companies_of, company_of
from compliance.store.letters import letters_of
from compliance.store.people import colleagues
from compliance.store.reporting_channels import channels_of
from questionnaires import current

MOST_LETTERS = 3


@officer.get("/")
def home() -> str | Response:
    """Straight to the company of whoever has one; a choice for the others."""
    session, actor, today = db.session(), current_actor(), clock.today()
    companies = companies_of(session, actor)
    if len(companies) == 1:
        return redirect(url_for("officer.company", company_id=companies[0].id))
    preview = read_preview(current(), MultiDict(parse_qsl(current_user.preview)), today)
    rows = [(company, next_up(read(session, actor, company, today))[0]) for company in companies]
    roles = {company.id: ROLE_NAMES[actor.companies[company.id]] for company in companies}
    return render_template("officer/home.html", rows=rows, roles=roles, preview=preview)


@officer.route("/register", methods=["GET", "POST"])
def register() -> str | tuple[str, int] | Response:
    preview = read_preview(current(), request.args, clock.today())
    form, said = CompanyForm.for_edition(current()), preview.answers()
    if request.method == "GET":
        form.kinds.data = sorted(preview.kinds)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                company, _membership = register_company(session, current_actor(), form.details(), form.kind_ids)
                company_id = company.id
                if said:
                    begin_with(session, current_actor(), company_id, said)
                begun = start(session, current_actor(), company_id).id if "begin" in request.form else None
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Your company is registered. You can begin with the assessment."), "success")
            if begun is not None:
                return redirect(url_for("officer.assessment", assessment_id=begun))
            return redirect(url_for("officer.company", company_id=company_id))
    page = render_template("officer/register.html", form=form, said=len(said), query=preview.answers_query())
    return page, 422 if form.is_submitted() else 200


@officer.get("/<id:company_id>")
def company(company_id: int) -> str:
    """All about one company: what to do next, its days, letters, awards, people, files."""
    session, actor, today = db.session(), current_actor(), clock.today()
    company = company_of(session, actor, company_id)
    known, role = read(session, actor, company, today), actor.companies[company_id]
    desk = open_desk(session, actor, known.open.id) if known.open else None
    return render_template(
        "officer/company.html",
        company=company,
        services=[service_words(one, current_language()) for one in company.services],
        unsaid=_unsaid(session, company),
        next_up=next_up(known),
        assessments=known.assessments,
        to_confirm=desk.to_confirm if desk else 0,
        ready=desk is not None and desk.draft and not open_issues(desk.view, desk.rows),
        life=home_view.life(known.held, today),
        may_edit=known.may_edit,
        owner=role in MAY_MANAGE,
        own_id=actor.user_id,
        colleagues=colleagues(session, company_id),
        role_names=ROLE_NAMES,
        edition=current(),
        others=[one for one in companies_of(session, actor) if one.id != company_id],
        days=known.days,
        letters=letters_of(session, actor.user_id or 0, MOST_LETTERS),
        check_in=known.check_in,
        check_ins=[one for one in check_ins_of(session, company_id) if one.sent_at],
        spot_checks=known.spot_checks,
        declared=[(one, kind_names()[one.kind][0]) for one in declarations_of(session, company_id)],
        may_declare=under(known.awards, today) is not None and role in MAY_DECLARE,
        changes=[(one, lines(one)) for one in changes_of(session, company_id)],
        **home_view.awards(session, known.awards, today),
    )


def _unsaid(session: Session, company: Company) -> bool:
    """Whether a service does not say where it takes reports, or none is named."""
    channels = channels_of(session, company.id)
    said = {number for number, channel in channels.items() if any(channel.ways.values())}
    return not company.services or any(one["id"] not in said for one in company.services if one["public"])


@officer.route("/<id:company_id>/details", methods=["GET", "POST"])
def details(company_id: int) -> str | tuple[str, int] | Response:
    """What the company says of itself, to change; what a colleague saved meanwhile is shown beside what is typed."""
    company = company_of(db.session(), current_actor(), company_id, MAY_EDIT)
    form, differing = CompanyForm.for_edition(current(), company, changing.wished(db.session(), company)), []
    if form.validate_on_submit():
        try:
            return _edited(form, company_id)
        except InvalidError as error:
            form.refuse(error)
        except StaleError:
            now = CompanyForm.for_edition(current(), company, changing.wished(db.session(), company), formdata=None)
            differing, form.version.data = form.differing(now), now.version.data
    page = render_template(
        "officer/details.html",
        form=form,
        company=company,
        awarded=bool(awards_of(db.session(), company_id)),
        waiting=open_change(db.session(), company_id) is not None,
        differing=differing,
    )
    return page, 409 if differing else 422 if form.is_submitted() else 200


def _edited(form: CompanyForm, company_id: int) -> Response:
    with transaction() as session:
        edit_company(session, current_actor(), company_id, form.details(), form.kind_ids, form.version.seen)
        waits = open_change(session, company_id) is not None
    waiting = _("Saved. What the public reads changes when the Ministry confirms it.")
    flash(waiting if waits else _("The details are saved."), "success")
    return redirect(url_for("officer.company", company_id=company_id))


@officer.post("/changes/<id:request_id>/withdraw")
def withdraw_change(request_id: int) -> Response:
    """The company takes back what it asked for."""
    with transaction() as session:
        company_id = changing.withdraw(session, current_actor(), request_id).company_id
    flash(_("The request is withdrawn."), "success")
    return redirect(url_for("officer.company", company_id=company_id))
