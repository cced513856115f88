"""Which reminders are due among all awards, found and queued by one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import Json, UtcDateTime
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person

BEFORE, AFTER = "reminder_before", "reminder_after"
# What waits for the ministry; a clarification waits for the company, whose award may end meanwhile.
HANDED_IN = (State.SUBMITTED, State.IN_REVIEW, State.RECOMMENDED)
COLUMNS = ("key", "kind", "person_id", "email", "language", "values", "queued_at", "due_at", "attempts", "last_error")


@dataclass(frozen=True)
class Due:
    """Awards of `edition` that end on `ends` are reminded: the reminder `offset` days from then fell due."""

    edition: str
    offset: int
    ends: date

    @property
    def due_on(self) -> date:
        return self.ends + timedelta(days=self.offset)


def editions_in_force(session: Session) -> list[str]:
    """The editions under which awards stand."""
    return list(session.scalars(sa.select(Award.edition).distinct().order_by(Award.edition)))


def queue_reminders(session: Session, due: Sequence[Due], now: datetime) -> int:
    """Queues what is due; a reminder that was queued before is left as it is. Returns how many are new."""
    if not due:
        return 0
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if on_sqlite else postgresql.insert)(Notice)
    build = sa.func.json_object if on_sqlite else sa.func.jsonb_build_object
    query = insert.from_select(COLUMNS, _owed(due, now, build), include_defaults=False).on_conflict_do_nothing(
        index_elements=["key"]
    )
    done: sa.CursorResult[object] = session.execute(  # type: ignore[assignment]
        query, execution_options={"preserve_rowcount": True}
    )
    return done.rowcount


def _owed(due: Sequence[Due], now: datetime, build: Callable[..., Any]) -> sa.Select[tuple[object, ...]]:
    day = _table(due)
    number = [sa.cast(part, sa.String) for part in (Award.id, Person.id)]
    moment = sa.literal(now, UtcDateTime)
    return (
        sa.select(
            day.c.kind + ":" + number[0] + ":" + day.c.due_on + ":" + number[1],
            day.c.kind,
            Person.id,
            Person.email,
            Person.language,
            sa.type_coerce(build("award", Award.id), Json),
            moment,
            moment,
            sa.literal(0),
            sa.literal(""),
        )
        .select_from(day)
        .join(Award, sa.and_(Award.ends == day.c.ends, Award.edition == day.c.edition))
        .join(Membership, Membership.company_id == Award.company_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == CompanyRole.OWNER, Membership.ended_at.is_(None), Person.active.is_(True))
        .where(Award.last_act.in_((AwardAct.GRANTED, AwardAct.REINSTATED)), *_not_renewed())
    )


def _table(due: Sequence[Due]) -> sa.CTE:
    """All that is the same for every award of a day is worked out here, once."""
    texts = [sa.column(name, sa.String) for name in ("edition", "kind", "due_on")]
    columns: list[sa.ColumnClause[Any]] = [*texts, sa.column("ends", sa.Date)]
    rows = [(one.edition, BEFORE if one.offset < 0 else AFTER, str(one.due_on), one.ends) for one in due]
    return sa.values(*columns, name="due_days").data(rows).cte("due_day")


def _not_renewed() -> tuple[sa.ColumnElement[bool], ...]:
    """No later award of the company, and none asked for: whoever has renewed needs no reminder."""
    later = aliased(Award)
    renewed = sa.exists().where(
        later.company_id == Award.company_id, later.starts > Award.starts, later.last_act != AwardAct.REVOKED
    )
    handed_in = sa.exists().where(Assessment.company_id == Award.company_id, Assessment.state.in_(HANDED_IN))
    return ~renewed, ~handed_in
