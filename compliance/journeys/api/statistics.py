"""The national figures as CSV and JSON: a line a figure and day, with what hides it where it is not told exactly."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask.wrappers import Response

from compliance.clock import today
from compliance.domain.provinces import PROVINCES
from compliance.journeys.api.blueprint import answer, api, as_json
from compliance.journeys.api.described import described, json_of
from compliance.journeys.api.fields import TEXT
from compliance.journeys.api.open_data import plain_cell
from compliance.journeys.api.openapi import LICENCE
from compliance.journeys.gate import settings
from compliance.journeys.page_cache import cached
from compliance.journeys.public.national import Line, lines
from compliance.store.base import db
from questionnaires import Edition, current

COLUMNS = ("id", "on", "first", "last", "mark", "unit", "figure", "by", "of", "name_km", "name_en", "licence")
MARKS = {
    "exact": "first and last are the figure",
    "step": "the figure is one of the numbers from first to last",
    "few": "the same; the step begins at 0, so that nobody learns whether there are any",
    "covered": "not told so far, because a company could be worked out",
}
FIGURES = {
    "awards": "awards in force, counted from the register",
    "registered": "companies registered here",
    "submitted": "companies that ever submitted an assessment, by the kind that each names first, province or size",
    "missed": "companies with a decision that do not meet a criterion yet",
    "reported": "a figure that companies report for the last 12 months, added up",
    "concerns-raised": "concerns raised so far",
    "concerns-closed": "concerns closed so far",
}
Names = Callable[[str], Mapping[str, str]]


@api.get("/statistics.json")
@cached
@described("National figures, a line a figure and day", json_of("Figures"))
def statistics_json() -> Response:
    edition = current()
    head = {
        "on": today().isoformat(),
        "licence": LICENCE,
        "edition": edition.id,
        "smallest_cell": edition.register.national_statistics.min_companies_per_cell,
        "meaning": {"page": f"{settings().public_url}/en/statistics#made", "marks": MARKS, "figures": FIGURES},
    }
    return as_json({**head, "lines": [_data(edition, line) for line in lines(db.session(), edition, today())]})


@api.get("/statistics.csv")
@cached
@described("The same national figures as a table", {"text/csv": TEXT})
def statistics_csv() -> Response:
    edition, output = current(), io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for line in lines(db.session(), edition, today()):
        writer.writerow(_row(edition, line))
    disposition = f'attachment; filename="statistics-{today().isoformat()}.csv"'
    return answer(f"\ufeff{output.getvalue()}", "text/csv", Content_Disposition=disposition)


def _data(edition: Edition, line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "figure": line.figure,
        "by": line.by or None,
        "of": line.of or None,
        "name": names(edition, line),
        "on": line.on.isoformat() if line.on else None,
        "first": _number(line.first),
        "last": _number(line.last),
        "mark": line.mark,
        "unit": line.unit or None,
    }


def _row(edition: Edition, line: Line) -> Iterator[str]:
    said = _data(edition, line)
    flat = {**said, "name_km": said["name"]["km"], "name_en": said["name"]["en"], "licence": LICENCE}
    return (plain_cell("" if flat[name] is None else str(flat[name])) for name in COLUMNS)


def _number(value: Decimal | None) -> int | float | None:
    """A JSON number; whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def names(edition: Edition, line: Line) -> dict[str, str]:
    """What a line is of, in both languages; empty where it is of all."""
    return {lang: " · ".join(_name(edition, line.by, of, lang) for of in line.of.split("/")) for lang in ("km", "en")}


def _name(edition: Edition, by: str, of: str, lang: str) -> str:
    kinds = {kind.id: kind.label[lang] for kind in edition.kinds}
    levels = {level.id: level.title[lang] for level in edition.levels}
    if by in {"criterion", "question"}:
        return edition.question(of).title[lang]
    if by == "province":
        return PROVINCES[of][lang == "en"]
    return {**kinds, **levels}.get(of, of)
