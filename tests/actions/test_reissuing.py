"""A certificate issued anew: what changed is printed under a new number, and the old number leads to the new one."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from certificates import CertificateFacts
from certificates import credential as credentials
from certificates.credential import Issuer
from certificates.lunar import lunar_date
from compliance import clock
from compliance.actions import changing
from compliance.domain.errors import InvalidError
from compliance.domain.standing import AwardAct
from compliance.jobs.issue import issue
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import Certificate, certificates_of
from compliance.store.base import db, transaction
from compliance.store.certificate_places import suspended_places
from compliance.store.issuing import claim_owed, complete
from compliance.store.keys import keyring
from compliance.store.outbox import Notice
from compliance.store.register import entry_by_slug
from compliance.store.register_search import Search, count
from compliance.store.transparency import LogEntry
from tests.actions.histories import START, History, begin_with_owner, on, owner
from tests.actions.test_walk import refused
from tests.certificates.lists import read_status_list
from tests.jobs.world import told
from tests.keys import lay_keys
from tests.public.test_verify import check
from tests.public.world import Made, make_company

NAMES = {"name_km": "បឹង", "name_latin": "Great Lake"}


@pytest.fixture
def history(in_app: Flask, settings: Settings) -> Iterator[History]:
    """An awarded company with an owner, on the day of its award."""
    with clock.held(on(START)):
        lay_keys(settings.keys_dir)
        made = begin_with_owner()
        made.grant()
        yield made


def change(history: History, **after: object) -> None:
    """Asked for by the owner and confirmed by the reviewer."""
    with transaction() as session:
        company = history.awards[0].company
        asked = changing.ask(session, owner().actor(), company, after)
        changing.confirm(session, history.reviewer, asked.id, public_url="http://localhost")
    db.session.expire_all()


def certificates(history: History) -> list[Certificate]:
    return certificates_of(db.session(), [award.id for award in history.awards])


def words(pdf: bytes) -> str:
    """The PDF's title, which names its number and its company."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return str(document.docinfo.get("/Title", ""))


def test_the_new_certificate_prints_the_new_names_for_the_old_term(history: History) -> None:
    [before] = history.awards
    old_number, term = before.number, (before.starts, before.ends)
    with clock.held(on(START + timedelta(days=40))):
        change(history, **NAMES)
    [award], (old, new) = history.awards, certificates(history)
    facts = CertificateFacts.from_json(new.facts)
    assert (facts.company.km, facts.company.en) == ("បឹង", "Great Lake")
    assert (facts.replaces, facts.valid_from, facts.expires) == (old_number, *term)
    assert facts.issued == START + timedelta(days=40)
    assert facts.lunar == lunar_date(facts.issued)
    assert facts.verify_url == f"http://localhost/verify/{new.number}"
    assert (award.number, new.code) == (new.number, facts.code) == (facts.number, facts.code)
    assert (old.number, old.replaced_at is None, new.replaced_at) == (old_number, False, None)
    assert old.code != new.code
    assert CertificateFacts.from_json(facts.to_json()) == facts


def test_what_no_certificate_prints_changes_none(history: History) -> None:
    change(history, website="https://lake.example/", province="takeo", registration_number="R 77")
    assert len(certificates(history)) == 1
    change(history, kinds=["isp", "hosting"])
    assert [len(CertificateFacts.from_json(one.facts).kinds) for one in certificates(history)] == [1, 2]


def test_every_award_that_is_not_over_gets_a_new_one(history: History) -> None:
    with clock.held(on(START + timedelta(days=300))):
        history.grant()
        history.act(history.awards[-1], AwardAct.SUSPENDED)
        change(history, **NAMES)
        assert [one.replaced_at is None for one in certificates(history)] == [False, False, True, True]
        assert len(suspended_places(db.session())) == 4, "suspended is the award, under all its numbers"
    with clock.held(on(START + timedelta(days=900))):
        change(history, name_latin="Pond again")
        assert len(certificates(history)) == 4, "an award that is over keeps the certificate it had"


def test_change_certificate_entry_and_mail_are_one_transaction(history: History) -> None:
    entries, mails = sa.select(AuditEntry.tag), sa.select(Notice.kind)
    before = len(list(db.session.scalars(entries))), len(list(db.session.scalars(mails)))

    def lost() -> None:
        with transaction() as session:
            asked = changing.ask(session, owner().actor(), history.awards[0].company, NAMES)
            changing.confirm(session, history.reviewer, asked.id, public_url="http://localhost")
            raise OSError("power is gone")

    with pytest.raises(OSError, match="power"):
        lost()
    assert (len(list(db.session.scalars(entries))), len(list(db.session.scalars(mails)))) == before
    assert history.awards[0].company.name_latin == "Pond"
    assert len(certificates(history)) == 1
    change(history, **NAMES)
    assert {"reviewer:company:change_confirmed", "reviewer:certificate:issued_anew"} <= set(db.session.scalars(entries))
    [notice] = db.session.scalars(sa.select(Notice).where(Notice.kind == "change_confirmed"))
    assert (told(notice) or {})["numbers"] == [history.awards[0].number]


def test_the_letter_promises_only_what_comes(history: History) -> None:
    def letter() -> dict[str, object]:
        notices = db.session.scalars(sa.select(Notice).where(Notice.kind == "change_confirmed").order_by(Notice.id))
        return told(list(notices)[-1]) or {}

    change(history, website="https://lake.example/")
    assert (letter()["renamed"], letter()["numbers"], letter()["follows"]) == (False, [], False)
    change(history, **NAMES)
    assert (letter()["renamed"], letter()["follows"]) == (True, True)
    history.act(history.awards[0], AwardAct.SUSPENDED)
    change(history, name_latin="Great Lakes")
    assert len(letter()["numbers"]) == 1  # type: ignore[arg-type]
    assert letter()["follows"] is False, "no letter about a file follows while the award is suspended"


