"""The outbox: emails owed, as rows with a unique key; queued any number of times, sent once or overtaken."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.notices import OPTIONAL, OptionalMail
from compliance.store.base import Base, Json, UtcDateTime
from compliance.store.people import Person

LEASE = timedelta(minutes=5)


class Notice(Base):
    """One email owed to one person. `key` says what it is about, so that it exists once.

    `values` hold references and what no other row keeps; the words are made of the facts when the mail is sent. A
    notice that is not true any more by then is not sent: it was overtaken. One that somebody cancelled is overtaken,
    too, by them.
    """

    __tablename__ = "notices"
    __table_args__ = (sa.Index("ix_notices_due", "sent_at", "failed_at", "overtaken_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    email: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    overtaken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    cancelled_by: Mapped[int | None] = mapped_column()
    cancel_reason: Mapped[str] = mapped_column(Text, default="")


def insert_once(session: Session, rows: list[dict[str, Any]]) -> None:
    """Queues notices; a key that exists already is left as it is."""
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Notice).on_conflict_do_nothing(index_elements=["key"]), rows)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker has something to claim; a cheap look that takes no lock."""
    return session.scalar(sa.select(Notice.id).where(*_due(now)).limit(1)) is not None


def claim_due(session: Session, worker: str, now: datetime, limit: int) -> list[Notice]:
    """Takes up to `limit` due notices for `worker` until the lease ends; two workers never take the same."""
    due = (
        sa.select(Notice.id)
        .where(*_due(now))
        .order_by(Notice.due_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = (
        sa.update(Notice)
        .where(Notice.id.in_(due.scalar_subquery()))
        .values(claimed_by=worker, claimed_until=now + LEASE, attempts=Notice.attempts + 1)
        .returning(Notice)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(session.scalars(claim), key=lambda notice: (notice.due_at, notice.id))


_WAITING = (Notice.sent_at.is_(None), Notice.failed_at.is_(None), Notice.overtaken_at.is_(None))


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    free = sa.or_(Notice.claimed_until.is_(None), Notice.claimed_until < now)
    return *_WAITING, Notice.due_at <= now, free, ~_HELD


_DAILY = sa.select(Person.id).where(Person.optional_mail == OptionalMail.DAILY)
_HELD = sa.and_(Notice.kind.in_(sorted(OPTIONAL)), sa.func.coalesce(Notice.person_id, 0).in_(_DAILY))


def held(session: Session, person_id: int) -> list[Notice]:
    """What waits for the one mail a day that a person asked for, the oldest first."""
    query = sa.select(Notice).where(*_WAITING, _HELD, Notice.person_id == person_id)
    return list(session.scalars(query.order_by(Notice.id)))


def who_waits(session: Session) -> list[Person]:
    """Who asked for one mail a day, and has something to read in it."""
    waiting = sa.select(Notice.person_id).where(*_WAITING, _HELD)
    return list(session.scalars(sa.select(Person).where(Person.id.in_(waiting), Person.active).order_by(Person.id)))


ONE_USE = "link"
"""The value that lets whoever holds it in; no store and no backup keeps it once the mail is out."""


def mark_sent(session: Session, notice: Notice, now: datetime) -> None:
    """The mail server has taken it."""
    _change(session, Notice.id == notice.id, sent_at=now, **_done(notice))


def mark_told(session: Session, notice_ids: Iterable[int], now: datetime) -> None:
    """The mail of the day has told them."""
    _change(session, Notice.id.in_(sorted(notice_ids)), *_WAITING, sent_at=now, claimed_by=None, claimed_until=None)


def mark_overtaken(session: Session, notice: Notice, now: datetime) -> None:
    """What it would tell is so no more: it is never sent, and the row says since when that is known."""
    _change(session, Notice.id == notice.id, overtaken_at=now, **_done(notice))


def _done(notice: Notice) -> dict[str, Any]:
    values = {name: value for name, value in notice.values.items() if name != ONE_USE}
    return {"values": values, "claimed_by": None, "claimed_until": None, "last_error": ""}


SUBJECTS = ("award", "assessment")


def is_newest(session: Session, notice: Notice) -> bool:
    """Whether no later notice tells the same person the same kind of thing about the same award or assessment.

    Reminders are of one kind: after days without a mail server a company reads the newest alone.
    """
    subject = next((name for name in SUBJECTS if name in notice.values), None)
    if subject is None or notice.person_id is None:
        return True
    reminder = notice.kind.startswith("reminder_")
    same = Notice.kind.startswith("reminder_", autoescape=True) if reminder else Notice.kind == notice.kind
    alike = Notice.values[subject].as_integer() == notice.values[subject]
    later = sa.select(Notice.id).where(Notice.person_id == notice.person_id, Notice.id > notice.id, same, alike)
    return session.scalar(later.limit(1)) is None


def put_off(session: Session, notice_id: int, until: datetime, error: str) -> None:
    """It did not go now; it is tried again from `until`."""
    _change(session, Notice.id == notice_id, claimed_by=None, claimed_until=until, last_error=error)


def give_up(session: Session, notice_id: int, now: datetime, error: str) -> None:
    """It will not go by itself any more; staff see it and may try again."""
    _change(session, Notice.id == notice_id, failed_at=now, claimed_by=None, claimed_until=None, last_error=error)


def release(session: Session, notice_ids: list[int], until: datetime, error: str) -> None:
    """Hands claimed notices back uncounted: the server was down, the notices are blameless."""
    free = {"claimed_by": None, "claimed_until": until, "last_error": error}
    _change(session, Notice.id.in_(notice_ids), attempts=Notice.attempts - 1, **free)


def try_again(session: Session, notice_id: int) -> bool:
    """Staff send a failed notice once more; False when it is not failed."""
    free = {"failed_at": None, "claimed_until": None, "attempts": 0}
    return _change(session, Notice.id == notice_id, Notice.failed_at.is_not(None), **free) == 1


def cancel(session: Session, notice_id: int, person_id: int, now: datetime, reason: str) -> bool:
    """It will never be sent; False when it went out, was overtaken, or a worker is at it at this moment."""
    free = sa.or_(Notice.claimed_by.is_(None), Notice.claimed_until < now)
    found = session.get(Notice, notice_id)
    if found is None:
        return False
    said = {"cancelled_by": person_id, "cancel_reason": reason, "overtaken_at": now}
    return _change(session, Notice.id == notice_id, free, **{**_done(found), **said}) == 1


def hold_unsent(session: Session, now: datetime, why: str) -> int:
    """Turns everything unsent into failed, for staff to look at; returns how many."""
    return _change(session, *_WAITING, failed_at=now, last_error=why)


def _change(session: Session, *where: sa.ColumnElement[bool], **values: Any) -> int:
    still = (Notice.sent_at.is_(None), Notice.overtaken_at.is_(None))
    change = sa.update(Notice).where(*where, *still).values(**values)
    done: sa.CursorResult[object] = session.execute(  # type: ignore[assignment]
        change.execution_options(synchronize_session=False)
    )
    return done.rowcount


def failed(session: Session, limit: int = 200) -> list[Notice]:
    """What could not be sent, the newest first."""
    over = (Notice.sent_at.is_(None), Notice.overtaken_at.is_(None))
    query = sa.select(Notice).where(Notice.failed_at.is_not(None), *over)
    return list(session.scalars(query.order_by(Notice.failed_at.desc(), Notice.id.desc()).limit(limit)))


def counts(session: Session) -> dict[str, int]:
    """How many notices wait, were sent, failed, and were overtaken before they were sent."""
    state = sa.case(
        (Notice.sent_at.is_not(None), "sent"),
        (Notice.overtaken_at.is_not(None), "overtaken"),
        (Notice.failed_at.is_not(None), "failed"),
        else_="waiting",
    )
    found = session.execute(sa.select(state, sa.func.count()).group_by(state))
    return {"waiting": 0, "sent": 0, "failed": 0, "overtaken": 0} | {str(name): int(count) for name, count in found}


STATES = ("failed", "waiting", "sent", "cancelled", "overtaken")


def _in_state(state: str) -> tuple[sa.ColumnElement[bool], ...]:
    sent, over = Notice.sent_at.is_not(None), Notice.overtaken_at.is_not(None)
    return {
        "waiting": _WAITING,
        "sent": (sent,),
        "failed": (Notice.failed_at.is_not(None), ~sent, ~over),
        "cancelled": (over, Notice.cancelled_by.is_not(None)),
        "overtaken": (over, Notice.cancelled_by.is_(None)),
    }.get(state, ())


def state_of(notice: Notice) -> str:
    """One of STATES."""
    if notice.sent_at is not None:
        return "sent"
    if notice.overtaken_at is not None:
        return "overtaken" if notice.cancelled_by is None else "cancelled"
    return "waiting" if notice.failed_at is None else "failed"


def search(session: Session, state: str, text: str, limit: int, offset: int) -> list[Notice]:
    """Notices in a state (all without one) whose address, kind or error holds `text`; the newest first."""
    query = sa.select(Notice).where(*_in_state(state), *_holding(text))
    return list(session.scalars(query.order_by(Notice.id.desc()).limit(limit).offset(offset)))


def count_found(session: Session, state: str, text: str) -> int:
    return session.scalar(sa.select(sa.func.count(Notice.id)).where(*_in_state(state), *_holding(text))) or 0


def _holding(text: str) -> tuple[sa.ColumnElement[bool], ...]:
    places = (Notice.email, Notice.kind, Notice.last_error)
    return (sa.or_(*(place.icontains(text, autoescape=True) for place in places)),) if text else ()


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the longest waiting notice is due."""
    return session.scalar(sa.select(sa.func.min(Notice.due_at)).where(*_WAITING, Notice.due_at <= now, ~_HELD))
