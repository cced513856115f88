"""What the API offers, in OpenAPI 3.1, read from the addresses and views themselves."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

from compliance.domain.provinces import PROVINCES
from compliance.journeys.api.described import Description, Schema, description_of, ref
from compliance.journeys.api.fields import (
    AWARD,
    CHANGE,
    COMPANY,
    DAY,
    FACTS,
    HARM,
    HISTORY,
    SERVICE,
    SHOWN_AWARD,
    TEXT,
    WHOLE,
    YES_OR_NO,
    list_of,
    maybe,
    shape,
    thing,
)
from compliance.journeys.language import PREFIX
from compliance.journeys.limits import PER_MINUTE, is_limited
from compliance.journeys.problems import MEDIA_TYPE, for_programs
from compliance.journeys.public.register import FIRST_YEAR, LAST_YEAR, STANDINGS
from compliance.store.register_search import BY_NAME, SORTS
from questionnaires import current

LICENCE_NAME = "CC BY 4.0"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PART = re.compile(r"<(?:[^<>]*:)?(\w+)>")
CURSOR = r"^(0|[1-9][0-9]{0,8}-[0-9a-f]{12})$"
READABLE: Schema = {"type": "string", "pattern": r"^[^\u0000]*$"}
NUMBER: Schema = {"type": "string", "minLength": 1}
TILE: Schema = {"type": "string", "pattern": r"^(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?$"}
PLACES: dict[str, tuple[Schema, str]] = {
    "number": (NUMBER, "A certificate number, such as COP-KH-2026-00042-17"),
    "slug": ({"type": "string", "pattern": "^[a-z0-9-]{1,80}$"}, "The company's name in addresses"),
    "day": (DAY, "A day"),
    "lang": ({"type": "string", "enum": ["km", "en"]}, "Khmer or English"),
    "purpose": ({"type": "string", "enum": ["revocation", "suspension"]}, "What the list tells of"),
    "size": (WHOLE, "How many entries"),
    "position": (WHOLE, "The place of an entry, counted from 0"),
    "earlier": (WHOLE, "How many entries the earlier log had"),
    "later": (WHOLE, "How many entries the later log had"),
    "level": (WHOLE, "Level of the tree, 0 below"),
    "tile": (TILE, "A tile, as C2SP tlog-tiles names it"),
    "token": ({"type": "string", "minLength": 1}, "The secret that the company was given"),
}
HTML = "text/html"
SAID = {
    302: "On to another address, such as the page in the reader's language",
    400: "A parameter is unknown, given twice, impossible or unreadable",
    404: "No such thing",
    409: "The log has no such place, perhaps since it was restored; begin again from a day",
    429: f"More than {PER_MINUTE} questions in a minute from one address",
    503: "Not made yet; ask again",
}


def query(name: str, schema: Schema, text: str) -> Schema:
    return {"name": name, "in": "query", "allowEmptyValue": True, "schema": schema, "description": text}


def parameters() -> list[Schema]:
    """How a list is narrowed; the register's page takes the same."""
    edition = current()

    def one_of(values: Any) -> Schema:
        return {"type": "string", "enum": list(values)}

    number = {"type": "integer", "minimum": 1, "maximum": 999_999}
    text = {**READABLE, "maxLength": 200}
    return [
        query("q", text, "Words or parts of words, in Khmer or Latin script"),
        query("level", list_of(one_of(level.id for level in edition.levels)), "May be repeated"),
        query("kind", one_of(kind.id for kind in edition.kinds), "Kind of company"),
        query("province", one_of(PROVINCES), "Province"),
        query("year", {**number, "minimum": FIRST_YEAR, "maximum": LAST_YEAR}, "Year in which the award began"),
        query("standing", one_of(STANDINGS), "Standing today; good is every award in force"),
        query("sort", one_of((BY_NAME, *SORTS)), "By Latin name (as without it), by level or by the newest award"),
        query("limit", {**number, "maximum": 100}, "Companies a page"),
        query("page", number, "Page"),
    ]


def following() -> list[Schema]:
    """From where the changes are told."""
    since = {"type": "string", "anyOf": [{"type": "string", "pattern": CURSOR}, DAY]}
    return [
        query("since", since, "The cursor of an earlier answer, or a day in Phnom Penh; without it from the beginning"),
        query("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Acts an answer"),
    ]


def reading() -> list[Schema]:
    """In which language the feed is told, and before which entry it begins."""
    return [
        query("lang", {"type": "string", "enum": ["km", "en"]}, "Language of the feed; English without it"),
        query("before", {"type": "integer", "minimum": 0, "maximum": 999_999_999}, "Only acts before this position"),
    ]


def drawing() -> list[Schema]:
    return [
        query("lang", READABLE, "km or en; Khmer for anything else"),
        query("theme", TEXT, "dark for a dark page; light for anything else"),
    ]


def heads() -> list[Schema]:
    return [query("after", READABLE, "The name of the last head that one has")]


def _listed(of: str, name: str, **other: Schema) -> Schema:
    return thing({**other, name: list_of(ref(of))})


