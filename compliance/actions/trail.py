"""Taking a copy of entries of the audit trail: itself an entry, and written out a few at a time."""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import Actor, Role
from compliance.store import audit_search
from compliance.store.audit import AuditEntry, record
from compliance.store.audit_search import Wanted
from compliance.store.people import rights_now
from scoring.cells import harmless

COLUMNS = ("seq", "at", "actor_id", "tag", "subject", "subject_id", "content", "previous", "hash")


def note_export(session: Session, actor: Actor, kind: str, asked: Mapping[str, str]) -> int:
    """Records who took what; returns the number of that entry."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    told = {"format": kind, "asked": dict(asked)}
    return record(session, clock.now(), actor, "admin:trail:exported", "person", actor.user_id or 0, **told).seq


def export_lines(session: Session, wanted: Wanted, last: int, kind: str) -> Iterator[str]:
    """The entries up to number `last`: JSON lines hold everything that the chain seals, CSV reads well in a sheet."""
    if kind == "csv":
        yield "\ufeff" + _row(COLUMNS)
    else:
        yield json.dumps({"exported_at": clock.now().isoformat(timespec="seconds"), "format": 1}) + "\n"
    for entry in audit_search.each(session, wanted, last):
        yield _cells(entry) if kind == "csv" else json.dumps(line_of(entry), ensure_ascii=False) + "\n"


def line_of(entry: AuditEntry) -> dict[str, object]:
    """All that the chain seals of an entry."""
    return {
        "seq": entry.seq,
        "at_microseconds": round(entry.at.timestamp() * 1_000_000),
        "actor_id": entry.actor_id,
        "tag": entry.tag,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "content": entry.content,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _cells(entry: AuditEntry) -> str:
    cells = {**line_of(entry), "at": entry.at.isoformat(timespec="seconds")}
    return _row(harmless("" if cells[name] is None else str(cells[name])) for name in COLUMNS)


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(list(cells))
    return written.getvalue()
