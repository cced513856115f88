"""A company says of each way to report whether it works, one by one; a broken one is mended in the same act."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.actions.services import set_channel
from compliance.domain.errors import InvalidError, raise_together
from compliance.domain.reporting import WAYS
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.audit import record
from compliance.store.channel_checks import ChannelCheck, checks_of
from compliance.store.companies import Company
from compliance.store.register import refresh_entry
from compliance.store.reporting_channels import channels_of


class Said(StrEnum):
    """What a company says of a way; of one that nobody tried nothing is told in public."""

    WORKS = "works"
    WRONG = "wrong"
    UNTRIED = "untried"


@dataclass(frozen=True)
class Way:
    """One way of one service as it stands."""

    service: int
    way: str
    value: str

    @property
    def said_field(self) -> str:
        return f"said_{self.service}_{self.way}"

    @property
    def seen_field(self) -> str:
        return f"seen_{self.service}_{self.way}"

    @property
    def right_field(self) -> str:
        """Of the way as it should be; empty takes it away."""
        return f"right_{self.service}_{self.way}"


@dataclass(frozen=True)
class Tried:
    """What was said of a way; `value` is what was shown of it."""

    service: int
    way: str
    value: str
    said: str = ""
    right: str = ""

    @property
    def content(self) -> dict[str, Any]:
        return asdict(self)


def ways_to_try(session: Session, company: Company) -> list[Way]:
    """What the public reads of, or will when the company has an award: each way of each listed service."""
    channels = channels_of(session, company.id)
    listed = [channels[one["id"]] for one in company.services if one["public"] and one["id"] in channels]
    return [Way(row.service, way, row.ways[way]) for row in listed for way in WAYS if row.ways[way]]


def problems(ways: Sequence[Way], tried: Sequence[Tried], hotlines: Hotlines) -> Iterator[InvalidError]:
    """All that stands in the way of taking what was said of these ways, each beside its field."""
    said = {(one.service, one.way): one for one in tried}
    for way in ways:
        one = said.get((way.service, way.way))
        if one is None or one.said not in set(Said):
            yield InvalidError(way.said_field, "Say whether this way works.")
        elif one.value != way.value:
            yield InvalidError(way.said_field, "A colleague changed this way meanwhile. Look at it again.")
        elif one.said == Said.WRONG:
            yield from _wrong(way, one.right, hotlines)


def _wrong(way: Way, right: str, hotlines: Hotlines) -> Iterator[InvalidError]:
    details = _details(way.way, right)
    if details.tidy.ways[way.way] == way.value:
        yield InvalidError(way.right_field, "This is what stands there now. Write what is right, or say that it works.")
    for one in details.problems({""}, hotlines):
        if one.field == way.way:
            one.field = way.right_field
            yield one


def _details(way: str, value: str) -> ServiceDetails:
    """A service that says this alone, to have it judged and made tidy."""
    said = {**dict.fromkeys(WAYS, ""), way: value}
    return ServiceDetails("", "X", "", page=said["page"], telephone=said["telephone"], menu=said["menu"])


def take(session: Session, actor: Actor, company: Company, tried: Sequence[Tried]) -> None:
    """Mends what is wrong and keeps what was found working.

    Call it while the company is held, when `problems` found none. What was said of services that the public reads of no
    longer is let be.
    """
    ways = ways_to_try(session, company)
    said = {(one.service, one.way): one for one in tried}
    for service in dict.fromkeys(way.service for way in ways):
        of_one = {way.way: said[service, way.way] for way in ways if way.service == service}
        _take_one(session, actor, company, service, of_one)


def _take_one(session: Session, actor: Actor, company: Company, service: int, said: Mapping[str, Tried]) -> None:
    now = channels_of(session, company.id)[service]
    right = {way: _details(way, one.right).tidy.ways[way] for way, one in said.items() if one.said == Said.WRONG}
    after = {**now.ways, **right}
    harms = {way: kinds for way, kinds in now.harms.items() if after[way]}
    set_channel(session, actor, company, service, {**after, "harms": harms})
    found = [way for way, one in said.items() if after[way] and one.said != Said.UNTRIED]
    _keep(session, actor, company, channels_of(session, company.id)[service].id, found)


def _keep(session: Session, actor: Actor, company: Company, channel_id: int, ways: list[str]) -> None:
    """The same said twice on a day is said once."""
    today = [one for one in checks_of(session, company.id) if clock.day_of(one.checked_at) == clock.today()]
    if not ways or any(one.channel_id == channel_id and set(ways) <= set(one.ways) for one in today):
        return
    who = {"checked_by": actor.user_id or 0, "checked_at": clock.now()}
    session.add(ChannelCheck(company_id=company.id, channel_id=channel_id, ways=ways, **who))
    session.flush()
    about = {"channel": channel_id, "ways": ways}
    record(session, clock.now(), actor, "officer:service:channel_checked", "company", company.id, **about)
    refresh_entry(session, company.id)


def confirm(session: Session, actor: Actor, company_id: int, tried: Sequence[Tried], hotlines: Hotlines) -> None:
    """Between check-ins, whoever may change the services. Raises InvalidError with all that is wrong."""
    actor.require_company(company_id, MAY_EDIT)
    company = hold_company(session, company_id)
    raise_together(problems(ways_to_try(session, company), tried, hotlines))
    take(session, actor, company, tried)
