"""Concerns: for whoever raised one, for the ministry while it waits, for the company once it was asked."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Role
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.concerns import Concern
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.ties import ties_of

Known = dict[str, Any] | None


def _found(session: Session, notice: Notice) -> Concern:
    return session.get_one(Concern, notice.values["concern"])


def _about(session: Session, concern: Concern) -> dict[str, Any]:
    return {**named(session, concern.company_id), "concern": concern.id}


def _untied(session: Session, concern: Concern, person: Person | None) -> bool:
    if person is None or not holds(person, Role.REVIEWER):
        return False
    return not ties_of(session, person.id, [concern.company_id], clock.now())


def _raised(session: Session, concern: Concern) -> dict[str, Any]:
    return {**_about(session, concern), "status": concern.reference}


def _receipt(session: Session, notice: Notice, _person: Person | None) -> Known:
    """Until a person has said that it arrived, or more came of it."""
    concern = _found(session, notice)
    waits = concern.open and concern.email and concern.acknowledged_at is None
    return {**_raised(session, concern), "acknowledge_by": concern.acknowledge_by} if waits else None


def _acknowledged(session: Session, notice: Notice, _person: Person | None) -> Known:
    concern = _found(session, notice)
    waits = concern.open and concern.email
    return {**_raised(session, concern), "answer_by": concern.answer_by} if waits else None


def _closed(session: Session, notice: Notice, _person: Person | None) -> Known:
    concern = _found(session, notice)
    if concern.open or concern.untold or not concern.email:
        return None
    return {**_raised(session, concern), "outcome": str(concern.outcome), "reasons": concern.reasons}


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    """For a reviewer who may handle it, until somebody has read it."""
    concern = _found(session, notice)
    if not concern.open or concern.acknowledged_at is not None or not _untied(session, concern, person):
        return None
    return {**_about(session, concern), "acknowledge_by": concern.acknowledge_by}


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    told = _waiting(session, notice, person)
    return {**told, "late": clock.today() > told["acknowledge_by"]} if told else None


def _asked(session: Session, notice: Notice, person: Person | None) -> Known:
    """For the company's people who may reply, until one has."""
    concern = _found(session, notice)
    waits = concern.open and concern.replied_at is None
    if not waits or not colleague(person, concern.company_id, MAY_EDIT | MAY_SIGN):
        return None
    return {**_about(session, concern), "reply_by": concern.reply_by}


def _reply_due(session: Session, notice: Notice, person: Person | None) -> Known:
    """The same, before the day has passed."""
    told = _asked(session, notice, person)
    return told if told and clock.today() <= told["reply_by"] else None


def _replied(session: Session, notice: Notice, person: Person | None) -> Known:
    concern = _found(session, notice)
    return _about(session, concern) if concern.open and _untied(session, concern, person) else None


def _decided(session: Session, notice: Notice, person: Person | None) -> Known:
    concern = _found(session, notice)
    if concern.open or concern.untold or not colleague(person, concern.company_id, MAY_SIGN):
        return None
    return {**_about(session, concern), "outcome": str(concern.outcome), "reasons": concern.reasons}


def _quarantined(session: Session, notice: Notice, person: Person | None) -> Known:
    """For administrators, and for the named officer, whose address has no account."""
    concern = _found(session, notice)
    if person is not None and not holds(person, Role.ADMINISTRATOR):
        return None
    reply = notice.values.get("part") == "reply"
    locked = concern.reply_sha256 if reply else concern.text_sha256
    return {**_about(session, concern), "sha256": locked or "", "reply": reply}


FACTS = {
    "concern_receipt": _receipt,
    "concern_acknowledged": _acknowledged,
    "concern_closed": _closed,
    "concern_waiting": _waiting,
    "concern_due": _due,
    "concern_asked": _asked,
    "concern_reply_due": _reply_due,
    "concern_replied": _replied,
    "concern_decided": _decided,
    "concern_quarantined": _quarantined,
}
