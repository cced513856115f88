"""Credentials: readable by any Open Badges reader, changed in nothing, fetched from nowhere."""

import dataclasses
import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError

from bench.certificates_data import facts
from certificates import CertificateFacts, CredentialError
from certificates.credential import Issuer, did_document, issue, read
from certificates.demonstration import make_keyring
from certificates.facts import Words
from certificates.keyring import Keyring
from certificates.status import status_list
from tests.certificates.conftest import TODAY
from tests.certificates.lists import read_status_list

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def issued(keyring: Keyring, issuer: Issuer) -> bytes:
    return issue(facts(3), keyring, issuer, 42)


def _list(purpose: str, places: list[int], keyring: Keyring, issuer: Issuer) -> bytes:
    return status_list(purpose, places, keyring, issuer, at=NOW, until=NOW + dt.timedelta(days=2))


def test_what_was_issued_reads_back(each_facts: CertificateFacts, keyring: Keyring, issuer: Issuer) -> None:
    claims = read(issue(each_facts, keyring, issuer, 7), keyring, issuer)
    assert claims.number == each_facts.number
    assert (claims.company_km, claims.company_en) == (each_facts.company.km, each_facts.company.en)
    assert (claims.level, claims.starts, claims.expires) == (
        each_facts.level.id,
        each_facts.issued,
        each_facts.expires,
    )
    assert (claims.index, claims.verify_url) == (7, each_facts.verify_url)


def test_a_credential_is_valid_from_the_first_day_not_from_its_issue(keyring: Keyring, issuer: Issuer) -> None:
    later = dataclasses.replace(facts(3), starts=dt.date(2027, 2, 1))
    made = issue(later, keyring, issuer, 7)
    assert read(made, keyring, issuer).starts == dt.date(2027, 2, 1)
    tree = json.loads(made)
    assert tree["validFrom"] == "2027-02-01T00:00:00+07:00"
    assert tree["proof"]["created"].startswith("2026-11-21")


def test_the_brands_that_an_award_covers_are_in_its_credential(keyring: Keyring, issuer: Issuer) -> None:
    brands = ("ភ្លើង ឆាត", "Firefly Chat")
    made = issue(dataclasses.replace(facts(3), brands=brands), keyring, issuer, 7)
    assert read(made, keyring, issuer).brands == brands
    told = json.loads(made)["credentialSubject"]["identifier"]
    assert [one["identityHash"] for one in told if one["identityType"] == "ext:brand"] == list(brands)
    for changed in (made.replace(b"Firefly Chat", b"Firefly Maps"), made.replace(b"ext:brand", b"name")):
        with pytest.raises(CredentialError):
            read(changed, keyring, issuer)


def test_what_is_not_covered_is_a_paragraph_of_the_credential(keyring: Keyring, issuer: Issuer) -> None:
    said = dataclasses.replace(facts(3), not_covered=Words("ហាងនៅក្រៅប្រទេស", "The shop abroad"))
    made = issue(said, keyring, issuer, 7)
    covers, beside = read(made, keyring, issuer).scope.split("\n\n")
    assert facts(3).scope.en in covers
    assert "Not covered: The shop abroad" in beside
    with pytest.raises(CredentialError):
        read(made.replace(b"The shop abroad", b"The shop nearby"), keyring, issuer)


