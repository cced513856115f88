"""What is shown never contradicts what is decided."""

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from scoring import evaluate, load_rubric, numbers
from scoring.condition import EDGES, Edge
from scoring.limits import limits
from scoring.subject import Subject
from scoring.text import limit as shown_limit
from scoring.text import number
from tests.scoring.laws.trying import law

exact = st.fractions(-5, 105, max_denominator=10**6)
near = st.tuples(exact, st.sampled_from((0, 1, -1)), st.integers(1, 12)).map(
    lambda it: it[0] + Fraction(it[1], 10 ** it[2])
)
values = st.one_of(exact, near)
places = st.integers(0, 3)


class TestShownNumbers:
    """A number beside a limit is on the side of it that was decided; what is missing makes the limit when added."""

    @law
    @given(values, values, places)
    @example(Fraction("84.9616"), Fraction(85), 1)
    @example(Fraction("69.98"), Fraction(70), 1)
    @example(Fraction(200, 3), Fraction(200, 3), 2)
    def test_the_side_of_a_limit(self, value: Fraction, edge: Fraction, digits: int) -> None:
        shown = Fraction(number(value, edge, places=digits).en)
        read = Fraction(shown_limit(edge).en)
        assert read == edge
        for op in EDGES:
            assert Edge(op, read).holds(shown) == Edge(op, edge).holds(value)

    @law
    @given(values, st.lists(values, max_size=4), places)
    def test_every_limit_at_once_and_nothing_is_shown_as_none(
        self, value: Fraction, edges: list[Fraction], digits: int
    ) -> None:
        shown = Fraction(numbers.display(value, digits, edges))
        for edge in (*edges, Fraction(0)):
            assert (shown > edge, shown < edge) == (value > edge, value < edge)
        assert abs(shown - value) <= Fraction(1, 2 * 10**digits)

    @law
    @given(values, st.integers(0, 100).map(Fraction), places)
    @example(Fraction("69.995"), Fraction(70), 1)
    def test_what_is_missing(self, value: Fraction, edge: Fraction, digits: int) -> None:
        missing = Fraction(numbers.gap(value, edge, digits))
        shown = Fraction(numbers.display(value, digits, (edge,)))
        assert (missing == 0) == (value == edge)
        assert shown + missing == edge or shown - missing == edge

    @law
    @given(values, st.fractions(1, 100, max_denominator=50))
    def test_the_mark_on_a_ruler(self, value: Fraction, edge: Fraction) -> None:
        at = numbers.mark(value, edge)
        assert 0 <= at <= 100
        assert (at >= numbers.mark(edge)) == (value >= edge)
        assert (at == 100) == (value >= 100)

    @law
    @given(st.fractions(0, 100, max_denominator=10**5), st.sampled_from(("85", "84.955", "200/3")))
    def test_the_limits_of_a_rubric(self, value: Fraction, edge: str) -> None:
        rubric = load_rubric(
            {
                "rubric": "edge",
                "criteria": {"q": {"linear": {}, "attainable": "100"}},
                "levels": {"award": {"of": "q", "rungs": [{"id": "gold", "total": edge}]}},
            }
        )
        card = evaluate(rubric, Subject(answers={"q": value}))
        (gold,) = card.levels["award"].rungs
        shown = Fraction(numbers.display(value, 1, limits(rubric, "q")))
        assert gold.reached == (shown >= Fraction(edge))
        assert numbers.display(value, 2, limits(rubric, "q")) in gold.conditions[0].because("en")
