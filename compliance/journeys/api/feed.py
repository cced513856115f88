"""The acts of the transparency log for feed readers: one entry an act, which stays as it was when another follows."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from flask import request, url_for
from flask.wrappers import Response

from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.changes import entry_id
from compliance.journeys.api.described import described
from compliance.journeys.api.fields import TEXT
from compliance.journeys.api.openapi import LICENCE, reading
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import settings
from compliance.journeys.language import ENGLISH, show_date, speaking
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.log import line
from compliance.store.base import db
from compliance.store.transparency import LogEntry, entries_after, newest_entries

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
LENGTH = 50
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@api.get("/register.atom")
@cached
@described("Acts, the newest first, for feed readers", {MEDIA_TYPE: TEXT}, takes=reading)
def register_atom() -> Response:
    """Pages follow one another by `before`, so that a page once written never changes."""
    lang = request.args.get("lang") or ENGLISH
    found = newest_entries(db.session(), LENGTH + 1, whole_number(request.args.get("before")))
    with speaking(lang):
        feed = _feed(found[:LENGTH], lang, more=len(found) > LENGTH)
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return answer(body, MEDIA_TYPE)


def _feed(entries: Sequence[LogEntry], lang: str, *, more: bool) -> ET.Element:
    public_url = settings().public_url
    here = f"{public_url}{url_for('api.register_atom', lang=lang)}"
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": lang})
    first = entries_after(db.session(), 0, 1)
    _add(feed, "id", f"{entry_id(first[0].leaf)}#{lang}" if first else here)
    _add(feed, "title", _("Champion Companies: acts of the public register"))
    _add(feed, "updated", _moment(entries[0].written_at if entries else BEFORE_ALL))
    _add(_add(feed, "author"), "name", _("Ministry of Post and Telecommunications, Cambodia"))
    _add(feed, "rights", LICENCE)
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=f"{public_url}{request.full_path.rstrip('?')}")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{public_url}/{lang}/log")
    if more:
        _add(feed, "link", rel="next", type=MEDIA_TYPE, href=f"{here}&before={entries[-1].position}")
    for entry in entries:
        _act(feed, entry, lang, public_url)
    return feed


def _act(feed: ET.Element, entry: LogEntry, lang: str, public_url: str) -> None:
    """One act, told by what the log says of it and nothing else."""
    said, told = line(entry, lang), json.loads(entry.content)
    item = _add(feed, "entry")
    _add(item, "id", entry_id(entry.leaf))
    _add(item, "title", f"{_xml(said.name)} · {said.title}" if said.name else said.title)
    _add(item, "updated", _moment(datetime.fromisoformat(told["written"])))
    _add(item, "published", told["at"])
    _add(item, "link", rel="alternate", type="text/html", href=f"{public_url}/{lang}/log/{entry.position}")
    if said.slug:
        _add(item, "link", rel="related", type="text/html", href=f"{public_url}/{lang}/register/{said.slug}")
    _add(item, "category", term=told["act"])
    _add(item, "summary", " ".join(_xml(part) for part in _summary(told, said.number, lang)))


def _summary(told: dict[str, Any], number: str, lang: str) -> list[str]:
    """The award and its days, and why, where the log says it."""
    facts, parts = told.get("facts", {}), []
    if number:
        days = [show_date(datetime.fromisoformat(facts[name]).date(), lang) for name in ("starts", "ends")]
        parts.append(_("Award %(number)s, %(first)s to %(last)s.", number=number, first=days[0], last=days[1]))
    if "reason" in told:
        parts.append(told["reason"][lang])
    return parts


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _xml(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(
        mark for mark in text if mark >= " " and not "\ud800" <= mark <= "\udfff" and mark not in "\ufffe\uffff"
    )
