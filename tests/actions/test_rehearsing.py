"""A draft tried on the awards that are held."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from compliance import clock
from compliance.actions.rehearsing import read_draft, rehearse_draft
from compliance.settings import Settings
from compliance.store.base import db
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


def test_an_unusable_draft_says_all_that_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "rubric.yaml"
    wrong.write_text("rubric: x\ncriteria: {a: {choice: {}}}\n")
    with pytest.raises(RubricError):
        read_draft(wrong)


@pytest.mark.usefixtures("in_app")
def test_without_awards_there_is_nothing_to_try() -> None:
    assert rehearse_draft(db.session(), read_draft(FIRST), clock.today()) == {}
