"""Signed-in browsers and counted tries: short rows that every worker reads alike."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from compliance.store.deletions import deleted_rows
from compliance.store.people import Attempt, LiveSession, Person


@dataclass(frozen=True)
class Browser:
    """A signed-in browser as it stands in the store."""

    token_sha256: str
    person_id: int
    started_at: datetime
    seen_at: datetime
    staff: bool
    second_factor: bool


# Every page of a signed-in person asks this: one statement, built once.
_OWNER = (
    sa.select(LiveSession, Person)
    .join(Person, Person.id == LiveSession.person_id)
    .where(LiveSession.token_sha256 == sa.bindparam("token"), Person.active.is_(True))
    .options(joinedload(Person.roles), joinedload(Person.memberships))
)


def digest(secret: str) -> str:
    """What is stored of a random token: enough to find it, useless to whoever reads the table."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_browser(session: Session, token: str) -> tuple[Browser, Person] | None:
    """The live row of a cookie's token, with its active owner."""
    found = session.execute(_OWNER, {"token": digest(token)}).unique().first()
    if found is None:
        return None
    row, person = found
    second = bool(row.data.get("second_factor"))
    return Browser(row.token_sha256, row.person_id, row.started_at, row.seen_at, row.staff, second), person


def browsers_of(session: Session, person_id: int) -> list[LiveSession]:
    """All rows of a person, the most recently used first; some may have run out."""
    query = sa.select(LiveSession).where(LiveSession.person_id == person_id)
    return list(session.scalars(query.order_by(LiveSession.seen_at.desc(), LiveSession.token_sha256)))


def live_browsers(session: Session, text: str, oldest: datetime, limit: int) -> list[LiveSession]:
    """Browsers seen since `oldest`: of the Ministry's side, or of everybody whose name or address holds `text`."""
    query = sa.select(LiveSession).join(Person, Person.id == LiveSession.person_id).where(LiveSession.seen_at > oldest)
    places = (Person.full_name, Person.email)
    called = sa.or_(*(place.icontains(text, autoescape=True) for place in places))
    query = query.where(called if text else LiveSession.staff.is_(True))
    return list(session.scalars(query.order_by(LiveSession.seen_at.desc(), LiveSession.token_sha256).limit(limit)))


def end_browsers(session: Session, person_id: int, keep: str | None = None, only: str | None = None) -> int:
    """Signs the person out everywhere, except the row `keep`, or in the row `only`. Returns how many ended."""
    query = sa.delete(LiveSession).where(LiveSession.person_id == person_id)
    if keep is not None:
        query = query.where(LiveSession.token_sha256 != keep)
    if only is not None:
        query = query.where(LiveSession.token_sha256 == only)
    ended: sa.CursorResult[object] = session.execute(query)  # type: ignore[assignment]
    return ended.rowcount


def touch_browser(session: Session, token_sha256: str, moment: datetime) -> None:
    """Remembers that the browser was just used."""
    session.execute(
        sa.update(LiveSession).where(LiveSession.token_sha256 == token_sha256).values(seen_at=moment),
        execution_options={"synchronize_session": False},
    )


def count_try(session: Session, key: str, moment: datetime, window: timedelta) -> int:
    """Counts one more try and returns how many there were in this window; one statement, so no two are lost."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    stale = Attempt.window_start <= moment - window
    query = (
        insert(Attempt)
        .values(key_sha256=digest(key), window_start=moment, tries=1)
        .on_conflict_do_update(
            index_elements=["key_sha256"],
            set_={
                "tries": sa.case((stale, 1), else_=Attempt.tries + 1),
                "window_start": sa.case((stale, moment), else_=Attempt.window_start),
            },
        )
        .returning(Attempt.tries)
    )
    return int(session.execute(query).scalar_one())


def take_back_try(session: Session, key: str) -> None:
    """Counts one try less; never below none."""
    query = sa.update(Attempt).where(Attempt.key_sha256 == digest(key), Attempt.tries > 0)
    session.execute(query.values(tries=Attempt.tries - 1))


def forget_tries(session: Session, key: str) -> None:
    """After a success the count starts anew."""
    session.execute(sa.delete(Attempt).where(Attempt.key_sha256 == digest(key)))


def sweep(session: Session, moment: datetime, oldest: timedelta) -> tuple[int, int]:
    """Forgets browsers and counters that nothing can use any more; returns how many of each."""
    browsers = deleted_rows(session, sa.delete(LiveSession).where(LiveSession.started_at < moment - oldest))
    return browsers, deleted_rows(session, sa.delete(Attempt).where(Attempt.window_start < moment - oldest))
