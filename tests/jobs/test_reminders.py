"""A reminder is found once, by one statement, for awards that stand and nobody has renewed."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.standing import AwardAct
from compliance.jobs.remind import CATCH_UP, due_days, remind, rules
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from questionnaires import current
from tests.conftest import MOMENT
from tests.jobs.world import award, award_ending, notices, told

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.usefixtures("in_app", "moment")


def due_on(notice: Notice) -> date:
    return date.fromisoformat(notice.key.split(":")[2])


@pytest.mark.parametrize("offset", rules(current().lifecycle).offsets())
def test_every_offset_of_the_edition_is_reminded_once(offset: int) -> None:
    with clock.held(MOMENT - timedelta(days=1)):
        remind()
    award_id = award_ending(TODAY - timedelta(days=offset))
    assert remind() == 1
    assert remind() == 0
    (notice,) = notices()
    assert notice.key == f"{notice.kind}:{award_id}:{TODAY}:{notice.person_id}"
    assert notice.kind == ("reminder_before" if offset < 0 else "reminder_after")
    assert notice.email == "owner1@company.example"
    assert notice.values == {"award": award_id}
    said = told(notice)
    assert said is not None
    assert said["days"] == -offset
    assert said["company_km"] == "ក្រុមហ៊ុន 1"
    assert said["ends"] == TODAY - timedelta(days=offset)
    assert notice.sent_at is None


def test_nothing_is_due_between_the_days() -> None:
    award_ending(TODAY + timedelta(days=400))
    award_ending(TODAY - timedelta(days=60), 2)
    assert remind() == 0


def test_three_days_down_are_caught_up_once() -> None:
    award_ending(TODAY + timedelta(days=90))
    with clock.held(MOMENT + timedelta(days=3)):
        assert remind() == 1
        assert remind() == 0
        said = told(notices()[0])
        assert said is not None
        assert said["days"] == 87
    with clock.held(MOMENT + timedelta(days=4)):
        assert remind() == 0


def test_after_a_long_time_down_only_the_newest_is_sent() -> None:
    award_ending(TODAY + timedelta(days=60))
    with clock.held(MOMENT + timedelta(days=53)):
        assert remind() == 1
        assert [(said or {}).get("days") for said in map(told, notices())] == [7]


@pytest.mark.night
def test_a_whole_term_day_by_day_gives_each_reminder_once() -> None:
    award_ending(TODAY + timedelta(days=181))
    for day in range(230):
        with clock.held(MOMENT + timedelta(days=day)):
            remind()
    ends = TODAY + timedelta(days=181)
    assert [(due_on(notice) - ends).days for notice in notices()] == [-180, -90, -60, -30, -14, -7, -1, 1, 15]


@pytest.mark.parametrize(
    ("act", "reminded"),
    [
        (AwardAct.GRANTED, 1),
        (AwardAct.REINSTATED, 1),
        (AwardAct.SUSPENDED, 0),
        (AwardAct.REVOKED, 0),
        (AwardAct.SUPERSEDED, 0),
    ],
)
def test_only_awards_that_stand_are_reminded(act: AwardAct, reminded: int) -> None:
    award_id = award_ending(TODAY + timedelta(days=30))
    with transaction():
        award(award_id).last_act = act
    assert remind() == reminded


def test_whoever_has_handed_in_a_renewal_is_left_in_peace() -> None:
    award_id = award_ending(TODAY + timedelta(days=30))
    with transaction() as session:
        session.add(
            Assessment(
                company_id=award(award_id).company_id,
                edition=current().id,
                state=State.SUBMITTED,
                opened_at=clock.now(),
                review_facts={},
            )
        )
    assert remind() == 0


def test_midnight_in_phnom_penh_decides_the_day() -> None:
    award_ending(TODAY + timedelta(days=30))
    with clock.held(MOMENT.replace(day=22, hour=16, minute=59)):
        assert remind() == 0
    with clock.held(MOMENT.replace(day=22, hour=17, minute=0)):
        assert remind() == 1


def test_twenty_ninth_of_february() -> None:
    award_ending(date(2028, 2, 29))
    for day in (date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 2)):
        with clock.held(MOMENT.replace(year=day.year, month=day.month, day=day.day)):
            remind()
    assert [(n.kind, due_on(n)) for n in notices()] == [
        ("reminder_before", date(2028, 2, 28)),
        ("reminder_after", date(2028, 3, 1)),
    ]


def test_a_clock_set_back_queues_nothing_twice() -> None:
    award_ending(TODAY + timedelta(days=30))
    remind()
    with clock.held(MOMENT - timedelta(days=2)):
        remind()
    remind()
    assert len(notices()) == 1


def test_no_award_gets_two_reminders_in_one_night() -> None:
    found = due_days("e", rules(current().lifecycle), TODAY, TODAY - CATCH_UP)
    assert len({due.ends for due in found}) == len(found)
    assert all(TODAY - CATCH_UP <= due.due_on <= TODAY for due in found)


def test_two_at_once_queue_once(app: Flask) -> None:
    for number in range(1, 6):
        award_ending(TODAY + timedelta(days=30), number)
    counts: list[int] = []

    def one() -> None:
        with clock.held(MOMENT), app.app_context():
            counts.append(remind())
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 5
    assert len(notices()) == 5
