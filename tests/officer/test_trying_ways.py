"""Whether each way to report works: said one by one, mended in the same act, told in public for a year, no longer."""

import csv
import io
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import checking_in, trying_channels
from compliance.actions.agenda import Kind, agenda, records_of
from compliance.actions.checking_in import Entered
from compliance.actions.service_details import Hotlines, ServiceDetails
from compliance.actions.services import save_service
from compliance.actions.trying_channels import Said, Tried, ways_to_try
from compliance.domain.errors import DomainError, ForbiddenError, InvalidError
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.jobs.facts import told_now
from compliance.jobs.mail_day import DAYS
from compliance.jobs.remind import remind
from compliance.journeys.public.channels import services_shown
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.channel_checks import ChannelCheck, checked_days
from compliance.store.check_ins import check_ins_of
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.register import entry_by_slug, refresh_entry
from tests import helpers
from tests.actions.cases import Case, reload
from tests.officer.test_checking_in import DUE, at, cafe, colleague, whole

__all__ = ["cafe"]
TRIED = date(2027, 3, 1)
LINES = Hotlines(frozenset({"1280"}), frozenset({"hotline.example"}))
CHAT = ServiceDetails(
    "", "Firefly Talk", "internet_cafe", page="https://firefly.example/report", telephone="012 345 678"
)


@pytest.fixture
def firm(cafe: Case, app: Flask) -> Iterator[Case]:
    """An awarded company whose one service is listed, with a page and a number."""
    with app.app_context():
        with transaction() as session:
            company = session.get_one(Company, cafe.company_id)
            company.services = [{"id": 1, **CHAT.named}]
            session.flush()
            save(cafe, CHAT, session)
        yield cafe


def save(one: Case, details: ServiceDetails, session: object) -> None:
    version = session.get_one(Company, one.company_id, populate_existing=True).version
    save_service(session, one.hands.owner, one.company_id, 1, details, LINES, version)


def company(one: Case) -> Company:
    return db.session.get_one(Company, one.company_id, populate_existing=True)


def said(one: Case, said: str = Said.WORKS, **right: str) -> tuple[Tried, ...]:
    """The same of every way but of those that are given as they should be."""
    ways = ways_to_try(db.session(), company(one))
    return tuple(
        Tried(way.service, way.way, way.value, *((Said.WRONG, right[way.way]) if way.way in right else (said,)))
        for way in ways
    )


def confirm(one: Case, tried: tuple[Tried, ...]) -> None:
    with transaction() as session:
        trying_channels.confirm(session, reload(one.hands.owner), one.company_id, tried, LINES)


def shown(one: Case, day: date) -> dict[str, object]:
    """The service as the public reads it on a day."""
    entry = entry_by_slug(db.session(), company(one).slug, day)
    assert entry is not None
    [service] = services_shown(entry, entry.services, "en", day)
    return service


def days(one: Case) -> dict[str, date]:
    return checked_days(db.session(), one.company_id).get(1, {})


def test_the_words_hold_a_year_and_the_way_stays(firm: Case) -> None:
    today = clock.today()
    assert shown(firm, today)["checked"] is None, "to name a way is not to try it"
    confirm(firm, said(firm))
    confirm(firm, said(firm))
    assert db.session.scalar(sa.select(sa.func.count(ChannelCheck.id))) == 1, "the button pressed twice"
    last = date(today.year + 1, today.month, today.day) + timedelta(days=30)
    assert shown(firm, last)["checked"] == today
    after = shown(firm, last + timedelta(days=1))
    assert after["checked"] is None
    assert after["telephone"] == "012 345 678"


def test_only_what_was_tried_counts_and_only_as_long_as_it_reads_so(firm: Case) -> None:
    page, number = said(firm)
    confirm(firm, (page, replace(number, said=Said.UNTRIED)))
    assert set(days(firm)) == {"page"}
    assert shown(firm, clock.today())["checked"] is None, "not all that is shown was tried"
    confirm(firm, said(firm))
    assert set(days(firm)) == {"page", "telephone"}
    for telephone in ("012 000 000", CHAT.telephone):
        with transaction() as session:
            save(firm, replace(CHAT, telephone=telephone), session)
        assert set(days(firm)) == {"page"}, "another number, and the old one again, were not tried since"
    with transaction() as session:
        save(firm, replace(CHAT, harms={"page": ["bullying"]}), session)
    assert set(days(firm)) == {"page"}, "which harm it takes does not change whether it works"


