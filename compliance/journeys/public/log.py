"""The transparency log for people: what it proves, its newest entries, and one entry with its way up to the seal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from certificates import NumberError, parse
from compliance.clock import day_of
from compliance.domain.merkle import climb, inclusion
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.store.base import db
from compliance.store.transparency import (
    LogCheckpoint,
    LogEntry,
    entries_naming,
    leaves_of,
    log_size,
    newest_checkpoint,
    newest_entries,
)
from questionnaires import catalogue

A_PAGE = 15
WARNS, KEYS = {"suspended", "revoked"}, {"granted", "reinstated"}


@dataclass(frozen=True)
class Line:
    """One entry as a list shows it. `kind` is warn, key or empty."""

    position: int
    on: date
    title: str
    slug: str
    name: str
    number: str
    leaf: str
    kind: str


@public.get("/log")
@cached
def log() -> str | Response:
    session, lang = db.session(), current_language()
    typed = request.args.get("number", "").strip()
    before = request.args.get("before", "")
    found = newest_entries(session, A_PAGE + 1, _position(before))
    lines, error = [line(entry, lang) for entry in found[:A_PAGE]], ""
    if typed:
        named, error = _named(typed)
        if named:
            return redirect(url_for("public.log_entry", position=named[0].position))
    return render_template(
        "public/log.html",
        sealed=newest_checkpoint(session),
        size=log_size(session),
        lines=lines,
        more=lines[-1].position if len(found) > A_PAGE else None,
        older=bool(before),
        typed=typed[:60],
        error=error,
    )


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _named(typed: str) -> tuple[Sequence[LogEntry], str]:
    """The entries of a certificate number, or what is wrong with it."""
    try:
        found = entries_naming(db.session(), parse(typed))
    except NumberError:
        return (), _("This is no certificate number. One looks like COP-KH-2026-00042-17.")
    return found, "" if found else _("The log tells of no certificate with this number.")


@public.get("/log/<int:position>")
@cached
def log_entry(position: int) -> str:
    session, lang = db.session(), current_language()
    entry = session.get(LogEntry, position) if position < 2**31 else None
    if entry is None:
        abort(404)
    sealed = newest_checkpoint(session)
    return render_template(
        "public/log_entry.html",
        one=line(entry, lang),
        told=json.loads(entry.content),
        content=entry.content,
        leaf=entry.leaf.hex(),
        written=entry.written_at,
        sealed=sealed,
        steps=_steps(entry, sealed),
        following=position + 1 < log_size(session),
    )


def _steps(entry: LogEntry, sealed: LogCheckpoint | None) -> list[dict[str, object]]:
    """From the entry to the root of the newest checkpoint; none before it is sealed."""
    if sealed is None or entry.position >= sealed.size:
        return []
    leaves = leaves_of(db.session(), sealed.size)
    way = climb(entry.leaf, entry.position, sealed.size, inclusion(leaves, entry.position))
    return [{"neighbour": step.neighbour.hex(), "left": step.left, "made": step.made.hex()} for step in way]


def line(entry: LogEntry, lang: str) -> Line:
    """What an entry tells, in the reader's words."""
    told = json.loads(entry.content)
    facts: Mapping[str, Any] = told.get("facts", {})
    act = told["act"]
    names = [facts.get("name_km", ""), facts.get("name_latin", "")]
    return Line(
        entry.position,
        day_of(datetime.fromisoformat(told["at"])),
        title(told, facts, lang),
        told.get("company", ""),
        next((name for name in (names if lang == "km" else names[::-1]) if name), ""),
        facts.get("number", ""),
        entry.leaf.hex(),
        "warn" if act in WARNS else "key" if act in KEYS else "",
    )


def title(told: Mapping[str, Any], facts: Mapping[str, Any], lang: str) -> str:
    """One entry in a few words."""
    act = told["act"]
    if act == "granted":
        level = catalogue.edition(facts["edition"]).level(facts["level"])
        return _("Granted: %(award)s", award=level.public_name[lang])
    if act == "changed":
        return _("Changed: %(what)s", what=", ".join(changed_parts(told["changed"])))
    return {
        "suspended": _("Suspended"),
        "reinstated": _("Suspension or revocation lifted"),
        "revoked": _("Revoked"),
        "superseded": _("Replaced by a newer award"),
        "certificate_issued_anew": _("Certificate issued anew"),
        "checked_in": _("Check-in sent"),
        "restored": _("The portal was restored from a backup; the entries before this one came back from a copy"),
    }[act]


def changed_parts(names: Sequence[str]) -> list[str]:
    """What of a company's public facts changed."""
    words = {
        "name_km": _("name"),
        "name_latin": _("name"),
        "kinds": _("kinds of company"),
        "province": _("province"),
        "website": _("website"),
        "level": _("level"),
        "number": _("certificate number"),
        "edition": _("edition of the Code"),
        "scope_km": _("what is covered"),
        "scope_en": _("what is covered"),
        "not_covered_km": _("what is not covered"),
        "not_covered_en": _("what is not covered"),
        "brands": _("brands"),
        "covered": _("what is covered"),
        "services": _("services"),
        "starts": _("dates"),
        "ends": _("dates"),
        "grace_ends": _("dates"),
    }
    return list(dict.fromkeys(words[name] for name in names))
