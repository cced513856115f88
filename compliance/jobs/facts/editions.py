"""Editions: proposals while another administrator can confirm them, what two agreed on, drafts of an earlier one."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.jobs.facts.assessments import to_company
from compliance.jobs.facts.companies import holds
from compliance.store.assessments import Assessment
from compliance.store.edition_drafts import EditionDraft
from compliance.store.edition_succession import succession
from compliance.store.outbox import Notice
from compliance.store.people import Person, names_of
from compliance.store.published_editions import EditionProposal

Known = dict[str, Any] | None


def _facts(session: Session, found: EditionProposal) -> dict[str, Any]:
    people = names_of(session, {found.proposed_by, found.closed_by or found.proposed_by})
    return {
        "proposal": found.id,
        "draft": found.draft_id,
        "act": found.act.value,
        "edition": session.get_one(EditionDraft, found.draft_id).name,
        "begins": found.begins,
        "grace_days": found.grace_days,
        "proposer": people[found.proposed_by],
        "confirmer": people[found.closed_by or found.proposed_by],
    }


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    found = session.get_one(EditionProposal, notice.values["proposal"])
    if not found.open or not holds(person, Role.ADMINISTRATOR):
        return None
    return {**_facts(session, found), "reason": found.reason, "until": found.lapses_at}


def _confirmed(session: Session, notice: Notice, _person: Person | None) -> Known:
    """What happened stays true."""
    found = session.get_one(EditionProposal, notice.values["proposal"])
    return {**_facts(session, found), "at": found.closed_at}


def _begun(session: Session, notice: Notice, person: Person | None) -> Known:
    """While the draft is one of an earlier edition, and that one is in force."""
    found = to_company(session, notice, person, (State.DRAFT,))
    before = session.get_one(Assessment, notice.values["assessment"]).edition
    after = succession(before)
    if found is None or after is None or after.begins > clock.today():
        return None
    if notice.values.get("edition", after.name) != after.name:
        return None  # a later one began meanwhile, and is told of by itself
    over = clock.today() > after.last_day
    told = {"edition": after.name, "before": before, "begins": after.begins, "last_day": after.last_day}
    return {**found, **told, "over": over}


FACTS = {"edition_waiting": _waiting, "edition_confirmed": _confirmed, "edition_begun": _begun}
