"""What the transparency log tells of companies: every act on an award, and every change of what the public reads.

Called wherever the register is rewritten, in the same transaction: what is in the one is in the other.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.store.awards import Award, AwardDecision, certificates_of
from compliance.store.check_ins import CheckIn
from compliance.store.companies import service_name
from compliance.store.transparency import LogEntry, Told, append_entries, last_of_award
from questionnaires import edition

Facts = Mapping[str, Any]
CHANGED = "changed"
OF_COMPANY = ("name_km", "name_latin", "kinds", "province", "website", "brands")
OF_AWARD = ("level", "number", "edition", "scope_km", "scope_en")
WHERE_SAID = ("not_covered_km", "not_covered_en")
"""Facts that are left out where an award says nothing of them: what was logged before them stays true."""


@dataclass(frozen=True)
class Shown:
    """An award with what the public reads of it now; `current` is whether the register shows it today or will."""

    award: Award
    facts: Facts
    current: bool


@dataclass(frozen=True, order=True)
class Act:
    """One thing that became of an award, and the row that says so."""

    at: datetime
    award_id: int
    source: str
    said: Facts = field(compare=False)


def facts_of(award: Award, services: Sequence[Facts]) -> Facts:
    """What the log says of an award: all that its company's page says and time alone does not change.

    `services` are those that the public reads of.
    """
    company = award.company
    named = {*company.brands, *(service_name(one) for one in services)}
    names = {
        name: getattr(company, name) for name in ("name_km", "name_latin", "kinds", "province", "website", "brands")
    }
    given = {name: getattr(award, name) for name in OF_AWARD}
    said = {name: getattr(award, name) for name in WHERE_SAID if getattr(award, name)}
    days = {"starts": award.starts, "ends": award.ends, "grace_ends": award.term.grace_ends}
    covered = [name for name in award.brands if name in named]
    dated = {name: day.isoformat() for name, day in days.items()}
    return {**names, **given, **said, **dated, "services": list(services), "covered": covered}


def tell(session: Session, shown: Collection[Shown]) -> None:
    """Appends what the log has not told yet of these awards, in the order in which it happened."""
    by_id = {one.award.id: one for one in shown}
    if not by_id:
        return
    editions = {one.award.id: one.award.edition for one in shown}
    told = set(session.scalars(sa.select(LogEntry.source).where(LogEntry.award_id.in_(by_id))))
    new = sorted(act for act in _acts(session, editions) if act.source not in told)
    acted = {act.award_id for act in new}
    still = (one for one in shown if one.current and one.award.id not in acted)
    entries = [_entry(by_id[act.award_id], act.said, act.at, act.source) for act in new]
    append_entries(session, clock.now(), [*entries, *(change for one in still for change in _change(session, one))])


def _entry(shown: Shown, said: Facts, at: datetime, source: str | None = None) -> Told:
    award = shown.award
    content = {"at": at.isoformat(timespec="seconds"), "company": award.company.slug, **said, "facts": shown.facts}
    return Told(award.company_id, award.id, source, content)


def _why(decision: AwardDecision, editions: Mapping[int, str]) -> Facts:
    """The ground and the reason for everybody, where the edition shows them."""
    shows = edition(editions[decision.award_id]).lifecycle.suspension.register_shows_reason
    if not shows or not decision.public_km:
        return {}
    return {"ground": decision.ground, "reason": {"km": decision.public_km, "en": decision.public_en}}


def _acts(session: Session, editions: Mapping[int, str]) -> Iterator[Act]:
    """Of awards with their editions, by id."""
    award_ids = list(editions)
    for decision in session.scalars(sa.select(AwardDecision).where(AwardDecision.award_id.in_(award_ids))):
        source, said = f"decision:{decision.id}", {"act": decision.act.value, **_why(decision, editions)}
        yield Act(decision.decided_at, decision.award_id, source, said)
    for old, new in pairwise(sorted(certificates_of(session, award_ids), key=lambda one: (one.award_id, one.id))):
        if old.award_id == new.award_id and old.replaced_at is not None:
            said = {"act": "certificate_issued_anew", "replaces": old.number, "number": new.number}
            yield Act(old.replaced_at, new.award_id, f"certificate:{new.id}", said)
    sent = CheckIn.award_id.in_(award_ids), CheckIn.sent_at.is_not(None)
    for check_in in session.scalars(sa.select(CheckIn).where(*sent)):
        said = {"act": "checked_in", "due": check_in.due_on.isoformat()}
        yield Act(check_in.sent_at or clock.now(), check_in.award_id, f"check_in:{check_in.id}", said)


def _change(session: Session, shown: Shown) -> Iterator[Told]:
    """What the public reads differs from what the log said last."""
    last = last_of_award(session, shown.award.id)
    before = json.loads(last.content)["facts"] if last else {}
    changed = [name for name, value in shown.facts.items() if before.get(name) != value]
    if changed:
        yield _entry(shown, {"act": CHANGED, "changed": changed}, clock.now())