def test_a_broken_way_is_mended_or_taken_off_in_the_same_act(firm: Case) -> None:
    confirm(firm, said(firm, telephone="០១២ ៩៩៩ ៩៩៩"))
    service = shown(firm, clock.today())
    assert (service["telephone"], service["checked"]) == ("012 999 999", clock.today())
    confirm(firm, said(firm, page=""))
    service = shown(firm, clock.today())
    assert (service["page"], service["telephone"]) == (None, "012 999 999")
    confirm(firm, said(firm, telephone=""))
    assert ways_to_try(db.session(), company(firm)) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("said_1_page", {"said": ""}),
        ("said_1_page", {"said": "perhaps"}),
        ("said_1_page", {"value": "https://firefly.example/earlier"}),
        ("right_1_page", {"said": Said.WRONG, "right": "https://firefly.example/"}),
        ("right_1_page", {"said": Said.WRONG, "right": "https://hotline.example/report"}),
        ("right_1_page", {"said": Said.WRONG, "right": CHAT.page}),
        ("right_1_page", {"said": Said.WRONG, "right": "https://firefly.example/" + "x" * 300}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept_of_it(firm: Case, field: str, changes: dict[str, str]) -> None:
    page, number = said(firm)
    with pytest.raises(InvalidError) as refused:
        confirm(firm, (replace(page, **changes), replace(number, said=Said.WRONG, right="1280")))
    assert [refused.value.field, *(one.field for one in refused.value.others)] == [field, "right_1_telephone"]
    assert days(firm) == {}
    assert shown(firm, clock.today())["telephone"] == CHAT.telephone


def test_words_go_with_the_award(firm: Case) -> None:
    confirm(firm, said(firm))
    (award,) = awards_of(db.session(), firm.company_id)
    for act, checked in ((AwardAct.SUSPENDED, None), (AwardAct.REINSTATED, clock.today()), (AwardAct.REVOKED, None)):
        with transaction() as session:
            session.get_one(Award, award.id).last_act = act
            refresh_entry(session, firm.company_id)
        service = shown(firm, clock.today())
        assert (service["checked"], service["telephone"]) == (checked, CHAT.telephone), act


def test_the_check_in_asks_of_each_way_and_sends_nothing_that_is_half_said(firm: Case, client: FlaskClient) -> None:
    with clock.held(at(DUE)):
        entered = whole(firm)
        with pytest.raises(InvalidError) as refused:
            send(firm, entered)
        assert [refused.value.field, *(one.field for one in refused.value.others)] == [
            "said_1_page",
            "said_1_telephone",
        ]
        assert check_ins_of(db.session(), firm.company_id) == []
        tried = said(firm, page="https://firefly.example/harm")
        first = send(firm, replace(entered, channels=tried))
        assert send(firm, replace(entered, channels=tried)) == first, "the button pressed twice"
        (sent,) = check_ins_of(db.session(), firm.company_id)
        assert [(one["way"], one["said"], one["right"]) for one in sent.channels] == [
            ("page", "wrong", "https://firefly.example/harm"),
            ("telephone", "works", ""),
        ]
        assert "firefly.example/harm" in sent.content
        assert shown(firm, DUE)["checked"] == DUE
        helpers.sign_in(client, "reviewer@ministry.example")
        assert "→ https://firefly.example/harm" in client.get("/en/review/check-ins").text


def send(one: Case, entered: Entered) -> int:
    with transaction() as session:
        owner = reload(one.hands.owner)
        return checking_in.send(session, owner, one.company_id, entered, (str(DUE), 0), LINES).id


def test_who_may(firm: Case) -> None:
    tried = said(firm)
    people = {role: colleague(firm, role) for role in (CompanyRole.VIEWER, CompanyRole.SIGNATORY, CompanyRole.EDITOR)}
    for role in (CompanyRole.VIEWER, CompanyRole.SIGNATORY):
        with pytest.raises(ForbiddenError), transaction() as session:
            trying_channels.confirm(session, people[role], firm.company_id, tried, LINES)
    with transaction() as session:
        trying_channels.confirm(session, people[CompanyRole.EDITOR], firm.company_id, tried, LINES)
    for statement in ("UPDATE channel_checks SET ways = '[]'", "DELETE FROM channel_checks"):
        with pytest.raises(sa.exc.DBAPIError), transaction() as session:
            session.execute(sa.text(statement))


@pytest.mark.both_databases
def test_one_confirms_while_another_changes(firm: Case, app: Flask) -> None:
    """Whoever is second learns of it: no way is ever called checked that nobody tried."""
    tried, owner, moment = said(firm), reload(firm.hands.owner), clock.now()
    version = company(firm).version
    db.session.rollback()
    ready, outcomes = threading.Barrier(2), {}

    def run(name: str) -> None:
        with app.app_context(), clock.held(moment):
            ready.wait()
            try:
                with transaction() as session:
                    if name == "confirms":
                        trying_channels.confirm(session, owner, firm.company_id, tried, LINES)
                    else:
                        other = replace(CHAT, telephone="012 000 000")
                        save_service(session, owner, firm.company_id, 1, other, LINES, version)
                outcomes[name] = "done"
            except DomainError as error:
                outcomes[name] = type(error).__name__

    threads = [threading.Thread(target=run, args=(name,)) for name in ("confirms", "changes")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes["changes"] == "done", "what was tried is no detail that anybody edits"
    assert outcomes["confirms"] in {"done", "InvalidError"}
    assert "telephone" not in days(firm)


@pytest.mark.parametrize("lang", ["km", "en"])
def test_on_a_phone_without_a_script(firm: Case, client: FlaskClient, lang: str) -> None:
    helpers.sign_in(client, "owner@cafe.example")
    address = f"/{lang}/company/{firm.company_id}/services/try"
    assert address in client.get(f"/{lang}/company/{firm.company_id}/services").text
    page = client.get(address)
    typed = {"csrf_token": helpers.token(page), **hidden(page.text), "said_1_page": "works"}
    refused = client.post(address, data={**typed, "said_1_telephone": "wrong", "right_1_telephone": "1280"})
    assert refused.status_code == 422
    assert 'href="#right_1_telephone"' in refused.text
    assert 'value="1280"' in refused.text
    with transaction() as session:
        save(firm, replace(CHAT, telephone="012 000 000"), session)
    met = client.post(address, data={**typed, "said_1_telephone": "works"})
    assert met.status_code == 422
    assert 'href="#said_1_telephone"' in met.text
    again = {**typed, **hidden(met.text), "said_1_telephone": "works"}
    assert client.post(address, data=again).status_code == 302
    with transaction() as session:  # a service that is given up meanwhile is asked about no longer
        session.get_one(Company, firm.company_id).services = []
    assert client.post(address, data=again).status_code == 302
    assert 'name="said_1_page"' not in client.get(address).text


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen_\w+)"[^>]*value="([^"]*)"', page))


def letters() -> list[tuple[str, date]]:
    """The kinds of what would be sent now, with the day that each names."""
    with transaction() as session:
        waiting = session.scalars(sa.select(Notice).where(Notice.kind.startswith("ways_")).order_by(Notice.id)).all()
        told = [(notice.kind, told_now(session, notice)) for notice in waiting]
        return [(kind, known.values["due_on"]) for kind, known in told if known]


def test_it_is_reminded_of_before_and_when_the_words_go(firm: Case) -> None:
    """Each once, a day late after a night without a worker, and none after it was tried anew."""
    with clock.held(at(TRIED)):
        confirm(firm, said(firm))
    year, told = date(TRIED.year + 1, TRIED.month, TRIED.day), {}
    for offset in (-61, -60, -59, -31, -30, -29, -9, -6, -5, 0, 30, 31, 32):
        with clock.held(at(year + timedelta(days=offset), 1)):
            before = db.session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind.startswith("ways_")))
            remind()
            remind()
            if db.session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind.startswith("ways_"))) != before:
                told[offset] = letters()
    assert told == {
        -60: [("ways_due", year)], -30: [("ways_due", year)], -6: [("ways_due", year)], 31: [("ways_unchecked", year)],
    }  # fmt: skip
    with clock.held(at(year + timedelta(days=32))):
        confirm(firm, said(firm))
        assert letters() == []
        assert shown(firm, clock.today())["checked"] == clock.today()


