"""A company's page: what the ministry says of it today, and every decision that led there."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from flask import abort, render_template
from sqlalchemy.orm import Session

from compliance.clock import PHNOM_PENH, today
from compliance.domain.provinces import province_name
from compliance.domain.renewal import add_months
from compliance.domain.standing import AwardAct, Standing
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.rows import OFF, kind_names
from compliance.store.awards import Award, Certificate, awards_of
from compliance.store.base import db
from compliance.store.register import RegisterEntry, entry_by_slug
from questionnaires import Edition, edition

CHECK_IN_MONTHS = 12


@dataclass(frozen=True)
class Event:
    """One dated line of a company's history."""

    on: date
    title: str
    text: str = ""
    kind: str = ""


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
    code = edition(entry.edition)
    level = code.level(entry.level)
    awards = awards_of(session, entry.company_id)
    certificate = session.get(Certificate, entry.award_id)
    standing = entry.standing(day)
    return {
        "entry": entry,
        "names": {"name_km": entry.name_km, "name_en": entry.name_latin, "level": entry.level, "standing": standing},
        "standing": standing,
        "in_force": standing not in OFF,
        "level": level,
        "meaning": level.meaning[lang],
        "scope": entry.scope_km if lang == "km" else entry.scope_en,
        "kinds": kind_names(entry.edition, entry.kinds, lang),
        "province": province_name(entry.province, lang),
        "website": safe_website(entry.website),
        "check_in": check_in(entry, day),
        "verified": [code.extra_conditions[name][lang] for name in level.extra if name in code.extra_conditions],
        "points": minimum(code, entry.level),
        "promise": code.register.note[lang],
        "history": history(awards, day, lang),
        "certificate_ready": certificate is not None and certificate.pdf_sha256 is not None,
        "credential_ready": certificate is not None and certificate.credential is not None,
    }


def safe_website(address: str) -> dict[str, str] | None:
    """The company's own site, only as a plain web address; with what to show of it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "\\" in address:
        return None
    return {"href": address, "text": parts.hostname}


def check_in(entry: RegisterEntry, day: date) -> date | None:
    """When an award of two years is looked at half-way; None once past or when there is none."""
    halfway = add_months(entry.starts, CHECK_IN_MONTHS)
    return halfway if day <= halfway < entry.ends else None


def minimum(code: Edition, level: str) -> Fraction | None:
    """The points the level needs over all sections; None for a level without."""
    rung = next((rung for rung in code.rubric.levels["award"].rungs if rung.id == level), None)
    return rung.total.number if rung and rung.total else None


def history(awards: list[Award], day: date, lang: str) -> list[Event]:
    """Every decision, newest first; also the ends that came by themselves."""
    events = [
        (act.decided_at, act.id, _event(award, act.act, act.decided_at.astimezone(PHNOM_PENH).date(), lang))
        for award in awards
        for act in award.acts
    ]
    lines = [event for _at, _id, event in sorted(events, key=lambda item: item[:2], reverse=True)]
    newest = max(awards, key=lambda award: (award.starts, award.id))
    if newest.standing(day) is Standing.EXPIRED:
        lines.insert(0, Event(newest.term.grace_ends + timedelta(days=1), _("Ended without renewal"), kind="warn"))
    elif lines:
        first = lines[0]
        lines[0] = Event(first.on, first.title, first.text, first.kind or "now")
    return lines


def _event(award: Award, act: AwardAct, on: date, lang: str) -> Event:
    name = edition(award.edition).level(award.level).public_name[lang]
    titles = {
        AwardAct.GRANTED: _("Granted: %(award)s", award=name),
        AwardAct.SUSPENDED: _("Suspended"),
        AwardAct.REINSTATED: _("Suspension lifted"),
        AwardAct.REVOKED: _("Revoked"),
        AwardAct.SUPERSEDED: _("Replaced by a newer award"),
    }
    warn = act in {AwardAct.SUSPENDED, AwardAct.REVOKED}
    return Event(on, titles[act], _("Certificate %(number)s", number=award.number), "warn" if warn else "")
