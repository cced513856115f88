"""A company's page: what the ministry says of it today, and every decision that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from flask import abort, render_template
from sqlalchemy.orm import Session

from compliance.actions.checking_in import overdue_check_in
from compliance.clock import today
from compliance.domain.provinces import province_name
from compliance.journeys.language import current_language
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.history import Past, history
from compliance.journeys.public.rows import OFF, kind_names
from compliance.store.appeals import public_appeals
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, awards_of, certificate_by_number, certificates_of
from compliance.store.base import db
from compliance.store.changes import confirmed_changes
from compliance.store.companies import service_name
from compliance.store.register import RegisterEntry, entry_by_slug
from compliance.store.reviews import Verdict, standing_rulings
from compliance.store.transparency import positions_of
from questionnaires import Edition, catalogue

VISIT = "verification_visit_or_call_passed"


@dataclass(frozen=True)
class Verified:
    """What the ministry found true for one award: how many answers, for how many of them with evidence, by a visit."""

    answers: int
    evidenced: int
    visited: bool


@public.get("/register/<slug>")
@cached
def company(slug: str) -> str:
    lang, day, session = current_language(), today(), db.session()
    entry = entry_by_slug(session, slug, day) if len(slug) <= 80 and "\0" not in slug else None
    if entry is None:
        abort(404)
    return render_template("public/company.html", **about(session, entry, day, lang))


def about(session: Session, entry: RegisterEntry, day: date, lang: str) -> dict[str, Any]:
    """What the page of an entry shows."""
    edition = catalogue.edition(entry.edition)
    level = edition.level(entry.level)
    certificate = certificate_by_number(session, entry.number)
    standing = entry.standing(day)
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
        "services": services_shown(entry, lang),
        "brands": [(brand, brand in entry.covered) for brand in entry.brands],
        "province": province_name(entry.province, lang),
        "website": safe_website(entry.website),
        "verified": verified_for(session, entry.award_id),
        "overdue": overdue_check_in(session, session.get_one(Award, entry.award_id)),
        "points": minimum(edition, entry.level),
        "promise": edition.register.note[lang],
        "history": history(_past(session, entry.company_id), day, lang),
        "certificate_ready": certificate is not None and certificate.pdf_sha256 is not None,
        "credential_ready": certificate is not None and certificate.credential is not None,
    }


def services_shown(entry: RegisterEntry, lang: str) -> list[dict[str, Any]]:
    """Each service with its names, kind, whether the award covers it, and where it takes reports of harm."""
    return [
        {
            **names_first(one, lang),
            "kind": kind_names(entry.edition, [one["kind"]], lang),
            "covered": service_name(one) in entry.covered,
            "page": safe_page(one["page"]),
            "telephone": one["telephone"],
            "tel": "".join(mark for mark in one["telephone"] if mark.isdecimal() or mark == "+"),
            "menu": one["menu"],
            "since": date.fromisoformat(one["since"]) if one["since"] else None,
        }
        for one in entry.services
    ]


def names_first(service: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The name in the reader's script first; a service may have one name only."""
    names = [service["km"], service["latin"]] if lang == "km" else [service["latin"], service["km"]]
    shown = [name for name in names if name]
    return {"name": shown[0], "other": shown[1] if len(shown) > 1 else ""}


def safe_page(address: str) -> dict[str, str] | None:
    """A page on which reports are taken: where it leads, and its address without what every address begins with."""
    known = safe_website(address)
    return {"href": address, "text": address.partition("://")[2].rstrip("/")} if known else None


def _past(session: Session, company_id: int) -> Past:
    awards = awards_of(session, company_id)
    certificates = certificates_of(session, [award.id for award in awards])
    changes, appeals = confirmed_changes(session, company_id), public_appeals(session, company_id)
    return Past(awards, certificates, changes, appeals, positions_of(session, company_id))


def verified_for(session: Session, award_id: int) -> Verified | None:
    """None when nothing of it is on record."""
    award = session.get_one(Award, award_id)
    rulings = standing_rulings(session, award.assessment_id).values()
    confirmed = [ruling for ruling in rulings if ruling.verdict is Verdict.CONFIRM]
    found = Verified(
        answers=len(confirmed),
        evidenced=sum(bool(ruling.evidence_accepted) for ruling in rulings),
        visited=session.get_one(Assessment, award.assessment_id).review_facts.get(VISIT) is True,
    )
    return found if found.answers or found.evidenced or found.visited else None


def safe_website(address: str) -> dict[str, str] | None:
    """The company's own site, only as a plain web address; with what to show of it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "\\" in address:
        return None
    return {"href": address, "text": parts.hostname}


def minimum(edition: Edition, level: str) -> Fraction | None:
    """The points the level needs over all sections; None for a level without."""
    rung = next((rung for rung in edition.rubric.levels["award"].rungs if rung.id == level), None)
    return rung.total.number if rung and rung.total else None
