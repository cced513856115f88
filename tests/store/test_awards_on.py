"""Awards in force on a past day are counted as they stood then, by the decisions taken until then."""

from collections import Counter
from datetime import date, timedelta

from flask import Flask

from compliance.domain.standing import IN_FORCE, AwardAct, standing
from compliance.store.awards import Award
from compliance.store.awards_on import levels_on
from compliance.store.base import db, transaction
from tests.public.world import act_on, make_world


def then(award: Award, day: date) -> bool:
    """Whether it was in force, decision by decision."""
    acts = [act.act for act in award.acts if act.decided_at.date() <= day]
    return bool(acts) and standing(award.term, acts[-1], day, award.replaced_from) in IN_FORCE


def test_every_day_of_the_past_is_counted_as_it_was(in_app: Flask) -> None:
    with transaction() as session:
        awards = list(make_world(session).values())
        held = min((one for one in awards if len(one.acts) == 1), key=lambda one: one.starts)
        act_on(session, held, AwardAct.SUSPENDED, held.starts + timedelta(days=40))
        act_on(session, held, AwardAct.REINSTATED, held.starts + timedelta(days=90))
    found = list(db.session().query(Award))
    first, last = min(one.starts for one in found), max(one.term.grace_ends for one in found)
    days = [first + timedelta(days=days) for days in range(-3, (last - first).days + 3, 3)]
    counted = [levels_on(db.session(), day) for day in days]
    assert counted == [dict(Counter(one.level for one in found if then(one, day))) for day in days]
    assert len({str(one) for one in counted}) > 4
