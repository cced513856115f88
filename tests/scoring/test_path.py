"""The cheapest path: it reaches the next rung, and no combination of changes that costs less does."""

import itertools
import random
from fractions import Fraction

import pytest

from scoring import Rubric, RubricError, ScoringError, Subject, cheapest_path, evaluate, load_rubric
from scoring.path import cheapest as paths
from scoring.subject import Ruling

OPTIONS = ("no", "partial", "yes")


def random_tree(pick: random.Random) -> dict[str, object]:
    """A small rubric: five questions, two sections, hidden questions, demands, evidence, caps and rounding."""
    criteria: dict[str, dict[str, object]] = {}
    for name in "abcde":
        points = sorted(pick.sample(range(11), 3))
        criteria[name] = {"choice": dict(zip(OPTIONS, map(str, points), strict=True))}
        if pick.random() < 0.3:
            criteria[name]["evidence"] = pick.choice(["half", "full"])
        if pick.random() < 0.3:
            criteria[name]["effort"] = pick.choice([2, "1/2", {"no": 0, "partial": 3, "yes": 4}])
    if pick.random() < 0.6:
        criteria["b"]["asked"] = {"answer": "a", "is": pick.choice(["yes", "partial"])}
    if pick.random() < 0.4:
        criteria["c"]["asked"] = {"answer": "b", "in": ["partial", "yes"]}
    if pick.random() < 0.4:
        criteria["d"]["essential"] = {"met_by": ["yes"], "evidence": pick.choice(["accepted", "none"])}
    first = {"combine": pick.choice(["share", "mean", "lowest", "geometric_mean"]), "of": {"a": 1, "b": 1, "c": 1}}
    if first["combine"] in {"share", "mean"}:
        first["of"] = {"a": 2, "b": 1, "c": 3}
    if pick.random() < 0.3:
        first["round"] = {"digits": 0}
    if pick.random() < 0.3:
        first["cap"] = 8
    gates = {"e": {"met_by": ["partial", "yes"]}} if pick.random() < 0.5 else {}
    return {
        "rubric": "random",
        "facts": {"visit": {"type": "yes_no", "default": "no"}},
        "defaults": {"unanswered": 0},
        "criteria": criteria,
        "groups": {
            "first": {**first, "times": 1 if first["combine"] != "share" else 10},
            "second": {"combine": "mean", "of": ["d", "e"]},
            "all": {"combine": pick.choice(["mean", "sum"]), "of": {"first": 2, "second": 1}},
        },
        "levels": {
            "award": {
                "of": "all",
                "sections": ["first", "second"],
                "build_up": "yes",
                "series": pick.choice(["yes", "no"]),
                "rungs": [
                    {"id": "low", "total": 2, "essentials": "required"},
                    {"id": "mid", "total": 4, "each_section": 3, "criteria": gates},
                    {"id": "top", "total": 7, "each_section": 5, "conditions": [{"fact": "visit", "is": "yes"}]},
                ],
            }
        },
    }


def random_subject(pick: random.Random, basis: str) -> Subject:
    answers = {name: pick.choice(OPTIONS) for name in "abcde" if pick.random() < 0.8}
    evidence = {name: pick.choice(["given", "accepted"]) for name in answers if pick.random() < 0.5}
    rulings = {name: Ruling("confirm") for name in answers if basis == "verified" and pick.random() < 0.5}
    return Subject({}, answers, evidence, rulings)  # type: ignore[arg-type]


def brute_force(rubric: Rubric, subject: Subject, target: str, basis: str) -> Fraction | None:
    """The least effort over every combination of better answers and evidence."""
    ways = [ways_of(rubric, subject, name, basis) for name in "abcde"]
    best: Fraction | None = None
    for combined in itertools.product(*ways):
        effort = sum((cost for _, _, _, cost in combined), Fraction(0))
        if best is not None and effort >= best:
            continue
        answers, evidence, rulings = dict(subject.answers), dict(subject.evidence), dict(subject.rulings)
        for name, option, supported, _ in combined:
            if option is not None:
                answers[name] = option
            if supported:
                evidence[name] = "accepted"
                rulings[name] = Ruling("confirm")
        changed = Subject({"visit": "yes"}, answers, evidence, rulings)
        card = evaluate(rubric, changed, basis=basis)  # type: ignore[arg-type]
        hidden = any(option is not None and card.findings[name].state == "not_asked" for name, option, _, _ in combined)
        if card.levels["award"].rung(target).reached and not hidden:
            best = effort
    return best


