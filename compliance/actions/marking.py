"""The ministry's logo and seal on certificates: one administrator proposes, another puts in use; what was issued
before keeps its own."""

import hashlib

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import second_administrator
from compliance.actions.second_administrator import tell_others
from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import hold_tail, record
from compliance.store.certificate_marks import LONGEST_NAME, CertificateMark, MarkKind, marks_in_use, open_marks
from compliance.store.people import rights_now
from questionnaires.typed import one_line

LARGEST = 1_000_000
"""Bytes of a file as it is sent."""
FIELD = "picture"


def looked_into(data: bytes, sender: Sender) -> bytes:
    """The picture as it will be printed, drawn anew in a process of its own. Raises InvalidError, BusyError."""
    if not 0 < len(data) <= LARGEST:
        raise InvalidError(FIELD, "mark_size", most=LARGEST // 1_000_000)
    try:
        told, drawn = ask_about_foreign("compliance.inspection.certificate_mark", {}, data, sender)
    except (TooHeavyError, CrashedError) as error:
        raise InvalidError(FIELD, "file_bomb") from error
    if "refused" in told:
        code, values = str(told["refused"]), told["values"]
        raise InvalidError(FIELD, code, **{str(name): value for name, value in values.items()})
    return drawn


def propose(session: Session, actor: Actor, kind: MarkKind, name: str, picture: bytes) -> CertificateMark:
    """Without bytes: to print none. Raises InvalidError while another proposal of the kind waits, and for no change."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    hold_tail(session)
    if kind in open_marks(session):
        raise InvalidError("", "A proposal waits already. It is confirmed or taken back first.")
    sha256 = hashlib.sha256(picture).hexdigest() if picture else ""
    now = marks_in_use(session).get(kind)
    if sha256 == (now.sha256 if now else ""):
        raise InvalidError(FIELD, "That is what certificates show today.")
    made = CertificateMark(kind=kind, name=one_line(name)[:LONGEST_NAME], sha256=sha256, picture=picture)
    made.proposed_by, made.proposed_at = actor.user_id or 0, clock.now()
    session.add(made)
    session.flush()
    record(session, clock.now(), actor, "admin:mark:proposed", "mark", made.id, kind=kind.value, sha256=sha256)
    tell_others(session, actor, "mark", made.id)
    return made


def confirm(session: Session, actor: Actor, mark_id: int) -> None:
    """Another administrator makes it so."""
    if found := second_administrator.confirm(session, actor, CertificateMark, mark_id):
        said = {"kind": found.kind.value, "sha256": found.sha256}
        record(session, clock.now(), actor, "admin:mark:confirmed", "mark", found.id, **said)


def withdraw(session: Session, actor: Actor, mark_id: int) -> None:
    """The proposer takes it back, or another one declines it."""
    if found := second_administrator.withdraw(session, actor, CertificateMark, mark_id):
        record(session, clock.now(), actor, "admin:mark:withdrawn", "mark", found.id, kind=found.kind.value)
