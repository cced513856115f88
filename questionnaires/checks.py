"""The consistency checks of an edition, compiled from the rubric's condition language."""

from __future__ import annotations

from questionnaires.errors import EditionError
from questionnaires.integrity import Parts
from questionnaires.moving import figures_of, sayable, within
from scoring import Rubric
from scoring.condition import Condition
from scoring.loading.conditions import read_condition
from scoring.loading.names import Named, Names
from scoring.loading.reading import Reading

FILE = "rules.yaml"


def checks(parts: Parts, rubric: Rubric, errors: list[EditionError]) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
    """For each check that strikes by conditions: its id and the conditions; what is wrong is added to ``errors``."""
    errors += _discretion(parts, rubric)
    errors += _movable(parts)
    names = _names(rubric)
    reading = Reading(FILE)
    found = []
    for index, check in enumerate(parts.rules.consistency_checks):
        conditions = []
        for place in range(len(check.strikes_when)):
            source = parts.documents[FILE].part(("consistency_checks", index, "strikes_when", place))
            conditions.append(read_condition(reading, source, f"consistency_checks.{check.id}", names))
        if conditions:
            found.append((check.id, tuple(conditions)))
    errors += map(EditionError.of, reading.problems)
    return tuple(found)


def risk_conditions(
    parts: Parts, rubric: Rubric, errors: list[EditionError]
) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
    """For each sign of risk that answers show: its id and the conditions; a sign has either these or ``seen``."""
    reading, names, found = Reading(FILE), _names(rubric), []
    for index, sign in enumerate(parts.rules.risk.signs):
        if bool(sign.when) == (sign.seen is not None):
            errors.append(parts.documents[FILE].error(("risk", "signs", index), "give either when or seen"))
        conditions = [
            read_condition(
                reading, parts.documents[FILE].part(("risk", "signs", index, "when", place)), f"risk.{sign.id}", names
            )
            for place in range(len(sign.when))
        ]
        if conditions:
            found.append((sign.id, tuple(conditions)))
    errors += map(EditionError.of, reading.problems)
    return tuple(found)


def _discretion(parts: Parts, rubric: Rubric) -> list[EditionError]:
    """What is left to a person's discretion needs factors to judge it by, each named once."""
    rule, file = parts.lifecycle.discretion, parts.documents["lifecycle.yaml"]
    names = [factor.id for factor in rule.factors]
    left = [one.id for one in rubric.criteria.values() if one.essential and one.essential.discretionary]
    if left and not names:
        return [file.error((), f"{left[0]} is left to a person's discretion: list the mitigating factors (discretion)")]
    if len(set(names)) < len(names):
        return [file.error(("discretion", "factors"), "a factor stands here twice; give each an id of its own")]
    if names and rule.least > len(names):
        return [file.error(("discretion", "least"), "no case can have so many factors: there are not that many")]
    return []


def _movable(parts: Parts) -> list[EditionError]:
    """What administrators may move includes what the edition says, and nothing that no edition could say."""
    lifecycle, file = parts.lifecycle, parts.documents["lifecycle.yaml"]
    rules, found = [one.rule for one in lifecycle.movable], []
    for place, one in enumerate(lifecycle.movable):
        where = ("movable", place)
        if one.rule in rules[:place]:
            found.append(file.error(where, "this rule stands here twice"))
        if one.least > one.most:
            found.append(file.error(where, "least is more than most"))
        elif not within(lifecycle, one, figures_of(lifecycle, one.rule)):
            found.append(file.error(where, "what the edition says itself lies outside least and most"))
        elif not sayable(lifecycle, one):
            found.append(file.error(where, "no edition could say what least or most allow"))
    return found


def _names(rubric: Rubric) -> Names:
    return Names(
        facts={name: Named(fact.title, fact.type, fact.options) for name, fact in rubric.facts.items()},
        answers={name: Named(answer.title, answer.type, answer.options) for name, answer in rubric.answers.items()},
        nodes={name: rubric.node_title(name) for name in (*rubric.criteria, *rubric.groups)},
    )
