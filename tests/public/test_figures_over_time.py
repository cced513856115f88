"""Figures that hide go on hiding: whoever keeps every page that was ever published works out no company."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations, product

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.suppression import Part, Parts, may_publish
from compliance.jobs.figures import publish_figures
from compliance.store import figures
from compliance.store.assessments import Assessment, Submission
from compliance.store.base import db, transaction
from questionnaires import current
from tests.public.world import Made, at, make_company

MINIMUM = 5
COMPANIES = 12
Told = tuple[Parts, dict[int, int]]
"""The parts that were told, and how often each company had spoken by then."""

months = st.lists(
    st.dictionaries(st.integers(1, COMPANIES), st.tuples(st.integers(0, 4), st.booleans()), max_size=7),
    min_size=2,
    max_size=14,
)


def told_over(history: list[dict[int, tuple[int, bool]]], *, counted: bool) -> list[Told]:
    """What is published when in each month some companies submit anew, some with what the register tells."""
    now: dict[int, Part] = {}
    spoken: dict[int, int] = {}
    told: list[Told] = []
    for number, month in enumerate(history):
        for company, (amount, known) in month.items():
            now[company] = Part(Decimal(amount > 1 if counted else amount), known)
            spoken[company] = number
        if may_publish(now, [parts for parts, _spoken in told], MINIMUM, counted=counted):
            told.append((dict(now), dict(spoken)))
    return told


def unknowns(told: list[Told], factors: tuple[int, ...]) -> set[int]:
    """The companies whose parts remain in a sum of states, each taken so many times."""
    weight: dict[tuple[int, Part], int] = {}
    for (parts, _spoken), factor in zip(told, factors, strict=True):
        for company, part in parts.items():
            weight[company, part] = weight.get((company, part), 0) + factor
    return {company for (company, part), times in weight.items() if times and not part.known}


@settings(max_examples=150, deadline=None)
@given(months, st.booleans())
def test_no_difference_of_two_states_isolates_fewer_than_the_smallest_cell(
    history: list[dict[int, tuple[int, bool]]], counted: bool
) -> None:
    told = told_over(history, counted=counted)
    for pair in combinations(told, 2):
        left = unknowns(list(pair), (1, -1))
        assert not left or len(left) >= MINIMUM


@settings(max_examples=60, deadline=None)
@given(months)
def test_no_sum_of_states_isolates_fewer_than_the_smallest_cell(history: list[dict[int, tuple[int, bool]]]) -> None:
    """Each submission is another unknown: also where somebody adds and subtracts any three states."""
    told = told_over(
        [{who: (amount, False) for who, (amount, _known) in month.items()} for month in history], counted=False
    )
    fresh = [({who: Part(Decimal(spoken[who])) for who in parts}, spoken) for parts, spoken in told]
    for three in combinations(fresh, 3):
        for factors in product((-2, -1, 0, 1, 2), repeat=3):
            left = unknowns(list(three), factors)
            assert not left or len(left) >= MINIMUM


def test_histories_do_publish() -> None:
    """The laws above are not kept by silence."""
    mixed = [{n: ((n + later) % 4, False) for n in range(1, 13)} for later in (0, 1)]
    assert len(told_over(mixed, counted=True)) == 2
    assert len(told_over(mixed, counted=False)) == 2


@contextmanager
def month(year: int, number: int, day: int = 1) -> Iterator[None]:
    with clock.held(datetime(year, number, day, 3, tzinfo=UTC)):
        yield


def submit(session: Session, n: int, *, met: bool) -> None:
    """Company `n` submits, for the first time or anew."""
    slug = f"company-{n}"
    found = session.scalar(sa.text("SELECT id FROM companies WHERE slug = :slug").bindparams(slug=slug))
    made = Made(slug, f"ក្រុមហ៊ុន {n}", f"Company {n}", "isp", "kandal", "gold", clock.today())
    company = found or make_company(session, made).id
    opened = at(clock.today())
    assessment = Assessment(
        company_id=company, edition=current().id, state=State.REFUSED, opened_at=opened, review_facts={}
    )
    session.add(assessment)
    session.flush()
    content = {"answers": {"stat_csam_reports": {"value": 10 + n % 3}}}
    scorecard = {"findings": {"gov_lead": {"outcome": "met" if met else "not_met"}}}
    session.add(
        Submission(
            assessment_id=assessment.id,
            round=1,
            content=json.dumps(content),
            digest="0" * 64,
            scorecard=json.dumps(scorecard),
            scorecard_sha256="0" * 64,
            submitted_by=1,
            submitted_at=opened,
        )
    )
    session.flush()


def shown(client: FlaskClient) -> dict[str, list[str]]:
    """The cells of the page's rows, by what heads them."""
    page = client.get("/en/statistics").text
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {head: re.findall(r"<td[^>]*>(.*?)</td>", cells) for head, cells in rows}


@pytest.fixture
def title() -> str:
    return current().question("gov_lead").title["en"]


@pytest.mark.both_databases
def test_one_new_submission_changes_nothing_that_is_shown(client: FlaskClient, title: str) -> None:
    with client.application.app_context():
        with month(2026, 1), transaction() as session:
            for n in range(1, 13):
                submit(session, n, met=n % 2 == 0)
        with month(2026, 1, 2):
            assert "Not published yet" in client.get("/en/statistics").text
            assert publish_figures() == 2
            first = shown(client)
        assert first[title] == ["6 of 12", "2 January 2026"]
        with month(2026, 1, 20):
            with transaction() as session:
                submit(session, 13, met=False)
            assert publish_figures() == 0, "once a month"
            assert shown(client) == first
        with month(2026, 2):
            assert publish_figures() == 0
            assert shown(client)[title] == first[title], "one company more: the earlier figure stays, with its date"
        with month(2026, 3), transaction() as session:
            for n in range(14, 18):
                submit(session, n, met=n % 2 == 0)
        with month(2026, 3, 5):
            assert publish_figures() == 2
            after = shown(client)
        assert after[title] == ["9 of 17", "5 March 2026"]
        assert after["Internet service provider"][-1] == "15–19"
        assert len(figures.states(db.session())["missed:gov_lead"]) == 2


def test_five_who_all_say_the_same_are_not_told_at_once(client: FlaskClient, title: str) -> None:
    with client.application.app_context():
        with month(2026, 1), transaction() as session:
            for n in range(1, 13):
                submit(session, n, met=n % 2 == 0)
        with month(2026, 1, 2):
            publish_figures()
        with month(2026, 2):
            with transaction() as session:
                for n in range(13, 18):
                    submit(session, n, met=False)
            publish_figures()
            assert shown(client)[title] == ["6 of 12", "2 January 2026"]


def test_parts_are_shown_to_nobody(client: FlaskClient) -> None:
    """What each company added is kept to judge the next figure by; readers get the sum and how many added to it."""
    with client.application.app_context():
        with month(2026, 1), transaction() as session:
            for n in range(1, 13):
                submit(session, n, met=n % 2 == 0)
        with month(2026, 1, 2):
            publish_figures()
        newest = figures.newest(db.session())
        assert newest["missed:gov_lead"].told == {"sum": "6", "companies": 12}
        assert newest["total:stat_csam_reports"].told == {"sum": "132", "companies": 12}
        assert {key for figure in newest.values() for key in figure.told} == {"sum", "companies", "first", "last"}