def ways_of(rubric: Rubric, subject: Subject, name: str, basis: str) -> list[tuple[str, str | None, bool, Fraction]]:
    now = subject.answers.get(name)
    here = OPTIONS.index(str(now)) if now else -1
    effort = rubric.criteria[name].effort
    step = effort if isinstance(effort, Fraction) else Fraction(1)
    found: list[tuple[str, str | None, bool, Fraction]] = [(name, None, False, Fraction(0))]
    for rank, option in enumerate(OPTIONS):
        if rank > here:
            paid = step * (rank - here) if isinstance(effort, Fraction) else effort[option] - effort.get(str(now), 0)
            found.append((name, option, True, Fraction(paid)))
    if now:
        found.append((name, None, True, step))
    return found


@pytest.mark.parametrize("basis", ["claimed", "verified"])
@pytest.mark.parametrize("seed", range(25))
def test_nothing_cheaper_reaches_the_rung(seed: int, basis: str) -> None:
    pick = random.Random(f"{seed} {basis}")
    rubric = load_rubric(random_tree(pick))
    subject = random_subject(pick, basis)
    following = evaluate(rubric, subject, basis=basis).levels["award"].next  # type: ignore[arg-type]
    path = cheapest_path(rubric, subject, "award", basis=basis)  # type: ignore[arg-type]
    if following is None:
        assert path is None
        return
    best = brute_force(rubric, subject, following, basis)
    assert (path.effort if path else None) == best
    if path:
        unmet = path.scorecard.levels["award"].rung(following).unmet
        assert unmet == path.besides
        assert sum(step.effort for step in path.steps) == path.effort
        assert path.new_score == path.scorecard.nodes["all"].value


@pytest.mark.parametrize("seed", range(15))
def test_the_two_ways_of_searching_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(seed)
    rubric = load_rubric(random_tree(pick))
    subject = random_subject(pick, "claimed")
    fast = cheapest_path(rubric, subject, "award")
    monkeypatch.setattr(paths, "is_separable", lambda *_: False)
    slow = cheapest_path(rubric, subject, "award")
    assert (fast.effort if fast else None) == (slow.effort if slow else None)


def small(**more: object) -> dict[str, object]:
    return {
        "rubric": "small",
        "defaults": {"unanswered": 0},
        "levels": {"award": {"of": "total", "rungs": [{"id": "ok", "total": 10}]}},
        **more,
    }


def test_several_options_are_added_one_a_step() -> None:
    criteria = {"a": {"choices": {"x": 2, "y": 3, "z": 5, "none": 0}, "exclusive": ["none"]}}
    rubric = load_rubric(small(criteria=criteria, groups={"total": {"combine": "sum", "of": ["a"]}}))
    path = cheapest_path(rubric, Subject(answers={"a": ["x"]}), "award")
    assert path is not None
    assert path.effort == 2
    assert path.steps[0].answers == {"a": ("x", "y", "z")}


@pytest.mark.parametrize(
    ("bands", "value"),
    [
        ([{"at_least": 5, "points": 10}, {"at_least": 1, "points": 4}, {"otherwise": 0}], "5"),
        ([{"above": 5, "points": 10}, {"above": 1, "points": 4}, {"otherwise": 0}], "6"),
        ([{"above": 3, "points": 10}, {"above": 9, "points": 4}, {"otherwise": 0}], "6"),
        ([{"below": 3, "points": 10}, {"below": 20, "points": 0}], "2"),
    ],
)
def test_a_number_is_moved_into_a_better_band(bands: list[dict[str, object]], value: str) -> None:
    rubric = load_rubric(small(criteria={"a": {"bands": bands}}, groups={"total": {"combine": "sum", "of": ["a"]}}))
    path = cheapest_path(
        rubric, Subject(answers={"a": "2.5" if "above" in bands[0] else "10"} if value != "5" else {}), "award"
    )
    assert path is not None
    assert str(path.steps[0].answers["a"]) == value


