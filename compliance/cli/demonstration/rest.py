"""Plays the companies that the first start left for later: in the background, little by little."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.cli.app_context import application
from compliance.cli.demonstration.acts import Hands
from compliance.cli.demonstration.cast import PLAYERS, STAFF
from compliance.cli.demonstration.invented import ALL, LONGEST_AGO, invented
from compliance.cli.demonstration.seed import company_of, slug_of
from compliance.cli.demonstration.years import years
from compliance.cli.processes import follow_parent
from compliance.domain.errors import DomainError
from compliance.domain.renewal import add_months
from compliance.domain.roles import Actor, Role
from compliance.jobs.figures import publish_figures
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.companies import Company
from compliance.store.files import file_store
from compliance.store.people import person_by_email
from compliance.store.unplayed import unplayed

NICE = 10
RESTS = 3.0
"""For every second of work it waits so many: pages come first."""
LONGEST_REST = 2.0


def register(commands: Any) -> None:
    """Adds this file's command."""
    words = commands.add_parser("play-on", help="demonstration: the companies that the first start left for later")
    words.set_defaults(run=lambda _chosen: play_on(Settings.from_env()))


def play_on(settings: Settings) -> None:
    """Until all are there; stopped at any moment, it goes on where it was. Another one at work leaves it nothing."""
    follow_parent()
    if not settings.demonstration or not unplayed(settings).exists():
        return
    os.nice(NICE)
    with alone(settings) as first, application(settings) as app:
        if first:
            play_rest(app, settings, range(len(PLAYERS) + 1, ALL + 1), rests=RESTS)
            unplayed(settings).unlink(missing_ok=True)


@contextmanager
def alone(settings: Settings) -> Iterator[bool]:
    """Whether no other process plays."""
    with unplayed(settings).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def play_rest(app: Flask, settings: Settings, numbers: range, rests: float = 0.0) -> None:
    """One company after the other, then the figures of every month, as they would have been published."""
    began = first_start()
    with clock.held(datetime.combine(began, time_of_day(22), clock.PHNOM_PENH)):
        for number in numbers:
            try:
                _unhurried(company(number, settings), rests)
            except DomainError:  # one story that cannot go on keeps nobody else from theirs
                app.logger.exception("company %d of the demonstration stays where it is", number)
        _unhurried(months(began), rests)
    app.logger.info("demonstration complete")


def _unhurried(acts: Iterator[None], rests: float) -> None:
    """Rests after each act, the longer the more it took."""
    while True:
        begun = time.monotonic()
        over = next(acts, StopIteration) is StopIteration
        db.session.remove()
        time.sleep(min(rests * (time.monotonic() - begun), LONGEST_REST))
        if over:
            return


def first_start() -> date:
    """The day on which the demonstration was begun, as its first company tells."""
    registered = db.session().scalar(sa.select(Company.registered_at).where(Company.registration_number == _number(1)))
    return clock.day_of(registered) + timedelta(days=PLAYERS[0].days) if registered else clock.today()


def _number(number: int) -> str:
    return f"DEMO-{number:05d}"


def company(number: int, settings: Settings) -> Iterator[None]:
    """One company's story, or what is missing of it."""
    player = invented(number)
    query = sa.select(Company.id).where(Company.registration_number == _number(number))
    company_id = db.session().scalar(query)
    if company_id is None:
        company_id, owner = company_of(player, number)
        yield
    else:
        owner = _actor(f"{slug_of(player)}@companies.example")
    yield from years(player, number, hands(number, owner, settings), company_id)


def hands(number: int, owner: Actor, settings: Settings) -> Hands:
    """The people who act in a company's story."""
    reviewers = [one.email for one in STAFF if one.role is Role.REVIEWER]
    approvers = [one.email for one in STAFF if one.role is Role.APPROVER]
    first, second = approvers[number % 2], approvers[(number + 1) % 2]
    reviewer = _actor(reviewers[number % 2])
    return Hands(owner, reviewer, _actor(first), _actor(second), file_store(settings), settings.public_url)


def _actor(email: str) -> Actor:
    found = person_by_email(db.session(), email)
    if found is None:
        raise LookupError(email)
    return found.actor()


def months(until: date) -> Iterator[None]:
    """The national figures of each month since the first company came, until the day of the first start."""
    first = (until - timedelta(days=LONGEST_AGO)).replace(day=1)
    day = add_months(first, 1)
    while day <= until:
        with clock.held(datetime.combine(day, time_of_day(9), clock.PHNOM_PENH)):
            publish_figures()
        yield
        day = add_months(day, 1)
