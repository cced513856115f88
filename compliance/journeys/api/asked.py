"""What an address of the API asks for, checked against what openapi.json says that it may."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec

from flask import request
from flask.wrappers import Response

from compliance.journeys.api.blueprint import as_json
from compliance.journeys.forms import whole_number

P = ParamSpec("P")
Offered = Callable[[], Sequence[Mapping[str, Any]]]
SHOWN = 80
"""Characters of a wrong value that the answer repeats."""


def takes(offered: Offered = tuple) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Marks a view that answers only addresses whose parameters are among those that `offered` describes."""

    def around(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def _view(*args: P.args, **kwargs: P.kwargs) -> Response:
            wrong = refused(offered())
            return view(*args, **kwargs) if wrong is None else wrong

        return _view

    return around


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
    response = as_json({"error": "Bad Request", "status": 400, "wrong": wrong, "parameters": sorted(known)})
    response.status_code = 400
    return response


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
    return len(value) <= int(schema["maxLength"])


def _possible(schema: Mapping[str, Any] | None) -> Any:
    """The values of a choice, or the bounds of a number or text; nothing for a parameter that does not exist."""
    if schema is None:
        return []
    if schema["type"] == "array":
        return _possible(schema["items"])
    return schema.get("enum") or {name: bound for name, bound in schema.items() if name != "type"}
