"""A portal that moved to another address: what it issued before is its own, nobody else's becomes so."""

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from certificates import CertificateFacts, CredentialError, StrangeAddressError
from certificates import credential as credentials
from certificates.demonstration import make_keyring
from compliance import clock
from compliance.actions.awarding import facts_of_award
from compliance.actions.stopping_mail import stop_token
from compliance.app import create_app
from compliance.domain.notices import OptionalMail
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys.gate import settings as chosen
from compliance.settings import UNNAMED, Settings, SettingsError
from compliance.store.awards import award_by_number, certificate_by_number
from compliance.store.base import db
from compliance.store.keys import keyring
from compliance.store.people import Person
from tests.certificates.lists import read_status_list
from tests.keys import lay_keys
from tests.public.certified import Issued, certify, check
from tests.public.conftest import close

DAY = timedelta(days=1)
SLUG = "fast-turtle-fibre"
OLD, NEW = "http://localhost", "https://new.example"


@pytest.fixture
def issued(app: Flask, numbers: dict[str, str]) -> Issued:
    """Issued at the old address; the portal there has stopped."""
    made = certify(app, numbers[SLUG])
    close(app)
    return made


def moved(settings: Settings, *former: str) -> FlaskClient:
    """The portal, started anew at the new address."""
    return create_app(dataclasses.replace(settings, public_url=NEW, former_addresses=former)).test_client()


def test_what_was_issued_before_the_move_is_genuine_by_every_way(settings: Settings, issued: Issued) -> None:
    client = moved(settings, "https://older.example", OLD)
    for data, name in ((issued.pdf, "x.pdf"), (issued.credential, "x.json")):
        assert "This file is genuine" in check(client, data, name), name
    for typed in (issued.number, issued.code, f"{OLD}/verify/{issued.number}"):
        found = client.get("/en/verify", query_string={"number": typed}, base_url=NEW)
        assert found.location == f"/en/verify/{issued.number}", typed
    printed = client.get(f"/verify/{issued.number}", base_url=OLD)
    assert (printed.status_code, printed.location) == (308, f"{NEW}/verify/{issued.number}")
    named = client.get("/en/verify?number=ក", base_url=OLD)
    assert named.location == f"{NEW}/en/verify?number=%E1%9E%80"


