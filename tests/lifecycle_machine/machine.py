"""A state machine of the whole lifecycle: random people do random things on random days, and nothing untrue results."""

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.orm import Session

from compliance import clock
from compliance.cli.recheck import derived_anew
from compliance.domain.errors import DomainError
from compliance.jobs.timetable import timetable
from compliance.store import audit
from compliance.store.base import db, transaction
from questionnaires import current
from tests.lifecycle_machine import checks
from tests.lifecycle_machine.deeds import DEEDS, Page, actor_of, opened
from tests.lifecycle_machine.effects import Figures, effects, lapse
from tests.lifecycle_machine.model import Model
from tests.lifecycle_machine.reasons import UNDECLARED
from tests.lifecycle_machine.rules import (
    ABOUT,
    AGAINST,
    ONWARD,
    SORTS,
    again,
    allowed,
    marks,
    onward,
    subjects,
)
from tests.lifecycle_machine.store import Store
from tests.lifecycle_machine.trail import Trail

HOURS = (1, 14, 24, 24 * 15, 24 * 29, 24 * 31, 24 * 60, 24 * 200, 24 * 365, 24 * 720)
HEAVY = {"deliver", "issue", "rehearse"}
"""Jobs that need a mail server, or draw: they have tests of their own."""
KEPT_PAGES = 4


Chosen = tuple[int, int, str]
"""Who, on what, which act."""


class PulledPlugError(Exception):
    """The process died in the middle of a transaction."""


