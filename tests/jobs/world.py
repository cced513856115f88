"""Awards with owners who are to be reminded, and a mail server to send to."""

import email
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from icalendar import Calendar

from compliance import clock
from compliance.domain.roles import CompanyRole
from compliance.jobs.facts import told_now
from compliance.jobs.letters import Letter, Letters
from compliance.jobs.mail_day import day_of
from compliance.settings import Settings
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice, insert_once
from compliance.store.people import Membership, Person
from tests.public.world import Made, give_award, make_company


def award_ending(day: date, number: int = 1, level: str = "silver") -> int:
    """The id of an award whose last day is `day`; its company has one owner, who reads Khmer."""
    with transaction() as session:
        made = Made(f"company-{number}", f"ក្រុមហ៊ុន {number}", f"Company {number}", "isp", "kandal", level, day)
        company = make_company(session, made)
        award = give_award(session, company, made, number)
        award.starts, award.ends = day - timedelta(days=364), day
        owner = Person(email=f"owner{number}@company.example", active=True, fs_uniquifier=f"o{number}", full_name="សុខា")
        session.add(owner)
        session.flush()
        session.add(Membership(company_id=company.id, person_id=owner.id, role=CompanyRole.OWNER, since=clock.now()))
        return award.id


def queue(count: int, address: str = "someone{n}@company.example") -> None:
    """Queues notices that need no company."""
    moment = clock.now()
    with transaction() as session:
        insert_once(
            session,
            [
                {
                    "key": f"account_exists:{n}",
                    "kind": "account_exists",
                    "email": address.format(n=n),
                    "language": "km" if n % 2 else "en",
                    "values": {
                        "name": "សុខា",
                        "sign_in_link": "http://localhost/sign-in",
                        "reset_link": "http://localhost/reset",
                    },
                    "queued_at": moment,
                    "due_at": moment,
                    "attempts": 0,
                    "last_error": "",
                }
                for n in range(count)
            ],
        )


def notices(kind: str = "") -> list[Notice]:
    """What stands in the outbox."""
    query = sa.select(Notice).order_by(Notice.id)
    if kind:
        query = query.where(Notice.kind.startswith(kind))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def told(notice: Notice) -> Mapping[str, Any] | None:
    """What its letter would say now; None when it has been overtaken."""
    found = told_now(db.session(), notice)
    return found and found.values


def award(award_id: int) -> Award:
    return db.session.get_one(Award, award_id, populate_existing=True)


def plain_letters(settings: Settings) -> Letters:
    return Letters(settings, lambda _kind, _values, lang: f"{settings.public_url}/{lang}/")


@dataclass
class MailServer:
    """A real SMTP server; `answer` may be set to what it says after each mail, `refuse` to refused addresses."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer: str = "250 OK"
    refuse: dict[str, str] = field(default_factory=dict)
    drop: bool = False

    async def handle_RCPT(  # noqa: N802 (the library’s name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the library’s name)
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.drop:
            server.transport.close()
            return "250 OK"
        if self.answer.startswith("250"):
            parsed = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(parsed, EmailMessage)
            self.messages.append(parsed)
            self.recipients.extend(envelope.rcpt_tos)
        return self.answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(port: int | None = None) -> Iterator[MailServer]:
    server = MailServer(port or free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def day_kept(notice: Notice) -> str:
    """The name under which a calendar keeps the day that a mail brings, without the host."""
    said = told_now(db.session(), notice)
    assert said is not None
    entry = day_of(notice, said, Letter("A day", ""), "", "host")
    assert entry is not None
    [event] = Calendar.from_ical(entry).walk("VEVENT")
    return str(event["UID"]).removesuffix("@host")
