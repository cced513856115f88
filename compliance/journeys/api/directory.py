"""Where to report as data: the national services, then where services of awarded companies take reports themselves."""

from typing import Any

from flask.wrappers import Response

from compliance.clock import today
from compliance.journeys.api.blueprint import api, as_json
from compliance.journeys.api.described import described, json_of
from compliance.journeys.api.entries import service_data
from compliance.journeys.api.openapi import LICENCE
from compliance.journeys.gate import settings
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.page_cache import cached
from compliance.journeys.public.home import MOST_DOORS
from compliance.store.base import db
from compliance.store.register import RegisterEntry
from compliance.store.register_search import GOOD, Search, find


@api.get("/where-to-report.json")
@cached
@described("Where harm is reported: national services, then services of awarded companies", json_of("WhereToReport"))
def where_to_report() -> Response:
    """The same as the page of that name; services that do not say it yet are left out."""
    day, kept = today(), settings()
    entries = find(db.session(), Search(standing=GOOD), day, 0, MOST_DOORS, "en")
    national = [
        {"name": {"km": line.name_km, "en": line.name_en}, "telephone": line.tel or None, "page": line.url or None}
        for line in shown_hotlines()
    ]
    services = [service for entry in entries for service in _services(entry, kept.public_url)]
    return as_json({"on": day.isoformat(), "licence": LICENCE, "national": national, "services": services})


def _services(entry: RegisterEntry, public_url: str) -> list[dict[str, Any]]:
    company = {"slug": entry.slug, "page": f"{public_url}/en/register/{entry.slug}"}
    return [{"company": company, **service_data(entry, one)} for one in entry.services if one["since"]]
