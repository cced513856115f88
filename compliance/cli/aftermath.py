"""What is known of the time after a backup: from the store that is about to go, and from published heads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.standing import AwardAct
from compliance.store import copying, schema, schema_version
from compliance.store.audit import AuditEntry
from compliance.store.audit_proof import Shown
from compliance.store.awards import Award, AwardDecision, Certificate, Numbering, numbers_with
from compliance.store.errors import RestoreError
from compliance.store.people import Person

ENDED = {AwardAct.REVOKED: 2, AwardAct.SUSPENDED: 1}
"""Acts that end an award, the stronger one with the larger number."""


@dataclass(frozen=True)
class Present:
    """The store that a restore replaces. Only what the backup cannot know; all of it fits into JSON."""

    seq: int = 0
    hash: str = ""
    at: str = ""
    lost: int = 0
    ended: dict[str, str] = field(default_factory=dict)
    newer: list[str] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    numbering: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Aftermath:
    """How far the trail had come after the backup, and which awards were ended by then, with the first day known."""

    lost_to: int
    lost_hash: str
    lost_at: str
    lost: int
    complete: bool
    ended: dict[str, tuple[AwardAct, str]]


def look(database_url: str, after: int, after_hash: str, numbers: Mapping[str, str]) -> Present | None:
    """The present store's own word when it is this portal's; None when there is none, or it is another one's.

    It is ours when its trail holds the backup's last entry, or when one of its awards has the secret code of one
    in the backup. `numbers` are the backup's award codes with their certificate numbers. Raises RestoreError when
    the store stands at another version; a damaged one tells nothing.
    """
    path = copying.sqlite_path(database_url)
    if path is not None and not path.exists():
        return None
    engine = schema.open_engine(database_url)
    try:
        with Session(engine) as session:
            stands_at = schema_version.current(session.connection())
            if stands_at not in {None, schema_version.newest()}:
                raise RestoreError(f"the store here stands at migration {stands_at}; run ./portal migrate first")
            return _present(session, after, after_hash, numbers) if stands_at else None
    except sa.exc.SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _present(session: Session, after: int, after_hash: str, numbers: Mapping[str, str]) -> Present | None:
    known = session.scalar(sa.select(AuditEntry.hash).where(AuditEntry.seq == after))
    awards = {row.code: row.number for row in session.execute(sa.select(Award.code, Award.number))}
    if (after == 0 or known != after_hash) and not awards.keys() & numbers.keys():
        return None
    tail = session.execute(
        sa.select(AuditEntry.seq, AuditEntry.hash, AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    later = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.seq > after)
    acts = (AwardAct.SUSPENDED, AwardAct.REVOKED)
    return Present(
        seq=tail.seq if tail else 0,
        hash=tail.hash if tail else "",
        at=tail.at.isoformat() if tail else "",
        lost=session.scalar(later) or 0,
        ended={number: act.value for act in acts for number in numbers_with(session, act)},
        newer=sorted(set(awards.values()) - set(numbers.values())),
        decisions=_decisions(session),
        numbering={str(row.year): row.last for row in session.scalars(sa.select(Numbering))},
    )


def _decisions(session: Session) -> list[dict[str, Any]]:
    """Every decision on an ended award by each of its certificate numbers, with the addresses of who took it."""
    proposer, decider = sa.orm.aliased(Person), sa.orm.aliased(Person)
    columns = [column for column in AwardDecision.__table__.columns if column.name not in {"id", "award_id"}]
    query = (
        sa.select(Certificate.number, proposer.email.label("proposer"), decider.email.label("decider"), *columns)
        .join(Award, Award.id == AwardDecision.award_id)
        .join(Certificate, Certificate.award_id == Award.id)
        .join(proposer, proposer.id == AwardDecision.proposed_by)
        .join(decider, decider.id == AwardDecision.decided_by)
        .where(Award.last_act.in_(list(ENDED)))
        .order_by(AwardDecision.id)
    )
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._mapping.items()}
        for row in session.execute(query)
    ]


def gather(present: Present | None, heads: Sequence[Shown], after: int, made_at: str) -> Aftermath:
    """Puts both together. A revocation holds until a newer head no longer names it (an appeal gave the award
    back); a suspension counts as the newest word on it.

    It is known how far the trail had come when the store itself is there, or a head that is newer than the backup.
    """
    words = sorted((shown.head for shown in heads), key=lambda head: (head.seq, datetime.fromisoformat(head.at)))
    made = datetime.fromisoformat(made_at)
    newest = words[-1] if words and words[-1].seq > after else None
    lost_to, lost_hash, lost_at, lost = after, "", "", 0
    if newest:
        lost_to, lost_hash, lost_at, lost = newest.seq, newest.hash, newest.at, newest.seq - after
    ended: dict[str, tuple[AwardAct, str]] = {}
    if newest:
        ended |= dict.fromkeys(newest.suspended, (AwardAct.SUSPENDED, newest.at))
    if present and present.seq >= lost_to:
        lost_to, lost_hash, lost_at = present.seq, present.hash, present.at
        lost = present.lost
        ended = {}
    for head in reversed(words):
        still = [number for number in head.revoked if number in words[-1].revoked]
        ended |= dict.fromkeys(still, (AwardAct.REVOKED, head.at))
    if present:
        for number, act in present.ended.items():
            if number not in ended or ENDED[AwardAct(act)] > ENDED[ended[number][0]]:
                ended[number] = (AwardAct(act), "")
    seen = any(head.seq >= after and datetime.fromisoformat(head.at) >= made for head in words)
    complete = seen or (present is not None and present.seq >= after)
    return Aftermath(lost_to, lost_hash, lost_at, lost, complete, ended)


def decided(present: Present | None, number: str) -> list[dict[str, Any]]:
    """The decisions on an award that the present store knew, the oldest first."""
    return [row for row in present.decisions if row["number"] == number] if present else []
