"""What a restore does once the rows are back: it is recorded, and what the world did since is not undone."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import KeyringError, NumberError, parse
from certificates.keyring import Keyring
from compliance import clock
from compliance.cli.aftermath import ENDED, Aftermath, Present, decided
from compliance.cli.app_context import application
from compliance.cli.database import migrate_all
from compliance.domain.roles import SYSTEM
from compliance.domain.standing import AwardAct
from compliance.jobs.heads import publish_head
from compliance.jobs.remind import remind
from compliance.settings import Settings
from compliance.store.audit import record
from compliance.store.audit_restores import RESTORED, Restored, record_restore, told
from compliance.store.awards import Award, AwardDecision, Numbering, award_by_number
from compliance.store.base import UtcDateTime, db, transaction
from compliance.store.errors import RestoreError
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store
from compliance.store.keys import keyring
from compliance.store.log_copies import bring_back
from compliance.store.outbox import hold_unsent
from compliance.store.people import Attempt, LiveSession, Person
from compliance.store.register import refresh_entry
from compliance.store.signed_heads import sign_head

HELD = "held when a backup was restored: it may have been sent before; ./portal outbox retry sends it"
AWARDS_END = {act.value: act for act in ENDED}
UNSEEN_NUMBERS = 1000
"""Certificate numbers left out when nobody knows how many were given after the backup."""


def with_list(known: Aftermath, path: Path | None) -> Aftermath:
    """What is known, with awards that only people know to have ended: a line each, `NUMBER revoked` or `suspended`.

    Raises RestoreError naming the line that cannot be read.
    """
    if path is None:
        return known
    said = [_ended(path, place, line) for place, line in enumerate(_lines(path), 1) if line.strip()]
    return replace(known, ended=known.ended | dict(said))


def _ended(path: Path, place: int, line: str) -> tuple[str, tuple[AwardAct, str]]:
    try:
        number, word = line.split()
        return parse(number), (AWARDS_END[word.lower()], "")
    except (ValueError, KeyError, NumberError) as error:
        raise RestoreError(f"line {place} of {path} is not NUMBER revoked or NUMBER suspended") from error


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise RestoreError(f"{path} cannot be read ({error})") from error


def settle(settings: Settings, said: Restored, known: Aftermath, present: Present | None, asked: str) -> list[str]:
    """Records the restore before anything else, under the number after all that was lost; the report's lines."""
    with application(settings):
        keys = _signing(settings)
        kept = _record(settings, said, keys, known, present, asked)
    migrate_all(settings)
    with application(settings):
        remind()
        with transaction() as session:
            held = hold_unsent(session, clock.now(), HELD)
        unknown = [number for number in known.ended if award_by_number(db.session(), number) is None]
        if keys is not None:
            publish_head(settings, always=True)
    return list(_report(said, kept, held, unknown, present))


def _record(
    settings: Settings, said: Restored, keys: Keyring | None, known: Aftermath, present: Present | None, asked: str
) -> list[str]:
    """The act itself, in one transaction; returns the numbers of the awards that it kept ended."""
    with transaction() as session:
        locked = _keep_locked(session, settings)
        bring_back(session, settings)
        content = {"ended": sorted(known.ended), "brought_back": asked, "kept_locked": locked}
        record_restore(session, said, keys, RESTORED, content)
        kept = [number for number in sorted(known.ended) if keep_ended(session, number, known, present)]
        if kept and keys is not None:
            sign_head(session, keys)
        _skip_numbers(session, said, present)
        session.execute(sa.delete(LiveSession))
        session.execute(sa.delete(Attempt))
    return kept


def _signing(settings: Settings) -> Keyring | None:
    try:
        return keyring(settings)
    except KeyringError:
        return None


def keep_ended(session: Session, number: str, known: Aftermath, present: Present | None) -> bool:
    """Whether the award stood otherwise in the backup. Its decisions come along when their people are there."""
    act, at = known.ended[number]
    award = award_by_number(session, number)
    if award is None or ENDED.get(award.last_act, 0) >= ENDED[act]:
        return False
    rows = decided(present, number)
    last = next((row for row in reversed(rows) if row["act"] == act), None)
    day = last["decided_at"] if last else at
    award.last_act, award.acted_at = act, datetime.fromisoformat(day) if day else clock.now()
    for row in rows:
        _bring(session, award, row)
    session.flush()
    session.expire(award, ["acts"])
    refresh_entry(session, award.company_id)
    by = [last["proposer"], last["decider"]] if last else []
    reason = last["reason"] if last else ""
    tag = f"system:award:kept_{act}"
    record(session, clock.now(), SYSTEM, tag, "award", award.id, number=number, reason=reason, by=by)
    return True


def _bring(session: Session, award: Award, row: dict[str, Any]) -> None:
    """A decision taken after the backup, as it was, when the same people have the same accounts in it."""
    table = AwardDecision.__table__
    values = {name: _value(table.c[name], cell) for name, cell in row.items() if name in table.c}
    same = sa.select(AwardDecision.id).where(
        AwardDecision.award_id == award.id,
        AwardDecision.act == row["act"],
        AwardDecision.decided_at == values["decided_at"],
    )
    if session.scalar(same) is not None or not _known(session, row):
        return
    session.execute(sa.insert(AwardDecision).values(award_id=award.id, **values))


def _value(column: sa.ColumnElement[Any], cell: Any) -> Any:
    """What stood in the column before it went through JSON."""
    return datetime.fromisoformat(cell) if cell and isinstance(column.type, UtcDateTime) else cell


def _known(session: Session, row: dict[str, Any]) -> bool:
    query = sa.select(Person.id, Person.email).where(Person.id.in_([row["proposed_by"], row["decided_by"]]))
    people = {row.id: row.email for row in session.execute(query)}
    return people == {row["proposed_by"]: row["proposer"], row["decided_by"]: row["decider"]}


def _skip_numbers(session: Session, said: Restored, present: Present | None) -> None:
    """A certificate number that was printed after the backup is never given again."""
    if present is not None:
        last = {int(year): number for year, number in present.numbering.items()}
    else:
        margin = said.lost if said.complete else UNSEEN_NUMBERS
        years = range(datetime.fromisoformat(said.backup_made_at).year, clock.today().year + 1)
        last = {year: _last(session, year) + margin for year in years} if margin else {}
    for year, number in last.items():
        row = session.get(Numbering, year) or Numbering(year=year, last=0)
        row.last = max(row.last, number)
        session.add(row)


def _last(session: Session, year: int) -> int:
    row = session.get(Numbering, year)
    return row.last if row else 0


def _keep_locked(session: Session, settings: Settings) -> int:
    """What was locked away here stays so, although the backup still holds it as readable."""
    locked = file_store(settings).locked()
    query = sa.select(EvidenceFile).where(EvidenceFile.sha256.in_(locked), EvidenceFile.quarantined_at.is_(None))
    files = list(session.scalars(query))
    for file in files:
        file.quarantined_at = clock.now()
    return len(files)


def _report(said: Restored, kept: list[str], held: int, unknown: list[str], present: Present | None) -> Iterable[str]:
    yield told(said)
    yield "Everybody is signed out."
    yield f"{held} unsent mails are held, so that none is sent twice; see ./portal outbox"
    yield " ".join([f"{len(kept)} awards that were revoked or suspended after the backup stay so.", *kept])
    if unknown:
        yield f"Revoked or suspended, but not in the backup: {json.dumps(unknown)}"
    if present and present.newer:
        yield f"Granted or issued anew after the backup, and no longer known here: {', '.join(present.newer)}"
