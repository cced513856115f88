"""The demonstration shows an appeal: lodged in time, two votes in, and the printed panel member's vote decides."""

from flask import Flask

from compliance import clock
from compliance.cli.demonstration import seed
from compliance.cli.demonstration.cast import PLATFORM, SOCIAL, Player
from compliance.domain.appeals import AppealOutcome, Vote
from compliance.settings import Settings
from compliance.store.appeals import open_appeals, seats_of
from compliance.store.base import db
from compliance.store.people import person_by_email
from tests.actions.appeals import appeal, sit, vote

PLAYER = Player("ខ្យល់កួច", "Whirlwind", PLATFORM, "phnom-penh", 44, "middle", "appealed", 35, *SOCIAL)


def test_the_printed_member_has_the_last_word(app: Flask, settings: Settings, moment: object) -> None:
    with app.app_context():
        seed.play(app, settings, (PLAYER,))
        [found] = open_appeals(db.session())
        assert found.take_up_by is not None
        assert found.take_up_by > clock.today(), "nothing is late on the day the demonstration is made"
        assert list(found.grounds) == ["gov_policy"]
        member = person_by_email(db.session(), "panel_member@demonstration.example")
        assert member is not None
        assert [seat.vote for seat in seats_of(db.session(), [found.id])] == [Vote.UPHOLD, Vote.DISMISS]
        number, actor = found.id, member.actor()
        sit(number, actor)
        vote(number, actor, Vote.UPHOLD)
        assert appeal(number).outcome is AppealOutcome.UPHELD
