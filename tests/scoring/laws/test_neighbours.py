"""The law of neighbours: whoever was scored before, beside or after, a subject's result is its own."""

import multiprocessing
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring import Rubric, ScoringError, Subject, evaluate, load_rubric, points_of, rehearse
from scoring.results import Basis
from tests.scoring.laws.trying import law

BASES = st.sampled_from(("claimed", "verified"))
WORDS = ("published", "secret", "N/A", "")
TESTS: tuple[dict[str, Any], ...] = (
    {"answer": "report", "is": "published"},
    {"answer": "report", "answered": "no"},
    {"state": "report", "is": "not_applicable"},
    {"fact": "size", "is": "high"},
    {"not": {"answer": "report", "is": "secret"}},
    {"all": [{"answer": "report", "is": "published"}, {"fact": "size", "is": "high"}]},
)


@st.composite
def rubrics(draw: st.DrawFn) -> dict[str, Any]:
    """A condition in any place one can stand, on a fact and on an answer that no criterion reads."""

    def somewhere(key: str, value: Any = None) -> dict[str, Any]:
        """Nothing, or a condition under this key (inside `value` where that is given)."""
        if draw(st.booleans()):
            return {}
        condition = draw(st.sampled_from(TESTS))
        return {key: condition if value is None else [{"when": condition, **value}]}

    read = draw(st.sampled_from(({"fact": "workers"}, {"answer": "importance"}, {"node": "d"}, 20)))
    weight = [{"when": draw(st.sampled_from(TESTS)), "weight": read}, {"weight": 5}]
    finish = draw(st.sampled_from(({}, {"round": {"digits": 0}}, {"cap": 12}, {"floor": 3})))
    choice = {"choice": {"yes": 7, "no": 1}}
    gate = {"met_by": ["yes"], **somewhere("when")}
    return {
        "rubric": "neighbours",
        "words": {"not_applicable": ["N/A"]},
        "defaults": {"unanswered": 0, "not_applicable": "excluded"},
        "facts": {"size": {"type": "choice", "options": ["high", "low"], "default": "low"}, "workers": "number"},
        "answers": {"report": {"type": "choice", "options": ["published", "secret"]}, "importance": "number"},
        "criteria": {
            "a": {**choice, **somewhere("asked"), **somewhere("overrides", {"set": 2})},
            "b": {**choice, **somewhere("applies"), "essential": {"met_by": ["yes"], **somewhere("when")}},
            "d": {"input": {"answer": "importance"}, "goalposts": {"from": 0, "to": {"fact": "workers"}, "points": 9}},
            "c": {"cases": [{"when": draw(st.sampled_from(TESTS)), "points": 3}, {"points": 4}]},
        },
        "groups": {
            "part": {"combine": "mean", "of": ["a", "b"], **somewhere("applies"), **somewhere("overrides", {"cap": 3})},
            "total": {
                "combine": draw(st.sampled_from(("sum", "mean"))),
                "of": {"part": {"weight": weight, **somewhere("when")}, "c": 1},
                **finish,
            },
        },
        "levels": {
            "award": {
                "of": "total",
                "rungs": [
                    {"id": "bronze", "total": 2},
                    {"id": "silver", "total": 3, "criteria": {"a": gate}},
                    {"id": "gold", "essentials": "required", "conditions": [draw(st.sampled_from(TESTS))]},
                ],
            }
        },
    }


@st.composite
def subjects(draw: st.DrawFn) -> list[Subject]:
    one = st.builds(
        lambda a, b, report, size, workers, importance: Subject(
            {"size": size, "workers": workers}, {"a": a, "b": b, "report": report, "importance": importance}
        ),
        st.sampled_from(("yes", "no", "N/A", "")),
        st.sampled_from(("yes", "no")),
        st.sampled_from(WORDS),
        st.sampled_from(("high", "low")),
        st.sampled_from(("2", "7", "០", "")),
        st.sampled_from(("1", "5", "N/A", "")),
    )
    return draw(st.lists(one, min_size=2, max_size=6))


def scored(rubric: Rubric, subject: Subject, basis: Basis) -> bytes:
    try:
        return evaluate(rubric, subject, basis=basis).canonical_json()
    except ScoringError as error:
        return str(error).encode()


@law
@given(rubrics(), subjects(), BASES)
def test_a_part_worked_out_alone_is_the_part_of_the_whole(
    tree: dict[str, Any], given: list[Subject], basis: Basis
) -> None:
    rubric = load_rubric(tree)
    for subject in given:
        with suppress(ScoringError):
            nodes = evaluate(rubric, subject, basis=basis).nodes
            assert {name: points_of(rubric, subject, name, basis=basis) for name in nodes} == {
                name: node.value for name, node in nodes.items()
            }


