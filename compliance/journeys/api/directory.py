"""Where to report as data: the national services, then where services of awarded companies take reports themselves."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request
from flask.wrappers import Response

from compliance.clock import today
from compliance.domain.harms import Harm, taken
from compliance.domain.reporting import WAYS
from compliance.journeys.api.blueprint import answer, api, as_json
from compliance.journeys.api.described import Schema, described, json_of
from compliance.journeys.api.entries import service_data
from compliance.journeys.api.fields import DIRECTORY, TEXT
from compliance.journeys.api.open_data import plain_cell
from compliance.journeys.api.openapi import LICENCE, READABLE, query
from compliance.journeys.gate import settings
from compliance.journeys.harm_words import harm_names
from compliance.journeys.hotlines import shown_hotlines
from compliance.journeys.language import ENGLISH, KHMER, speaking
from compliance.journeys.page_cache import cached
from compliance.journeys.public.channels import still_checked
from compliance.journeys.public.reporting import Asked, entries_found, read_address
from compliance.store.register import RegisterEntry

COLUMNS = tuple(field.name for field in DIRECTORY)


def narrowing() -> Sequence[Schema]:
    """How the list is narrowed; the page and the list in a frame take the same."""
    return [
        query("harm", {"type": "string", "enum": [*Harm]}, "Only ways that take this kind of harm to a child"),
        query("q", {**READABLE, "maxLength": 200}, "Words of a service's, brand's or company's name"),
    ]


@api.get("/where-to-report.json")
@cached
@described(
    "Where harm is reported: national services, then services of awarded companies",
    json_of("WhereToReport"),
    takes=narrowing,
)
def where_to_report() -> Response:
    """The same as the page of that name; services that do not say it yet are left out."""
    asked = read_address(request.args)
    head = {"on": today().isoformat(), "licence": LICENCE, "harm": asked.harm, "harms": _harms()}
    return as_json({**head, "national": _national(), "services": list(_services(asked))})


def _checked(entry: RegisterEntry, service: Mapping[str, Any]) -> dict[str, str]:
    """By way, as long as the page would say so."""
    return {way: day.isoformat() for way, day in still_checked(entry, service, today()).items()}


def _harms() -> list[dict[str, str]]:
    """The kinds in both languages."""
    words = {}
    for lang in (KHMER, ENGLISH):
        with speaking(lang):
            words[lang] = harm_names()
    return [{"id": harm, **{lang: words[lang][harm] for lang in words}} for harm in Harm]


def _national() -> list[dict[str, Any]]:
    return [
        {"name": {"km": line.name_km, "en": line.name_en}, "telephone": line.tel or None, "page": line.url or None}
        for line in shown_hotlines()
    ]


def _services(asked: Asked) -> Iterator[dict[str, Any]]:
    public_url = settings().public_url
    for entry, services in entries_found(asked, ENGLISH):
        company = {"slug": entry.slug, "page": f"{public_url}/en/register/{entry.slug}"}
        for one in services:
            yield {"company": company, **service_data(entry, {**one, "checked": _checked(entry, one)})}


@api.get("/where-to-report.csv")
@cached
@described("The same as a table, a line a way to report", {"text/csv": TEXT}, takes=narrowing)
def where_to_report_csv() -> Response:
    """National services have no company; they take every harm to a child."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for row in (*_national_rows(), *_service_rows(read_address(request.args))):
        writer.writerow([plain_cell(row.get(name, "")) for name in COLUMNS])
    disposition = f'attachment; filename="where-to-report-{today().isoformat()}.csv"'
    return answer(f"\ufeff{output.getvalue()}", "text/csv", Content_Disposition=disposition)


def _national_rows() -> Iterator[dict[str, str]]:
    for line in shown_hotlines():
        names = {"service_km": line.name_km, "service_latin": line.name_en, "harms": " ".join(Harm)}
        for way, value in (("telephone", line.tel), ("page", line.url)):
            if value:
                yield {**names, "way": way, "value": value}


def _service_rows(asked: Asked) -> Iterator[dict[str, str]]:
    for entry, services in entries_found(asked, ENGLISH):
        company = {"company_km": entry.name_km, "company_latin": entry.name_latin, "slug": entry.slug}
        for one in services:
            names = {"service_km": one["km"], "service_latin": one["latin"], "kind": one["kind"], "since": one["since"]}
            checked = _checked(entry, one)
            for way in WAYS:
                if one[way]:
                    harms = " ".join(taken(one.get("harms", {}), way))
                    told = {"value": one[way], "harms": harms, "checked": checked.get(way, "")}
                    yield {**company, **names, "way": way, **told}
