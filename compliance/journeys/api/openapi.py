"""What the API offers, in OpenAPI 3.1."""

from typing import Any

from compliance.domain.provinces import PROVINCES
from compliance.domain.standing import AwardAct, Standing
from compliance.journeys.public.register import FIRST_YEAR, LAST_YEAR, STANDINGS
from compliance.store.register_search import SORTS
from questionnaires import current

TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
BOTH = {"type": "object", "properties": {"km": TEXT, "en": TEXT}, "required": ["km", "en"]}
NAMED = {"type": "object", "properties": {"id": TEXT, "km": TEXT, "en": TEXT}, "required": ["id"]}
STANDING = {"type": "string", "enum": [standing.value for standing in Standing]}
ACT = {"type": "string", "enum": [act.value for act in AwardAct]}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


def schemas() -> dict[str, Any]:
    """The shapes of what is answered."""
    why = thing({"ground": {"type": ["string", "null"]}, "km": TEXT, "en": TEXT})
    decision = thing({"act": ACT, "at": MOMENT, "reason": {**why, "type": ["object", "null"]}})
    term = {"edition": TEXT, "starts": DAY, "ends": DAY, "grace_ends": DAY, "standing": STANDING, "standing_on": DAY}
    covers = {"scope": BOTH, "not_covered": {**BOTH, "type": ["object", "null"]}}
    shown = thing({"number": TEXT, "level": NAMED, **covers, **term, "last_decision": thing({"act": ACT, "on": DAY})})
    former = {"type": "object", "required": ["until"], "properties": {"km": TEXT, "en": TEXT, "until": DAY}}
    maybe = {"type": ["string", "null"]}
    reporting = thing({"page": maybe, "telephone": maybe, "menu": maybe, "since": maybe})
    service = thing({"name": BOTH, "kind": TEXT, "covered": {"type": "boolean"}, "reporting": reporting})
    company = thing(
        {
            "slug": TEXT,
            "name": BOTH,
            "kinds": {"type": "array", "items": NAMED},
            "province": NAMED,
            "website": TEXT,
            "former_names": {"type": "array", "items": former},
            "services": {"type": "array", "items": service},
            "brands": {"type": "array", "items": thing({"name": TEXT, "covered": {"type": "boolean"}})},
            "award": shown,
            "illustrative": {"type": "boolean"},
            "links": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
            "changed_at": MOMENT,
        },
        history={"type": "array", "items": ref("Award")},
    )
    later = {"type": ["string", "null"], "format": "date-time"}
    certificate = thing({"number": TEXT, "issued_at": later, "replaced_at": later})
    award = thing(
        {"number": TEXT, "company": TEXT, "level": TEXT, **term, "decisions": {"type": "array", "items": decision}},
        certificates={"type": "array", "items": certificate},
        successor={"type": ["string", "null"], "description": "The number that took or will take this one's place"},
    )
    whole = {"type": "integer", "minimum": 0}
    listed = thing(
        {"on": DAY, "total": whole, "page": whole, "limit": whole, "next": {"type": ["string", "null"]}},
        by_sound={"type": "boolean", "description": "Nothing holds q as written; these have names that sound like it"},
        companies={"type": "array", "items": ref("Company")},
    )
    error = thing({"error": TEXT, "status": whole})
    one = thing({"name": TEXT, "given": {"type": "array", "items": TEXT}}, possible={})
    refused = thing(
        {"error": TEXT, "status": whole, "wrong": {"type": "array", "items": one}},
        parameters={"type": "array", "items": TEXT},
    )
    return {"Company": company, "Award": award, "Companies": listed, "Error": error, "Refused": refused}


def parameters() -> list[dict[str, Any]]:
    """How a list is narrowed; the register's page takes the same."""
    edition = current()

    def query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}

    def one_of(values: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(values)}

    number = {"type": "integer", "minimum": 1, "maximum": 999_999}
    return [
        query("q", {"type": "string", "maxLength": 200}, "Words or parts of words, in Khmer or Latin script"),
        query("level", {"type": "array", "items": one_of(level.id for level in edition.levels)}, "May be repeated"),
        query("kind", one_of(kind.id for kind in edition.kinds), "Kind of company"),
        query("province", one_of(PROVINCES), "Province"),
        query("year", {**number, "minimum": FIRST_YEAR, "maximum": LAST_YEAR}, "Year in which the award began"),
        query("standing", one_of(STANDINGS), "Standing today; good is every award in force"),
        query("sort", one_of(SORTS), "By level or by the newest award, instead of by Latin name"),
        query("limit", {**number, "maximum": 100}, "Companies a page"),
        query("page", number, "Page"),
    ]


def _answers(name: str) -> dict[str, Any]:
    refused = {"application/json": {"schema": ref("Refused")}}
    return {
        "200": {"description": "Found", "content": {"application/json": {"schema": ref(name)}}},
        "400": {"description": "A parameter is unknown, given twice or impossible", "content": refused},
        "404": {"description": "No such thing", "content": {"application/json": {"schema": ref("Error")}}},
    }


def paths() -> dict[str, Any]:
    """Every address of version 1 and what it answers."""

    def in_path(name: str) -> list[dict[str, Any]]:
        return [{"name": name, "in": "path", "required": True, "schema": TEXT}]

    def get(name: str, summary: str, taken: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
        return {"get": {"operationId": name, "summary": summary, "parameters": taken, "responses": answers}}

    listed = {status: said for status, said in _answers("Companies").items() if status != "404"}
    one = "One company, with every award and decision"
    award = "One award by its certificate number, with its standing today"
    return {
        "/api/v1/companies": get("companies", "Companies with an award, by name", parameters(), listed),
        "/api/v1/companies/{slug}": get("company", one, in_path("slug"), _answers("Company")),
        "/api/v1/awards/{number}": get("award", award, in_path("number"), _answers("Award")),
    }


def description(public_url: str) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Champion Companies: the public register",
            "version": "1",
            "description": "Awards for child online protection, by Cambodia's Ministry of Post and Telecommunications.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": public_url}],
        "paths": paths(),
        "components": {"schemas": schemas()},
    }
