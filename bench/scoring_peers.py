"""The first edition's total in a rule engine. It is told what is asked, which saves it half of the work."""

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from scoring import Files, Rubric, Subject, evaluate
from scoring.rules import Choice

INSTALL = "pip install -r requirements/bench.in"


def told(rubric: Rubric, subject: Subject) -> dict[str, Any]:
    """Per criterion: does it count, which option (or the points of what is not a choice), are there files."""
    card = evaluate(rubric, subject)
    found: dict[str, Any] = {}
    for name, criterion in rubric.criteria.items():
        node, files = card.nodes[name], subject.evidence.get(name)
        option: Any = subject.answers.get(name) if isinstance(criterion.rule, Choice) else None
        if not isinstance(criterion.rule, Choice):
            option = float(node.before or 0)
        enough = isinstance(files, Files) and files.given >= criterion.evidence.files
        found[name] = {"on": 1 if node.value is not None else 0, "a": "" if option is None else option, "e": enough}
    return found


def zen(rubric: Rubric) -> Callable[[dict[str, Any]], float]:
    """A decision with one expression a criterion, a section and the total, with its trace. Raises ImportError."""
    import zen as engine  # type: ignore[import-not-found]

    decision = engine.ZenEngine().create_decision(json.dumps(_graph(rubric)))
    return lambda data: float(decision.evaluate(data, {"trace": True})["result"]["total"])


def _graph(rubric: Rubric) -> dict[str, Any]:
    total = rubric.groups[rubric.levels["award"].of or ""]
    lines = {f"p_{name}": _zen_points(rubric, name) for name in rubric.criteria}
    for section in total.children:
        children = [(child.id, float(child.weights[0].weight)) for child in rubric.groups[section.id].children]
        lines[f"on_{section.id}"] = " + ".join(f"{weight} * {name}.on" for name, weight in children)
        points = " + ".join(f"{weight} * {name}.on * $.p_{name}" for name, weight in children)
        on = f"$.on_{section.id}"
        lines[f"s_{section.id}"] = f"{on} > 0 ? 10 * ({points}) / {on} : 0"
    parts = [(child.id, float(child.weights[0].weight)) for child in total.children]
    top = " + ".join(f"{weight} * $.s_{name}" for name, weight in parts)
    bottom = " + ".join(f"($.on_{name} > 0 ? {weight} : 0)" for name, weight in parts)
    lines["total"] = f"({top}) / ({bottom})"
    expressions = [{"id": key, "key": key, "value": value} for key, value in lines.items()]
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {"schema": ""}},
            {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
            {"id": "out", "name": "out", "type": "outputNode", "content": {"schema": ""}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ],
    }


def _zen_points(rubric: Rubric, name: str) -> str:
    criterion = rubric.criteria[name]
    found = f"{name}.a"
    if isinstance(criterion.rule, Choice):
        found = "0"
        for option, points in criterion.rule.points.items():
            found = f"{name}.a == '{option}' ? {float(Fraction(points))} : ({found})"
    top = criterion.evidence.at_most
    return found if top is None else f"{name}.e ? ({found}) : min([{float(top)}, ({found})])"
