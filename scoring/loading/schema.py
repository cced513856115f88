"""The JSON Schema of the rubric file, for editors that complete and check while one writes."""

from scoring.condition import EDGES, KINDS
from scoring.loading.criteria import CRITERION_KEYS, DEFAULTS
from scoring.loading.load import TOP_KEYS
from scoring.numbers import ROUNDINGS
from scoring.rubric import COMBINES, VALUE_TYPES
from scoring.rules import OPERATIONS

Schema = dict[str, object]

_NUMBER: Schema = {"description": "A number: 12, -3, 0.5 or 1/3", "type": ["number", "string"]}
_WORDS: Schema = {"type": ["string", "number", "boolean"]}
_YES_NO: Schema = {"enum": ["yes", "no", True, False]}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_TEXT: Schema = {"$ref": "#/$defs/text"}
_EDGE: Schema = {"$ref": "#/$defs/edge"}
_LIST: Schema = {"type": "array", "items": {"anyOf": [_WORDS, {"$ref": "#/$defs/repeated"}]}}
_SOME: Schema = {"anyOf": [_WORDS, _LIST]}


_REPEATED: Schema = {"$ref": "#/$defs/repeated"}
# What a row of a list says, whatever it is.
_CELL: Schema = {"type": "string", "pattern": "^<.+>$"}


def _object(properties: dict[str, Schema], **more: object) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def _part(properties: dict[str, Schema], **more: object) -> Schema:
    """What a table or a list may hold many of, and repeat for each row of a list."""
    return _object({**properties, **_repetition()}, **more)


def _repetition() -> dict[str, Schema]:
    return {"for_each": _either(_WORDS, _LIST), "where": {"type": "object", "additionalProperties": _SOME}}


