"""Scorecards as canonical JSON and back: codes, names and exact numbers only."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar, cast

from scoring import numbers
from scoring.errors import ScoringError
from scoring.results import (
    Basis,
    ConditionResult,
    EssentialResult,
    Finding,
    LevelResult,
    NodeResult,
    Param,
    Part,
    Reason,
    RungResult,
)
from scoring.rubric import Rubric

FORMAT = 1
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Parts:
    nodes: Mapping[str, NodeResult]
    findings: Mapping[str, Finding]
    essentials: Mapping[str, EssentialResult]
    levels: Mapping[str, LevelResult]


def dump(rubric: Rubric, parts: Parts, subject: str, basis: Basis) -> bytes:
    data = {
        "format": FORMAT,
        "rubric": rubric.id,
        "version": rubric.version,
        "rubric_sha256": rubric.sha256,
        "subject": subject,
        "basis": basis,
        "nodes": {name: _node(node) for name, node in parts.nodes.items()},
        "findings": {
            name: {
                "outcome": finding.outcome,
                "state": finding.state,
                "answer": finding.answer,
            }
            for name, finding in parts.findings.items()
        },
        "essentials": {name: {"outcome": one.outcome, "code": one.code} for name, one in parts.essentials.items()},
        "levels": {name: _level(level) for name, level in parts.levels.items()},
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else numbers.show(number)


def _node(node: NodeResult) -> dict[str, object]:
    return {
        "kind": node.kind,
        "state": node.state,
        "value": _exact(node.value),
        "attainable": _exact(node.attainable),
        "before": _exact(node.before),
        "reasons": [{"code": one.code, **{key: _param(value) for key, value in one.params}} for one in node.reasons],
        "decided_by": list(node.decided_by),
        "parts": [
            {
                "child": part.child,
                "weight": _exact(part.weight),
                "value": _exact(part.value),
                "factor": _exact(part.factor),
            }
            for part in node.parts
        ],
    }


def _param(value: Fraction | str) -> object:
    """Numbers as {"n": "1/3"}, so that an option called "5" stays a word."""
    return {"n": numbers.show(value)} if isinstance(value, Fraction) else value


def _level(level: LevelResult) -> dict[str, object]:
    return {
        "reached": level.reached,
        "next": level.next,
        "rungs": [
            {
                "id": rung.id,
                "reached": rung.reached,
                "held": [_condition(one) for one in rung.held],
                "unmet": [_condition(one) for one in rung.unmet],
            }
            for rung in level.rungs
        ],
    }


def _condition(one: ConditionResult) -> dict[str, object]:
    return {
        "kind": one.kind,
        "id": one.id,
        "index": one.position,
        "from_rung": one.from_rung,
        "code": one.code,
        "found": _exact(one.found),
    }


def read(data: bytes | str, rubric: Rubric) -> tuple[str, Basis, Parts]:
    """The parts of a scorecard; an error when it is another rubric's or not a scorecard."""
    try:
        tree = json.loads(data)
        if tree["format"] != FORMAT or tree["rubric_sha256"] != rubric.sha256:
            raise ScoringError(
                "other_rubric", rubric.id, "", tree["rubric_sha256"], "made with another rubric or format"
            )
        return cast("str", tree["subject"]), cast("Basis", tree["basis"]), _parts(tree, rubric)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScoringError("not_a_scorecard", rubric.id, "", str(error), "this is not a scorecard's JSON") from error


def _parts(tree: Any, rubric: Rubric) -> Parts:
    nodes = _each(tree["nodes"], lambda name, one: _read_node(name, one, rubric))
    return Parts(
        nodes,
        _each(tree["findings"], lambda name, one: _read_finding(name, one, nodes[name])),
        _each(tree["essentials"], lambda name, one: EssentialResult(name, one["outcome"], one["code"], rubric)),
        _each(tree["levels"], lambda name, one: _read_level(name, one, rubric)),
    )


def _each(tree: Mapping[str, Any], make: Callable[[str, Any], Result]) -> dict[str, Result]:
    return {name: make(name, one) for name, one in tree.items()}


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _read_reason(tree: Mapping[str, Any]) -> Reason:
    params: list[Param] = [
        (key, Fraction(value["n"]) if isinstance(value, dict) else value)
        for key, value in tree.items()
        if key != "code"
    ]
    return Reason(tree["code"], tuple(params))


def _read_node(name: str, tree: Any, rubric: Rubric) -> NodeResult:
    parts = tuple(
        Part(part["child"], Fraction(part["weight"]), Fraction(part["value"]), _number(part["factor"]))
        for part in tree["parts"]
    )
    return NodeResult(
        name,
        tree["kind"],
        tree["state"],
        _number(tree["value"]),
        _number(tree["attainable"]),
        _number(tree["before"]),
        tuple(_read_reason(one) for one in tree["reasons"]),
        tuple(tree["decided_by"]),
        parts,
        rubric,
    )


def _read_finding(name: str, tree: Any, node: NodeResult) -> Finding:
    return Finding(
        name, tree["outcome"], tree["state"], tree["answer"], node.value, node.attainable, node.reasons, node.rubric
    )


def _read_level(name: str, tree: Any, rubric: Rubric) -> LevelResult:
    def conditions(items: Any, *, held: bool) -> tuple[ConditionResult, ...]:
        return tuple(
            ConditionResult(
                one["kind"],
                one["id"],
                one["index"],
                one["from_rung"],
                held,
                one["code"],
                _number(one["found"]),
                name,
                rubric,
            )
            for one in items
        )

    rungs = tuple(
        RungResult(
            rung["id"], rung["reached"], conditions(rung["held"], held=True), conditions(rung["unmet"], held=False)
        )
        for rung in tree["rungs"]
    )
    return LevelResult(name, tree["reached"], tree["next"], rungs)
