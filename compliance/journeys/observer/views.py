"""What an observer sees: counts, the action plan's figures, and dossiers opened to this observer; nothing else."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions.dossiers import open_dossier
from compliance.actions.scorecards import read_scorecard
from compliance.bounded.runner import Sender, ask_in_turn
from compliance.clock import today
from compliance.domain.errors import NotFoundError
from compliance.domain.provinces import province_name
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.observer.blueprint import observer
from compliance.journeys.public.channels import safe_website, services_shown
from compliance.journeys.public.national import Table
from compliance.journeys.public.plan import plan_table
from compliance.journeys.public.rows import kind_names
from compliance.journeys.public.statistics import (
    figures_now,
    levels_by_year,
    levels_table,
    most_missed,
    participation_table,
    provinces_table,
    sizes_table,
    summary,
)
from compliance.journeys.scorecard_view import section_bars
from compliance.store import figures
from compliance.store.awards import Award
from compliance.store.base import db
from compliance.store.dossier_flags import flags_of
from compliance.store.register import RegisterEntry, entry_by_slug
from compliance.store.reviews import standing_recommendation
from questionnaires import catalogue, current
from scoring.cells import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@observer.get("/")
def home() -> str:
    """The figures as tables, and the dossiers that are open today."""
    flags = flags_of(db.session(), current_actor().user_id or 0, today())
    published = figures.newest(db.session()).get(figures.PUBLISHED)
    return render_template(
        "observer/home.html",
        flags=flags,
        tables=list(tables(db.session(), current_language())),
        published_on=published.published_on if published else None,
    )


def tables(session: Session, lang: str) -> Iterator[tuple[str, Table]]:
    """The same figures as on the public page, each table with its title."""
    edition = current()
    found = figures_now(session)
    told = summary(found, lang)
    if told["submitted"]:
        parts = [
            [_("Companies registered here"), told["registered"]],
            [_("Companies that submitted an assessment"), told["submitted"]],
            [_("Concerns raised"), told["concerns_raised"]],
            [_("Concerns closed"), told["concerns_closed"]],
        ]
        yield _("Who takes part"), Table([_("Figure"), _("Together")], [row for row in parts if row[1]])
        yield _("Companies that submitted, by kind"), participation_table(edition, found, lang)
        yield _("By province"), provinces_table(found, lang)
        yield _("Companies that submitted, by size"), sizes_table(found, lang)
    yield _("Awards in force on this day of each year"), levels_by_year(edition, found, lang)
    yield _("Awards in force, by kind and level"), levels_table(edition, found, lang)
    yield _("What is missed most"), most_missed(edition, found, lang)
    yield _("For the national action plan"), plan_table(edition, found, lang)


@observer.get("/figures.csv")
def figures_csv() -> Response:
    """A line a cell: table, row, column, value; with the mark by which spreadsheets know Khmer."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow([_("Table"), _("Row"), _("Column"), _("Value")])
    for title, table in tables(db.session(), current_language()):
        for row in table.rows:
            for column, value in zip(table.head[1:], row[1:], strict=True):
                writer.writerow([harmless(text) for text in (title, row[0], column, value)])
    return _file(f"\ufeff{output.getvalue()}".encode(), "text/csv; charset=utf-8", "csv")


@observer.get("/figures.xlsx")
def figures_xlsx() -> Response:
    """The same, a sheet a table."""
    found = [{"title": title, **asdict(table)} for title, table in tables(db.session(), current_language())]
    sender = Sender(request.remote_addr or "", known=True)
    _said, made = ask_in_turn("compliance.bounded.table_workbook", {"tables": found}, sender)
    return _file(made, XLSX, "xlsx")


def _file(data: bytes, kind: str, ending: str) -> Response:
    name = f"figures-{today().isoformat()}.{ending}"
    return Response(data, headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'})


@observer.get("/dossiers/<id:company_id>")
def dossier(company_id: int) -> str:
    """Public facts, level and section results as verified; no answer, no evidence, nobody's name."""
    session, lang = db.session(), current_language()
    flag = open_dossier(session, current_actor(), company_id)
    entry = entry_by_slug(session, flag.company.slug, today())
    if entry is None:
        raise NotFoundError
    return render_template(
        "observer/dossier.html",
        flag=flag,
        entry=entry,
        standing=entry.standing(today()),
        scope=entry.scope_km if lang == "km" else entry.scope_en,
        not_covered=entry.not_covered_km if lang == "km" else entry.not_covered_en,
        kinds=kind_names(entry.edition, entry.kinds, lang),
        province=province_name(entry.province, lang),
        website=safe_website(entry.website),
        services=services_shown(entry, entry.services, lang, today()),
        bars=_sections(session, entry),
    )


def _sections(session: Session, entry: RegisterEntry) -> list[object]:
    """What the ministry verified, by section; empty when nothing of it is on record."""
    award = session.get_one(Award, entry.award_id)
    found = standing_recommendation(session, award.assessment_id)
    if found is None:
        return []
    edition = catalogue.edition(entry.edition)
    return list(section_bars(edition, read_scorecard(found.scorecard, entry.edition), current_language()))