def test_a_page_that_is_kept_in_memory_goes_on_too(settings: Settings, issued: Issued) -> None:
    client = moved(settings, OLD)
    page = f"/en/register/{SLUG}"
    asked = [client.get(page, base_url=address) for address in (NEW, NEW, OLD)]
    assert [one.status_code for one in asked] == [200, 200, 308]
    assert asked[-1].location == f"{NEW}{page}"
    cache, proxied = client.application.extensions["page_cache"], {"REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    proxied |= {"PATH_INFO": page, "HTTP_HOST": "inside", "HTTP_X_FORWARDED_HOST": "localhost"}
    client.get(page, base_url=NEW)
    assert cache.from_memory({**proxied, "HTTP_X_FORWARDED_HOST": "new.example"}) is not None
    assert cache.from_memory(proxied) is None


def test_old_credentials_are_checked_under_the_old_name(settings: Settings, issued: Issued) -> None:
    """Software of others asks the address that the credential names for keys and lists, and must get that name's."""
    client = moved(settings, OLD)
    for address, other in ((OLD, NEW), (NEW, OLD)):
        issuer = credentials.Issuer(address)
        known = json.loads(client.get("/.well-known/did.json", base_url=address).data)
        assert (known["id"], known["alsoKnownAs"]) == (issuer.did, [credentials.Issuer(other).did])
        keys = keyring(settings)
        for purpose in ("revocation", "suspension"):
            signed = client.get(f"/credentials/status/{purpose}.json", base_url=address).data
            read_status_list(signed, purpose, keys, issuer)
    assert client.get(f"/credentials/{issued.number}.json", base_url=OLD).data == issued.credential
    method = json.loads(issued.credential)["proof"]["verificationMethod"]
    assert method in json.loads(client.get("/.well-known/did.json", base_url=OLD).data)["assertionMethod"]


def test_what_others_keep_of_the_old_address_goes_on(settings: Settings, issued: Issued) -> None:
    """Badges on companies' own pages and links in mails; a mail program that stops mails follows no other address."""
    client = moved(settings, OLD)
    for path in (f"/badge/company/{SLUG}.svg", f"/km/register/{SLUG}", "/km/where-to-report/list?harm=grooming"):
        asked = client.get(path, base_url=OLD)
        assert (asked.status_code, asked.location) == (308, NEW + path)
        assert client.get(path, base_url=NEW).status_code == 200, path
    with client.application.app_context():
        who = db.session.scalars(sa.select(Person.id).order_by(Person.id)).first()
        assert who is not None
        stop = f"/km/account/mails/{stop_token(settings, who)}"
    assert client.get(stop, base_url=OLD).location == NEW + stop
    assert client.post(stop, base_url=OLD, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with client.application.app_context():
        assert db.session.get_one(Person, who).optional_mail is OptionalMail.NONE


def test_without_the_setting_it_is_told_why(settings: Settings, issued: Issued) -> None:
    client = moved(settings)
    page = check(client, issued.credential, "x.json")
    assert "This file is genuine" not in page
    assert f"key signed this credential, but for another address: {OLD}" in page.replace("&#39;", "'")
    assert "This file is genuine" in check(client, issued.pdf)  # the seal names no address
    assert client.get(f"/verify/{issued.number}", base_url=OLD).status_code == 302  # no name to go on from


def test_a_stranger_who_claims_the_old_address_is_not_us(settings: Settings, issued: Issued, app: Flask) -> None:
    """With a key under a name of its own, and with one named as ours is."""
    client = moved(settings, OLD)
    stranger = make_keyring(settings.data_dir / "stranger", today=clock.today())
    named_as_ours = dataclasses.replace(
        stranger, keys=(dataclasses.replace(stranger.keys[0], id=keyring(settings).key.id),)
    )
    with app.app_context():
        facts = CertificateFacts.from_json(certificate_by_number(db.session(), issued.number).facts)  # type: ignore[union-attr]
    for keys in (stranger, named_as_ours):
        for address in (OLD, NEW, "https://elsewhere.example"):
            forged = credentials.issue(facts, keys, credentials.Issuer(address), 1)
            with pytest.raises(CredentialError) as refused:
                credentials.read(forged, keyring(settings), *map(credentials.Issuer, (NEW, OLD)))
            assert not isinstance(refused.value, StrangeAddressError)
            assert "Do not rely on it" in check(client, forged, "x.json")


def test_register_and_credential_hold_on_the_same_days(app: Flask, numbers: dict[str, str]) -> None:
    """Grace included: the last day that the register calls an award in force is the last of its credential."""
    with app.app_context():
        award, keys = award_by_number(db.session(), numbers[SLUG]), lay_keys(chosen().keys_dir)
        assert award is not None
        facts = facts_of_award(award, OLD, UNNAMED, {})
        signed = json.loads(credentials.issue(facts, keys, credentials.Issuer(OLD), 1))
        first, last = (date.fromisoformat(signed[name][:10]) for name in ("validFrom", "validUntil"))
        assert (award.standing(last), award.standing(award.ends)) == (Standing.IN_GRACE, Standing.EXPIRING)
        for day, inside in ((first, True), (last, True), (first - DAY, False), (last + DAY, False)):
            assert (award.standing(day) in IN_FORCE) is inside, day


@pytest.mark.parametrize("wrong", ["old.example", "ftp://old.example", "https://"])
def test_a_former_address_is_written_as_an_address(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsError, match="FORMER_ADDRESSES"):
        Settings.from_env({"PORTAL_MODE": "test", "PORTAL_DATA": str(tmp_path), "FORMER_ADDRESSES": wrong})
