"""The company's services: listed with where each takes reports of harm, named, changed, given up."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField

from compliance.actions import changing
from compliance.actions.services import give_up, save_service, service_wished, services_wished
from compliance.actions.trying_channels import confirm, ways_to_try
from compliance.clock import today
from compliance.domain.errors import InvalidError, StaleError
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.change_view import service_words
from compliance.journeys.forms import PortalForm, VersionField
from compliance.journeys.gate import current_actor
from compliance.journeys.harm_words import ways_told
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.officer.service_form import ServiceForm, national
from compliance.journeys.officer.ways_form import by_service, show_anew, tried_of, with_ways
from compliance.store.awards import awards_of, counting_award
from compliance.store.base import db, transaction
from compliance.store.changes import open_change
from compliance.store.channel_checks import checked_days
from compliance.store.companies import Company, company_of, service_name
from compliance.store.people import names_of
from compliance.store.reporting_channels import channel_history, channels_of
from questionnaires import current

ROOT = "/<id:company_id>/services"


class TryForm(PortalForm):
    """What is said of each way is added to it."""

    submit = SubmitField(_l("Save"))


class GiveUpForm(PortalForm):
    """Asks once more."""

    version = VersionField()


@officer.get(ROOT)
def services(company_id: int) -> str:
    session, actor = db.session(), current_actor()
    company = company_of(session, actor, company_id)
    award = counting_award(awards_of(session, company_id), today())
    channels, shown = channels_of(session, company_id), {one["id"]: dict(one) for one in company.services}
    checked = checked_days(session, company_id)
    rows = [
        {
            "service": one,
            "words": service_words(one, current_language()),
            "ways": ways_told(channels[one["id"]].said) if one["id"] in channels else [],
            "checked": sorted(set(checked.get(one["id"], {}).values())),
            "covered": award is not None and service_name(one) in award.brands,
            "waits": shown.get(one["id"]) != dict(one),
        }
        for one in services_wished(session, company)
    ]
    return render_template(
        "officer/services.html",
        company=company,
        rows=rows,
        award=award,
        may_edit=actor.companies[company_id] in MAY_EDIT,
        waiting=open_change(session, company_id) is not None,
    )


@officer.route(f"{ROOT}/new", methods=["GET", "POST"])
def new_service(company_id: int) -> str | tuple[str, int] | Response:
    company = company_of(db.session(), current_actor(), company_id, MAY_EDIT)
    form = ServiceForm.for_company(current(), _kinds(company))
    return _saved(company, form, None)


@officer.route(f"{ROOT}/try", methods=["GET", "POST"])
def try_ways(company_id: int) -> str | tuple[str, int] | Response:
    """Between check-ins: each way named, and said of it whether it works."""
    session = db.session()
    company = company_of(session, current_actor(), company_id, MAY_EDIT)
    ways = ways_to_try(session, company)
    form = with_ways(TryForm, ways)()
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                confirm(writing, current_actor(), company_id, tried_of(form, ways), national(shown_hotlines()))
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("officer.services", company_id=company_id))
    show_anew(form, ways)
    page = render_template("officer/try_ways.html", form=form, company=company, named=by_service(company, ways))
    return (page, 422) if form.is_submitted() else page


@officer.route(f"{ROOT}/<id:service_id>", methods=["GET", "POST"])
def service(company_id: int, service_id: int) -> str | tuple[str, int] | Response:
    session = db.session()
    company = company_of(session, current_actor(), company_id, MAY_EDIT)
    known, channel = service_wished(session, company, service_id), channels_of(session, company_id).get(service_id)
    form = ServiceForm.for_company(current(), {*_kinds(company), known["kind"]}, known, channel.said if channel else {})
    return _saved(company, form, service_id)


@officer.route(f"{ROOT}/<id:service_id>/give-up", methods=["GET", "POST"])
def give_up_service(company_id: int, service_id: int) -> str | Response:
    """Asks once more and says what follows."""
    session = db.session()
    company = company_of(session, current_actor(), company_id, MAY_EDIT)
    form = GiveUpForm(version=company.version)
    if form.validate_on_submit():
        with transaction() as writing:
            give_up(writing, current_actor(), company_id, service_id, form.version.seen)
        flash(_said(company_id), "success")
        return redirect(url_for("officer.services", company_id=company_id))
    known = service_wished(session, company, service_id)
    return render_template(
        "officer/give_up_service.html",
        form=form,
        company=company,
        words=service_words(known, current_language()),
        service_id=service_id,
        awarded=bool(awards_of(session, company_id)),
    )


def _kinds(company: Company) -> list[str]:
    wished: list[str] = changing.wished(db.session(), company)["kinds"]
    return wished


def _saved(company: Company, form: ServiceForm, service_id: int | None) -> str | tuple[str, int] | Response:
    """The form, or what follows when it was good; what somebody else saved meanwhile is said, and nothing is lost."""
    status = 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                with transaction() as session:
                    said, lines = form.details(), national(shown_hotlines())
                    save_service(session, current_actor(), company.id, service_id, said, lines, form.version.seen)
                flash(_said(company.id), "success")
                return redirect(url_for("officer.services", company_id=company.id))
        except InvalidError as error:
            form.refuse(error)
        except StaleError:
            status = 409
    if status != 422:
        form.version.data = company.version
    page = render_template(
        "officer/service.html",
        form=form,
        company=company,
        service_id=service_id,
        awarded=bool(awards_of(db.session(), company.id)),
        stale=status == 409,
        now=_now(company, service_id) if status == 409 else "",
        history=_history(company, service_id),
    )
    return page if status == 200 else (page, status)


def _now(company: Company, service_id: int | None) -> str:
    """What is stored by now of the service on the page."""
    known = next((one for one in services_wished(db.session(), company) if one["id"] == service_id), None)
    channel = channels_of(db.session(), company.id).get(service_id or 0)
    ways = ways_told(channel.said) if channel else []
    return " · ".join([service_words(known, current_language()), *ways]) if known else ""


def _history(company: Company, service_id: int | None) -> list[dict[str, object]]:
    """What the service said of its channel, the newest first, with who wrote it."""
    rows = [row for row in channel_history(db.session(), company.id) if row.service == service_id]
    names = names_of(db.session(), {row.set_by for row in rows})
    return [{"ways": ways_told(row.said), "who": names[row.set_by], "at": row.set_at} for row in reversed(rows)]


def _said(company_id: int) -> str:
    waits = open_change(db.session(), company_id) is not None
    return str(
        _("Saved. Where reports are taken is shown at once; the rest when the Ministry confirms it.")
        if waits
        else _("Saved.")
    )