class TestAloneIsAmongOthers:
    """A subject's result is byte-equal whether it is scored alone, first, last or between any others."""

    @law
    @given(rubrics(), subjects(), BASES)
    def test_in_any_order(self, tree: dict[str, Any], given: list[Subject], basis: Basis) -> None:
        shared = load_rubric(tree)
        alone = [scored(load_rubric(tree), subject, basis) for subject in given]
        assert [scored(shared, subject, basis) for subject in given] == alone
        assert [scored(shared, subject, basis) for subject in reversed(given)] == alone[::-1]

    def test_in_many_processes(self) -> None:
        choice = {"choice": {"yes": 7, "no": 1}}
        tree = {
            "rubric": "many",
            "criteria": {f"c{at}": choice for at in range(4)},
            "groups": {"t": {"combine": "mean", "of": [f"c{at}" for at in range(4)]}},
        }
        rubric = load_rubric(tree)
        given = [
            Subject({}, {f"c{at}": "yes" if number >> at & 1 else "no" for at in range(4)}, id=str(number))
            for number in range(16)
        ]
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            apart = pool.starmap(scored, [(rubric, subject, "claimed") for subject in given], chunksize=3)
        assert apart == [scored(rubric, subject, "claimed") for subject in given]


class TestRehearsalOfMany:
    """A rehearsal says the same whether one process does it or several, in blocks of any size."""

    def test_two_processes(self) -> None:
        tree: dict[str, Any] = {
            "rubric": "many",
            "criteria": {"a": {"linear": {}}},
            "levels": {"award": {"of": "a", "rungs": [{"id": "low", "total": 3}, {"id": "high", "total": 6}]}},
        }
        old, new = load_rubric(tree), load_rubric({**tree, "criteria": {"a": {"linear": {"factor": "1/2"}}}})
        given = [Subject({}, {"a": "x" if number % 97 == 0 else number % 11}, id=str(number)) for number in range(700)]
        alone, together = rehearse(old, new, given), rehearse(old, new, given, processes=2)
        assert together == alone
        assert {one.rubric is new for move in together.moves if not move.rises for one in move.decided} == {True}
        assert (alone.scored, len(alone.failures), sum(alone.matrix.values())) == (692, 16, 692)


class TestRowsOfOneFile:
    """Three rubrics whose rows were once scored by the row above."""

    def levels(self, finish: dict[str, Any], reports: list[str], basis: Basis) -> list[str | None]:
        rungs = [
            {"id": "bronze", "total": 5},
            {"id": "gold", "total": 10, "conditions": [{"answer": "report", "is": "published"}]},
        ]
        tree = {
            "rubric": "rows",
            "answers": {"report": {"type": "choice", "options": ["published", "secret"]}},
            "criteria": {"a": {"points": 12}},
            "groups": {"total": {"combine": "sum", "of": ["a"], **finish}},
            "levels": {"award": {"of": "total", "rungs": rungs}},
        }
        rubric = load_rubric(tree)
        return [evaluate(rubric, Subject({}, {"report": one}), basis=basis).levels["award"].reached for one in reports]

    def test_a_condition_of_a_rung(self) -> None:
        for basis in ("claimed", "verified"):
            for finish in ({"round": {"digits": 0}}, {"cap": 11}, {}):
                found = self.levels(finish, ["published", "secret", "published"], basis)  # type: ignore[arg-type]
                assert found == ["gold", "bronze", "gold"]

    def test_the_weight_and_the_presence_of_a_child(self) -> None:
        for child, expected in (
            ({"weight": [{"when": {"answer": "imp", "is": "high"}, "weight": 20}, {"weight": 5}]}, [20, 5, 20]),
            ({"when": {"answer": "imp", "is": "high"}}, [1, None, 1]),
        ):
            tree = {
                "rubric": "rows",
                "answers": {"imp": {"type": "choice", "options": ["high", "low"]}},
                "criteria": {"a": {"points": 1}},
                "groups": {"t": {"combine": "sum", "of": {"a": child}}},
            }
            rubric = load_rubric(tree)
            found = [evaluate(rubric, Subject({}, {"imp": imp})).nodes["t"].value for imp in ("high", "low", "high")]
            assert found == expected

    def test_what_applies_to_a_group_and_overrides_it(self) -> None:
        high = {"answer": "imp", "is": "high"}
        for more, expected in (
            ({"applies": high}, [1, None, 1]),
            ({"overrides": [{"when": high, "set": 9}]}, [9, 1, 9]),
        ):
            tree = {
                "rubric": "rows",
                "answers": {"imp": {"type": "choice", "options": ["high", "low"]}},
                "criteria": {"a": {"points": 1}},
                "groups": {"t": {"combine": "sum", "of": ["a"], **more}},
            }
            rubric = load_rubric(tree)
            found = [evaluate(rubric, Subject({}, {"imp": imp})).nodes["t"].value for imp in ("high", "low", "high")]
            assert found == expected