@contextmanager
def plug_pulled(flushes: int) -> Iterator[None]:
    """Ends a transaction after so many flushes, or just before it would have been durable."""
    left = flushes

    def count(_session: Session, _context: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise PulledPlugError

    sa.event.listen(Session, "after_flush", count)
    try:
        yield
        raise PulledPlugError
    finally:
        sa.event.remove(Session, "after_flush", count)


class LifecycleMachine(RuleBasedStateMachine):
    """`taken` counts what was done, over all runs: a machine that does nothing finds nothing."""

    def __init__(self, store: Store, begun: Model, taken: Counter[str]) -> None:
        super().__init__()
        self.store, self.taken = store, taken
        self.model: Model = copy.deepcopy(begun)
        lifecycle = current().lifecycle
        months = {level.id: level.validity_months for level in current().levels}
        figures = Figures(lifecycle.renewal.window_opens_days_before_expiry, lifecycle.grace.days, months)
        self.effects = effects(figures)
        store.put_back()
        self.context = store.app.app_context()
        self.context.push()
        self.client = store.app.test_client()
        self.pages: list[tuple[Page, object]] = []
        self.trail, self.actors, self.began = Trail(), set[int](), False
        self.in_force: dict[int, bool] = {}
        with self.at_this_moment():
            self.jobs = {
                name: job for name, (_every, job) in timetable(store.app, store.settings).items() if name not in HEAVY
            }
            self.trail.read(db.session(), set(self.model.people))

    @contextmanager
    def at_this_moment(self) -> Iterator[Session]:
        with clock.held(self.model.now):
            yield db.session()

    @rule(data=st.data())
    def an_assessment_goes_on(self, data: st.DataObject) -> None:
        """Somebody who may, and says so, does what brings an assessment nearer to its award."""
        self.declare_and_take(*self._drawn(data, {act: onward(self.model, act) for act in ONWARD}))

    @rule(company=st.integers(1, 2), acts=st.integers(3, 9))
    def an_assessment_goes_far(self, company: int, acts: int) -> None:
        """Several acts onward, at once, by the first who may."""
        for _act in range(acts):
            able = ((who, subject, act) for act in ONWARD for who, subject in onward(self.model, act, company))
            if (chosen := next(able, None)) is not None:
                self.declare_and_take(*chosen)

    @rule(data=st.data())
    @precondition(lambda self: self.model.awards)
    def an_award_is_acted_on(self, data: st.DataObject) -> None:
        """By one who proposes and another who confirms, when both may."""
        able = {act: allowed(self.model, act) for act in ("suspended", "reinstated", "revoked", "confirm")}
        if any(able.values()):
            self.take(*self._drawn(data, able))
        if confirms := allowed(self.model, "confirm"):
            self.take(*data.draw(st.sampled_from(confirms)), "confirm")

    @rule(data=st.data(), votes=st.lists(st.sampled_from(("uphold", "dismiss")), min_size=3, max_size=3))
    def an_appeal_is_judged(self, data: st.DataObject, votes: list[str]) -> None:
        """What waits for a decision is refused; what can be contested is; then whoever may sits down and votes."""
        if refusing := allowed(self.model, "refuse", passing=UNDECLARED):
            self.declare_and_take(*data.draw(st.sampled_from(refusing)), "refuse")
        able = {act: allowed(self.model, act) for act in ("lodge", "lodge against an act")}
        if any(able.values()):
            self.take(*self._drawn(data, able))
        self.hours_pass(1)
        for act in ("sit", "sit", "sit", *votes):
            able = [pair for pair in allowed(self.model, act, passing=UNDECLARED) if self._new_there(*pair, act)]
            if able:
                self.declare_and_take(*data.draw(st.sampled_from(able)), act)

    def _new_there(self, who: int, appeal_id: int, act: str) -> bool:
        """Whether it changes something."""
        seats = self.model.appeals[appeal_id].seats
        return who not in seats if act == "sit" else who in seats and seats[who] is None

    @rule(data=st.data())
    def somebody_does_what_they_may(self, data: st.DataObject) -> None:
        self.take(*self._allowed(data))

    @rule(data=st.data())
    def somebody_tries_something(self, data: st.DataObject) -> None:
        """Anybody, anything: the model says whether it may be."""
        act = data.draw(st.sampled_from([act for act in AGAINST if subjects(self.model, act)]))
        who = data.draw(st.sampled_from(list(self.model.people)))
        self.take(who, data.draw(st.sampled_from(subjects(self.model, act))), act)

    @rule(data=st.data())
    def two_have_the_same_page_open(self, data: st.DataObject) -> None:
        """Both were shown before either was sent."""
        who, subject, act = self._allowed(data)
        alike = [other for other in AGAINST if ABOUT.get(other) == ABOUT.get(act)]
        able = [(one, other) for other in alike for one, what in allowed(self.model, other) if what == subject]
        second, other = data.draw(st.sampled_from(able))
        pages = [self.open(who, subject, act), self.open(second, subject, other)]
        for page in pages:
            self.post(*page)

    @rule(data=st.data())
    def a_page_is_left_open(self, data: st.DataObject) -> None:
        self.pages = [*self.pages[-KEPT_PAGES + 1 :], self.open(*self._allowed(data))]

    @rule(data=st.data())
    @precondition(lambda self: self.pages)
    def a_page_left_open_is_sent(self, data: st.DataObject) -> None:
        self.post(*data.draw(st.sampled_from(self.pages)))

    @rule(data=st.data(), flushes=st.integers(1, 12))
    def the_plug_is_pulled(self, data: st.DataObject, flushes: int) -> None:
        """In the middle of something that would have gone well: nothing of it is left."""
        who, subject, act = self._allowed(data)
        page, _marks = self.open(who, subject, act)
        before = checks.fingerprint(db.session())
        with self.at_this_moment(), suppress(PulledPlugError), transaction() as session, plug_pulled(flushes):
            DEEDS[act](session, page, self.store)
        db.session.rollback()
        assert checks.fingerprint(db.session()) == before, f"half of {act} was done"
        self.taken["plug pulled"] += 1

    @rule(hours=st.sampled_from(HOURS))
    def time_passes(self, hours: int) -> None:
        self.hours_pass(hours)

    def hours_pass(self, hours: int) -> None:
        self.model.now += timedelta(hours=hours)
        self.model.today = clock.day_of(self.model.now)

    @rule(data=st.data())
    def the_worker_runs(self, data: st.DataObject) -> None:
        """Late, twice, in any order."""
        for name in data.draw(st.lists(st.sampled_from(sorted(self.jobs)), min_size=1, max_size=4)):
            with self.at_this_moment():
                self.jobs[name]()
            if name == "chase_replies":
                self.taken["lapse"] += lapse(self.model)

    def _allowed(self, data: st.DataObject) -> Chosen:
        """An act that somebody may take, of a sort that is drawn first."""
        able = {act: allowed(self.model, act) for act in AGAINST}
        sorts = [sort for sort, acts in SORTS.items() if any(able[act] for act in acts)]
        sort = data.draw(st.sampled_from(sorts))
        return self._drawn(data, {act: able[act] for act in SORTS[sort]})

    def _drawn(self, data: st.DataObject, pairs: dict[str, list[tuple[int, int]]]) -> Chosen:
        act = data.draw(st.sampled_from([act for act, found in pairs.items() if found]))
        return *data.draw(st.sampled_from(pairs[act])), act

    def declare_and_take(self, who: int, subject: int, act: str) -> None:
        if UNDECLARED in AGAINST[act](self.model, who, subject):
            case = self.model.appeals[subject].case if ABOUT.get(act) == "appeals" else subject
            self.take(who, case, "declare")
        self.take(who, subject, act)

    def open(self, who: int, subject: int, act: str) -> tuple[Page, object]:
        """A page as it is shown now, and what it showed."""
        db.session.rollback()
        with self.at_this_moment() as session:
            page = opened(session, act, who, subject)
        db.session.rollback()
        return page, marks(self.model, act, subject)

    def take(self, who: int, subject: int, act: str) -> None:
        """Opens the page and sends it."""
        self.post(*self.open(who, subject, act))

    def post(self, page: Page, shown: object) -> None:
        """Sends a page. It is refused where the model knows a reason, and only there; refused, it changes nothing."""
        against = list(AGAINST[page.act](self.model, page.who, page.subject))
        if shown != marks(self.model, page.act, page.subject) and not self._again(page):
            against.append("an old page")
        before = checks.fingerprint(db.session()) if against else {}
        made, refused = self._sent(page)
        if refused is not None:
            assert against, f"{page.act} was refused: {refused!r}"
            assert checks.fingerprint(db.session()) == before, f"{page.act} was refused and changed something"
            self.taken["refused"] += 1
            return
        assert not against, f"{page.act} was taken, against {against}"
        self.effects[page.act](self.model, page.who, page.subject, made)
        self.actors.add(page.who)
        self.began = self.began or page.act in {"approve", "confirm", "uphold", "dismiss"}
        self.taken[page.act] += 1

    def _again(self, page: Page) -> bool:
        """Whether what an old page wants is so already."""
        if page.act != "rename":
            return again(self.model, page.act, page.who, page.subject)
        wished = self.model.open_change(page.subject) or self.model.companies[page.subject]
        return wished.name.endswith(f" the {page.version}th")

    def _sent(self, page: Page) -> tuple[object, DomainError | None]:
        """What the service gave back, or why it refused."""
        try:
            with self.at_this_moment():
                page = replace(page, actor=actor_of(db.session(), page.who))
                with transaction() as session:
                    return DEEDS[page.act](session, page, self.store), None
        except DomainError as error:
            return None, error

    @invariant()
    def portal_and_model_agree(self) -> None:
        db.session.rollback()
        with self.at_this_moment() as session:
            self.trail.read(session, self.actors)
            self.trail.agrees(self.model)
            checks.assessments(session, self.model)
            checks.awards(session, self.model)
            checks.proposals(session, self.model)
            checks.appeals(session, self.model)
            checks.companies(session, self.model)
            in_force = checks.register(session, self.model)
            for company, holds in in_force.items():
                if holds != self.in_force.get(company):
                    checks.surfaces(self.client, self.model, company)
                assert self.began or not holds or self.in_force.get(company), "an award came back by itself"
        self.in_force, self.actors, self.began = in_force, set(), False

    def teardown(self) -> None:
        try:
            self._what_holds_at_the_end()
        finally:
            db.session.remove()
            self.context.pop()

    def _what_holds_at_the_end(self) -> None:
        db.session.rollback()
        with self.at_this_moment() as session:
            for head in self.trail.heads[:: max(1, len(self.trail.heads) // 5)]:
                assert list(audit.verify(session, head)) == []
            assert [name for name, same in derived_anew(session) if not same] == []
            for company in self.model.companies:
                checks.surfaces(self.client, self.model, company)
