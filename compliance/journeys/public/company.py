"""A company's page: what the ministry says of it today, and every decision that led there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from flask import abort, render_template
from sqlalchemy.orm import Session

from compliance.clock import PHNOM_PENH, day_of, today
from compliance.domain.provinces import province_name
from compliance.domain.standing import AwardAct, Standing
from compliance.journeys.language import current_language, show_date
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.rows import OFF, kind_names
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, Certificate, awards_of, counting_award
from compliance.store.base import db
from compliance.store.changes import ChangeRequest, confirmed_changes
from compliance.store.register import RegisterEntry, entry_by_slug
from compliance.store.reviews import Verdict, standing_rulings
from questionnaires import Edition, catalogue

VISIT = "verification_visit_or_call_passed"


@dataclass(frozen=True)
class Event:
    """One dated line of a company's history."""

    on: date
    title: str
    text: str = ""
    kind: str = ""


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
        "verified": verified_for(session, entry.award_id),
        "points": minimum(edition, entry.level),
        "promise": edition.register.note[lang],
        "history": history(awards, day, lang, confirmed_changes(session, entry.company_id)),
        "certificate_ready": certificate is not None and certificate.pdf_sha256 is not None,
        "credential_ready": certificate is not None and certificate.credential is not None,
    }


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


def history(awards: list[Award], day: date, lang: str, changes: Sequence[ChangeRequest] = ()) -> list[Event]:
    """Every decision, newest first; also what came by itself: a renewal's first day, an end."""
    events = [
        (act.decided_at, act.id, _event(award, act.act, day_of(act.decided_at), lang))
        for award in awards
        for act in award.acts
    ]
    events += [
        (datetime.combine(award.replaced_from, time(), PHNOM_PENH), 0, _replaced(award, award.replaced_from))
        for award in awards
        if award.replaced_from
        and award.replaced_from <= day
        and award.standing(day) is Standing.SUPERSEDED
        and award.last_act is not AwardAct.SUPERSEDED
    ]
    events += [(one.answered_at, 0, event) for one in changes if one.answered_at for event in _renamed(one, lang)]
    lines = [event for _at, _id, event in sorted(events, key=lambda item: item[:2], reverse=True)]
    newest = counting_award(awards, day)
    if newest and newest.standing(day) is Standing.EXPIRED:
        lines.insert(0, Event(newest.term.grace_ends + timedelta(days=1), _("Ended without renewal"), kind="warn"))
    elif lines:
        first = lines[0]
        lines[0] = Event(first.on, first.title, first.text, first.kind or "now")
    return lines


def _renamed(change: ChangeRequest, lang: str) -> list[Event]:
    """A confirmed change of a name, in the reader's script where that name changed."""
    names = [name for name in ("name_km", "name_latin") if name in change.before]
    if not names or change.answered_at is None:
        return []
    own = "name_km" if lang == "km" else "name_latin"
    name = own if own in names else names[0]
    return [Event(day_of(change.answered_at), _("Name changed"), _("Before: %(name)s", name=change.before[name]))]


def _replaced(award: Award, on: date) -> Event:
    return Event(on, _("Replaced by a newer award"), _("Certificate %(number)s", number=award.number))


def _event(award: Award, act: AwardAct, on: date, lang: str) -> Event:
    name = catalogue.edition(award.edition).level(award.level).public_name[lang]
    titles = {
        AwardAct.GRANTED: _("Granted: %(award)s", award=name),
        AwardAct.SUSPENDED: _("Suspended"),
        AwardAct.REINSTATED: _("Suspension lifted"),
        AwardAct.REVOKED: _("Revoked"),
        AwardAct.SUPERSEDED: _("Replaced by a newer award"),
    }
    warn = act in {AwardAct.SUSPENDED, AwardAct.REVOKED}
    text = _("Certificate %(number)s", number=award.number)
    if act is AwardAct.GRANTED and award.starts > on:
        text += " · " + _("begins on %(day)s", day=show_date(award.starts, lang))
    return Event(on, titles[act], text, "warn" if warn else "")
