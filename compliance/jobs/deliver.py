"""Sends what the outbox owes: each notice on its own, so that one bad address delays nobody."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from jinja2 import TemplateError
from sqlalchemy.exc import NoResultFound

from compliance import clock
from compliance.jobs.errors import MailServerDownError, NotNowError, RefusedError
from compliance.jobs.facts import Told, told_now
from compliance.jobs.letters import Letters
from compliance.jobs.mail import compose
from compliance.jobs.smtp import MAIL_SECONDS, Postman
from compliance.store.base import abandon, db, transaction
from compliance.store.letters import keep
from compliance.store.outbox import (
    LEASE,
    Notice,
    anything_due,
    claim_due,
    give_up,
    mark_overtaken,
    mark_sent,
    mark_told,
    put_off,
    release,
)

log = logging.getLogger(__name__)

BATCH = 25
MOST_ATTEMPTS = 12
SERVER_PAUSE = timedelta(seconds=20)


@dataclass(frozen=True)
class Delivery:
    """How a round ended: what went out, what is tried later, what will never go (failed, or not true any more), and
    whether the server was down."""

    sent: int = 0
    later: int = 0
    never: int = 0
    overtaken: int = 0
    down: bool = False


def deliver(letters: Letters, worker: str) -> Delivery:
    """Claims what is due and sends it. A claim outlives a killed worker by the lease, then another takes over."""
    moment = clock.now()
    if not anything_due(db.session(), moment):
        return Delivery()
    with transaction() as session:
        claimed = claim_due(session, worker, moment, BATCH)
        session.expunge_all()
    sent = later = never = overtaken = 0
    with Postman(letters.settings.smtp_url) as postman:
        for position, notice in enumerate(claimed):
            if clock.now() > moment + LEASE - timedelta(seconds=MAIL_SECONDS):
                break
            try:
                told = _told(notice)
                if told is None:
                    overtaken += 1
                    _overtaken(notice)
                    continue
                letter = letters.letter(notice, told)
                postman.send(compose(letters, notice, told, letter), told.email)
            except MailServerDownError as error:
                _hand_back(claimed[position:], str(error))
                return Delivery(sent, later, never, overtaken, down=True)
            except RefusedError as error:
                never += 1
                _never(notice, str(error))
            except (NotNowError, TemplateError, UnicodeError, LookupError, NoResultFound) as error:
                later += 1
                _later(notice, str(error) or type(error).__name__)
            else:
                sent += 1
                with transaction() as session:
                    moment_sent = clock.now()
                    about = told.values.get("company_id")
                    keep(session, notice, told.language, letter.subject, letter.body, moment_sent, about)
                    mark_sent(session, notice, moment_sent)
                    mark_told(session, told.values.get("notices", ()), moment_sent)
    return Delivery(sent, later, never, overtaken)


def _told(notice: Notice) -> Told | None:
    """Read in a snapshot of its own, which is over before the mail server is spoken to."""
    try:
        return told_now(db.session(), notice)
    finally:
        abandon()


def backoff(attempts: int) -> timedelta:
    """Two minutes, four, eight … at the most six hours: some two days in all."""
    return min(timedelta(minutes=2**attempts), timedelta(hours=6))


def _overtaken(notice: Notice) -> None:
    log.info("notice %d (%s) was overtaken", notice.id, notice.kind)
    with transaction() as session:
        mark_overtaken(session, notice, clock.now())


def _hand_back(notices: list[Notice], error: str) -> None:
    log.warning("the mail server is down; %d notices wait", len(notices))
    with transaction() as session:
        release(session, [notice.id for notice in notices], clock.now() + SERVER_PAUSE, error)


def _later(notice: Notice, error: str) -> None:
    if notice.attempts >= MOST_ATTEMPTS:
        _never(notice, f"{error} ({notice.attempts} attempts)")
        return
    log.warning("notice %d (%s) is put off, attempt %d", notice.id, notice.kind, notice.attempts)
    with transaction() as session:
        put_off(session, notice.id, clock.now() + backoff(notice.attempts), error)


def _never(notice: Notice, error: str) -> None:
    log.error("notice %d (%s) cannot be sent", notice.id, notice.kind)
    with transaction() as session:
        give_up(session, notice.id, clock.now(), error)