def _table(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": _either(of, _REPEATED)}


def _array(of: Schema, **more: object) -> Schema:
    return _either({"type": "array", "items": _either(of, _REPEATED), **more}, _CELL)


def _either(*forms: Schema) -> Schema:
    return {"anyOf": [one for form in forms for one in _alternatives(form)]}


def _alternatives(form: Schema) -> list[object]:
    found = form.get("anyOf")
    return found if isinstance(found, list) else [form]


def schema() -> Schema:
    """Draft 2020-12. It knows shapes; names, circles and types are checked by `check`."""
    top: dict[str, Schema] = {
        "rubric": {"type": "string", "description": "The rubric's name"},
        "version": _WORDS,
        "title": _TEXT,
        "about": _TEXT,
        "words": _object(
            {state: _either(_WORDS, _LIST) for state in ("unanswered", "not_applicable", "void", "not_asked")}
        ),
        "numbers": _object({"thousands": _WORDS, "decimal": {"enum": [".", ","]}, "signs": _LIST}),
        "columns": _table(_WORDS),
        "lists": {"type": "object", "additionalProperties": _lists()},
        "maps": _table(_table(_YIELD)),
        "defaults": _object({key: value for key, value in _criterion().items() if key in DEFAULTS}),
        "facts": _table(_either({"enum": list(VALUE_TYPES)}, _part(_fact()))),
        "answers": _table(_either({"enum": list(VALUE_TYPES)}, _part(_answer()))),
        "criteria": _table(_either({"type": "string", "description": "The name of a map"}, _part(_criterion()))),
        "groups": _table(_part(_group(), required=["combine", "of"])),
        "levels": _table(_part(_level(), required=["rungs"])),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rubric",
        **_object({key: top[key] for key in TOP_KEYS}, required=["rubric"]),
        "$defs": {"condition": _condition(), "text": _text(), "edge": _edge(), "repeated": _repeated()},
    }


_YIELD: Schema = _either(_NUMBER, {"enum": ["excluded", "void", "not_applicable", "unanswered"]})
_POLICY: Schema = _either({"enum": ["error", "excluded", "void"]}, _NUMBER)


def _text() -> Schema:
    both = _object({"km": {"type": "string"}, "en": {"type": "string"}}, required=["km", "en"])
    return _either({"type": "string"}, both)


def _lists() -> Schema:
    row: Schema = {"type": "object", "additionalProperties": True}
    return _either(
        _object({"table": {"type": "string"}}, required=["table"]), {"type": "array", "items": _either(_WORDS, row)}
    )


def _repeated() -> Schema:
    """A single value, or anything, for each row of a list."""
    return _object({**_repetition(), "value": {}}, required=["for_each", "value"])


def _edge() -> Schema:
    return _either(_NUMBER, _object(dict.fromkeys(EDGES, _NUMBER), maxProperties=1, minProperties=1))


def _condition() -> Schema:
    tests: dict[str, Schema] = dict.fromkeys(EDGES, _WORDS)
    tests |= {"is": _WORDS, "in": _LIST, "any_of": _LIST, "all_of": _LIST, "contains": _SOME, "starts_with": _SOME}
    tests |= {"length": _EDGE, "answered": _YES_NO, "has_link": _YES_NO, "says": _TEXT}
    joined: dict[str, Schema] = {"all": _array(_CONDITION), "any": _array(_CONDITION), "not": _CONDITION}
    return _either(_CELL, _part({**dict.fromkeys(KINDS, _WORDS), **tests, **joined}))


def _fact() -> dict[str, Schema]:
    options = _either(_LIST, _table(_TEXT))
    return {
        "type": {"enum": list(VALUE_TYPES)},
        "options": options,
        "title": _TEXT,
        "default": _either(_WORDS, _LIST),
        "optional": _YES_NO,
    }


def _answer() -> dict[str, Schema]:
    fact = _fact()
    return {
        "type": fact["type"],
        "options": fact["options"],
        "title": _TEXT,
        "asked": _CONDITION,
        "counts_as_until_confirmed": _table(_WORDS),
        "exclusive": _LIST,
    }


def _finish() -> dict[str, Schema]:
    override = _part(
        {
            "when": _CONDITION,
            "set": _either({"const": "attainable"}, _NUMBER),
            "cap": _NUMBER,
            "floor": _NUMBER,
            "result": {"enum": ["excluded", "void"]},
            "because": _TEXT,
        },
        required=["when"],
    )
    rounding = _object({"digits": {"type": "integer", "minimum": 0}, "how": {"enum": list(ROUNDINGS)}})
    return {"cap": _NUMBER, "floor": _NUMBER, "overrides": _array(override), "round": rounding}


def _rules() -> dict[str, Schema]:
    table = _either({"type": "string"}, _table(_YIELD))
    band = _part({**dict.fromkeys(EDGES, _NUMBER), "points": _YIELD, "otherwise": _YIELD})
    goalpost = _either(_NUMBER, _object({"fact": _WORDS}, required=["fact"]))
    goalposts = _object(
        {
            "from": goalpost,
            "to": goalpost,
            "points": _NUMBER,
            "clamp": {"enum": ["both", "low", "high", "none"]},
            "scale": {"enum": ["plain", "log"]},
            "digits": {"type": "integer"},
        },
        required=["from", "to"],
    )
    outside: dict[str, Schema] = {"outside": {"enum": ["clamp", "refuse"]}}
    linear = _object({**dict.fromkeys(("base", "factor", "lowest", "highest"), _NUMBER), **outside})
    simple: dict[str, Schema] = {
        "choice": table,
        "choices": table,
        "bands": _array(band),
        "linear": linear,
        "goalposts": goalposts,
        "presence": _NUMBER,
        "points": _YIELD,
    }
    factor = _part({"input": _input(), "exclusive": _LIST, **simple}, required=["input"])
    product = _array(factor)
    case = _part({"when": _CONDITION, "exclusive": _LIST, "product": product, **simple})
    return {**simple, "product": product, "cases": _array(case, minItems=1)}


def _input() -> Schema:
    known = ["answer", "fact", "node", "age", "of", "on", *OPERATIONS]
    return _either(_WORDS, {"type": "object", "propertyNames": {"enum": known}})


def _demand() -> dict[str, Schema]:
    return {
        "met_by": _either({"const": "given"}, _WORDS, _LIST),
        "points": _EDGE,
        "evidence": {"enum": ["accepted", "none"]},
        "when": _CONDITION,
        "not_applicable": {"enum": ["pass", "fail"]},
    }


def _criterion() -> dict[str, Schema]:
    gates = ["none", "full", "half", "cap"]
    gate = _object({"gate": {"enum": gates}, "files": {"type": "integer", "minimum": 1}, "at_most": _NUMBER})
    known: dict[str, Schema] = {
        "title": _TEXT,
        "tags": _SOME,
        "options": _table(_TEXT),
        "answer": {"type": "string"},
        "input": _input(),
        "applies": _CONDITION,
        "asked": _CONDITION,
        "counts_as_until_confirmed": _table(_WORDS),
        "exclusive": _LIST,
        "essential": _object({**_demand(), "discretionary": _LIST}),
        "attainable": _NUMBER,
        "evidence": _either({"enum": gates[:3]}, gate),
        "effort": _either(_NUMBER, _table(_NUMBER)),
        **dict.fromkeys(("unanswered", "not_applicable", "unsupported", "void", "not_asked"), _POLICY),
        **_rules(),
        **_finish(),
    }
    return {key: known[key] for key in (*CRITERION_KEYS, "tags")}


def _group() -> dict[str, Schema]:
    single = _either(_NUMBER, _input())
    weight = _either(single, _array(_part({"when": _CONDITION, "weight": single})))
    child = _either(_NUMBER, _part({"weight": weight, "when": _CONDITION}))
    of: Schema = {**_table(child), "properties": {"tag": _SOME, "matching": _SOME}}
    return {
        "title": _TEXT,
        "combine": {"enum": list(COMBINES)},
        "of": _either(_LIST, of),
        "tags": _SOME,
        "times": _NUMBER,
        "when_empty": _either({"enum": ["none", None]}, _NUMBER),
        "when_void": _POLICY,
        "needs": {"type": "integer", "minimum": 1},
        "digits": {"type": "integer", "minimum": 1},
        "applies": _CONDITION,
        **_finish(),
    }


def _level() -> dict[str, Schema]:
    free = _either({"enum": ["none", None]}, _EDGE)
    each = _either(_NUMBER, _object({**dict.fromkeys(EDGES, _NUMBER), "except": _table(free)}))
    rung = _part(
        {
            "id": _WORDS,
            "title": _TEXT,
            "total": _EDGE,
            "each_section": each,
            "essentials": {"enum": ["required", "none"]},
            "criteria": _table(_object(_demand())),
            "conditions": _array(_CONDITION),
        },
        required=["id"],
    )
    return {
        "title": _TEXT,
        "better": {"enum": ["high", "low"]},
        "of": _WORDS,
        "sections": _LIST,
        "series": _YES_NO,
        "build_up": _YES_NO,
        "rungs": _array(rung, minItems=1),
    }
