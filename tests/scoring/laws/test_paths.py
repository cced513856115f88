"""The laws of the path to the next level: it really reaches it, and nothing cheaper does when that is said."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import NoPath, Rubric, Ruling, ScoringError, Subject, cheapest_path, evaluate, load_rubric
from scoring.results import Basis
from tests.scoring.laws.trying import law

OPTIONS = ("no", "partial", "yes")
NAMES = "abcd"
A_SAYS_YES = {"answer": "a", "is": "yes"}
Way = tuple[str, str | None, bool, Fraction]


def some_criteria(pick: random.Random) -> dict[str, dict[str, Any]]:
    """Four questions with rising points: hidden ones, essentials, evidence, tables that fall where a says yes."""
    criteria: dict[str, dict[str, Any]] = {}
    for name in NAMES:
        table = dict(zip(OPTIONS, map(str, sorted(pick.sample(range(11), 3))), strict=True))
        criteria[name] = {"choice": table, "effort": pick.choice([1, 1, 2, "1/2"])}
        if pick.random() < 0.3:
            criteria[name]["evidence"] = pick.choice(["half", "full"])
        if pick.random() < 0.2:
            criteria[name]["effort"] = {"no": 0, "partial": 3, "yes": 4}
        elif name != "a" and pick.random() < 0.2:
            fallen = {"when": A_SAYS_YES, "choice": dict(zip(OPTIONS, reversed(table.values()), strict=True))}
            criteria[name] = {"cases": [fallen, {"choice": table}], "effort": criteria[name]["effort"]}
    if pick.random() < 0.6:
        criteria["b"]["asked"] = {"answer": "a", "is": pick.choice(["yes", "partial"])}
    if pick.random() < 0.3:
        criteria["c"]["asked"] = {"answer": "b", "in": ["partial", "yes"]}
    if pick.random() < 0.4:
        criteria["d"]["essential"] = {"met_by": ["yes"], "evidence": pick.choice(["accepted", "none"])}
    return criteria


def some_rubric(pick: random.Random) -> dict[str, Any]:
    """Groups that may share a child, caps, rounding; rungs that look at totals, sections, answers and single nodes."""
    criteria = some_criteria(pick)
    combine = pick.choice(["share", "mean", "lowest", "highest", "geometric_mean"])
    weighted = combine in {"share", "mean"}
    first = {"combine": combine, "of": {"a": 2, "b": 1} if weighted else ["a", "b"], "times": 10 if weighted else 1}
    if pick.random() < 0.3:
        first["round"] = {"digits": 0}
    if pick.random() < 0.3:
        first["cap"] = 8
    shared = {"a": 1} if pick.random() < 0.3 else {}
    of = {"second": 1} if pick.random() < 0.2 else {"first": 2, "second": 1, **shared}
    middle = {"id": "mid", "total": pick.randint(3, 9), "each_section": pick.randint(0, 4)}
    if pick.random() < 0.5:
        middle["criteria"] = {"c": {"met_by": ["partial", "yes"]}}
    if pick.random() < 0.3:
        middle["conditions"] = [{"node": "second", "at_least": pick.randint(1, 9)}]
    top = {"id": "top", "total": pick.randint(10, 30), "conditions": [{"fact": "visit", "is": "yes"}]}
    rungs = [{"id": "low", "total": 2, "essentials": "required"}, middle, top]
    sections = {
        "sections": pick.choice([["first", "second"], ["second"]]),
        "build_up": "yes",
        "series": pick.choice(["yes", "no"]),
    }
    return {
        "rubric": "some",
        "facts": {"visit": {"type": "yes_no", "default": "no"}},
        "defaults": {"unanswered": pick.choice([0, 0, 0, "excluded"])},
        "criteria": criteria,
        "groups": {
            "first": first,
            "second": {"combine": pick.choice(["mean", "sum"]), "of": ["c", "d"]},
            "all": {"combine": pick.choice(["mean", "sum"]), "of": of},
        },
        "levels": {"award": {"of": "all", "build_up": "yes", **sections, "rungs": rungs}},
    }


def some_subject(pick: random.Random, basis: Basis) -> Subject:
    answers = {name: pick.choice(OPTIONS) for name in NAMES if pick.random() < 0.8}
    evidence = {name: pick.choice(["given", "accepted"]) for name in answers if pick.random() < 0.5}
    rulings = {name: Ruling("confirm") for name in answers if basis == "verified" and pick.random() < 0.5}
    return Subject({}, answers, evidence, rulings)  # type: ignore[arg-type]


def ways_of(tree: dict[str, Any], subject: Subject, name: str, *, a_says_yes: bool) -> list[Way]:
    """Staying is free; each rank of points higher costs the effort, from nothing as well; evidence costs a step."""
    criterion = tree["criteria"][name]
    falls = a_says_yes and "cases" in criterion
    ladder, now = (OPTIONS[::-1] if falls else OPTIONS), subject.answers.get(name)
    here = ladder.index(str(now)) if now else -1
    given_effort = criterion["effort"]
    own = isinstance(given_effort, dict)
    step = Fraction(1) if own else Fraction(given_effort)
    found: list[Way] = [(name, None, False, Fraction(0))]
    for rank in range(here + 1, len(ladder)):
        to = ladder[rank]
        paid = given_effort[to] - given_effort.get(now, 0) if own else step * (rank - here)
        found.append((name, to, True, Fraction(paid)))
    return [*found, (name, None, True, step)] if now else found


def least_effort(tree: dict[str, Any], rubric: Rubric, subject: Subject, rung: str, basis: Basis) -> Fraction | None:
    """Over every combination of better answers and evidence."""
    best: Fraction | None = None
    for a in ways_of(tree, subject, "a", a_says_yes=False):
        counts = basis == "claimed" or a[2] or "a" in subject.rulings or subject.evidence.get("a") == "accepted"
        says_yes = (a[1] or subject.answers.get("a")) == "yes" and counts
        ways = [ways_of(tree, subject, name, a_says_yes=says_yes) for name in NAMES[1:]]
        for chosen in product([a], *ways):
            effort = sum((paid for _, _, _, paid in chosen), Fraction(0))
            if (best is None or effort < best) and reaches(rubric, subject, chosen, rung, basis):
                best = effort
    return best


def reaches(rubric: Rubric, subject: Subject, chosen: tuple[Way, ...], rung: str, basis: Basis) -> bool:
    answers, evidence, rulings = dict(subject.answers), dict(subject.evidence), dict(subject.rulings)
    for name, option, supported, _ in chosen:
        answers |= {name: option} if option else {}
        evidence |= {name: "accepted"} if supported else {}
        rulings |= {name: Ruling("confirm")} if supported else {}
    try:
        card = evaluate(rubric, Subject({"visit": "yes"}, answers, evidence, rulings), basis=basis)
    except ScoringError:
        return False
    hidden = any(option and card.findings[name].state == "not_asked" for name, option, _, _ in chosen)
    return card.levels["award"].rung(rung).reached and not hidden


class TestPathToTheNextLevel:
    @pytest.mark.parametrize("basis", ["claimed", "verified"])
    @law
    @given(seed=st.integers(0, 10**6), budget=st.sampled_from((0, 60, 300, 60_000, 60_000, 60_000)))
    def test_it_reaches_the_rung_and_nothing_cheaper_does(self, seed: int, budget: int, basis: Basis) -> None:
        pick = random.Random(seed)
        tree = some_rubric(pick)
        rubric, subject = load_rubric(tree), some_subject(pick, basis)
        following = evaluate(rubric, subject, basis=basis).levels["award"].next
        path = cheapest_path(rubric, subject, "award", basis=basis, budget=budget)
        assert path == cheapest_path(rubric, subject, "award", basis=basis, budget=budget)
        if following is None or isinstance(path, NoPath):
            assert isinstance(path, NoPath)
            assert (path.why == "top") == (following is None)
            assert path.why != "none" or least_effort(tree, rubric, subject, str(following), basis) is None
            return
        assert path.scorecard.levels["award"].rung(following).unmet == path.besides
        assert path.new_score == path.scorecard.nodes["all"].value
        assert path.effort == sum(step.effort for step in path.steps)
        assert not path.proved or path.effort == least_effort(tree, rubric, subject, following, basis)

    @law
    @given(st.integers(0, 10**6))
    def test_it_is_proved_on_small_rubrics(self, seed: int) -> None:
        """Where no table falls for an answer to another question, nothing is left untried."""
        pick = random.Random(seed)
        tree = some_rubric(pick)
        for criterion in tree["criteria"].values():
            criterion.update(criterion.pop("cases")[1] if "cases" in criterion else {})
        path = cheapest_path(load_rubric(tree), replace(some_subject(pick, "claimed"), id="x"), "award")
        assert path.why != "not_found" if isinstance(path, NoPath) else path.proved
