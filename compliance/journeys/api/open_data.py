"""The whole register as CSV, JSON and Atom."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from flask.wrappers import Response

from compliance.clock import now, today
from compliance.journeys.api.blueprint import answer, api, as_json_with
from compliance.journeys.api.entries import fill_json
from compliance.journeys.gate import settings
from compliance.journeys.page_cache import cached
from compliance.store.base import db
from compliance.store.register import RegisterEntry
from compliance.store.register_search import Search, everything, find_all, last_changed, ready_entries
from compliance.store.reporting_channels import WAYS
from scoring.cells import harmless

COLUMNS = (
    "number",
    "name_km",
    "name_latin",
    "level",
    "standing",
    "kinds",
    "province",
    "starts",
    "ends",
    "edition",
    "scope_km",
    "scope_en",
    "website",
    "brands_covered",
    "brands_not_covered",
    "services",
    "former_names",
    "page",
    "not_covered_km",
    "not_covered_en",
)
ATOM = "http://www.w3.org/2005/Atom"
FEED_LENGTH = 50
BATCH = 500
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def plain_cell(text: str) -> str:
    """One line that no spreadsheet takes for a formula."""
    return harmless(text.replace("\0", "").replace("\r", " ").replace("\n", " "))


def _service(service: Mapping[str, Any]) -> str:
    """A service's names, then where it takes reports of harm."""
    names = " / ".join(service[key] for key in ("km", "latin") if service[key])
    ways = "; ".join(f"{way} {service[way]}" for way in WAYS if service[way])
    return f"{names}: {ways}" if ways else names


def _row(entry: RegisterEntry, day: date, public_url: str) -> list[str]:
    cells = {
        "number": entry.number,
        "name_km": entry.name_km,
        "name_latin": entry.name_latin,
        "level": entry.level,
        "standing": entry.standing(day).value,
        "kinds": " ".join(entry.kinds),
        "province": entry.province,
        "starts": entry.starts.isoformat(),
        "ends": entry.ends.isoformat(),
        "edition": entry.edition,
        "scope_km": entry.scope_km,
        "scope_en": entry.scope_en,
        "website": entry.website,
        "brands_covered": "; ".join(entry.covered),
        "brands_not_covered": "; ".join(brand for brand in entry.brands if brand not in entry.covered),
        "services": " | ".join(_service(one) for one in entry.services),
        "former_names": "; ".join(one[name] for one in entry.former for name in ("km", "en") if name in one),
        "page": f"{public_url}/en/register/{entry.slug}",
        "not_covered_km": entry.not_covered_km,
        "not_covered_en": entry.not_covered_en,
    }
    return [plain_cell(cells[name]) for name in COLUMNS]


@api.get("/register.csv")
@cached
def register_csv() -> Response:
    day, public_url = today(), settings().public_url

    def lines() -> Iterator[str]:
        yield "\ufeff"  # so that spreadsheets read Khmer as Khmer
        for row in (list(COLUMNS), *(_row(entry, day, public_url) for entry in everything(db.session(), day))):
            line = io.StringIO()
            csv.writer(line).writerow(row)
            yield line.getvalue()

    disposition = f'attachment; filename="register-{day.isoformat()}.csv"'
    return answer("".join(lines()), "text/csv", Content_Disposition=disposition)


@api.get("/register.json")
@cached
def register_json() -> Response:
    day, public_url = today(), settings().public_url
    awards = find_all(db.session(), Search(), day, "en").awards
    head = {"on": day.isoformat(), "licence": LICENCE, "count": len(awards)}
    batches = (awards[start : start + BATCH] for start in range(0, len(awards), BATCH))
    ready = (entry for batch in batches for entry in ready_entries(db.session(), batch, day, "json"))
    return as_json_with(head, "companies", fill_json(ready, day, public_url))


@api.get("/register.atom")
@cached
def register_atom() -> Response:
    public_url = settings().public_url
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    entries = last_changed(db.session(), today(), FEED_LENGTH)
    updated = entries[0][1] if entries else now()
    _add(feed, "id", f"{public_url}/register.atom")
    _add(feed, "title", "Champion Companies: the public register")
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    _add(_add(feed, "author"), "name", "Ministry of Post and Telecommunications, Cambodia")
    _add(feed, "link", rel="self", href=f"{public_url}/register.atom")
    for entry, changed in entries:
        _feed_entry(feed, entry, changed, public_url)
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return answer(body, "application/atom+xml")


def _feed_entry(feed: ET.Element, entry: RegisterEntry, changed: datetime, public_url: str) -> None:
    """One change, also one that the calendar brought: a new id each time, so that readers show it again."""
    standing = entry.standing(today()).value
    at = changed.isoformat(timespec="seconds")
    item = _add(feed, "entry")
    _add(item, "id", f"{public_url}/en/register/{entry.slug}#{entry.number}-{at}")
    _add(item, "title", f"{_xml(entry.name_latin)} · {_xml(entry.name_km)}: {entry.level}, {standing}")
    _add(item, "updated", at)
    _add(item, "link", rel="alternate", href=f"{public_url}/en/register/{entry.slug}")
    _add(item, "summary", f"{entry.number}: {entry.starts.isoformat()} – {entry.ends.isoformat()}")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _xml(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(
        mark for mark in text if mark >= " " and not "\ud800" <= mark <= "\udfff" and mark not in "\ufffe\uffff"
    )