def test_the_same_facts_give_the_same_bytes(issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    assert issue(facts(3), keyring, issuer, 42) == issued


def test_the_sample_marker_is_in_the_credential_too(issued: bytes) -> None:
    assert "Illustrative until MPTC adopts its own text" in json.loads(issued)["description"]


def _leaves(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(tree, dict):
        return [leaf for name, value in tree.items() for leaf in _leaves(value, (*path, name))]
    if isinstance(tree, list):
        return [leaf for place, value in enumerate(tree) for leaf in _leaves(value, (*path, place))]
    return [path]


def test_no_value_can_be_changed(issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    for path in _leaves(json.loads(issued)):
        document = json.loads(issued)
        inside = document
        for step in path[:-1]:
            inside = inside[step]
        value = inside[path[-1]]
        inside[path[-1]] = not value if isinstance(value, bool) else f"{value}x"
        with pytest.raises(CredentialError):
            read(json.dumps(document), keyring, issuer)


@pytest.mark.parametrize(
    "addition",
    [
        {"level": "gold"},
        {"credentialSchema": []},
        {"@included": [{"id": "urn:x"}]},
        {"https://www.w3.org/2018/credentials#validUntil": "2999-01-01T00:00:00Z"},
        {"expirationDate": "2999-01-01T00:00:00Z"},
    ],
)
def test_nothing_can_be_added(addition: dict[str, Any], issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    """The signature covers what the JSON means; an undefined word means nothing and must still not be there."""
    with pytest.raises(CredentialError):
        read(json.dumps(json.loads(issued) | addition), keyring, issuer)


def test_nothing_can_be_said_twice(issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    twice = issued.replace(b'"issuer"', b'"issuer": {}, "issuer"', 1)
    with pytest.raises(CredentialError):
        read(twice, keyring, issuer)


def test_a_context_that_is_not_ours_is_refused_and_never_fetched(
    issued: bytes, keyring: Keyring, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.getaddrinfo", no_network)
    document = json.loads(issued)
    document["@context"].append("https://evil.example/context.json")
    with pytest.raises(CredentialError):
        read(json.dumps(document), keyring, issuer)
    assert read(issued, keyring, issuer).number == facts(3).number


def test_another_ministrys_credential_is_not_ours(strangers_keyring: Keyring, keyring: Keyring, issuer: Issuer) -> None:
    for signer, at in ((strangers_keyring, issuer), (keyring, Issuer("https://elsewhere.example"))):
        with pytest.raises(CredentialError):
            read(issue(facts(0), signer, at, 1), keyring, issuer)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"[" * 50_000, b'{"proof": 1}', b"\xff\xfe", b"{" + b" " * 70_000 + b"}"]
)
def test_what_is_no_credential_says_so(data: bytes, keyring: Keyring, issuer: Issuer) -> None:
    with pytest.raises(CredentialError):
        read(data, keyring, issuer)


def test_damaged_bytes_never_pass(issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    chance = random.Random(5)
    for _ in range(60):
        damaged = bytearray(issued)
        damaged[chance.randrange(len(damaged))] = chance.randrange(32, 127)
        try:
            claims = read(bytes(damaged), keyring, issuer)
        except CredentialError:
            continue
        assert json.loads(bytes(damaged)) == json.loads(issued)
        assert claims.number == facts(3).number


def test_an_open_badges_reader_accepts_it(issued: bytes, keyring: Keyring, issuer: Issuer) -> None:
    """The library's own reader: proof, key from did:web, dates, both status lists."""
    published = {
        f"{issuer.address}/.well-known/did.json": did_document(keyring, issuer),
        issuer.status_address("revocation"): _list("revocation", [7], keyring, issuer),
        issuer.status_address("suspension"): _list("suspension", [], keyring, issuer),
    }
    reader = OB3LdpVerifier(issuer_did=issuer.did)
    found = reader.verify(issued, check_status=True, download=published.__getitem__, verify_status_list=False)
    assert found.achievement.name.endswith(facts(3).level.name.en)
    published[issuer.status_address("suspension")] = _list("suspension", [42], keyring, issuer)
    with pytest.raises(OB3VerificationError, match="suspension"):
        reader.verify(issued, check_status=True, download=published.__getitem__, verify_status_list=False)


def test_a_status_list_reads_back(keyring: Keyring, issuer: Issuer) -> None:
    data = _list("revocation", [0, 7, 131_071], keyring, issuer)
    assert read_status_list(data, "revocation", keyring, issuer) == {0, 7, 131_071}


def test_a_changed_status_list_is_refused(keyring: Keyring, issuer: Issuer) -> None:
    document = json.loads(_list("revocation", [7], keyring, issuer))
    empty = json.loads(_list("revocation", [], keyring, issuer))
    document["credentialSubject"]["encodedList"] = empty["credentialSubject"]["encodedList"]
    with pytest.raises(CredentialError):
        read_status_list(json.dumps(document), "revocation", keyring, issuer)


@pytest.mark.parametrize("places", [[-1], [131_072]])
def test_a_status_list_has_so_many_places(places: list[int], keyring: Keyring, issuer: Issuer) -> None:
    with pytest.raises(CredentialError):
        _list("revocation", places, keyring, issuer)


def test_old_credentials_outlive_a_new_key(tmp_path: Path, issuer: Issuer) -> None:
    old = make_keyring(tmp_path, today=TODAY)
    first = issue(facts(0), old, issuer, 1)
    new = make_keyring(tmp_path, today=dt.date(2028, 1, 1))
    assert read(first, new, issuer).number == facts(0).number
    assert json.loads(issue(facts(0), new, issuer, 1))["proof"]["verificationMethod"].endswith("#test-key-2028-2")
    methods = json.loads(did_document(new, issuer))["verificationMethod"]
    assert [method["id"].partition("#")[2] for method in methods] == ["test-key-2026-1", "test-key-2028-2"]


def test_the_address_is_the_identity() -> None:
    assert Issuer("https://awards.example.gov.kh").did == "did:web:awards.example.gov.kh"
    assert Issuer("http://localhost:8000/").did == "did:web:localhost%3A8000"
