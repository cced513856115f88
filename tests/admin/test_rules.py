"""Deadlines, reminders and grace: moved by two within the edition's bounds, and no promised date moves with them."""

import re
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import compliance
from compliance import clock
from compliance.actions import asking, moving_rules
from compliance.actions.raising import days_of
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.jobs.clarifications import chase_replies
from compliance.jobs.remind import rules as reminders
from compliance.settings import Settings
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.reviews import Clarification
from compliance.store.rule_changes import RuleChange, lifecycle_now
from questionnaires import EditionRefusedError, current, load
from questionnaires.catalogue import DIRECTORY
from questionnaires.lifecycle import Lifecycle, MovableRule
from questionnaires.moving import figures_of, is_list, moved
from tests.actions.cases import case, to_award, to_review
from tests.actions.cases import person as a_person
from tests.drafting import confirmed, proposed, uploaded
from tests.helpers import person, post, sign_in

PAGE = "/en/admin/rules"
ROUND, REPLY, GRACE = "review.review_working_days", "review.more_information_reply_working_days", "grace.days"
DAY = date(2026, 11, 30)


def at(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def two() -> tuple[Actor, Actor]:
    first, second = (a_person(f"{name}@ministry.example", Role.ADMINISTRATOR) for name in ("first", "another"))
    return first, second


def move(by: tuple[Actor, Actor], rule: str, figures: tuple[int, ...], starts: date) -> int:
    with transaction() as session:
        made = moving_rules.propose(session, by[0], current().id, rule, figures, starts, "More work than hands.")
        moving_rules.confirm(session, by[1], made.id)
        return made.id


def now() -> Lifecycle:
    return lifecycle_now(db.session(), current().id)


@pytest.mark.both_databases
def test_a_promised_day_stays_and_the_next_promise_is_by_what_holds(in_app: Flask, settings: Settings) -> None:
    with clock.held(at(DAY)):
        one, both = case(settings, to_review), two()
        promised = one.assessment.review_due_on
        with transaction() as session:
            asked = asking.ask(session, one.hands.reviewer, one.assessment_id, {"gov_policy": "Since when?"})
            kept = asked.id, asked.due_on, asked.lapses_on
    with clock.held(at(DAY) + timedelta(hours=1)):
        move(both, REPLY, (30,), DAY)
        move(both, ROUND, (20,), DAY + timedelta(days=1))
        move(both, "review.more_information_reminders_working_days_before", (10,), DAY)
        assert now().review.more_information_reply_working_days == 30
        assert now().review.review_working_days == current().lifecycle.review.review_working_days
        assert asking.terms(db.session(), one.assessment).days == 30
        chase_replies()
        assert one.assessment.review_due_on == promised
    with clock.held(at(DAY + timedelta(days=1))):
        assert now().review.review_working_days == 20
        again = db.session.get_one(Clarification, kept[0])
        assert (again.id, again.due_on, again.lapses_on) == kept
    with clock.held(at(kept[1] - timedelta(days=9))):
        chase_replies()
        mails = sa.select(Notice.kind).where(Notice.kind == "clarification_due")
        assert not list(db.session.scalars(mails)), "it is reminded of by the figures of the day on which it was asked"


def test_every_rule_that_may_be_moved_is_read_as_it_holds(in_app: Flask, settings: Settings) -> None:
    with clock.held(at(DAY)):
        case(settings, to_award)
        both, lifecycle = two(), current().lifecycle
        for bounds in lifecycle.movable:
            figures = (bounds.most,) if figures_of(lifecycle, bounds.rule) != (bounds.most,) else (bounds.least,)
            move(both, bounds.rule, figures, DAY)
            assert figures_of(now(), bounds.rule) == figures
        assert now() == moved(lifecycle, {one.rule: figures_of(now(), one.rule) for one in lifecycle.movable})
        assert reminders(now()).remind_before == now().renewal.reminders_days_before_expiry
        made = db.session.scalars(sa.select(Award)).one()
        assert days_of(db.session(), made).answer_within_days == now().complaint.answer_within_days
        assert made.grace_days == lifecycle.grace.days, "granted before it was moved"


@pytest.mark.both_databases
def test_one_proposes_another_confirms_within_the_bounds(in_app: Flask) -> None:
    with clock.held(at(DAY)):
        first, second = two()
        wrong = [
            ((14,), DAY, "Fewer."), ((61,), DAY, "More."), ((), DAY, "None."), ((30, 31), DAY, "Two."),
            ((40,), DAY - timedelta(days=1), "Yesterday."), ((40,), DAY + timedelta(days=400), "Far."),
            ((40,), DAY, "  "), ((30,), DAY, "The same."),
        ]  # fmt: skip
        for figures, starts, reason in wrong:
            with pytest.raises(InvalidError), transaction() as session:
                moving_rules.propose(session, first, current().id, GRACE, figures, starts, reason)
        with pytest.raises(NotFoundError), transaction() as session:
            moving_rules.propose(session, first, current().id, "appeal.within_days", (20,), DAY, "Fixed.")
        with transaction() as session:
            made = moving_rules.propose(session, first, current().id, GRACE, (45,), DAY, "A hard year.").id
        with pytest.raises(InvalidError), transaction() as session:
            moving_rules.propose(session, second, current().id, GRACE, (50,), DAY, "At once.")
        with pytest.raises(ForbiddenError), transaction() as session:
            moving_rules.confirm(session, first, made)
        row = {"edition": current().id, "rule": GRACE, "figures": [1], "starts": DAY, "reason": "r"}
        row |= {"proposed_by": first.user_id, "proposed_at": clock.now()}
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.insert(RuleChange), [row])
    with clock.held(at(DAY + timedelta(days=3))):
        with transaction() as session:
            moving_rules.confirm(session, second, made)
            moving_rules.confirm(session, second, made)
        with pytest.raises(WrongStateError), transaction() as session:
            moving_rules.withdraw(session, first, made)
        assert now().grace.days == 45
        found = db.session.get_one(RuleChange, made)
        assert found.holds_from == DAY + timedelta(days=3), "a day that has passed is never changed"
    with clock.held(at(DAY + timedelta(days=2))):
        assert now().grace.days == current().lifecycle.grace.days


