"""A company's page: what the ministry says of it today, and every decision that led there."""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions.checking_in import overdue_check_in
from compliance.clock import today
from compliance.domain.provinces import province_name
from compliance.domain.standing import Standing
from compliance.journeys.gate import settings
from compliance.journeys.language import current_language, show_date
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.channels import safe_website, services_shown
from compliance.journeys.public.history import Past, history
from compliance.journeys.public.linked_data import company_linked, script
from compliance.journeys.public.rows import OFF, kind_names
from compliance.journeys.public.verified import parts_read, verified_for
from compliance.store.appeals import public_appeals
from compliance.store.awards import Award, awards_of, certificate_by_number, certificates_of
from compliance.store.base import db
from compliance.store.changes import confirmed_changes
from compliance.store.check_ins import check_ins_of
from compliance.store.register import RegisterEntry, entry_by_slug
from compliance.store.register_past import as_it_was, first_day
from compliance.store.transparency import changes_told, last_of_award, newest_checkpoint, positions_of
from questionnaires import Edition, catalogue

LONGEST_SLUG, LONGEST_DAY = 80, 20


class Proof(NamedTuple):
    """The entry of the log that tells of an award last, and how many entries the newest checkpoint signs."""

    position: int
    size: int


@public.get("/register/<slug>")
@cached
def company(slug: str) -> Response | str:
    """As the register stands today, or as it stood on a day (`on`)."""
    if len(slug) > LONGEST_SLUG or "\0" in slug:
        abort(404)
    asked = request.args.get("on", "")
    return on_a_day(slug, asked) if asked else on_today(slug)


def on_today(slug: str) -> str:
    lang, day, session = current_language(), today(), db.session()
    entry = entry_by_slug(session, slug, day)
    if entry is None:
        abort(404)
    return render_template("public/company.html", **about(session, entry, entry.standing(day), day, lang))


def on_a_day(slug: str, asked: str) -> Response | str:
    """What the log told until that day. A day that cannot be is told beside the field, above today's page."""
    lang, session, day = current_language(), db.session(), calendar_day(asked)
    first = first_day(session, slug)
    if first is None:
        abort(404)
    was = as_it_was(session, slug, day) if day and first <= day < today() else None
    if was is not None and day is not None:
        shown = about(session, was.entry, was.standing, day, lang)
        return render_template("public/company.html", **shown, on=day, told_at=was.position)
    if day == today():
        return redirect(url_for("public.company", slug=slug))
    return _not_shown(slug, asked, _why_not(day, first))


def _not_shown(slug: str, asked: str, error: str) -> Response:
    lang, day, session = current_language(), today(), db.session()
    entry = entry_by_slug(session, slug, day)
    if entry is None:
        abort(404)
    shown = about(session, entry, entry.standing(day), day, lang)
    page = render_template("public/company.html", **shown, asked=asked[:LONGEST_DAY], error=error)
    return Response(page, 400, mimetype="text/html")


def _why_not(day: date | None, first: date) -> str:
    if day is None:
        return _("Choose a day.")
    if day > today():
        return _("This day is still to come.")
    if day < first:
        return _("The first award of this company began on %(day)s.", day=show_date(first, current_language()))
    return _("On this day the register showed no award of this company.")


def calendar_day(text: str) -> date | None:
    """A day written as 2026-06-30."""
    try:
        return date.fromisoformat(text.strip()) if len(text) <= LONGEST_DAY else None
    except ValueError:
        return None


def about(session: Session, entry: RegisterEntry, standing: Standing, day: date, lang: str) -> dict[str, Any]:
    """What the page of an entry shows on a day, on which the award stands so."""
    edition = catalogue.edition(entry.edition)
    level = edition.level(entry.level)
    certificate = certificate_by_number(session, entry.number)
    past, site = _past(session, entry.company_id), safe_website(entry.website)
    return {
        "entry": entry,
        "names": {"name_km": entry.name_km, "name_en": entry.name_latin, "level": entry.level, "standing": standing},
        "standing": standing,
        "in_force": standing not in OFF,
        "level": level,
        "meaning": level.meaning[lang],
        "scope": entry.scope_km if lang == "km" else entry.scope_en,
        "not_covered": entry.not_covered_km if lang == "km" else entry.not_covered_en,
        "kinds": kind_names(entry.edition, entry.kinds, lang),
        "services": services_shown(entry, entry.services, lang, day),
        "brands": [(brand, brand in entry.covered) for brand in entry.brands],
        "province": province_name(entry.province, lang),
        "website": site,
        "parts": parts_read(session, entry.award_id, lang),
        "verified": verified_for(session, entry.award_id),
        "overdue": overdue_check_in(session, session.get_one(Award, entry.award_id)),
        "points": minimum(edition, entry.level),
        "promise": edition.register.note[lang],
        "history": [event for event in history(past, today(), lang) if event.on <= day],
        "today": today(),
        "first_day": first_day(session, entry.slug),
        "proof": proof_of(session, entry.award_id),
        "linked": script(company_linked(entry, standing, (site or {}).get("href"), settings().public_url)),
        "certificate_ready": certificate is not None and certificate.pdf_sha256 is not None,
        "credential_ready": certificate is not None and certificate.credential is not None,
    }


def _past(session: Session, company_id: int) -> Past:
    awards = awards_of(session, company_id)
    numbers = [award.id for award in awards]
    return Past(
        awards,
        certificates_of(session, numbers),
        confirmed_changes(session, company_id),
        public_appeals(session, company_id),
        [one for one in check_ins_of(session, company_id) if one.sent_at],
        positions_of(session, company_id),
        changes_told(session, company_id),
    )


def proof_of(session: Session, award_id: int) -> Proof | None:
    """Where the log tells of the award last, once a checkpoint is signed over it."""
    last, sealed = last_of_award(session, award_id), newest_checkpoint(session)
    return Proof(last.position, sealed.size) if last and sealed and last.position < sealed.size else None


def minimum(edition: Edition, level: str) -> Fraction | None:
    """The points the level needs over all sections; None for a level without."""
    rung = next((rung for rung in edition.rubric.levels["award"].rungs if rung.id == level), None)
    return rung.total.number if rung and rung.total else None