def test_the_old_number_leads_to_the_new_one_everywhere(
    history: History, client: FlaskClient, settings: Settings
) -> None:
    issue(settings)
    [certificate] = certificates(history)
    old, code, old_credential = certificate.number, certificate.code, str(certificate.credential).encode()
    old_pdf = client.get(f"/certificates/{old}.pdf").data
    change(history, **NAMES)
    new = history.awards[0].number
    assert client.get(f"/certificates/{new}.pdf").status_code == 503, "it is being made, and the page says so"
    assert "The certificate is being made" in client.get("/en/register/pond").text
    assert issue(settings) == 1
    for lang, replaced in (("en", "Replaced"), ("km", "បានជំនួស")):
        page = client.get(f"/{lang}/verify/{old}").text
        assert f'href="/{lang}/verify/{new}"' in page
        assert replaced in page
        assert "ស្រះ · Pond" in page
        assert replaced not in client.get(f"/{lang}/verify/{new}").text
    told = client.get(f"/api/v1/awards/{old}").json
    assert (told["number"], told["standing"], told["successor"]) == (old, "superseded", new)
    assert client.get(f"/api/v1/awards/{new}").json["standing"] == "current"
    assert [one["number"] for one in told["certificates"]] == [old, new]
    typed = client.get("/en/verify", query_string={"number": code})
    assert typed.location == f"/en/verify/{old}", "its code leads to the page that says replaced"
    assert client.get(f"/certificates/{old}.pdf").data == old_pdf
    for data, name in ((old_pdf, "old.pdf"), (old_credential, "old.json")):
        page = check(client, data, name)
        assert "it was replaced since. Do not rely on it" in page
        assert "This file is genuine" not in page
        assert f'href="/en/verify/{new}"' in page
    fresh = client.get(f"/certificates/{new}.pdf").data
    assert "Great Lake" in words(fresh)
    assert "This file is genuine" in check(client, fresh, "new.pdf")
    assert client.get(f"/badge/{old}.svg").data == client.get(f"/badge/{new}.svg").data
    logged = [json.loads(one) for one in db.session.scalars(sa.select(LogEntry.content).order_by(LogEntry.position))]
    [anew] = [one for one in logged if one["act"] == "certificate_issued_anew"]
    assert (anew["number"], anew["replaces"]) == (new, old), anew
    assert "Certificate issued anew" in client.get("/en/register/pond").text


def test_the_register_finds_old_names_and_old_numbers_and_dates_them(history: History, client: FlaskClient) -> None:
    old = history.awards[0].number
    with clock.held(on(START + timedelta(days=40))):
        change(history, **NAMES)
        day, new = clock.today(), history.awards[0].number
        for text in ("Pond", "ស្រះ", "Great Lake", old, new):
            assert count(db.session(), Search(text=text), day) == 1, text
        entry = entry_by_slug(db.session(), "pond", day)
        assert entry is not None
        assert entry.number == new
        page = client.get("/en/register/pond").text
        assert "10 February 2026" in page
        assert "Before: ស្រះ · Pond" in page
        assert f"{new}, in place of {old}" in page
        granted = page[page.index("Granted:") :][:200]
        assert old in granted, "the day of the grant had the old number"


def test_credentials_say_which_of_them_holds(history: History, client: FlaskClient, settings: Settings) -> None:
    issue(settings)
    change(history, **NAMES)
    issue(settings)
    keys, issuer = keyring(settings), Issuer(settings.public_url)
    old, new = certificates(history)
    revoked = read_status_list(client.get("/credentials/status/revocation.json").data, "revocation", keys, issuer)
    places = [credentials.read(str(one.credential), keys, issuer).index for one in (old, new)]
    assert places == [old.id, new.id]
    assert [place in revoked for place in places] == [True, False]


def test_the_company_is_mailed_when_the_new_file_is_there(history: History, settings: Settings) -> None:
    issue(settings)
    old = history.awards[0].number
    change(history, **NAMES)
    issue(settings)
    [notice] = db.session.scalars(sa.select(Notice).where(Notice.kind == "certificate_anew"))
    said = told(notice) or {}
    assert (said["replaces"], said["number"]) == (old, history.awards[0].number)
    assert said["company_latin"] == "Great Lake"


def test_a_certificate_replaced_while_it_is_made_is_never_sealed(
    history: History, client: FlaskClient, settings: Settings
) -> None:
    with transaction() as session:
        [claimed] = claim_owed(session, clock.now(), 5)
        old_id, old_number = claimed.id, claimed.number
    change(history, **NAMES)
    with transaction() as session:
        assert not complete(session, old_id, "0" * 64, "{}", clock.now())
    assert issue(settings) == 1
    old, new = certificates(history)
    assert (old.pdf_sha256, new.pdf_sha256 is None) == (None, False)
    for address in (f"/certificates/{old_number}.pdf", f"/credentials/{old_number}.json"):
        assert client.get(address).location == f"/verify/{old_number}"


def test_the_database_keeps_one_certificate_that_holds(history: History) -> None:
    change(history, **NAMES)
    rows = Certificate.__table__
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.update(rows).values(replaced_at=None))


def test_a_registration_number_that_another_company_took_is_refused_however_it_is_spelled(history: History) -> None:
    with transaction() as session:
        asked = changing.ask(session, owner().actor(), history.awards[0].company, {"registration_number": "ab 12"}).id
        other = make_company(session, Made("other", "ផ្សេង", "Other", "isp", "kep", "committed", START))
        other.registration_number = "AB 12"
    assert (
        refused(InvalidError, changing.confirm, history.reviewer, asked, public_url="http://localhost")
        == "registration_number"
    )
