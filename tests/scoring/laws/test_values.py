"""Laws about the values of nodes."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import Subject, load_rubric
from tests.scoring.laws.strategies import plain_rubrics, rubrics, subjects
from tests.scoring.laws.trying import law, scored, values


class TestBounds:
    """Bounds: no node earns more than what it could attain, or less than 0 where nothing is below 0."""

    @law
    @given(st.data())
    def test_bounds(self, data: st.DataObject) -> None:
        rubric = load_rubric(data.draw(plain_rubrics(rounding=False)))
        card = scored(rubric, data.draw(subjects(rubric)))
        for node in card.nodes.values():
            if node.value is not None:
                assert node.value >= 0
                assert node.attainable is None or node.value <= node.attainable

    @law
    @given(st.data())
    def test_cap_and_floor(self, data: st.DataObject) -> None:
        """A cap is never exceeded and a floor never missed, except by an override that says so, or by rounding."""
        rubric = load_rubric(data.draw(rubrics()))
        card = scored(rubric, data.draw(subjects(rubric)))
        for name, group in rubric.groups.items():
            value = card.nodes[name].value
            if value is not None and group.finish.cap is not None and group.finish.floor is not None:
                assert group.finish.floor <= value <= group.finish.cap


class TestMonotone:
    """Monotone: a better answer never lowers a result where the rubric is monotone."""

    @law
    @given(st.data())
    def test_one_better_answer(self, data: st.DataObject) -> None:
        rubric = load_rubric(data.draw(plain_rubrics()))
        subject = data.draw(subjects(rubric, complete=True))
        before = scored(rubric, subject)
        name = data.draw(st.sampled_from(sorted(rubric.answers)))
        other = data.draw(subjects(rubric, complete=True)).answers[name]
        after = scored(rubric, replace(subject, answers={**subject.answers, name: other}))
        assume((after.nodes[name].value or 0) >= (before.nodes[name].value or 0))
        for node in rubric.groups:
            assert (after.nodes[node].value or 0) >= (before.nodes[node].value or 0)
        ladder = [None, "low", "middle", "high"]
        assert ladder.index(after.levels["award"].reached) >= ladder.index(before.levels["award"].reached)


def _shuffled(tree: Any, data: st.DataObject) -> Any:
    """The same content with the entries of every mapping in another order."""
    if isinstance(tree, dict):
        return {key: _shuffled(tree[key], data) for key in data.draw(st.permutations(list(tree)))}
    return tree


class TestOrderFree:
    """Order-free: the order of children, answers and entries of a file changes nothing, not even a byte."""

    @law
    @given(st.data())
    def test_entries(self, data: st.DataObject) -> None:
        tree = data.draw(rubrics())
        rubric, other = load_rubric(tree), load_rubric(_shuffled(tree, data))
        subject = data.draw(subjects(rubric))
        same = replace(
            subject, answers=_shuffled(dict(subject.answers), data), facts=_shuffled(dict(subject.facts), data)
        )
        first, second = scored(rubric, subject), scored(other, same)
        assert other.sha256 == rubric.sha256
        assert second.canonical_json() == first.canonical_json()

    @law
    @given(st.data())
    def test_children_in_a_list(self, data: st.DataObject) -> None:
        tree = data.draw(rubrics())
        subject = data.draw(subjects(load_rubric(tree)))
        turned = {
            name: {**group, "of": group["of"][::-1]} if isinstance(group["of"], list) else group
            for name, group in tree["groups"].items()
        }
        assert values(scored({**tree, "groups": turned}, subject)) == values(scored(tree, subject))


class TestWeightScale:
    """Weight scale: multiplying all weights of a mean (or share, geometric mean) by one number changes nothing."""

    @law
    @given(st.data(), st.fractions(Fraction(1, 9), 9, max_denominator=9))
    def test_scale(self, data: st.DataObject, factor: Fraction) -> None:
        tree = data.draw(plain_rubrics())
        subject = data.draw(subjects(load_rubric(tree)))
        scaled = {
            name: {**group, "of": {child: str(Fraction(weight) * factor) for child, weight in group["of"].items()}}
            if group["combine"] in {"mean", "share", "geometric_mean"}
            else group
            for name, group in tree["groups"].items()
        }
        assert values(scored({**tree, "groups": scaled}, subject)) == values(scored(tree, subject))


def _without(tree: dict[str, Any], name: str) -> dict[str, Any]:
    def rest(of: Any) -> Any:
        return (
            [one for one in of if one != name] if isinstance(of, list) else {k: v for k, v in of.items() if k != name}
        )

    return {
        **tree,
        "criteria": {key: value for key, value in tree["criteria"].items() if key != name},
        "groups": {key: {**group, "of": rest(group["of"])} for key, group in tree["groups"].items()},
    }


class TestNotApplicableEqualsAbsence:
    """N/A equals absence: a criterion that does not apply changes results as if the rubric did not have it."""

    @law
    @given(st.data())
    def test_absence(self, data: st.DataObject) -> None:
        tree = data.draw(plain_rubrics())
        name = data.draw(st.sampled_from(sorted(tree["criteria"])))
        smaller = _without(tree, name)
        assume(smaller["criteria"] and all(group["of"] for group in smaller["groups"].values()))
        subject = data.draw(subjects(load_rubric(tree)))
        answers = {**subject.answers, name: "N/A"}
        with_it = scored(tree, replace(subject, answers=answers, rulings={}))
        kept = {key: value for key, value in answers.items() if key != name}
        others = Subject(subject.facts, kept, not_applicable=subject.not_applicable - {name})
        without = scored(smaller, others)
        assert {key: value for key, value in values(with_it).items() if key != name} == values(without)


class TestHiddenAnswersNeverCount:
    """Hidden answers never count: what stands in the answer to a question that is not asked changes no byte."""

    @law
    @given(st.data())
    def test_any_content(self, data: st.DataObject) -> None:
        tree = data.draw(rubrics())
        name = data.draw(st.sampled_from(sorted(tree["criteria"])))
        hidden = {**tree["criteria"][name], "asked": {"fact": "visit", "is": "yes"}}
        rubric = load_rubric({**tree, "criteria": {**tree["criteria"], name: hidden}})
        drawn = data.draw(subjects(rubric))
        subject = replace(drawn, facts={**drawn.facts, "visit": "no"})
        first = scored(rubric, subject)
        assert first.findings[name].state == "not_asked"
        for other in (None, "N/A", "no such option", data.draw(st.text(max_size=5))):
            answers = {**subject.answers, name: other}
            assert scored(rubric, replace(subject, answers=answers)).canonical_json() == first.canonical_json()
