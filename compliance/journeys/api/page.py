"""The page about open data: what there is, with examples of today, each field, the licence, and what is not there."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template

from compliance.clock import today
from compliance.journeys.api.changes import change_data
from compliance.journeys.api.described import Schema
from compliance.journeys.api.entries import entry_data
from compliance.journeys.api.fields import CHANGE, COMPANY, CSV, DIRECTORY, FACTS, SHOWN_AWARD, Field
from compliance.journeys.api.openapi import LICENCE, LICENCE_NAME
from compliance.journeys.gate import settings
from compliance.journeys.language import gettext as _
from compliance.journeys.limits import PER_MINUTE
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.linked_data import register_linked, script
from compliance.store.base import db
from compliance.store.register_search import Search, newest
from compliance.store.transparency import newest_entries

PARTS: Mapping[str, tuple[Field, ...]] = {"award": SHOWN_AWARD, "facts": FACTS}
"""Members whose own members the page names too."""


@public.get("/open-data")
@cached
def open_data() -> str:
    session, public_url = db.session(), settings().public_url
    companies = newest(session, Search(), today(), 1)
    acts = newest_entries(session, 1)
    return render_template(
        "public/open_data.html",
        company=shown(entry_data(companies[0], today(), public_url)) if companies else "",
        slug=companies[0].slug if companies else "",
        act=shown(change_data(acts[0], public_url)) if acts else "",
        fields=[
            (_("A company"), list(rows(COMPANY))),
            (_("An act"), list(rows(CHANGE))),
            (_("A line of the table (CSV)"), list(rows(CSV))),
            (_("A line of where to report (CSV)"), list(rows(DIRECTORY))),
        ],
        linked=script(register_linked(public_url, LICENCE)),
        licence=LICENCE,
        licence_name=LICENCE_NAME,
        per_minute=PER_MINUTE,
    )


def shown(told: Mapping[str, Any]) -> str:
    """JSON as people read it."""
    return json.dumps(told, ensure_ascii=False, indent=1)


def rows(fields: Iterable[Field], before: str = "") -> Iterable[tuple[str, str, str]]:
    """The name of each field, what it says, and of what kind it is; parts follow what they are part of."""
    for field in fields:
        yield before + field.name, str(field.text), kind_of(field.schema)
        if field.name in PARTS and "$ref" in field.schema:
            yield from rows(PARTS[field.name], f"{field.name}.")


def kind_of(schema: Schema) -> str:
    """In a word."""
    if "anyOf" in schema:
        return _("%(kind)s, or null", kind=kind_of(schema["anyOf"][0]))
    formats = {"date": _("day"), "date-time": _("moment"), "uri": _("address")}
    if "format" in schema:
        return formats[schema["format"]]
    if "enum" in schema:
        return ", ".join(schema["enum"])
    kinds = {"string": _("text"), "integer": _("number"), "boolean": _("true or false"), "array": _("list")}
    return kinds.get(schema.get("type", ""), _("object"))