@pytest.mark.parametrize(
    ("unit", "edge", "day"), [("days", "1.5", "2026-03-30"), ("months", 1, "2026-02-28"), ("years", 1, "2025-03-28")]
)
def test_a_date_is_moved_into_a_better_band(unit: str, edge: object, day: str) -> None:
    criteria = {
        "a": {"input": {"age": unit, "on": "today"}, "bands": [{"at_most": edge, "points": 10}, {"otherwise": 0}]}
    }
    rubric = load_rubric(
        small(facts={"today": "date"}, criteria=criteria, groups={"total": {"combine": "sum", "of": ["a"]}})
    )
    path = cheapest_path(rubric, Subject({"today": "2026-03-31"}, {"a": "2020-01-01"}), "award")
    assert path is not None
    assert str(path.steps[0].answers["a"]) == day


def test_low_is_good_when_the_rubric_says_so() -> None:
    tree = small(
        criteria={"a": {"choice": {"bad": 20, "fair": 10, "good": 0}}},
        groups={"total": {"combine": "sum", "of": ["a"]}},
        levels={"award": {"better": "low", "of": "total", "rungs": [{"id": "0"}, {"id": "5", "total": 5}]}},
    )
    path = cheapest_path(load_rubric(tree), Subject(answers={"a": "bad"}), "award")
    assert path is not None
    assert (path.effort, path.steps[0].answers) == (2, {"a": "good"})


def test_an_unanswered_question_that_would_count_takes_the_slower_way() -> None:
    tree = small(
        defaults={"unanswered": "excluded"},
        criteria={"a": {"choice": {"yes": 10, "no": 0}}, "b": {"choice": {"yes": 20, "no": 0}}},
        groups={"total": {"combine": "mean", "of": ["a", "b"]}},
    )
    path = cheapest_path(load_rubric(tree), Subject(answers={"a": "no"}), "award")
    assert path is not None
    assert path.effort == 1


def test_cases_that_only_conditions_decide() -> None:
    tree = small(
        answers={"q": {"type": "choice", "options": ["x", "y"]}, "link": "given"},
        criteria={
            "a": {"answer": "q", "cases": [{"when": {"answer": "q", "is": "y"}, "points": 5}, {"points": 0}]},
            "b": {"answer": "link", "presence": 5},
        },
        groups={"total": {"combine": "sum", "of": ["a", "b"]}},
    )
    path = cheapest_path(load_rubric(tree), Subject(answers={"q": "x"}), "award")
    assert path is not None
    assert {step.criterion for step in path.steps} == {"a", "b"}


def test_no_path_and_too_long_a_path() -> None:
    criteria = {f"q{number}": {"choice": {"yes": 1, "no": 0}} for number in range(9)}
    tree = small(criteria=criteria, groups={"total": {"combine": "sum", "of": list(criteria)}})
    nothing = Subject(answers=dict.fromkeys(criteria, "no"))
    assert cheapest_path(load_rubric(tree), nothing, "award") is None
    linked = {**tree, "groups": {**tree["groups"], "view": {"combine": "sum", "of": ["total", "q1"]}}}  # type: ignore[dict-item]
    linked["levels"] = {"award": {"of": "view", "rungs": [{"id": "ok", "total": 100}]}}
    assert cheapest_path(load_rubric(linked), nothing, "award") is None
    more = {f"q{number}": {"choice": {"yes": 1, "no": 0}} for number in range(14)}
    wide = small(
        criteria=more,
        groups={"total": {"combine": "sum", "of": list(more)}, "view": {"combine": "sum", "of": ["total", "q1"]}},
        levels={"award": {"of": "view", "rungs": [{"id": "ok", "total": 100}]}},
    )
    with pytest.raises(ScoringError, match="path_too_long"):
        cheapest_path(load_rubric(wide), Subject(answers=dict.fromkeys(more, "no")), "award")


def test_effort_must_fit() -> None:
    for effort in ({"yes": 1}, -1, {"yes": -1, "no": 0}):
        with pytest.raises(RubricError):
            load_rubric(small(criteria={"a": {"choice": {"yes": 1, "no": 0}, "effort": effort}}, levels={}))
