"""The acts of the transparency log in their order, for programs that follow the register: none lost, none twice."""

import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask import request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from compliance.clock import PHNOM_PENH
from compliance.journeys.api.asked import number_asked
from compliance.journeys.api.blueprint import api, as_json
from compliance.journeys.api.described import described, json_of
from compliance.journeys.api.openapi import following
from compliance.journeys.gate import settings
from compliance.journeys.page_cache import cached
from compliance.journeys.problems import problem
from compliance.store.base import db
from compliance.store.transparency import LogEntry, entries_after, newest_checkpoint, written_before

MOST = 100
NAMES = uuid.UUID("5d0c9d3e-6b0f-4d0c-9a53-7f1f0a3f5a77")
"""The namespace of our names for entries."""
BEGINNING = "0"
SHOWN_OF_LEAF = 12
FIRST_DAY = date(2000, 1, 1)
RESTORED = "The log has no such place, perhaps since it was restored. Begin again from a day, such as since=2026-01-31."


def entry_id(leaf: bytes) -> str:
    """The name of an act for ever: it hangs on what the log says, on no address and no company's name."""
    return f"urn:uuid:{uuid.uuid5(NAMES, leaf.hex())}"


def cursor(entry: LogEntry) -> str:
    """The place behind an entry: how many were seen, and the beginning of the last one's hash."""
    return f"{entry.position + 1}-{entry.leaf.hex()[:SHOWN_OF_LEAF]}"


def place(session: Session, since: str) -> int | None:
    """How many entries `since` leaves out; None for a place that this log does not have."""
    if since in {"", BEGINNING}:
        return 0
    if len(since.split("-")) == 3:
        day = max(date.fromisoformat(since), FIRST_DAY)
        return written_before(session, datetime.combine(day, time.min, PHNOM_PENH))
    seen = int(since.partition("-")[0])
    last = session.get(LogEntry, seen - 1)
    return seen if last is not None and cursor(last) == since else None


def change_data(entry: LogEntry, public_url: str) -> dict[str, Any]:
    """What the log says, word for word, with the act's name and where to go on."""
    told = json.loads(entry.content)
    links = {
        "log": f"{public_url}/en/log/{entry.position}",
        "proof": f"{public_url}{url_for('api.log_entry', position=entry.position)}",
    }
    if "company" in told:
        links["page"] = f"{public_url}/en/register/{told['company']}"
    return {"id": entry_id(entry.leaf), **told, "links": links}


def _next(entries: Sequence[LogEntry], session: Session, seen: int) -> str:
    """The place behind what is answered; that of the question when nothing is."""
    if not entries and seen:
        entries = entries_after(session, seen - 1, 1)
    return cursor(entries[-1]) if entries else BEGINNING


@api.get("/api/v1/changes")
@cached
@described("Acts in the order of the transparency log", json_of("Changes"), takes=following, statuses=(409,))
def changes() -> Response:
    session, since, limit = db.session(), request.args.get("since", ""), number_asked("limit", MOST, MOST)
    seen = place(session, since)
    if seen is None:
        return problem(409, RESTORED)
    found = entries_after(session, seen, limit + 1)
    shown, sealed = found[:limit], newest_checkpoint(session)
    after, public_url = _next(shown, session, seen), settings().public_url
    return as_json(
        {
            "changes": [change_data(entry, public_url) for entry in shown],
            "more": len(found) > limit,
            "cursor": after,
            "next": f"{public_url}{url_for('api.changes', since=after, limit=limit)}",
            "sealed": sealed.size if sealed else 0,
        }
    )
