"""Beside the sector: an average of five companies or none, as it was published, and nobody to work out."""

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.figure_parts import points_parts
from compliance.actions.figures import publish_month
from compliance.domain.lifecycle import State
from compliance.domain.suppression import may_publish
from compliance.store.assessments import Assessment, Submission
from compliance.store.base import db, transaction
from compliance.store.figures import newest
from compliance.store.national import Participant
from questionnaires import current
from tests.conftest import MOMENT
from tests.officer.conftest import Bench
from tests.public.world import Made, at, make_company

MINIMUM = 5
NODES = ("overall", *current().rubric.levels["award"].sections)


def submit(session: Session, number: int, points: int, kind: str = "isp") -> int:
    """A company of the kind claims the same points everywhere; its id."""
    made = Made(f"rival-{number}", f"ក្រុមហ៊ុន {number}", f"Rival {number}", kind, "kandal", "gold", clock.today())
    company = make_company(session, made).id
    again(session, company, points)
    return company


def again(session: Session, company: int, points: int) -> None:
    """The company submits, for the first time or anew."""
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
    card = {"findings": {}, "nodes": {node: {"value": str(points)} for node in NODES}}
    session.add(
        Submission(
            assessment_id=assessment.id,
            round=1,
            content=json.dumps({"answers": {}, "edition": current().id}),
            digest="0" * 64,
            scorecard=json.dumps(card),
            scorecard_sha256="0" * 64,
            submitted_by=1,
            submitted_at=opened,
        )
    )
    session.flush()


def shown(bench: Bench) -> str:
    """The section of the page, as text."""
    page = bench.client.get(bench.path("/score")).text
    section = page.split('aria-labelledby="sector"', 1)[1].split("</section>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", section))


def test_four_companies_make_no_figure_and_five_do(bench: Bench) -> None:
    with bench.app.app_context(), transaction() as session:
        rivals = [submit(session, number, 50 + 5 * number) for number in range(4)]
        submit(session, 9, 99, kind="internet_cafe")
        publish_month(session, MOMENT.date())
    page = shown(bench)
    assert "There is no figure for your sector yet" in page
    assert "at least 5 companies" in page
    with bench.app.app_context(), clock.held(datetime(2026, 12, 1, 3, tzinfo=UTC)), transaction() as session:
        rivals.append(submit(session, 4, 70))
        publish_month(session, clock.today())
    page = shown(bench)
    assert "average 60 of 5–9 companies, as of 1 December 2026" in page
    assert page.count("average 60") == len(NODES)
    assert "you: 0" in page
    assert not re.search("Rival|ក្រុមហ៊ុន [0-9]", page), "others are never named"
    with bench.app.app_context(), clock.held(datetime(2027, 1, 1, 3, tzinfo=UTC)):
        with transaction() as session:
            again(session, rivals[0], 100)
            publish_month(session, clock.today())
        told = newest(db.session(), ["points:isp:overall"])["points:isp:overall"]
    assert told.published_on.isoformat() == "2026-12-01", "one company's change is told by no difference"


@pytest.mark.parametrize("alike", [True, False])
def test_points_that_would_tell_of_each_company_are_not_told(alike: bool) -> None:
    told = [
        Participant(
            number, "isp", {}, {}, points={"overall": "80" if alike else str(80 + number)}, edition=current().id
        )
        for number in range(3 if alike else 8)
    ]
    parts = points_parts(current(), told)["points:isp:overall"]
    assert may_publish(parts, (), MINIMUM, counted=False) is not alike
    assert not may_publish(parts, (parts,), MINIMUM, counted=False)


def test_companies_of_another_edition_or_kind_are_not_added_up() -> None:
    claims = {"overall": "1000/11"}
    told = [
        Participant(1, "isp", {}, {}, points=claims, edition=current().id),
        Participant(2, "isp", {}, {}, points=claims, edition="an older one"),
        Participant(3, "hosting", {}, {}, points=claims, edition=current().id),
    ]
    parts = points_parts(current(), told)
    assert {name: set(found) for name, found in parts.items()} == {
        "points:isp:overall": {1},
        "points:hosting:overall": {3},
    }
    assert str(parts["points:isp:overall"][1].amount) == "90.9"
