"""Every kind of tie between a person of the ministry and a company, and acts that leave nothing behind."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.mail_domains import site_domain
from compliance.domain.roles import Actor
from compliance.store.assessments import Assessment
from compliance.store.base import transaction
from compliance.store.companies import Company
from compliance.store.people import Membership, Person
from compliance.store.reviews import Declaration
from compliance.store.ties import FormerDomain, MailDomain
from questionnaires import current

Step = Callable[[Session], object]


class UndoneError(Exception):
    """What was tried shall leave nothing behind."""


def in_vain(*steps: Step) -> None:
    """All steps in one transaction that is given up at the end; what a step raises is raised."""
    with suppress(UndoneError), transaction() as session:
        for step in steps:
            step(session)
            session.flush()
        raise UndoneError


def member(session: Session, who: Actor, company_id: int, months: float | None = None) -> None:
    """A colleague, of now or until so many months ago."""
    moment = clock.now()
    left = None if months is None else moment - timedelta(days=months * 30.4)
    session.add(
        Membership(
            company_id=company_id, person=session.get_one(Person, who.user_id), role="viewer",
            since=moment - timedelta(days=900), ended_at=left,
        )
    )  # fmt: skip


def declared(session: Session, who: Actor, company_id: int) -> None:
    """A tie told for another assessment of the company."""
    earlier = Assessment(
        company_id=company_id, edition=current().id, state=State.WITHDRAWN, opened_at=clock.now(), review_facts={}
    )
    session.add(earlier)
    session.flush()
    session.add(
        Declaration(
            assessment_id=earlier.id, person_id=who.user_id, has_tie=True, tie="a sister", declared_at=clock.now()
        )
    )


def address(session: Session, who: Actor, domain: str) -> None:
    session.get_one(Person, who.user_id).email = f"somebody{who.user_id}@{domain}"


def website(session: Session, who: Actor, company_id: int, domain: str, site: str) -> None:
    address(session, who, domain)
    # The domain alone: whatever else a page shows of the company is as it was seen.
    domains = sa.update(Company).where(Company.id == company_id).values(website_domain=site_domain(site))
    session.execute(domains, execution_options={"synchronize_session": False})


def sister(session: Session, who: Actor, _company_id: int) -> None:
    session.add_all(MailDomain(domain=name, family="cafe.example") for name in ("cafe.example", "group.example"))
    address(session, who, "group.example")


def moved(session: Session, who: Actor, _company_id: int) -> None:
    """Away from a colleague's domain, last month."""
    left = clock.now() - timedelta(days=30)
    session.add(FormerDomain(person_id=who.user_id, domain="cafe.example", left_at=left))


def colleague_s(session: Session, who: Actor, company_id: int) -> None:
    """The domain of a colleague who left lately."""
    left = person_in(session, "gone@earlier.example")
    member(session, left, company_id, months=3)
    address(session, who, "earlier.example")


def person_in(session: Session, email: str) -> Actor:
    found = Person(email=email, active=True, fs_uniquifier=email, full_name="Gone", roles=[], memberships=[])
    session.add(found)
    session.flush()
    return found.actor()


KINDS: dict[str, Callable[[Session, Actor, int], None]] = {
    "colleague": member,
    "left last month": partial(member, months=1),
    "left 23 months ago": partial(member, months=23),
    "declared": declared,
    "mail of a colleague": lambda session, who, _company: address(session, who, "cafe.example"),
    "mail below a colleague's": lambda session, who, _company: address(session, who, "mail.cafe.example"),
    "mail of a former colleague": colleague_s,
    "mail of a colleague until last month": moved,
    "mail of the website": partial(website, domain="shop.example", site="https://www.SHOP.example:8443/km?a"),
    "mail above the website's": partial(website, domain="shop.example", site="http://km.shop.example"),
    "mail of a sister": sister,
}
