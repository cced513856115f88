"""A draft tried on the awards that are held."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import rehearsing
from compliance.actions.rehearsing import counted_awards, held_awards, read_draft, rehearse_draft
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from questionnaires import current
from scoring import RubricError
from tests.actions.cases import case, to_award

FIRST = Path("questionnaires/editions/2026")


@pytest.fixture
def awarded(in_app: Flask, moment: datetime, settings: Settings) -> None:
    case(settings, to_award)


@pytest.mark.usefixtures("awarded")
def test_the_same_rules_move_nobody_and_harder_ones_say_why(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    same = rehearse_draft(
        db.session(), read_draft(FIRST), clock.today(), lambda done, total: told.append((done, total))
    )[current().id]
    assert same.scored == 1
    assert not same.moves
    assert told == [(1, 1)]
    [(level, after)] = same.matrix
    assert level == after is not None

    harder = tmp_path / "rubric.yaml"
    text = (FIRST / "rubric.yaml").read_text(encoding="utf-8")
    for limit in (50, 70, 85):
        text = text.replace(f"total: {{at_least: {limit}}}", "total: {above: 100}")
    harder.write_text(text.replace("fact: improvement_plan_given, is: 'yes'", "fact: kinds, any_of: [hosting]"))
    moved = rehearse_draft(db.session(), read_draft(harder), clock.today())[current().id]
    [move] = moved.falls
    assert move.before == level
    assert move.decided


@pytest.mark.usefixtures("awarded")
def test_awards_are_read_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, the newest first, wherever a page of them ends; one that is over is left out."""
    monkeypatch.setattr(rehearsing, "AT_ONCE", 2)
    with transaction() as session:
        first = session.scalars(sa.select(Award)).one()
        for number in range(5):
            session.add(another(session, first, number, ends=first.ends - timedelta(days=5000 * (number == 3))))
    for count, day in ((5, clock.today()), (0, clock.today() + timedelta(days=9000))):
        held = list(held_awards(db.session(), first.edition, day))
        assert [one.number for one in held] == ["N-4", "N-2", "N-1", "N-0", first.number][:count]
        assert counted_awards(db.session(), day) == ({first.edition: count} if count else {})


def another(session: Session, award: Award, number: int, *, ends: date) -> Award:
    """An award like this one, of a later assessment."""
    later = Assessment(company_id=award.company_id, edition=award.edition, state=State.APPROVED, opened_at=clock.now())
    session.add(later)
    session.flush()
    same = {column.key: getattr(award, column.key) for column in sa.inspect(Award).columns if column.key != "id"}
    return Award(**same | {"assessment_id": later.id, "number": f"N-{number}", "code": f"C-{number}", "ends": ends})


def test_an_unusable_draft_says_all_that_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "rubric.yaml"
    wrong.write_text("rubric: x\ncriteria: {a: {choice: {}}}\n")
    with pytest.raises(RubricError):
        read_draft(wrong)


@pytest.mark.usefixtures("in_app")
def test_without_awards_there_is_nothing_to_try() -> None:
    assert rehearse_draft(db.session(), read_draft(FIRST), clock.today()) == {}
