"""Which reminders are due among all awards, found and queued by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import Json, UtcDateTime
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person

BEFORE, AFTER = "reminder_before", "reminder_after"
HANDED_IN = (State.SUBMITTED, State.IN_REVIEW, State.CLARIFYING, State.RECOMMENDED)
COLUMNS = ("key", "kind", "person_id", "email", "language", "values", "queued_at", "due_at", "attempts", "last_error")


@dataclass(frozen=True)
class Window:
    """Awards of `edition` that end after `after` and until `until` are reminded, `offset` days from their end."""

    edition: str
    offset: int
    after: date
    until: date


def editions_in_force(session: Session) -> list[str]:
    """The editions under which awards stand."""
    return list(session.scalars(sa.select(Award.edition).distinct().order_by(Award.edition)))


def queue_reminders(session: Session, windows: Sequence[Window], now: datetime) -> int:
    """Queues what is due; a reminder that was queued before is left as it is. Returns how many are new."""
    if not windows:
        return 0
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if on_sqlite else postgresql.insert)(Notice)
    due = _due(windows, now, on_sqlite=on_sqlite)
    query = insert.from_select(COLUMNS, due, include_defaults=False).on_conflict_do_nothing(index_elements=["key"])
    done: sa.CursorResult[object] = session.execute(  # type: ignore[assignment]
        query, execution_options={"preserve_rowcount": True}
    )
    return done.rowcount


def _due(windows: Sequence[Window], now: datetime, *, on_sqlite: bool) -> sa.Select[tuple[object, ...]]:
    window = _table(windows)
    offset = window.c.days
    if on_sqlite:
        due_on: sa.ColumnElement[str] = sa.func.date(Award.ends, sa.cast(offset, sa.String) + " days")
        build = sa.func.json_object
    else:
        due_on = sa.cast(Award.ends + offset, sa.String)
        build = sa.func.jsonb_build_object
    kind = sa.case((offset < 0, BEFORE), else_=AFTER)
    number = [sa.cast(part, sa.String) for part in (Award.id, Person.id)]
    values = {
        "name": Person.full_name,
        "company_km": Company.name_km,
        "company_latin": Company.name_latin,
        "number": Award.number,
        "level": Award.level,
        "edition": Award.edition,
        "ends": sa.cast(Award.ends, sa.String),
        "grace_days": Award.grace_days,
        "days": sa.func.abs(offset),
    }
    moment = sa.literal(now, UtcDateTime)
    return (
        sa.select(
            kind + ":" + number[0] + ":" + due_on + ":" + number[1],
            kind,
            Person.id,
            Person.email,
            Person.language,
            sa.type_coerce(build(*(part for pair in values.items() for part in pair)), Json),
            moment,
            moment,
            sa.literal(0),
            sa.literal(""),
        )
        .select_from(window)
        .join(Award, _ends_inside(window))
        .join(Company, Company.id == Award.company_id)
        .join(Membership, Membership.company_id == Award.company_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == CompanyRole.OWNER, Membership.ended_at.is_(None), Person.active.is_(True))
        .where(Award.last_act.in_((AwardAct.GRANTED, AwardAct.REINSTATED)), *_not_renewed())
    )


def _table(windows: Sequence[Window]) -> sa.CTE:
    columns = (
        sa.column("edition", sa.String),
        sa.column("days", sa.Integer),
        sa.column("after", sa.Date),
        sa.column("until", sa.Date),
    )
    rows = [(window.edition, window.offset, window.after, window.until) for window in windows]
    return sa.values(*columns, name="due_windows").data(rows).cte("due_window")


def _ends_inside(window: sa.CTE) -> sa.ColumnElement[bool]:
    ends_inside = sa.and_(Award.ends > window.c.after, Award.ends <= window.c.until)
    return sa.and_(ends_inside, Award.edition == window.c.edition)


def _not_renewed() -> tuple[sa.ColumnElement[bool], ...]:
    """No later award of the company, and none asked for: whoever has renewed needs no reminder."""
    later = aliased(Award)
    renewed = sa.exists().where(
        later.company_id == Award.company_id, later.starts > Award.starts, later.last_act != AwardAct.REVOKED
    )
    handed_in = sa.exists().where(Assessment.company_id == Award.company_id, Assessment.state.in_(HANDED_IN))
    return ~renewed, ~handed_in
