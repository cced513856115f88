"""Scorecards as canonical JSON and back: codes, names and exact numbers only."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from json.encoder import encode_basestring as _text
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
from scoring.rules import Cases, Product

PLAIN, WITH_FACTORS = 1, 2
"""Format 2 tells the factors of a product; a rubric without products has format 1 as before."""
FORMATS = (PLAIN, WITH_FACTORS)
_FACTORS = re.compile("(factor|gives)[0-9]+")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Parts:
    nodes: Mapping[str, NodeResult]
    findings: Mapping[str, Finding]
    essentials: Mapping[str, EssentialResult]
    levels: Mapping[str, LevelResult]


def format_of(rubric: Rubric) -> int:
    """The newest format that says something new about this rubric."""
    rules = [criterion.rule for criterion in rubric.criteria.values()]
    rules += [case.rule for rule in rules if isinstance(rule, Cases) for case in rule.cases]
    return WITH_FACTORS if any(isinstance(rule, Product) for rule in rules) else PLAIN


def dump(rubric: Rubric, parts: Parts, subject: str, basis: Basis, form: int) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. Written straight from the results, each key in its place."""
    node = _node if form == WITH_FACTORS else _plain_node
    return (
        f'{{"basis":{_text(basis)}'
        f',"essentials":{_each(parts.essentials, _essential)}'
        f',"findings":{_each(parts.findings, _finding)}'
        f',"format":{form}'
        f',"levels":{_each(parts.levels, _level)}'
        f',"nodes":{_each(parts.nodes, node)}'
        f',"rubric":{_text(rubric.id)}'
        f',"rubric_sha256":{_text(rubric.sha256)}'
        f',"subject":{_text(subject)}'
        f',"version":{_text(rubric.version)}}}'
    ).encode()


def _each(results: Mapping[str, Result], write: Callable[[Result], str]) -> str:
    return "{" + ",".join([f"{_text(name)}:{write(results[name])}" for name in sorted(results)]) + "}"


def _exact(number: Fraction | None) -> str:
    return "null" if number is None else f'"{numbers.show(number)}"'


def _word(word: str | None) -> str:
    return "null" if word is None else _text(word)


def _essential(one: EssentialResult) -> str:
    return f'{{"code":{_text(one.code)},"outcome":{_text(one.outcome)}}}'


def _finding(one: Finding) -> str:
    return f'{{"answer":{_word(one.answer)},"outcome":{_text(one.outcome)},"state":{_text(one.state)}}}'


def _node(node: NodeResult) -> str:
    decided_by = ",".join([_text(child) for child in node.decided_by])
    parts = ",".join(
        [
            f'{{"child":{_text(part.child)},"factor":{_exact(part.factor)}'
            f',"value":{_exact(part.value)},"weight":{_exact(part.weight)}}}'
            for part in node.parts
        ]
    )
    reasons = ",".join([_reason(one) for one in node.reasons])
    return (
        f'{{"attainable":{_exact(node.attainable)},"before":{_exact(node.before)},"decided_by":[{decided_by}]'
        f',"kind":{_text(node.kind)},"parts":[{parts}],"reasons":[{reasons}]'
        f',"state":{_text(node.state)},"value":{_exact(node.value)}}}'
    )


def _plain_node(node: NodeResult) -> str:
    """As format 1 has it: without the factors of a product."""
    reasons = tuple(
        Reason(one.code, tuple(param for param in one.params if not _FACTORS.fullmatch(param[0])))
        for one in node.reasons
    )
    return _node(node._replace(reasons=reasons))


def _reason(one: Reason) -> str:
    """Numbers as {"n": "1/3"}, so that an option called "5" stays a word."""
    entries = [
        f'"{key}":{_text(value)}' if isinstance(value, str) else f'"{key}":{{"n":"{numbers.show(value)}"}}'
        for key, value in one.params
    ]
    return "{" + ",".join(sorted([f'"code":{_text(one.code)}', *entries])) + "}"


def _level(level: LevelResult) -> str:
    rungs = ",".join(
        [
            f'{{"held":[{_conditions(rung.held)}],"id":{_text(rung.id)}'
            f',"reached":{"true" if rung.reached else "false"},"unmet":[{_conditions(rung.unmet)}]}}'
            for rung in level.rungs
        ]
    )
    return f'{{"next":{_word(level.next)},"reached":{_word(level.reached)},"rungs":[{rungs}]}}'


def _conditions(conditions: tuple[ConditionResult, ...]) -> str:
    return ",".join(
        [
            f'{{"code":{_text(one.code)},"found":{_exact(one.found)},"from_rung":{_text(one.from_rung)}'
            f',"id":{_text(one.id)},"index":{one.position},"kind":{_text(one.kind)}}}'
            for one in conditions
        ]
    )


def read(data: bytes | str, rubric: Rubric) -> tuple[str, Basis, Parts]:
    """The parts of a scorecard; an error when it is another rubric's or not a scorecard."""
    try:
        tree = json.loads(data)
        if tree["format"] not in FORMATS or tree["rubric_sha256"] != rubric.sha256:
            raise ScoringError(
                "other_rubric", rubric.id, "", tree["rubric_sha256"], "made with another rubric or format"
            )
        return cast("str", tree["subject"]), cast("Basis", tree["basis"]), _parts(tree, rubric)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScoringError("not_a_scorecard", rubric.id, "", str(error), "this is not a scorecard's JSON") from error


def _parts(tree: Any, rubric: Rubric) -> Parts:
    nodes = _read_each(tree["nodes"], lambda name, one: _read_node(name, one, rubric))
    return Parts(
        nodes,
        _read_each(tree["findings"], lambda name, one: _read_finding(name, one, nodes[name])),
        _read_each(tree["essentials"], lambda name, one: EssentialResult(name, one["outcome"], one["code"], rubric)),
        _read_each(tree["levels"], lambda name, one: _read_level(name, one, rubric)),
    )


def _read_each(tree: Mapping[str, Any], make: Callable[[str, Any], Result]) -> dict[str, Result]:
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
