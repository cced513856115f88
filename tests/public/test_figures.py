"""National figures give no company away."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from compliance.actions.figure_parts import total_parts
from compliance.actions.figures import Before, answered
from compliance.actions.participation import participation
from compliance.domain.suppression import step
from compliance.store.figures import Figure
from compliance.store.national import Member, Participant
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


def steps(taking_part: list[Participant]) -> dict[str, Figure]:
    """Who takes part, as it would be published."""
    members = [Member(one.company_id, one.kind, "kandal", 4, True, bool(one.level)) for one in taking_part]
    found = participation(current(), members, MINIMUM, {})
    return {name: Figure(MOMENT.date(), {"first": ends[0], "last": ends[1]}) for name, (ends, _) in found.items()}


def published(taking_part: list[Participant]) -> set[str]:
    """The figures that may be told of these companies, the first time."""
    before = Before({}, steps(taking_part), MINIMUM)
    return {name for name, said, _parts in answered(current(), taking_part, before) if said}


def test_figures_of_few_companies_are_not_shown() -> None:
    few = [participant(n, "isp", "not_met") for n in range(4)]
    assert not published(few)
    assert steps(few)["submitted:isp"].told == {"first": 0, "last": 4}
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


def test_a_count_that_bounds_how_many_took_part_is_not_told() -> None:
    """5–9 miss it and 12 awards are known to meet it: at least 17 took part, where the step says 15–19."""
    some = [participant(n, "isp", "not_met") for n in range(5)]
    awarded = [participant(n, "isp", "met", "bronze") for n in range(5, 17)]
    others = [participant(n, "isp", "met") for n in range(17, 19)]
    assert "missed:gov_lead" not in published(some + awarded + others)
    more = [participant(n, "isp", "met") for n in range(19, 26)]
    assert "missed:gov_lead" in published(some + awarded + others + more)


def of_which(received: int, answered_in_time: int, n: int) -> Participant:
    return Participant(n, "isp", {"stat_lea_received": received, "stat_lea_answered": answered_in_time}, {})


def test_a_part_is_told_beside_its_whole_only_where_the_rest_may_be_told() -> None:
    """Whoever reads that all requests were answered in time reads it of each company."""
    both = {"total:stat_lea_received", "total:stat_lea_answered"}
    late = [of_which(8 + n % 4, 6 + n % 3, n) for n in range(12)]
    assert published(late) == both
    never_late = [of_which(8 + n % 4, 8 + n % 4, n) for n in range(12)]
    assert published(never_late) == {"total:stat_lea_received"}
    one_late = [*never_late[1:], of_which(9, 2, 0)]
    assert published(one_late) == {"total:stat_lea_received"}
    assert total_parts(current(), late)["total:stat_lea_answered"]
