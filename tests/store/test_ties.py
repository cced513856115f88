"""Which mail domains tie a person to a company, and for how long anything does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import addresses
from compliance.domain.mail_domains import EVERYBODYS, families, site_domain
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Person
from compliance.store.ties import MailDomain, Tie, note_domains, ties_of
from tests.actions.cases import case, person
from tests.actions.tying import address, member


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("gmail.com", "gmail.com"),
        ("mail.yahoo.com", "yahoo.com"),
        ("ministry.example", "ministry.example"),
        ("post.ministry.example", "ministry.example"),
        ("bigcafe.example", "cafe.example"),
        ("one.com.kh", "two.com.kh"),
    ],
)
def test_what_many_share_ties_nobody(in_app: Flask, moment: object, mine: str, theirs: str) -> None:
    me, owner = person("me@ministry.example", Role.REVIEWER), person("owner@first.example")
    with transaction() as session:
        company = Company(
            slug="a", name_km="ក", name_latin="a", registration_number="1", kinds=["isp"], workers=1, province="kep",
            registered_at=clock.now(), registered_by=owner.user_id, website=f"https://{theirs}/",
        )  # fmt: skip
        session.add(company)
        session.flush()
        member(session, owner, company.id)
        address(session, owner, theirs)
        address(session, me, mine)
        session.flush()
        assert ties_of(session, me.user_id or 0, [company.id], clock.now()) == {}
        address(session, me, "own.example")
        address(session, owner, "own.example")
        session.flush()
        assert ties_of(session, me.user_id or 0, [company.id], clock.now()) == {company.id: Tie.MAIL}


def test_a_tie_ends_after_24_months(in_app: Flask, moment: object, settings: Settings) -> None:
    one = case(settings)
    me = one.hands.reviewer
    with transaction() as session:
        member(session, me, one.company_id, months=0)
    for days, tied in ((700, True), (729, True), (732, False)):
        with clock.held(clock.now() + timedelta(days=days)):
            assert bool(ties_of(db.session(), me.user_id or 0, [one.company_id], clock.now())) is tied


def test_another_address_unties_nobody_for_24_months(in_app: Flask, moment: object, settings: Settings) -> None:
    """Neither of the person nor, through their addresses, of the company."""
    one = case(settings)
    mine, theirs = one.hands.reviewer.user_id or 0, one.hands.owner.user_id or 0
    with transaction() as session:
        address(session, one.hands.reviewer, "cafe.example")
    for who in (mine, theirs):
        with transaction() as session:
            found = session.get_one(Person, who)
            addresses.change(session, found.actor(), addresses.wish_for(found, f"{who}@gmail.com"))
        assert ties_of(db.session(), mine, [one.company_id], clock.now()) == {one.company_id: Tie.MAIL}
    for days, tied in ((729, True), (732, False)):
        with clock.held(clock.now() + timedelta(days=days)):
            assert bool(ties_of(db.session(), mine, [one.company_id], clock.now())) is tied


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.firm.example/a?b#c", "firm.example"),
        ("http://user:word@WWW.Firm.Example:81", "firm.example"),
        ("https://ក្រុម.example/", "xn--r2eyaa7f1a1e.example"),
        ("https://gov.kh/", ""),
        ("https://com.kh", ""),
        ("https://192.0.2.7/", ""),
        ("https://[2001:db8::1]/", ""),
        ("https://[broken/", ""),
        ("", ""),
    ],
)
def test_the_domain_of_a_website(website: str, domain: str) -> None:
    assert site_domain(website) == domain or (domain.startswith("xn--") and site_domain(website).startswith("xn--"))


def test_settings_name_sisters_and_the_ministry() -> None:
    found = families(("Ministry.Example",), (("Group.example", "Firm.example"),))
    assert found["ministry.example"] == ""
    assert found["firm.example"] == found["group.example"] == "group.example"
    assert all(found[name] == "" for name in EVERYBODYS)


def test_the_database_knows_what_the_settings_say(in_app: Flask) -> None:
    with transaction() as session:
        note_domains(session.connection(), {"a.example": "b.example"})
        assert session.scalars(sa.select(MailDomain.domain)).all() == ["a.example"]
