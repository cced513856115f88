"""What an address of the API asks for, checked against what openapi.json says that it may."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from flask.wrappers import Response

from compliance.journeys.forms import whole_number
from compliance.journeys.problems import problem

SHOWN = 80
"""Characters of a wrong value that the answer repeats."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def number_asked(name: str, otherwise: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    found = whole_number(request.args.get(name))
    return otherwise if found is None else min(max(found, 1), most)


def refused(parameters: Sequence[Mapping[str, Any]]) -> Response | None:
    """400 that names what is unknown, given twice or impossible, and what is possible; None when all is right."""
    known = {parameter["name"]: parameter["schema"] for parameter in parameters}
    wrong = [
        {"name": name[:SHOWN], "given": [value[:SHOWN] for value in values], "possible": _possible(known.get(name))}
        for name, values in request.args.lists()
        if name not in known or not _right(known[name], values)
    ]
    if not wrong:
        return None
    return problem(400, "A parameter is unknown, given twice or impossible.", wrong=wrong, parameters=sorted(known))


def _right(schema: Mapping[str, Any], values: Sequence[str]) -> bool:
    if schema["type"] == "array":
        return all(_right(schema["items"], [value]) for value in values)
    return len(values) == 1 and (values[0] == "" or _fits(schema, values[0]))


def _fits(schema: Mapping[str, Any], value: str) -> bool:
    if schema["type"] == "integer":
        number = whole_number(value)
        return number is not None and int(schema["minimum"]) <= number <= int(schema["maximum"])
    if "enum" in schema:
        return bool(value in schema["enum"])
    if "anyOf" in schema:
        return any(_fits(one, value) for one in schema["anyOf"])
    if schema.get("format") == "date":
        return is_day(value)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    return len(value) <= int(schema.get("maxLength", SHOWN))


def is_day(text: str) -> bool:
    """Whether it is a day as 2026-11-30."""
    try:
        return bool(DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _possible(schema: Mapping[str, Any] | None) -> Any:
    """The values of a choice, or the bounds of a number or text; nothing for a parameter that does not exist."""
    if schema is None:
        return []
    if schema["type"] == "array":
        return _possible(schema["items"])
    return schema.get("enum") or {name: bound for name, bound in schema.items() if name != "type"}
