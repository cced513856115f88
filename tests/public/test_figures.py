"""National figures give no company away."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from compliance.actions.figures import missed_parts, participation, total_parts
from compliance.domain.suppression import may_publish, step
from compliance.journeys.public.statistics import all_in_steps, levels_table, participation_table
from compliance.store.figures import Figure
from compliance.store.national import Participant
from questionnaires import current
from tests.conftest import MOMENT

MINIMUM = 5


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_step_gives_a_company_away(awarded: int, rest: int) -> None:
    """Whoever knows all awards and reads the step finds no number from 1 to 4 of companies without one for sure."""
    first, last = step(awarded + rest, MINIMUM)
    fits = range(max(awarded, first) - awarded, last - awarded + 1)
    assert rest in fits
    assert len(fits) > 1 or not 0 < rest < MINIMUM


def participant(n: int, kind: str, outcome: str, level: str = "") -> Participant:
    return Participant(n, kind, {"stat_csam_reports": 3 + n % 4}, {"gov_lead": outcome}, level)


def told(taking_part: list[Participant]) -> dict[str, Figure]:
    """The steps as they would be published."""
    steps = participation(current(), taking_part, len(taking_part), MINIMUM)
    return {name: Figure(MOMENT.date(), {"first": first, "last": last}) for name, (first, last) in steps.items()}


def test_all_together_tells_no_more_than_the_parts() -> None:
    edition = current()
    kinds = [kind.id for kind in edition.kinds]
    four_each = [participant(n, kind, "met") for kind in kinds for n in range(4)]
    assert all_in_steps(edition, told(four_each), "en") == f"0–{4 * len(kinds)}"
    assert all_in_steps(edition, told([]), "en") == f"0–{4 * len(kinds)}"


def published(taking_part: list[Participant]) -> set[str]:
    """The figures that may be told of these companies, the first time."""
    parts = missed_parts(current(), taking_part) | total_parts(current(), taking_part)
    return {name for name in parts if may_publish(parts[name], (), MINIMUM, counted=name.startswith("missed:"))}


def test_figures_of_few_companies_are_not_shown() -> None:
    edition = current()
    few = [participant(n, "isp", "not_met") for n in range(4)]
    assert not published(few)
    assert participation_table(edition, told(few), "en").rows[0][1] == "0–4"
    assert levels_table(edition, {("isp", "gold"): 1}, "en").rows[-1][1:] == ["0", "0", "0", "1", "1"]
    all_alike = [participant(n, "isp", "not_met") for n in range(20)]
    assert published(all_alike) == {"total:stat_csam_reports"}, "all alike tells of each one"
    many = all_alike + [participant(n, "hosting", "met") for n in range(20, 40)]
    assert published(many) == {"missed:gov_lead", "total:stat_csam_reports"}
    nothing = [replace(one, answers={"stat_csam_reports": 0}) for one in many]
    assert published(nothing) == {"missed:gov_lead"}, "a total of nothing says nothing of each"
    one_large = [*many, replace(many[0], company_id=99, answers={"stat_csam_reports": 10_000})]
    assert published(one_large) == {"missed:gov_lead"}, "a total nearly tells who is large"


def test_what_the_register_tells_hides_nobody() -> None:
    """Holders of an award meet what their level demands, as everybody knows: they are nobody to hide among."""
    six_miss = [participant(n, "isp", "not_met") for n in range(6)]
    awarded = [participant(n, "isp", "met", "bronze") for n in range(6, 20)]
    assert "missed:gov_lead" not in published(six_miss + awarded)
    assert "missed:gov_lead" in published(six_miss + [replace(one, level="") for one in awarded])
