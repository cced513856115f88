"""What somebody looks for in the audit trail, read from the address; what cannot be understood is told beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.journeys.admin.trail_words import KINDS, SUBJECTS, tags_of
from compliance.journeys.forms import whole_number
from compliance.journeys.language import gettext as _
from compliance.store import audit_search
from compliance.store.audit_search import Wanted

FIELDS = ("about", "who", "kind", "text", "since", "until", "subject", "id")
LONGEST = 100
PORTAL = "-"
THING = re.compile(r"([a-z_]{1,40}):([1-9][0-9]{0,8})")


@dataclass
class Asked:
    """`typed` as it was, `wanted` as the store understands it, and what of it was not understood, by field."""

    typed: Mapping[str, str]
    wanted: Wanted = field(default_factory=Wanted)
    errors: dict[str, str] = field(default_factory=dict)
    about: Any = None

    @property
    def given(self) -> dict[str, str]:
        """What was typed at all: the parts of an address."""
        return {name: value for name, value in self.typed.items() if value}


def read(session: Session, sent: Mapping[str, str]) -> Asked:
    """`sent` may hold anything."""
    asked = Asked({name: sent.get(name, "")[:LONGEST].strip() for name in FIELDS})
    typed, errors = asked.typed, asked.errors
    found: dict[str, Any] = {"text": typed["text"]}
    found |= _dates(typed, errors)
    if typed["kind"] in KINDS:
        found["tags"], found["beginnings"] = tags_of(typed["kind"])
    if typed["who"]:
        found["actors"] = _actors(session, typed["who"])
    if typed["subject"] in SUBJECTS:
        found |= {"subject": typed["subject"], "subject_id": whole_number(typed["id"])}
    if typed["about"]:
        found |= _about(session, asked)
    asked.wanted = Wanted(**found)
    return asked


def _actors(session: Session, who: str) -> frozenset[int | None]:
    return frozenset({None}) if who == PORTAL else frozenset(audit_search.people_called(session, who))


def _about(session: Session, asked: Asked) -> dict[str, Any]:
    """A company by its name or number, a certificate by its number, or a thing as the trail names it: "award:7"."""
    text = asked.typed["about"]
    if (thing := THING.fullmatch(text)) is not None:
        return {"subject": thing[1], "subject_id": int(thing[2])}
    company_id = audit_search.company_of_certificate(session, text)
    if company_id is None:
        named = audit_search.companies_named(session, text, 2)
        if len(named) != 1:
            asked.errors["about"] = (
                _("More than one company is called so. Write more of its name.")
                if named
                else _("No company, number or thing is called so.")
            )
            return {"company_id": 0}
        company_id = named[0].id
    asked.about = company_id
    return {"company_id": company_id}


def _dates(typed: Mapping[str, str], errors: dict[str, str]) -> dict[str, datetime]:
    """From the beginning of the first day until the end of the last, on Phnom Penh's clock."""
    days = {name: _day(typed[name]) for name in ("since", "until")}
    for name, day in days.items():
        if typed[name] and day is None:
            errors[name] = _("Enter a day as year-month-day.")
    since, until = days["since"], days["until"]
    if since and until and since > until:
        errors["until"] = _("The last day is before the first.")
    moments = {}
    if since:
        moments["since"] = _midnight(since)
    if until:
        moments["until"] = _midnight(until + timedelta(days=1))
    return moments


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.PHNOM_PENH)