@pytest.fixture
def first(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("first@ministry.example", Role.ADMINISTRATOR)
        person("second@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "first@ministry.example")
    return client


def typed(figures: str, day: date, reason: str = "More hands.") -> dict[str, object]:
    return {"figures": figures, "starts": [str(day.day), str(day.month), str(day.year)], "reason": reason}


def test_the_room_shows_edition_today_since_and_who(app: Flask, first: FlaskClient) -> None:
    today = clock.today()
    listing = first.get(PAGE).text
    assert listing.count("Fixed") >= 8
    place = f"{PAGE}/{current().id}/renewal.reminders_days_before_expiry"
    for figures, told in (("ninety", "whole numbers"), ("200", "each from 1 to 180"), ("9 9", "different days")):
        answer = post(first, place, typed(figures, today))
        assert answer.status_code == 422
        assert told in answer.text
        assert f'value="{figures}"' in answer.text
    assert post(first, place, typed("១៤, ៧ ៦០", today)).status_code == 302
    assert "60, 14, 7" in first.get(place).text
    assert "A change of a deadline waits" in first.get("/en/admin/").text
    second = app.test_client()
    sign_in(second, "second@ministry.example")
    assert post(first, "/en/admin/rule-changes/1/confirm", form="/en/admin/people").status_code == 403
    assert post(second, "/en/admin/rule-changes/1/confirm", form="/en/admin/people").status_code == 302
    assert "since" in first.get(PAGE).text
    assert first.get(f"{PAGE}/{current().id}/appeal.within_days").status_code == 404
    assert first.get(f"{PAGE}/1999/grace.days").status_code == 404


def test_an_edition_bounds_what_it_says_itself(tmp_path: Path) -> None:
    for wrong, told in (
        ("{rule: grace.days, least: 40, most: 50}", "outside least and most"),
        ("{rule: grace.days, least: 40, most: 20}", "least is more than most"),
        ("{rule: suspension.notice_days, least: 5, most: 40}", "no edition could say"),
        ("{rule: grace.days, least: 1, most: 50}, {rule: grace.days, least: 1, most: 40}", "stands here twice"),
        ("{rule: appeal.within_days, least: 1, most: 50}", "movable"),
    ):
        shutil.copytree(DIRECTORY / "2026", tmp_path / "2026", dirs_exist_ok=True)
        file = tmp_path / "2026" / "lifecycle.yaml"
        head, _list, rest = file.read_text("utf-8").partition("movable:\n")
        tail = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith("  - {rule:"))
        file.write_text(f"{head}movable: [{wrong}]\n{tail}", "utf-8")
        with pytest.raises(EditionRefusedError, match=told):
            load(tmp_path / "2026")
    assert is_list(current().lifecycle, "renewal.reminders_days_before_expiry")


PAST_THEM = {"moving_rules.py", "rule_changes.py", "rules.py", "contested.py", "spot_drawing.py"}
"""What shows or bounds the edition's own figures; the last two take those alone that no edition lets move."""
READS = re.compile(r"\.lifecycle\b(?:\.(\w+)(?:\.(\w+))?)?")


def test_what_may_be_moved_is_read_in_one_way() -> None:
    movable = set(get_args(MovableRule))
    parts = {rule.partition(".")[0] for rule in movable}
    for path in Path(compliance.__file__).parent.rglob("*.py"):
        lines = [] if path.name in PAST_THEM else path.read_text("utf-8").splitlines()
        for found in (one for line in lines if "import" not in line for one in READS.finditer(line)):
            part, name = found.groups("")
            assert part, f"{path}: read it by lifecycle_now or a RuleHistory"
            assert name or part not in parts, f"{path}: read it by lifecycle_now or a RuleHistory"
            assert f"{part}.{name}" not in movable, f"{path}: {found[0]} may have been moved"


def test_nothing_of_an_edition_to_come_is_moved(app: Flask, client: FlaskClient) -> None:
    """It may be called back: its proposal would wait on a page that is gone, and hold for another one of its name."""
    with app.app_context(), clock.held(at(DAY)):
        first, second = two()
        confirmed(second, proposed(first, uploaded(first, "2027"), date(2027, 1, 1)))
        with pytest.raises(NotFoundError), transaction() as session:
            moving_rules.propose(session, first, "2027", GRACE, (20,), DAY, "More work than hands.")
    with clock.held(at(DAY)):
        sign_in(client, "first@ministry.example")
        assert client.get(f"{PAGE}/2027/{GRACE}").status_code == 404
    with app.app_context(), clock.held(at(date(2027, 1, 1))), transaction() as session:
        assert moving_rules.propose(session, first, "2027", GRACE, (20,), date(2027, 1, 1), "More work than hands.")


def test_everybody_reads_the_figures_in_force(app: Flask, client: FlaskClient) -> None:
    """From their day on, on a page that is kept in memory too."""
    with app.app_context():
        both = two()
    with clock.held(at(DAY)):
        assert "20 days" not in client.get("/en/code").text
        with app.app_context():
            move(both, GRACE, (20,), DAY)
        assert "20 days" in client.get("/en/code").text
        with app.app_context():
            move(both, GRACE, (25,), DAY + timedelta(days=1))
        assert "20 days" in client.get("/en/code").text
    with clock.held(at(DAY) + timedelta(days=1)):
        assert "25 days" in client.get("/en/code").text