def test_an_open_check_in_asks_alone(firm: Case) -> None:
    """Its services were named on the day of the award, so both would ask on the same days."""
    for before in (60, 30, 7):
        with clock.held(at(DUE - timedelta(days=before), 1)):
            remind()
            assert letters() == []
    with clock.held(at(DUE + timedelta(days=31), 1)):
        remind()
        assert [kind for kind, _due in letters()] == ["ways_unchecked"]


def test_page_and_data_call_a_way_checked_on_the_same_days(firm: Case, client: FlaskClient) -> None:
    with clock.held(at(TRIED)):
        confirm(firm, said(firm))
    year = date(TRIED.year + 1, TRIED.month, TRIED.day)
    for day, tried in ((year + timedelta(days=30), 2), (year + timedelta(days=31), 0)):
        with clock.held(at(day)):
            [service] = client.get("/where-to-report.json").json["services"]
            rows = csv.DictReader(io.StringIO(client.get("/where-to-report.csv").text))
            in_rows = [row["checked"] for row in rows if row["slug"] and row["checked"]]
            assert (len(service["reporting"]["checked"]), len(in_rows)) == (tried, tried), day
            words = "checked by the company on"
            assert (words in client.get("/en/where-to-report").text) == bool(tried), day


def test_the_day_to_try_again_stands_among_the_companys_days(firm: Case) -> None:
    """From the first word on, late once the public reads "checked" no longer; none while a check-in asks the same."""

    def found(day: date) -> list[tuple[str, date, bool]]:
        with clock.held(at(day)):
            entries = agenda(db.session(), records_of(db.session(), firm.company_id, day))
            return [(f"{one.kind}-{one.subject}", one.day, one.late(day)) for one in entries if one.kind is Kind.WAYS]

    with clock.held(at(TRIED)):
        confirm(firm, said(firm))
    year, name = date(TRIED.year + 1, TRIED.month, TRIED.day), f"ways-{firm.company_id}"
    assert name == f"{DAYS['ways_due'].name}-{firm.company_id}", "a calendar shows the letter's day and this as one"
    assert found(TRIED) == [(name, year, False)]
    assert [found(DUE + timedelta(days=left)) for left in (-61, -60, 0)] == [[(name, year, False)], [], []]
    assert [found(year + timedelta(days=past)) for past in (30, 31)] == [[(name, year, False)], [(name, year, True)]]
