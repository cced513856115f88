"""The audit trail: searched, one thing's history, verified, taken away as a file that proves itself."""

import json
from datetime import datetime
from typing import Any

from flask import render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import trail as acts
from compliance.bounded.runner import Sender
from compliance.domain.errors import NotFoundError
from compliance.journeys.admin import trail_form
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.trail_entries import by_day
from compliance.journeys.admin.trail_words import BREAKS, KINDS
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.printing import Attached, printed
from compliance.store import audit_search, trail_check
from compliance.store.base import abandon, db, transaction
from compliance.store.companies import Company
from compliance.store.people import names_of

PAGE = 50
MOST_PRINTED = 150
"""Entries on paper: what is longer is for programs."""
FORMATS = {"csv": "text/csv", "jsonl": "application/x-ndjson", "pdf": "application/pdf"}


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
        most_printed=MOST_PRINTED,
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
    kind = request.form.get("format", "")
    kind = kind if kind in FORMATS else "jsonl"
    with transaction() as session:
        asked = trail_form.read(session, request.form)
        last = acts.note_export(session, current_actor(), kind, asked.given)
    if kind == "pdf":
        return _on_paper(asked, last)
    lines = acts.export_lines(db.session(), asked.wanted, last, kind)
    name = f"audit-trail-{_stamp(clock.now())}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(lines), mimetype=FORMATS[kind], headers=headers)


def _on_paper(asked: trail_form.Asked, last: int) -> Response:
    """The newest entries for people, the same as lines of JSON inside for programs."""
    session, now, reader = db.session(), clock.now(), current_actor().user_id or 0
    entries = audit_search.find(session, asked.wanted, MOST_PRINTED, last + 1)
    html = render_template(
        "print/audit_trail.html",
        asked=asked.given,
        company=session.get(Company, asked.about) if asked.about else None,
        days=by_day(session, entries),
        printed=len(entries),
        count=audit_search.count(session, asked.wanted),
        most=audit_search.MOST_COUNTED,
        now=now,
        who=names_of(session, {reader}).get(reader, ""),
        newest=entries[0] if entries else None,
    )
    lines = "".join(json.dumps(acts.line_of(one), ensure_ascii=False) + "\n" for one in reversed(entries))
    sender = Sender(f"person {reader}", known=True)
    name = f"audit-trail-{_stamp(now)}"
    attached = Attached(f"{name}.jsonl", lines, str(_("The same entries, to verify them")), now.isoformat())
    abandon()  # drawing takes its time: nothing is held meanwhile
    return printed(html, "audit_trail", name, sender, attached)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(clock.PHNOM_PENH):%Y-%m-%d-%H%M}"