def schemas() -> dict[str, Schema]:
    """The shapes of what is answered."""
    company = {"slug": TEXT, "page": TEXT}
    national = thing({"name": thing({"km": TEXT, "en": TEXT}), "telephone": maybe(TEXT), "page": maybe(TEXT)})
    door = thing({"company": thing(company), **SERVICE["properties"]})
    asked = {
        "on": DAY,
        "licence": TEXT,
        "harm": maybe(HARM),
        "harms": list_of(thing({"id": HARM, "km": TEXT, "en": TEXT})),
    }
    wrong = thing({"name": TEXT, "given": list_of(TEXT), "possible": {}})
    link = maybe(TEXT)
    listed = {"on": DAY, "total": WHOLE, "page": WHOLE, "limit": WHOLE, "next": link, "by_sound": YES_OR_NO}
    followed = {"more": YES_OR_NO, "cursor": TEXT, "next": TEXT, "sealed": WHOLE}
    draw = thing({"drawn_on": DAY, "seed": TEXT, "count": WHOLE, "numbers": list_of(TEXT), "order": TEXT})
    problem = {"type": TEXT, "title": TEXT, "status": WHOLE}
    return {
        "Company": shape(COMPANY),
        "WholeCompany": shape((*COMPANY, HISTORY)),
        "ShownAward": shape(SHOWN_AWARD),
        "Award": shape(AWARD),
        "Facts": shape(FACTS),
        "Change": shape(CHANGE),
        "Companies": _listed("Company", "companies", **listed),
        "Register": _listed("Company", "companies", on=DAY, licence=TEXT, count=WHOLE),
        "Changes": _listed("Change", "changes", **followed),
        "WhereToReport": thing({**asked, "national": list_of(national), "services": list_of(door)}),
        "Figures": _figures(),
        "Draw": draw,
        "Problem": thing(problem, detail=TEXT, wrong=list_of(wrong), parameters=list_of(TEXT), retry_after=WHOLE),
        "Anything": {"type": "object"},
    }


def _figures() -> Schema:
    number, both = maybe({"type": "number"}), thing({"km": TEXT, "en": TEXT})
    names = {"id": TEXT, "figure": TEXT, "by": maybe(TEXT), "of": maybe(TEXT), "name": both}
    mark = {"type": "string", "enum": ["exact", "step", "few", "covered"]}
    line = thing({**names, "on": maybe(DAY), "first": number, "last": number, "mark": mark, "unit": maybe(TEXT)})
    meaning = thing({"page": TEXT, "marks": {"type": "object"}, "figures": {"type": "object"}})
    head = {"on": DAY, "licence": TEXT, "edition": TEXT, "smallest_cell": WHOLE, "meaning": meaning}
    return thing({**head, "lines": list_of(line)})


def described_views() -> Iterator[tuple[Rule, Callable[..., Any]]]:
    """Every address for programs with its view, in the order of addresses."""
    rules = (rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    for rule in sorted(rules, key=lambda rule: rule.rule):
        view = current_app.view_functions[rule.endpoint]
        if rule.endpoint.startswith("api.") or description_of(view):
            yield rule, view


def template_of(rule: Rule) -> str:
    """The address with its places as OpenAPI writes them."""
    return PART.sub(r"{\1}", rule.rule)


def _operation(rule: Rule, said: Description) -> Schema:
    places = [
        {"name": name, "in": "path", "required": True, "schema": PLACES[name][0], "description": PLACES[name][1]}
        for name in PART.findall(rule.rule)
    ]
    return {
        "operationId": rule.endpoint.partition(".")[2],
        "summary": said.summary,
        "parameters": [*places, *said.parameters],
        "responses": _answers(rule, said),
    }


def _answers(rule: Rule, said: Description) -> Schema:
    found = {kind: {"schema": schema} for kind, schema in said.gives.items()}
    etag = {"ETag": {"schema": TEXT, "description": "Send it back in If-None-Match"}}
    answers: dict[str, Any] = {"200": {"description": "Found", "content": found, "headers": etag}} if found else {}
    others = {*said.statuses, *([404] if "<" in rule.rule else []), *([429] if is_limited(rule.rule) else [])}
    for status in sorted({400, *others}):
        told = {kind: {"schema": TEXT if kind == HTML else ref("Problem")} for kind in _kinds(status, rule.rule)}
        answers[str(status)] = {"description": SAID[status], **({"content": told} if told else {})}
    return answers


def _kinds(status: int, rule: str) -> tuple[str, ...]:
    """How it is told: to programs as data; on a page where people go too, and that a file is being made on a page."""
    if status < HTTPStatus.BAD_REQUEST:
        return ()
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return (HTML,)
    if status == HTTPStatus.TOO_MANY_REQUESTS or for_programs(rule.replace(PREFIX, "/en")):
        return (MEDIA_TYPE,)
    return (HTML, MEDIA_TYPE) if status == HTTPStatus.BAD_REQUEST else (HTML,)


def paths() -> dict[str, Any]:
    """Every address for programs and what it answers."""
    return {
        template_of(rule): {"get": _operation(rule, said)}
        for rule, view in described_views()
        if (said := description_of(view))
    }


def description(public_url: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Champion Companies: the public register",
            "version": "1",
            "description": "Awards for child online protection, by Cambodia's Ministry of Post and Telecommunications.",
            "license": {"name": LICENCE_NAME, "url": LICENCE},
        },
        "servers": [{"url": public_url}],
        "paths": paths(),
        "components": {"schemas": schemas()},
    }
