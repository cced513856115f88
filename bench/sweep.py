"""J1: the reminders due among 100,000 awards, found and queued; against one raw statement and against an ORM loop."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from bench.figure import Figure
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct, Standing
from compliance.jobs.remind import due_days, rules
from compliance.store import schema
from compliance.store.awards import Award
from compliance.store.base import WRITING
from compliance.store.outbox import Notice, insert_once
from compliance.store.people import Membership
from compliance.store.reminders import queue_reminders
from questionnaires import current

AWARDS = 100_000
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {AWARDS})"
SEED = f"""
{NUMBERS} INSERT INTO people (id, email, full_name, language, active, fs_uniquifier, registered_at)
SELECT i, 'p' || i || '@company.example', 'Sokha', 'km', 1, 'u' || i, '2025-01-01' FROM n;
{NUMBERS} INSERT INTO companies (id, slug, name_km, name_latin, registration_number, licence_number, kinds, workers,
 places, province, website, registered_at, registered_by, version)
SELECT i, 'c' || i, 'ក្រុមហ៊ុន', 'Company ' || i, 'r' || i, '', '[]', 9, 1, 'kandal', '', '2025-01-01', i, 1 FROM n;
{NUMBERS} INSERT INTO memberships (company_id, person_id, role, since) SELECT i, i, 'owner', '2025-01-01' FROM n;
{NUMBERS} INSERT INTO assessments (id, company_id, edition, state, opened_at, review_facts, version)
SELECT i, i, :edition, 'approved', '2025-01-01', '{{}}', 1 FROM n;
{NUMBERS} INSERT INTO awards (id, company_id, assessment_id, edition, level, number, code, scope_km, scope_en, starts,
 ends, grace_days, granted_at, last_act)
SELECT i, i, i, :edition, 'silver', 'N' || i, 'C' || i, '', '', '2025-01-01', date(:today, (i % 700) || ' days'), 30,
 '2025-01-01', 'granted' FROM n;
ANALYZE
"""
RAW = """
INSERT INTO notices (key, kind, person_id, email, language, "values", queued_at, due_at, attempts, last_error)
SELECT 'reminder_before:' || a.id || ':' || :today || ':' || p.id, 'reminder_before', p.id, p.email, p.language,
 json_object('award', a.id), :now, :now, 0, ''
FROM awards a JOIN memberships m ON m.company_id = a.company_id
 JOIN people p ON p.id = m.person_id
WHERE a.ends IN ({days}) AND a.last_act IN ('granted', 'reinstated')
 AND m.role = 'owner' AND m.ended_at IS NULL AND p.active
 AND NOT EXISTS (SELECT 1 FROM awards l
  WHERE l.company_id = a.company_id AND l.starts > a.starts AND l.last_act <> 'revoked')
 AND NOT EXISTS (SELECT 1 FROM assessments s
  WHERE s.company_id = a.company_id AND s.state IN ('submitted', 'in_review', 'recommended'))
ON CONFLICT (key) DO NOTHING
"""


def run(*, rounds: int = 7) -> list[Figure]:
    """The night's work, three ways, each undone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        engine = schema.open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        with _writing(engine) as connection, connection.begin():
            schema.upgrade(connection)
            for statement in SEED.split(";"):
                connection.execute(sa.text(statement), {"edition": current().id, "today": TODAY})
        with _writing(engine) as connection, connection.begin(), Session(connection) as session:
            _ours(session, TODAY - timedelta(days=1))
        ours, raw = [], []
        for _ in range(rounds):
            ours.append(_timed(engine, lambda session: _ours(session, TODAY)))
            raw.append(_timed(engine, _raw))
        loop = _timed(engine, _loop)
        engine.dispose()
    assert len({count for _seconds, count in (*ours, *raw, loop)}) == 1, "all three must find the same reminders"
    contender = statistics.median(seconds for seconds, _count in ours)
    reference = statistics.median(seconds for seconds, _count in raw)
    found = f"{ours[0][1]} reminders due among {AWARDS:,} awards"
    slow = loop[0] / contender
    return [
        Figure(
            "J1",
            found,
            contender,
            reference,
            "s",
            contender / reference,
            "≤ 1.2 × one raw statement",
            contender <= 1.2 * reference,
        ),
        Figure(
            "J1", f"{found}; naive: a loop over objects", contender, loop[0], "s", slow, "≥ 400 × the loop", slow >= 400
        ),
    ]


def _writing(engine: Engine) -> Connection:
    return engine.connect().execution_options(**{WRITING: True})


def _timed(engine: Engine, work: Callable[[Session], int]) -> tuple[float, int]:
    with _writing(engine) as connection:
        undone = connection.begin()
        with Session(connection) as session:
            begun = time.perf_counter()
            found = work(session)
            seconds = time.perf_counter() - begun
        undone.rollback()
    return seconds, found


def _ours(session: Session, today: date) -> int:
    code = current()
    return queue_reminders(session, due_days(code.id, rules(code.lifecycle), today, today), NOW)


def _raw(session: Session) -> int:
    days = ", ".join(f"'{TODAY - timedelta(days=offset)}'" for offset in rules(current().lifecycle).offsets())
    done: sa.CursorResult[object] = session.execute(
        sa.text(RAW.format(days=days)), {"now": str(NOW), "today": str(TODAY)}
    )  # type: ignore[assignment]
    return done.rowcount


def _loop(session: Session) -> int:
    """What a competent first version does: every award as an object, asked one by one."""
    offsets = set(rules(current().lifecycle).offsets())
    rows = []
    for award in session.scalars(sa.select(Award)):
        if award.standing(TODAY) not in {Standing.CURRENT, Standing.EXPIRING, Standing.IN_GRACE}:
            continue
        if (TODAY - award.ends).days not in offsets or award.last_act is AwardAct.SUSPENDED:
            continue
        owners = sa.select(Membership).where(
            Membership.company_id == award.company_id, Membership.role == CompanyRole.OWNER
        )
        for owner in session.scalars(owners):
            key = f"loop:{award.id}:{owner.person_id}"
            if session.scalar(sa.select(Notice.id).where(Notice.key == key)) is None:
                rows.append(_row(key, award, owner))
    insert_once(session, rows)
    return len(rows)


def _row(key: str, award: Award, owner: Membership) -> dict[str, object]:
    person = owner.person
    return {
        "key": key, "kind": "reminder_before", "person_id": person.id, "email": person.email,
        "language": person.language,
        "values": {"award": award.id},
        "queued_at": NOW, "due_at": NOW, "attempts": 0, "last_error": "",
    }  # fmt: skip
