"""Explanations name what decided: the case, the value, the band, each factor; rounding stands on its own."""

from fractions import Fraction
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from scoring import Scorecard, Subject, evaluate, load_rubric
from scoring.because import demand
from scoring.numbers import ROUNDINGS, Rounding, round_to
from scoring.results import NodeResult
from tests.scoring.laws.trying import law

PRODUCT = {
    "product": [
        {"input": "quality", "choice": {"good": 3, "poor": 1}},
        {"input": "visits", "bands": [{"at_least": 4, "points": 2}, {"otherwise": 1}]},
    ]
}
BANDS = {"bands": [{"at_least": 10, "points": 3}, {"above": 5, "points": 2}, {"otherwise": 0}]}
ANSWERS = {"quality": {"type": "choice", "options": ["good", "poor"]}, "visits": "number"}
FACTS = {"kind": {"type": "choice", "options": ["isp", "shop"]}}


def scored(criterion: dict[str, Any], answers: dict[str, Any], **facts: str) -> Scorecard:
    tree = {"rubric": "told", "facts": FACTS, "answers": ANSWERS, "criteria": {"a": criterion}}
    return evaluate(load_rubric(tree), Subject(facts, answers))  # type: ignore[arg-type]


def node(criterion: dict[str, Any], answers: dict[str, Any], **facts: str) -> NodeResult:
    return scored(criterion, answers, **facts).nodes["a"]


class TestBands:
    def test_the_band_is_named(self) -> None:
        said = [node(BANDS, {"a": value}).because("en") for value in (12, 6, 5)]
        assert said == [
            "The value 12 is at least 10, which earns 3 of 3 points.",
            "The value 6 is above 5, which earns 2 of 3 points.",
            "The value 5 fits no other band, which earns 0 of 3 points.",
        ]

    def test_in_a_case_too(self) -> None:
        cases = {"cases": [{"when": {"fact": "kind", "is": "isp"}, **BANDS}, {"points": 1}]}
        card = node(cases, {"a": 6}, kind="isp")
        assert card.because("en") == "Because “kind” is “isp”: the value 6 is above 5, which earns 2 of 3 points."
        assert card.because("km") == "ព្រោះ «kind» គឺ «isp»៖ តម្លៃ ៦ គឺលើសពី ៥ ដូច្នេះបាន ២ ក្នុងចំណោម ៣ ពិន្ទុ។"


class TestProducts:
    def test_every_factor_is_named(self) -> None:
        card = node(PRODUCT, {"quality": "good", "visits": 5})
        assert card.because("en") == (
            "“quality” “good” gives 3 and “visits” 5 (is at least 4) gives 2; multiplied, they earn 6 of 6 points."
        )
        assert card.because("km") == ("«quality» «good» ឱ្យ ៣ និង «visits» ៥ (គឺយ៉ាងតិច ៤) ឱ្យ ២; គុណគ្នាបាន ៦ ក្នុងចំណោម ៦ ពិន្ទុ។")

    def test_in_a_case_too(self) -> None:
        cases = {"cases": [{"when": {"fact": "kind", "is": "isp"}, **PRODUCT}, {"points": 1}]}
        said = node(cases, {"quality": "poor", "visits": 1}, kind="isp").because("en")
        assert said.startswith("Because “kind” is “isp”: “quality” “poor” gives 1 and “visits” 1 (fits no other band)")

    def test_format_1_is_derived_again_and_read_still(self) -> None:
        """Stored before factors were told: the same bytes come again, and say what they can."""
        card = scored(PRODUCT, {"quality": "good", "visits": 5})
        new, old = card.canonical_json(), card.canonical_json(1)
        assert (b'"format":2' in new, b"factor0" in new) == (True, True)
        assert (b'"format":1' in old, b"factor0" in old) == (True, False)
        back = Scorecard.from_json(old, card.rubric)
        assert back.canonical_json(1) == old
        assert back.nodes["a"].because("en") == "Its factors; multiplied, they earn 6 of 6 points."
        assert Scorecard.from_json(new, card.rubric) == card

    def test_a_rubric_without_products_keeps_format_1(self) -> None:
        card = scored({"linear": {}}, {"a": 1})
        assert b'"format":1' in card.canonical_json()
        assert card.canonical_json() == card.canonical_json(1)


class TestRounding:
    """Rounding is a line of its own, and the number before it is seen to round to the one after."""

    def test_a_line_of_its_own(self) -> None:
        card = node({"linear": {}, "attainable": 100, "round": {"digits": 0, "how": "half_up"}}, {"a": "84.4996"})
        assert card.lines("en") == [
            "The value 84.4996 earns 84.5 of 100 points.",
            "Rounded half up to a whole number: 84.4996 becomes 84.",
        ]

    @law
    @given(st.fractions(-100, 100, max_denominator=10**5), st.integers(0, 3), st.sampled_from(ROUNDINGS))
    @example(Fraction("84.4996"), 0, "half_up")
    def test_what_is_shown_rounds_to_what_is_shown(self, value: Fraction, digits: int, how: Rounding) -> None:
        card = node({"linear": {}, "round": {"digits": digits, "how": how}}, {"a": value})
        if len(card.lines("en")) == 2:
            before, _, after = card.lines("en")[1].rstrip(".").rpartition(": ")[2].partition(" becomes ")
            assert round_to(Fraction(before), digits, how) == Fraction(after) == card.value


class TestDemands:
    """Different demands of a level say different sentences."""

    @law
    @given(st.data())
    def test_demands(self, data: st.DataObject) -> None:
        parts = st.fixed_dictionaries(
            {},
            optional={
                "met_by": st.sampled_from(("given", ["yes"], ["no"], ["yes", "no"])),
                "points": st.sampled_from(("5", {"above": "5"}, {"at_least": "5.001"}, {"at_most": "5"})),
                "evidence": st.sampled_from(("accepted", "none")),
                "when": st.sampled_from(({"fact": "kind", "is": "isp"}, {"fact": "kind", "is": "shop"})),
                "not_applicable": st.sampled_from(("pass", "fail")),
            },
        ).filter(lambda part: bool({"met_by", "points"} & part.keys() or part.get("evidence") == "accepted"))
        several = data.draw(st.lists(parts, min_size=15, max_size=25))
        rungs = [{"id": f"r{place}", "criteria": {"a": part}} for place, part in enumerate(several)]
        criterion = {"choice": {"yes": 10, "no": 0}}
        tree = {"rubric": "told", "facts": FACTS, "criteria": {"a": criterion}, "levels": {"award": {"rungs": rungs}}}
        rubric = load_rubric(tree)
        meant: dict[tuple[str, str], object] = {}
        for rung in rubric.levels["award"].rungs:
            for lang in ("km", "en"):
                said = demand(rubric, "a", rung.gates["a"])[lang]
                assert meant.setdefault((lang, said), rung.gates["a"]) == rung.gates["a"]
