"""One criterion's and one group's result."""

from fractions import Fraction
from typing import Literal

from scoring import numbers
from scoring.combine import Combined, Counted, combine
from scoring.points import apply_rule, chosen_case, read_number
from scoring.results import AnswerState, NodeResult, NodeState, Param, Part, Reason, reason
from scoring.rubric import Child, Criterion, Finish, Group, Override, Policy
from scoring.rules import Cases, Input, Product, Source, leaves
from scoring.work import Work

# Of several answers read together, the first of these states that any of them is in decides.
_PRECEDENCE: tuple[AnswerState, ...] = ("not_asked", "void", "unanswered", "not_applicable", "unsupported")


def score_criterion(work: Work, criterion: Criterion) -> NodeResult:
    """Points of one criterion: state, rule, cap and floor, evidence gate, overrides, rounding."""
    if not work.grants(criterion.applies):
        work.states[criterion.id] = "not_asked"
        return _leaf(work, criterion, "excluded", Reason("does_not_apply"))
    read = leaves(criterion.input)
    state = _state(work, criterion, read)
    if state not in {"value", "none"}:
        return _by_policy(work, criterion, state)
    work.states[criterion.id] = state
    missing = _missing_node(work, read)
    if missing:
        return _leaf(work, criterion, missing, Reason("input_without_result"))
    found, why = apply_rule(work, criterion.id, criterion.rule, criterion.input)
    if not isinstance(found, str):
        return _with_points(work, criterion, found, why, gated=True)
    if found == "excluded":
        return _leaf(work, criterion, "excluded", Reason("left_out", why.params))
    return _by_policy(work, criterion, found)


def _by_policy(work: Work, criterion: Criterion, state: AnswerState) -> NodeResult:
    """What the rubric makes of an answer without a value."""
    work.states[criterion.id] = state
    policy: Policy = getattr(criterion.policies, state)
    if not isinstance(policy, str):
        return _with_points(work, criterion, policy, Reason(state), gated=False)
    if policy == "error":
        raise work.error(f"{state}_not_allowed", criterion.id, state, "the rubric gives no points for this state")
    return _leaf(work, criterion, policy, Reason(f"{state}_{policy}"))


def _state(work: Work, criterion: Criterion, read: list[Source]) -> AnswerState:
    """The state of what the rule reads; in cases, of what the chosen case reads."""
    rule = criterion.rule
    state = _joint(work, read)
    if isinstance(rule, Cases) and state in {"value", "none"}:
        rule = rule.cases[chosen_case(work, criterion.id, rule)].rule
    if isinstance(rule, Product):
        state = _joint(work, [leaf for factor in rule.factors for leaf in leaves(factor.input)])
    return state


def _joint(work: Work, read: list[Source]) -> AnswerState:
    if len(read) == 1 and read[0].kind == "answer":
        return work.answers[read[0].id].state
    states = {work.answers[leaf.id].state for leaf in read if leaf.kind == "answer"}
    return next((state for state in _PRECEDENCE if state in states), "value" if states else "none")


def _missing_node(work: Work, read: list[Source]) -> Literal["excluded", "void"] | None:
    """A rule over a node's value drops out, or is void, with that node."""
    states = [work.nodes[leaf.id].state for leaf in read if leaf.kind == "node"]
    if "void" in states:
        return "void"
    return "excluded" if "excluded" in states or "empty" in states else None


def _with_points(work: Work, criterion: Criterion, points: Fraction, why: Reason, *, gated: bool) -> NodeResult:
    attainable = criterion.attainable
    if isinstance(criterion.rule, Cases) and criterion.rule.by_facts:
        attainable = criterion.rule.cases[chosen_case(work, criterion.id, criterion.rule)].attainable
    reasons = [reason(why.code, *why.params, ("points", points), *_of(attainable))]
    value = limit(points, criterion.finish, reasons)
    gate = criterion.evidence
    if gated and gate.at_most is not None and value > gate.at_most:
        names = (criterion.id, *criterion.answers)
        if not work.enough_files(gate.files, *names):
            value = gate.at_most
            reasons.append(reason("evidence_missing", ("files", Fraction(gate.files)), ("limit", value)))
    state, final = finish(work, criterion.id, criterion.finish, value, attainable, reasons)
    top = attainable if state == "value" else None
    return NodeResult(criterion.id, "criterion", state, final, top, points, tuple(reasons), (), (), work.rubric)


def _of(attainable: Fraction | None) -> tuple[Param, ...]:
    return () if attainable is None else (("attainable", attainable),)


def _leaf(work: Work, criterion: Criterion, state: NodeState, why: Reason) -> NodeResult:
    """A criterion without points."""
    return NodeResult(criterion.id, "criterion", state, None, None, None, (why,), (), (), work.rubric)


def limit(value: Fraction, finish: Finish, reasons: list[Reason]) -> Fraction:
    if finish.floor is not None and value < finish.floor:
        reasons.append(Reason("floored", (("limit", finish.floor),)))
        return finish.floor
    if finish.cap is not None and value > finish.cap:
        reasons.append(Reason("capped", (("limit", finish.cap),)))
        return finish.cap
    return value


