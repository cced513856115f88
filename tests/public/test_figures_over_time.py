"""Figures that hide go on hiding: whoever keeps every page that was ever published works out no company."""

import csv
import io
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
from tests.public.attacker import Edition, work_out
from tests.public.world import Made, at, give_award, make_company

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
    """Company `n` submits, for the first time or anew, and is refused."""
    slug = f"company-{n}"
    found = session.scalar(sa.text("SELECT id FROM companies WHERE slug = :slug").bindparams(slug=slug))
    made = Made(slug, f"ក្រុមហ៊ុន {n}", f"Company {n}", "isp", "kandal", "gold", clock.today())
    refused(session, found or make_company(session, made).id, met=met, reports=10 + n % 3)


def refused(session: Session, company: int, *, met: bool, reports: int) -> None:
    opened = at(clock.today())
    assessment = Assessment(
        company_id=company,
        edition=current().id,
        state=State.REFUSED,
        opened_at=opened,
        decided_at=opened,
        review_facts={},
    )
    session.add(assessment)
    session.flush()
    content = {"answers": {"stat_csam_reports": {"value": reports}}}
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
    """The cells of the page's rows, by what heads them: each head once, by its first table."""
    page = client.get("/en/statistics").text
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {head: re.findall(r"<td[^>]*>(.*?)</td>", cells) for head, cells in reversed(rows)}


def submitted(client: FlaskClient) -> dict[str, tuple[int, int]]:
    """How many companies of each kind submitted, as the data tell it last."""
    told = client.get("/statistics.json").json or {}
    return {
        one["of"]: (one["first"], one["last"])
        for one in told["lines"]
        if (one["figure"], one["by"]) == ("submitted", "kind")
    }


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
        assert first[title] == ["5–9", "2 January 2026"]
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
        assert after[title] == ["5–9", "5 March 2026"]
        assert submitted(client)["isp"] == (15, 19)
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
            assert shown(client)[title] == ["5–9", "2 January 2026"]


def test_parts_are_shown_to_nobody(client: FlaskClient) -> None:
    """What each company added is kept to judge the next figure by; readers get the sum and how many added to it."""
    with client.application.app_context():
        with month(2026, 1), transaction() as session:
            for n in range(1, 13):
                submit(session, n, met=n % 2 == 0)
        with month(2026, 1, 2):
            publish_figures()
        newest = figures.newest(db.session())
        assert newest["missed:gov_lead"].told == {"first": 5, "last": 9}
        assert newest["total:stat_csam_reports"].told == {"sum": "132", "first": 10, "last": 14}
        assert {key for figure in newest.values() for key in figure.told} == {"sum", "first", "last"}


KINDS, PROVINCES = ("isp", "hosting", "internet_cafe"), ("kandal", "kep")


def town(session: Session, numbers: range) -> None:
    """Companies of three kinds in two places: two of three hold an award, and all were refused one."""
    for n in numbers:
        made = Made(f"town-{n}", f"ក្រុង {n}", f"Town {n}", KINDS[n % 3], PROVINCES[n % 2], "bronze", clock.today())
        if n % 3:
            give_award(session, make_company(session, made), made, 500 + n)
        company = session.scalar(sa.text("SELECT id FROM companies WHERE slug = :slug").bindparams(slug=made.slug))
        refused(session, company or make_company(session, made).id, met=n % 4 == 0, reports=8 + n % 5)


def read_everything(client: FlaskClient) -> tuple[Edition, dict[str, int]]:
    """What an attacker takes away of a day, from data, pages and register, which say the same."""
    told = (client.get("/statistics.json").json or {})["lines"]
    rows = list(csv.DictReader(io.StringIO(client.get("/statistics.csv").data.decode("utf-8-sig"))))
    for line, row in zip(told, rows, strict=True):
        for name in ("id", "on", "first", "last", "mark"):
            assert row[name] == ("" if line[name] is None else str(line[name]))
    pages = {lang: client.get(f"/{lang}/statistics").text for lang in ("km", "en")}
    ranges = {lang: re.findall(r"\d+–\d+", page) for lang, page in pages.items()}
    as_latin = [text.translate({0x17E0 + digit: str(digit) for digit in range(10)}) for text in ranges["km"]]
    assert as_latin == ranges["en"]
    submitted = {line["id"]: (line["first"], line["last"]) for line in told if line["id"].startswith("submitted:")}
    together = [tuple(map(sum, zip(*(ends for name, ends in submitted.items() if ":kind:" in name), strict=True)))]
    others = [(line["first"], line["last"]) for line in told if line["mark"] == "step"]
    spoken = {f"{first}–{last}" for first, last in together + others} | {"1–9", "10–49", "50–249"}
    assert set(ranges["en"]) <= spoken, "a page tells what the data do not"
    known: dict[str, int] = {}
    for company in (client.get("/api/v1/companies?limit=100").json or {})["companies"]:
        for cell in (f"submitted:kind:{company['kinds'][0]['id']}", f"submitted:province:{company['province']['id']}"):
            known[cell] = known.get(cell, 0) + 1
    by = {of: {n: ends for n, ends in submitted.items() if f":{of}:" in n} for of in ("kind", "province", "size")}
    registered = next(line["last"] for line in told if line["figure"] == "registered")
    return Edition({of: cells for of, cells in by.items() if None not in sum(cells.values(), ())}, registered), known


def test_every_edition_that_is_served_leaves_every_company_hidden(client: FlaskClient) -> None:
    """One company joins, then six, then one of them gets an award: nothing read on any day pins who is not shown."""
    editions, known = [], []
    with client.application.app_context():
        for number, numbers in ((1, range(46)), (2, range(46, 47)), (3, range(47, 53)), (4, range(53, 54))):
            with month(2026, number), transaction() as session:
                town(session, numbers)
            with month(2026, number, 2):
                publish_figures()
                read = read_everything(client)
            editions.append(read[0])
            known.append(read[1])
    assert [set(one.breakdowns) for one in editions] == [{"kind", "province", "size"}] * 4
    assert editions[0] == editions[1] != editions[2] == editions[3], "one company more is no new edition"
    found = list(work_out(editions[::2], known[::2]))
    assert len(found) == 2 * (7 + 25 + 4)
    for one in found:
        assert (one.first, one.last) == (max(one.told[0], one.known), one.told[1])
