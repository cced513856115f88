"""The audit trail: searched, one thing's history, verified, taken away as a file that proves itself."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template, request, stream_with_context, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import trail as acts
from compliance.domain.errors import NotFoundError
from compliance.journeys.admin import trail_form
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.trail_words import BREAKS, KINDS, SUBJECTS, actor_kind, told
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.store import audit_search, trail_check
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import names_of

PAGE = 50
LONGEST_VALUE = 600
FORMATS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


def shown(entry: AuditEntry, names: dict[int, str]) -> dict[str, Any]:
    """An entry as the page tells it; its content as the acts wrote it, never as markup."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "who": names.get(entry.actor_id, _("Somebody unknown")) if entry.actor_id else _("The portal itself"),
        "mark": actor_kind(entry.tag) if entry.actor_id else "portal",
        "text": told(entry.tag)[1],
        "tag": entry.tag,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "subject_name": SUBJECTS.get(entry.subject, entry.subject),
        "content": [(name, _value(value)) for name, value in _content(entry).items()],
    }


def _content(entry: AuditEntry) -> dict[str, Any]:
    try:
        tree = json.loads(entry.content)
    except ValueError:
        return {"": entry.content}
    return tree if isinstance(tree, dict) else {"": tree}


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def by_day(session: Session, entries: Sequence[AuditEntry]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Entries under the days of Phnom Penh on which they were written, in the order given."""
    names = names_of(session, {entry.actor_id for entry in entries if entry.actor_id})
    days: list[tuple[date, list[dict[str, Any]]]] = []
    for entry in entries:
        day = clock.day_of(entry.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(shown(entry, names))
    return days


@admin.get("/audit")
def audit() -> str:
    """What was looked for, the newest first, a page at a time."""
    session = db.session()
    asked = trail_form.read(session, request.args)
    before = whole_number(request.args.get("before"))
    found = audit_search.find(session, asked.wanted, PAGE + 1, before) if not asked.errors else []
    count = audit_search.count(session, asked.wanted) if not asked.errors else 0
    return render_template(
        "admin/audit.html",
        asked=asked,
        company=session.get(Company, asked.about) if asked.about else None,
        days=by_day(session, found[:PAGE]),
        shown_count=len(found[:PAGE]),
        earlier=_address(asked.given, found[PAGE - 1].seq) if len(found) > PAGE else "",
        count=min(count, audit_search.MOST_COUNTED),
        more=count > audit_search.MOST_COUNTED,
        kinds=KINDS,
    )


def _address(given: dict[str, str], before: int) -> str:
    values: dict[str, Any] = {**given, "before": before}
    return url_for("admin.audit", **values)


@admin.get("/audit/verify")
def verify_audit() -> str:
    """Every entry from behind `after`, as many as three seconds allow, and what was published of the trail."""
    after = whole_number(request.args.get("after")) or 0
    try:
        found = trail_check.check(db.session(), settings(), after)
    except LookupError as error:
        raise NotFoundError from error
    return render_template(
        "admin/audit_verified.html",
        found=found,
        why=BREAKS,
        after=after,
        now=clock.now(),
        newest_at=datetime.fromisoformat(found.newest.head.at) if found.newest else None,
    )


@admin.post("/audit/export")
def export_audit() -> Response:
    """What was looked for, as a file; taking it is an entry of its own, and the last one in it."""
    kind = "csv" if request.form.get("format") == "csv" else "jsonl"
    with transaction() as session:
        asked = trail_form.read(session, request.form)
        last = acts.note_export(session, current_actor(), kind, asked.given)
    lines = acts.export_lines(db.session(), asked.wanted, last, kind)
    name = f"audit-trail-{_stamp(clock.now())}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(lines), mimetype=FORMATS[kind], headers=headers)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(clock.PHNOM_PENH):%Y-%m-%d-%H%M}"
