"""Services of a company: named, changed, given up; and where each takes reports of harm, which changes at once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import changing
from compliance.actions.awarding import hold_company
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.domain.errors import InvalidError, NotFoundError, StaleError
from compliance.domain.reporting import WAYS
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.audit import record
from compliance.store.awards import awards_of
from compliance.store.changes import changes_of
from compliance.store.companies import Company, company_of
from compliance.store.register import refresh_entry
from compliance.store.reporting_channels import ReportingChannel, channel_history, channels_of

MOST = 30
NOTHING: Mapping[str, Any] = {**dict.fromkeys(WAYS, ""), "harms": {}}
"""What a service says that does not say yet where it takes reports."""
Service = Mapping[str, Any]
"""As `Company.services` keeps it: id, km, latin, kind, public."""


def services_wished(session: Session, company: Company) -> list[Service]:
    """The services as the company wants them: those that wait for the ministry's word among them."""
    wished: list[Service] = changing.wished(session, company)["services"]
    return wished


def save_service(
    session: Session,
    actor: Actor,
    company_id: int,
    service_id: int | None,
    details: ServiceDetails,
    hotlines: Hotlines,
    seen_version: int,
) -> int:
    """Names a service, or changes one (`service_id`). Returns its id. Raises InvalidError, StaleError.

    The channel holds at once, for a wrong number does harm. What the register says of an awarded company's services
    besides is asked for. The same button pressed twice finds it done. Raises NotFoundError for one given up meanwhile.
    """
    company = _held(session, actor, company_id)
    now = services_wished(session, company)
    details = details.checked(changing.wished(session, company)["kinds"], hotlines)
    if service_id is not None:
        _one(now, service_id)
    if company.version != seen_version:
        done = _said_already(session, company, now, service_id, details)
        if done is None:
            raise StaleError
        return done
    _require_new_name(now, service_id, details)
    known = service_id or _new_id(session, company)
    said: dict[str, Any] = {"id": known, **details.named}
    if service_id is None:
        if len(now) >= MOST:
            raise InvalidError("name_km", "Name at most %(most)s services.", most=MOST)
        wanted = [*now, said]
    else:
        wanted = [said if one["id"] == service_id else one for one in now]
    set_channel(session, actor, company, known, details.said)
    _want(session, actor, company, wanted)
    return known


def give_up(session: Session, actor: Actor, company_id: int, service_id: int, seen_version: int) -> None:
    """The company offers the service no longer. The same button pressed twice finds it done."""
    company = _held(session, actor, company_id)
    now = services_wished(session, company)
    left = [one for one in now if one["id"] != service_id]
    if left == now:
        if all(row.service != service_id for row in channel_history(session, company_id)):
            raise NotFoundError
        return
    if company.version != seen_version:
        raise StaleError
    _want(session, actor, company, left)


def service_wished(session: Session, company: Company, service_id: int) -> Service:
    """Raises NotFoundError."""
    return _one(services_wished(session, company), service_id)


def _held(session: Session, actor: Actor, company_id: int) -> Company:
    company_of(session, actor, company_id, MAY_EDIT)
    return hold_company(session, company_id)


def _one(services: list[Service], service_id: int) -> Service:
    found = next((one for one in services if one["id"] == service_id), None)
    if found is None:
        raise NotFoundError
    return found


def _require_new_name(now: list[Service], service_id: int | None, details: ServiceDetails) -> None:
    for field, key, name in (("name_km", "km", details.name_km), ("name_latin", "latin", details.name_latin)):
        same = (one for one in now if name and one["id"] != service_id and one[key].casefold() == name.casefold())
        if any(same):
            raise InvalidError(field, "Another service of the company has this name.")


def _said_already(
    session: Session, company: Company, now: list[Service], service_id: int | None, details: ServiceDetails
) -> int | None:
    """The id of the service of which the company says just this."""
    known = next(
        (
            one["id"]
            for one in now
            if service_id in {None, one["id"]} and {name: one[name] for name in details.named} == details.named
        ),
        None,
    )
    channel = channels_of(session, company.id).get(known) if known else None
    said = channel.said if channel else NOTHING
    return known if said == details.said else None


def _new_id(session: Session, company: Company) -> int:
    """Never that of an earlier service: what that one said is not the new one's."""
    lists = [company.services]
    for change in changes_of(session, company.id):
        lists += [change.before.get("services", []), change.after.get("services", [])]
    used = [one["id"] for services in lists for one in services]
    used += [row.service for row in channel_history(session, company.id)]
    return max(used, default=0) + 1


def set_channel(session: Session, actor: Actor, company: Company, service_id: int, said: Mapping[str, Any]) -> None:
    """What a service says holds at once, and leaves a trace; nothing is written where it says just this."""
    known = channels_of(session, company.id).get(service_id)
    before = known.said if known else NOTHING
    if known is not None and before == said:
        return
    row = ReportingChannel(
        company_id=company.id, service=service_id, set_by=actor.user_id or 0, set_at=clock.now(), **said
    )
    session.add(row)
    changing.outdate(company)
    session.flush()
    tag = "officer:service:channel_set"
    record(session, clock.now(), actor, tag, "company", company.id, service=service_id, before=before, after=dict(said))
    refresh_entry(session, company.id)


def _want(session: Session, actor: Actor, company: Company, wanted: list[Service]) -> None:
    if awards_of(session, company.id):
        changing.wish_for(session, actor, company, "services", wanted)
        return
    if wanted == company.services:
        return
    before, company.services = company.services, [dict(one) for one in wanted]
    session.flush()
    said = {"before": before, "services": company.services}
    record(session, clock.now(), actor, "officer:service:listed", "company", company.id, **said)
