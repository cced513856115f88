"""The worker: one scheduler process; what is due is decided by rows in the database, never by a trigger."""

import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from compliance import clock
from compliance.jobs.appeals import chase_votes, remind_of_appeals
from compliance.jobs.checks import chase_checks
from compliance.jobs.clarifications import chase_replies
from compliance.jobs.concerns import chase_concerns
from compliance.jobs.deliver import deliver
from compliance.jobs.digests import queue_digests
from compliance.jobs.editions import tell_of_editions
from compliance.jobs.figures import publish_figures
from compliance.jobs.heads import publish_head, publish_signed
from compliance.jobs.holidays import fill_holidays
from compliance.jobs.issue import issue
from compliance.jobs.letter_paper import print_letters
from compliance.jobs.letters import Letters
from compliance.jobs.links import links_of
from compliance.jobs.pulse import Pulse
from compliance.jobs.read_through import read_through
from compliance.jobs.rehearse import rehearse
from compliance.jobs.remind import remind
from compliance.jobs.seal import seal
from compliance.jobs.second_scorings import chase_scorings
from compliance.jobs.sweep import sweep
from compliance.settings import Settings
from compliance.store.base import abandon, db
from compliance.store.unplayed import unplayed

log = logging.getLogger(__name__)

# APScheduler drops late runs by default; ours run late rather than never, and once rather than many times.
DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def timetable(app: Flask, settings: Settings) -> dict[str, tuple[timedelta, Callable[[], object]]]:
    """What runs how often. Each job finds its own work, so that running late, twice or in two processes is harmless."""
    letters = Letters(settings, links_of(app, settings.public_url))
    worker = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    return {
        "deliver": (timedelta(seconds=2), lambda: deliver(letters, worker)),
        "issue": (timedelta(seconds=3), lambda: issue(settings)),
        "print_letters": (timedelta(seconds=3), lambda: print_letters(settings)),
        "rehearse": (timedelta(seconds=2), rehearse),
        "remind": (timedelta(minutes=10), remind),
        "chase_replies": (timedelta(minutes=10), chase_replies),
        "chase_votes": (timedelta(minutes=10), chase_votes),
        "remind_of_appeals": (timedelta(minutes=10), remind_of_appeals),
        "chase_concerns": (timedelta(minutes=10), chase_concerns),
        "queue_digests": (timedelta(minutes=10), queue_digests),
        "chase_checks": (timedelta(minutes=10), chase_checks),
        "tell_of_editions": (timedelta(minutes=10), tell_of_editions),
        "chase_scorings": (timedelta(minutes=10), chase_scorings),
        "fill_holidays": (timedelta(hours=1), fill_holidays),
        "publish_head": (timedelta(minutes=1), lambda: publish_head(settings)),
        "publish_signed": (timedelta(seconds=3), lambda: publish_signed(settings)),
        "seal": (timedelta(seconds=5), lambda: seal(settings)),
        "publish_figures": (timedelta(hours=1), lambda: _figures(settings)),
        "read_through": (timedelta(hours=1), lambda: read_through(settings)),
        "sweep": (timedelta(hours=1), lambda: sweep(settings)),
    }


def _figures(settings: Settings) -> int:
    """Those of a demonstration are published month by month, once all its companies are there."""
    return 0 if unplayed(settings).exists() else publish_figures()


def run(app: Flask, settings: Settings) -> None:
    """Works until it is told to stop; then finishes what it has begun."""
    scheduler = BlockingScheduler(
        timezone=clock.PHNOM_PENH, job_defaults=DEFAULTS, executors={"default": ThreadPoolExecutor(6)}
    )
    for name, (every, job) in timetable(app, settings).items():
        scheduler.add_job(
            in_context(app, name, job), "interval", seconds=every.total_seconds(), id=name, next_run_time=clock.now()
        )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log.info("the worker is at work")
    scheduler.start()


def in_context(app: Flask, name: str, job: Callable[[], object]) -> Callable[[], None]:
    """The job inside the application; a failed run is logged, and the next one comes all the same."""
    pulse = Pulse(name)

    def once() -> None:
        with app.app_context():
            try:
                job()
            except Exception as error:
                log.exception("job %s failed", name)
                abandon()
                pulse.beat(f"{type(error).__name__}: {error}")
            else:
                pulse.beat()
            finally:
                db.session.remove()

    return once
