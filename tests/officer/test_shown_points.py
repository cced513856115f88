"""Points on pages never contradict the level and the minimums that stand beside them."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from compliance.journeys import scorecard_view
from compliance.journeys.language import in_points
from questionnaires import current
from questionnaires.reaching import best_replies, every_feature, everything_right
from questionnaires.scorable import subject
from scoring import Scorecard, evaluate
from tests.questionnaires.companies import all_evidence

EDITION = current()
ISP = everything_right("isp")
REPLIES = best_replies(EDITION, ISP, every_feature(EDITION))
CARD = evaluate(EDITION.rubric, subject(EDITION, ISP, REPLIES, files=all_evidence(EDITION)))
SECTIONS = [bar.id for bar in scorecard_view.section_bars(EDITION, CARD, "en")]
TOTAL = str(scorecard_view.scale(EDITION).of)
near_a_limit = st.builds(
    lambda limit, step, digits: Fraction(limit) + Fraction(step, 10**digits),
    st.sampled_from((30, 40, 50, 60, 70, 85, 100)),
    st.sampled_from((-1, 0, 1)),
    st.integers(1, 9),
).map(lambda value: min(value, Fraction(100)))


def with_value(node: str, value: Fraction) -> Scorecard:
    return replace(CARD, nodes={**CARD.nodes, node: CARD.nodes[node]._replace(value=value)})


@settings(max_examples=60, derandomize=True, database=None, deadline=None)
@given(near_a_limit, st.sampled_from(SECTIONS))
@example(Fraction("69.98"), "csam")
def test_a_bar_reaches_its_marker_only_with_the_points(value: Fraction, section: str) -> None:
    card = with_value(section, value)
    least = scorecard_view.minimum(EDITION, scorecard_view.aimed(card), section)
    (bar,) = [bar for bar in scorecard_view.section_bars(EDITION, card, "en") if bar.id == section]
    assert least is not None
    assert bar.marker is not None
    assert (Fraction(bar.shown) >= least) == (bar.width >= bar.marker) == (value >= least) == (not bar.low)
    assert (bar.shown == "100") == (bar.width == 100) == (value == 100)
    assert bool(bar.need) == bar.low
    if bar.need:
        assert Fraction(bar.need.split()[0]) + Fraction(bar.shown) == least


@settings(max_examples=60, derandomize=True, database=None, deadline=None)
@given(near_a_limit)
@example(Fraction("84.9616"))
def test_a_total_is_on_the_right_side_of_every_level(value: Fraction) -> None:
    ruler = scorecard_view.ruler(with_value(TOTAL, value), "en")
    assert ruler.shown == scorecard_view.total(with_value(TOTAL, value), "en")
    for _, mark, limit in ruler.levels:
        assert (Fraction(ruler.shown) >= Fraction(limit)) == (ruler.mark >= mark) == (value >= Fraction(limit))


def test_only_one_is_a_point() -> None:
    shown = [in_points(number) for number in ("0", "0.1", "1", "1.1", "11", "–")]
    assert shown == ["0 points", "0.1 points", "1 point", "1.1 points", "11 points", "– points"]
