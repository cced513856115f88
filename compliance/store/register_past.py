"""The register as it stood on a day that is over, read from the transparency log alone: what it says can be checked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain import succession
from compliance.domain.renewal import add_months
from compliance.domain.standing import AwardAct, Standing, Term, standing
from compliance.store.companies import Company
from compliance.store.public_record import Facts
from compliance.store.register import RegisterEntry
from compliance.store.transparency import LogEntry
from questionnaires import edition

ACTS = frozenset(AwardAct)


@dataclass
class Logged:
    """An award as the log told of it until a day: the newest facts, and the last decision with its day."""

    company_id: int
    facts: Facts
    position: int
    last_act: AwardAct = AwardAct.GRANTED
    acted_on: date = date.min

    @property
    def term(self) -> Term:
        starts, ends, grace_ends = (date.fromisoformat(self.facts[name]) for name in ("starts", "ends", "grace_ends"))
        return Term(starts, ends, (grace_ends - ends).days)


@dataclass(frozen=True)
class AsItWas:
    """What the register showed of a company on a day, and the newest entry of the log that says so."""

    entry: RegisterEntry
    standing: Standing
    position: int


def first_day(session: Session, slug: str) -> date | None:
    """The first day on which the register showed the company; None for a name that the log never told of."""
    starts = [one.term.starts for one in _logged(session, slug, clock.today()).values()]
    return min(starts, default=None)


def as_it_was(session: Session, slug: str, on: date) -> AsItWas | None:
    """None when no award of the company was shown that day. The entry is made for reading and is in no session."""
    logged = _logged(session, slug, on)
    held = [succession.Held(number, one.term, one.last_act, one.acted_on) for number, one in logged.items()]
    counts = succession.counting(held, on)
    if counts is None:
        return None
    one = logged[counts.id]
    if on > add_months(counts.term.grace_ends, edition(one.facts["edition"]).register.history_months):
        return None
    return AsItWas(_entry(slug, counts.id, one), standing(counts.term, one.last_act, on), one.position)


def _logged(session: Session, slug: str, on: date) -> dict[int, Logged]:
    """The company's awards, each as the log told of it until the end of a day."""
    found: dict[int, Logged] = {}
    for row, said, at in _told(session, slug):
        if clock.day_of(at) > on or row.award_id is None or row.company_id is None:
            continue
        one = found.setdefault(row.award_id, Logged(row.company_id, said["facts"], row.position))
        one.facts, one.position = said["facts"], row.position
        if said["act"] in ACTS:
            one.last_act, one.acted_on = AwardAct(said["act"]), clock.day_of(at)
    return found


def _told(session: Session, slug: str) -> Iterator[tuple[LogEntry, Facts, datetime]]:
    query = sa.select(LogEntry).join(Company, Company.id == LogEntry.company_id).where(Company.slug == slug)
    for row in session.scalars(query.order_by(LogEntry.position)):
        said = json.loads(row.content)
        yield row, said, datetime.fromisoformat(said["at"])


def _entry(slug: str, award_id: int, one: Logged) -> RegisterEntry:
    term, facts = one.term, one.facts
    names = ("name_km", "name_latin", "kinds", "province", "website", "brands", "services", "covered")
    given = ("level", "number", "edition", "scope_km", "scope_en")
    return RegisterEntry(
        award_id=award_id,
        company_id=one.company_id,
        slug=slug,
        **{name: facts[name] for name in (*names, *given)},
        not_covered_km=facts.get("not_covered_km", ""),
        not_covered_en=facts.get("not_covered_en", ""),
        starts=term.starts,
        ends=term.ends,
        grace_days=term.grace_days,
        grace_ends=term.grace_ends,
        last_act=one.last_act,
        acted_on=one.acted_on,
        former=[],
    )
