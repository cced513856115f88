"""The preview follows the real rules; national figures give no company away."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.suppression import step
from compliance.journeys.public.preview import GUESSES, HAVE, HAVE_NOT, Preview
from compliance.journeys.public.statistics import all_in_steps, levels_table, most_missed, participation_table, totals
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


def test_all_together_tells_no_more_than_the_parts() -> None:
    edition = current()
    kinds = [kind.id for kind in edition.kinds]
    four_each = [participant(n, kind, "met") for kind in kinds for n in range(4)]
    assert all_in_steps(edition, four_each, MINIMUM, "en") == f"0–{4 * len(kinds)}"
    assert all_in_steps(edition, [], MINIMUM, "en") == f"0–{4 * len(kinds)}"


def participant(n: int, kind: str, outcome: str) -> Participant:
    return Participant(n, kind, {"stat_csam_reports": 3}, {"gov_lead": outcome})


def test_figures_of_few_companies_are_not_shown() -> None:
    edition = current()
    few = [participant(n, "isp", "not_met") for n in range(4)]
    assert not totals(edition, few, MINIMUM, "en").rows
    assert not most_missed(edition, few, MINIMUM, "en").rows
    assert participation_table(edition, few, MINIMUM, "en").rows[0][1] == "0–4"
    assert levels_table(edition, {("isp", "gold"): 1}, "en").rows[-1][1:] == ["0", "0", "0", "1", "1"]
    all_alike = [participant(n, "isp", "not_met") for n in range(20)]
    assert not most_missed(edition, all_alike, MINIMUM, "en").rows, "all alike tells of each one"
    many = all_alike + [participant(n, "hosting", "met") for n in range(20, 40)]
    assert most_missed(edition, many, MINIMUM, "en").rows[0][1] == "20 of 40"
    assert totals(edition, many, MINIMUM, "en").rows[0][1].startswith("120")


def preview(how: str, *, essentials: bool, kinds: tuple[str, ...] = ("isp",)) -> Preview:
    edition = current()
    best = {
        question.id: (
            max(question.options, key=lambda o: question.rule.points[o.value]).value if question.options else HAVE
        )
        if essentials
        else (
            min(question.options, key=lambda o: question.rule.points[o.value]).value if question.options else HAVE_NOT
        )
        for question in edition.questions
        if question.essential and question.rule
    }
    parts = {section.id: how for section in edition.sections if section.scored}
    return Preview(edition, MOMENT.date(), frozenset(kinds), {"prof_features": ("connect", "post")}, best, parts)


def test_the_preview_follows_the_rules() -> None:
    reached = [preview(how, essentials=True).scorecard().levels["award"].reached for how in GUESSES]
    assert reached == ["committed", "bronze", "gold"]
    assert all(preview(how, essentials=False).scorecard().levels["award"].reached is None for how in GUESSES)


@pytest.mark.parametrize("kind", [kind.id for kind in current().kinds])
def test_every_kind_of_company_can_try(client: FlaskClient, kind: str) -> None:
    start = f"/en/try?step=2&kind={kind}&prof_features=connect&prof_features=store"
    page = client.get(start).text
    assert "You would see" in page
    made = preview("mostly", essentials=True, kinds=(kind,))
    query = "".join(f"&essential-{name}={value}" for name, value in made.essentials.items())
    query += "".join(f"&part-{name}={value}" for name, value in made.parts.items())
    result = client.get(start.replace("step=2", "step=3") + query)
    assert result.status_code == 200
    assert "Likely level" in result.text
    assert "Answer every line" in client.get(start.replace("step=2", "step=3")).text


@pytest.mark.parametrize("query", ["?kind=nobody", "?kind=isp", "?step=3", "?step=2&prof_features=post"])
def test_what_is_missing_is_said(client: FlaskClient, query: str) -> None:
    page = client.get("/en/try" + query)
    assert page.status_code == 200
    assert "Choose at least one" in page.text