def finish(
    work: Work, node: str, finish: Finish, value: Fraction, attainable: Fraction | None, reasons: list[Reason]
) -> tuple[Literal["value", "excluded", "void"], Fraction | None]:
    """Overrides in their order, then rounding; `attainable` is what an override for all points gives."""
    for index, override in enumerate(finish.overrides):
        if not work.grants(override.when):
            continue
        rule: Param = ("override", Fraction(index))
        if override.what in {"excluded", "void"}:
            reasons.append(Reason("override_left_out" if override.what == "excluded" else "override_void", (rule,)))
            return ("excluded" if override.what == "excluded" else "void"), None
        changed = _overridden(work, node, override, value, attainable)
        if changed != value or override.what in {"set", "all"}:
            value = changed
            reasons.append(reason(f"override_{override.what}", ("limit", value), rule))
    if finish.how is not None:
        rounded = numbers.round_to(value, finish.digits, finish.how)
        if rounded != value:
            reasons.append(reason("rounded", ("digits", Fraction(finish.digits)), ("points", rounded)))
        value = rounded
    return "value", value


def _overridden(work: Work, node: str, override: Override, value: Fraction, attainable: Fraction | None) -> Fraction:
    if override.what == "cap":
        return min(value, override.number)
    if override.what == "floor":
        return max(value, override.number)
    if override.what == "set":
        return override.number
    if attainable is None:
        raise work.error("no_attainable", node, None, "all points are to be given, but how many there are is not known")
    return attainable


def score_group(work: Work, group: Group) -> NodeResult:
    """The value of a group over the children that count."""
    if not work.grants(group.applies):
        return _inner(work, group, "excluded", None, None, (Reason("does_not_apply"),))
    counted: list[Counted] = []
    for child in group.children:
        if not work.grants(child.when):
            continue
        found = _child(work, group, child)
        if found == "void":
            return _inner(work, group, "void", None, None, (Reason("void_child", (("child", child.id),)),), (child.id,))
        if isinstance(found, Counted):
            counted.append(found)
    if len(counted) < group.needs:
        return _without_result(work, group, len(counted))
    combined = combine(work, group, counted)
    if combined is None:
        return _without_result(work, group, len(counted))
    decided = (combined.decided_by,) if combined.decided_by else ()
    reasons = [_combining(group, combined, len(counted))]
    limited = limit(combined.value, group.finish, reasons)
    attainable = combined.attainable
    if attainable is not None and group.finish.cap is not None:
        attainable = min(attainable, group.finish.cap)
    state, value = finish(work, group.id, group.finish, limited, attainable, reasons)
    top = attainable if state == "value" else None
    parts = combined.parts if state == "value" else ()
    return _inner(work, group, state, value, top, tuple(reasons), decided, parts, combined.value)


def _child(work: Work, group: Group, child: Child) -> Counted | Literal["void"] | None:
    """A void child with weight 0 decides nothing: it drops out."""
    result = work.nodes[child.id]
    if result.state != "void":
        if result.value is None:
            return None
        return Counted(child.id, _weight(work, group, child), result.value, result.attainable)
    weight = _weight(work, group, child)
    if weight == 0 or group.when_void == "excluded":
        return None
    if group.when_void == "error":
        raise work.error("void_child", group.id, child.id, "a child is void and the rubric does not allow it")
    if group.when_void == "void":
        return "void"
    return Counted(child.id, weight, Fraction(group.when_void), result.attainable)


def _weight(work: Work, group: Group, child: Child) -> Fraction:
    for case in child.weights:
        if work.grants(case.when):
            return case.weight if isinstance(case.weight, Fraction) else _read_weight(work, group, child, case.weight)
    raise work.error("no_weight", group.id, child.id, "no weight case holds and there is no last weight without 'when'")


def _read_weight(work: Work, group: Group, child: Child, source: Input) -> Fraction:
    weight = read_number(work, group.id, source)
    if weight < 0 and group.combine != "sum":
        raise work.error("negative_weight", group.id, weight, f"the weight of {child.id} is below 0")
    return weight


def _combining(group: Group, combined: Combined, count: int) -> Reason:
    """What a group made of how many children."""
    child: tuple[Param, ...] = (("child", combined.decided_by),) if combined.decided_by else ()
    return reason(
        group.combine, *_of(combined.attainable), *child, ("count", Fraction(count)), ("points", combined.value)
    )


def _without_result(work: Work, group: Group, count: int) -> NodeResult:
    """Too few children that count, or nothing to divide by."""
    why = Reason("nothing_attainable")
    if count < group.needs:
        why = reason("too_few" if count else "empty", ("count", Fraction(count)), ("needs", Fraction(group.needs)))
    if group.when_empty is None:
        return _inner(work, group, "empty", None, None, (why,))
    reasons = [reason(f"{why.code}_counts_as", *why.params, ("points", group.when_empty))]
    limited = limit(group.when_empty, group.finish, reasons)
    state, value = finish(work, group.id, group.finish, limited, None, reasons)
    return _inner(work, group, state, value, None, tuple(reasons), before=group.when_empty)


def _inner(
    work: Work,
    group: Group,
    state: NodeState,
    value: Fraction | None,
    attainable: Fraction | None,
    reasons: tuple[Reason, ...],
    decided: tuple[str, ...] = (),
    parts: tuple[Part, ...] = (),
    before: Fraction | None = None,
) -> NodeResult:
    return NodeResult(group.id, "group", state, value, attainable, before, reasons, decided, parts, work.rubric)
