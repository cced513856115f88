"""The whole register as CSV and JSON."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask.wrappers import Response

from compliance.clock import today
from compliance.domain.harms import taken
from compliance.domain.reporting import WAYS
from compliance.journeys.api.blueprint import answer, api, as_json_with
from compliance.journeys.api.described import described, json_of
from compliance.journeys.api.entries import fill_json
from compliance.journeys.api.fields import CSV, TEXT
from compliance.journeys.api.openapi import LICENCE
from compliance.journeys.gate import settings
from compliance.journeys.page_cache import cached
from compliance.store.base import db
from compliance.store.register import RegisterEntry
from compliance.store.register_search import Search, everything, find_all, ready_entries
from scoring.cells import harmless

COLUMNS = tuple(field.name for field in CSV)
BATCH = 500


def plain_cell(text: str) -> str:
    """One line that no spreadsheet takes for a formula."""
    return harmless(text.replace("\0", "").replace("\r", " ").replace("\n", " "))


def _service(service: Mapping[str, Any]) -> str:
    """A service's names, then where it takes reports of harm."""
    names = " / ".join(service[key] for key in ("km", "latin") if service[key])
    ways = "; ".join(_way(service, way) for way in WAYS if service[way])
    return f"{names}: {ways}" if ways else names


def _way(service: Mapping[str, Any], way: str) -> str:
    """Where it leads, and what it takes when it does not take every harm."""
    harms = service.get("harms", {})
    only = f" ({', '.join(taken(harms, way))})" if way in harms else ""
    return f"{way} {service[way]}{only}"


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
@described("The whole register as a table", {"text/csv": TEXT})
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
@described("The whole register", json_of("Register"))
def register_json() -> Response:
    day, public_url = today(), settings().public_url
    awards = find_all(db.session(), Search(), day, "en").awards
    head = {"on": day.isoformat(), "licence": LICENCE, "count": len(awards)}
    batches = (awards[start : start + BATCH] for start in range(0, len(awards), BATCH))
    ready = (entry for batch in batches for entry in ready_entries(db.session(), batch, day, "json"))
    return as_json_with(head, "companies", fill_json(ready, day, public_url))
