"""Hostile input: forged posts, extra fields, broken bodies, harmful names. Nothing passes, nothing breaks."""

import csv
import io
import random
import time
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from compliance.journeys import gate
from compliance.store.base import db
from compliance.store.people import Person, person_by_email
from tests.house_rules.town import AT_HOME, DUGONG, HOSTILE, OWN, SECRET, STAFF, Town

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
MOST_WORK = 2.0
LONGEST_WAIT = 30.0
"""Seconds: of this process's own, and on the clock of a machine that may be busy with other tests."""
FUZZED = 2_000


def whose(endpoint: str) -> str:
    """The visitor to whom the gate opens this endpoint."""
    roles = gate.STAFF.get(endpoint.partition(".")[0], frozenset())
    return next((name for name in STAFF if name in {role.value for role in roles}), "owner")


def posts(town: Town) -> Iterator[tuple[str, str]]:
    """Every address that takes a post, with somebody who may open it."""
    things = cache(town.things)
    for endpoint in town.rules("POST"):
        visitor = whose(endpoint)
        yield visitor, town.address(endpoint, things(*AT_HOME[visitor][0]))


def send(town: Town, visitor: str, address: str, **more: Any) -> TestResponse:
    """A post from an address of its own, so that counting tries does not hide the views."""
    begun, worked = time.monotonic(), time.process_time()
    sender = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
    more.setdefault("method", "POST")
    answer = town.visitor(visitor).open(address, buffered=True, environ_overrides={"REMOTE_ADDR": sender}, **more)
    assert time.process_time() - worked < MOST_WORK, f"{address}: {time.process_time() - worked:.1f} s of work"
    assert time.monotonic() - begun < LONGEST_WAIT, f"{address}: {time.monotonic() - begun:.1f} s on the clock"
    return answer


# Flask-Security has these pages and we lead away from them, whatever is sent.
NOT_OFFERED = {f"/en/account/second-factor/{page}" for page in ("choose", "help", "code")}


BY_LINK = "/account/mails/"
"""Mail programs post there with the link alone, which is the proof; one that we never sealed is of nothing."""


def test_a_post_without_a_token_or_from_elsewhere_does_nothing(town: Town) -> None:
    for visitor, address in posts(town):
        right = town.token(visitor)
        for data, headers in (
            ({}, {}),
            ({"csrf_token": right[:-2] + "xx"}, {}),
            ({"csrf_token": right}, {"Origin": "https://elsewhere.example"}),
            ({"csrf_token": right}, {"Origin": "null"}),
            ({"csrf_token": right}, {"Origin": "http://localhost.elsewhere.example"}),
        ):
            with town.untouched(visitor, f"forging a post to {address}"):
                answer = send(town, visitor, address, data=data, headers=headers)
            refused = {400, 403} | ({302} if address in NOT_OFFERED else {404} if BY_LINK in address else set())
            assert answer.status_code in refused, f"{visitor} {address} {headers} {answer.status_code}"


EXTRA = [
    "id", "user_id", "person_id", "company_id", "assessment_id", "state", "version", "role", "roles", "active",
    "is_admin", "admin", "staff", "password_hash", "fs_uniquifier", "confirmed_at", "tf_totp_secret",
    "tf_primary_method", "mf_recovery_codes",
    "reviewer_id", "level", "number", "code", "starts", "ends", "granted_at", "last_act", "slug",
    "registered_by", "saved_by", "saved_at", "score", "scorecard", "review_facts", "next", "lang",
]  # fmt: skip


ONES_OWN = "/way"
"""Whoever reads chooses how many questions a page holds."""


def test_seventy_extra_fields_change_nothing_protected(town: Town) -> None:
    """A form takes what it asks for: whoever adds the names of columns changes only their own name."""
    with town.app.app_context():
        before = _protected(person_by_email(db.session(), town.address_of("viewer")))
    extra = dict.fromkeys(EXTRA, "1") | {f"x{n}": "administrator" for n in range(70 - len(EXTRA))}
    data = {**extra, "csrf_token": town.token("viewer"), "full_name": "New Name", "language": "en"}
    assert send(town, "viewer", "/en/account/", data=data).status_code == 302
    with town.app.app_context():
        person = person_by_email(db.session(), town.address_of("viewer"))
        assert _protected(person) == before
        assert person is not None
        assert person.full_name == "New Name"
    for visitor, address in posts(town):
        if visitor == "owner" and "/company/assessment/" in address and not address.endswith(ONES_OWN):
            data = {**extra, "csrf_token": town.token("viewer")}
            with town.untouched("viewer", f"seventy fields to {address}"):
                assert send(town, "viewer", address, data=data).status_code == 403, address


def _protected(person: Person | None) -> dict[str, Any]:
    assert person is not None
    free = {"full_name", "language"}
    return {column.key: getattr(person, column.key) for column in Person.__table__.columns if column.key not in free}


def broken_bodies(token: str) -> list[dict[str, Any]]:
    """Bodies that no browser sends."""
    field = f"csrf_token={token}".encode()
    names = b"&".join(b"act=%d&reason=%d&version=%d" % (n, n, n) for n in range(40))
    disposition = b'--b\r\nContent-Disposition: form-data; name="'
    return [
        {"data": b"\xff\xfe%ff%00=\x00&" + field, "content_type": FORM},
        {"data": field + b"&email=%00%ff&name=\x00&version=99999999999999999999&reply=%ed%a0%80", "content_type": FORM},
        {"data": field + b"&" + names, "content_type": FORM},
        {"data": field + b"&x=1" * 3_000, "content_type": FORM},
        {"data": field + b"&reason=" + b"y" * 500_000, "content_type": FORM},
        {"data": field + b"&reason=" + b"y" * 2_100_000, "content_type": FORM},
        {"data": b"{" * 5_000, "content_type": "application/json"},
        {"data": b"x", "content_type": "multipart/form-data"},
        {"data": b"--b\r\nContent-Disposition: form-data", "content_type": MULTIPART},
        {"data": disposition + b'csrf_token"\r\n\r\n' + field[11:] + b"\r\n--b\xff--b--", "content_type": MULTIPART},
        {"data": disposition + b'file"; filename="\x00\xff/../x.pdf"\r\n\r\n%PDF\r\n--b--', "content_type": MULTIPART},
        {"data": field, "content_type": "text/plain; charset=utf-7"},
        {"data": field, "content_type": "\u00e9/;;;=".encode().decode("latin-1")},
        {"data": field, "content_type": FORM, "headers": {"X-HTTP-Method-Override": "PUT", "Content-Encoding": "gzip"}},
    ]  # fmt: skip


def test_broken_bodies_are_the_senders_fault(town: Town) -> None:
    for visitor, address in posts(town):
        for number, body in enumerate(broken_bodies(town.token(visitor))):
            answer = send(town, visitor, address, **body)
            assert answer.status_code < 500, f"{visitor} {address} body {number}: {answer.status_code}"
            if "/sign-out" in address or "/leave" in address:
                again(town, visitor)


def again(town: Town, visitor: str) -> None:
    """Signs a visitor in anew whose own post may have ended their session."""
    town.visitors.pop(visitor, None)
    town.tokens.pop(visitor, None)


@pytest.mark.parametrize("length", ["13000000", "-1", "x", "99999999999999999999"])
def test_lengths_that_lie(town: Town, length: str) -> None:
    for address in ("/en/account/sign-in", "/en/verify", "/km/account/register"):
        builder = EnvironBuilder(address, method="POST", data=b"a=b", content_type=FORM)
        environ = {**builder.get_environ(), "CONTENT_LENGTH": length}
        answer = town.app.test_client().open(environ_overrides=environ, path=address, method="POST", buffered=True)
        assert 400 <= answer.status_code < 500, f"{address} {length} {answer.status_code}"


def test_a_body_in_broken_chunks(town: Town) -> None:
    """A body that breaks off inside the view is the sender's fault too."""

    class BreaksOff(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: Any) -> int:
            raise OSError("chunk without an end")

    for address in ("/en/account/sign-in", "/en/verify"):
        environ = {"wsgi.input": BreaksOff(), "wsgi.input_terminated": True, "CONTENT_TYPE": FORM}
        environ |= {"HTTP_TRANSFER_ENCODING": "chunked"}
        answer = town.app.test_client().open(address, method="POST", environ_overrides=environ, buffered=True)
        assert 400 <= answer.status_code < 500, f"{address} {answer.status_code}"


def test_tables_hold_no_formula(town: Town) -> None:
    tables = {"/register.csv": town.get("anonymous", "/register.csv").data}
    company = town.things(HOSTILE)["company_id"]
    with zipfile.ZipFile(io.BytesIO(town.get(HOSTILE, f"/en/company/{company}/everything.zip").data)) as bundle:
        tables |= {name: bundle.read(name) for name in bundle.namelist() if name.endswith(".csv")}
        assert not [name for name in bundle.namelist() if ".." in name or name.startswith(("/", "\\"))]
    assert len(tables) > 1
    for name, data in tables.items():
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
        formulas = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "-="))]
        assert not formulas, f"{name}: {formulas[:3]}"
        assert any("script" in cell for cell in cells), f"{name} does not hold the hostile name"


PIECES = [
    "", "0", "-1", "1", "9" * 30, "\x00", "%00", "..%2f", "%ff", "\u202e", "<script>", "{{7*7}}", "' OR 1=1--", "ក្មេង",
    "COP-KH-2026-00001-37", "a" * 4_000, "?lang=xx", "%F0%9F", "null", "NaN", "1e999", "[]", "😀", "gov_policy",
]  # fmt: skip
QUERIES = ["q", "page", "kind", "level", "next", "lang", "v"]
METHODS = ["GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"]
HEADERS: list[dict[str, str]] = [
    {}, {"Accept-Language": "x" * 3_000}, {"Accept-Language": "km;q=NaN,en;q=-1"},
    {"Range": "bytes=99999999999-"}, {"If-None-Match": '"' * 50}, {"If-Modified-Since": "never"},
    {"Host": "evil.example"},
    {"Cookie": "session=.eJx; session=\u00ff"}, {"Content-Encoding": "br"}, {"X-Forwarded-For": "a, b"},
    {"Accept": "*;;/"},
]  # fmt: skip


def strange_request(town: Town, dice: random.Random, token: str) -> tuple[str, str, dict[str, Any]]:
    """One request that means no good: method, address, and the rest."""
    rule = dice.choice(list(town.app.url_map.iter_rules()))
    parts = {name: dice.choice(PIECES) for name in rule.arguments} | {"lang": dice.choice(["km", "en", "en", "xx"])}
    address = "".join(parts.get(name, name) for _dynamic, name in rule._trace if name != "|")
    query = "&".join(f"{dice.choice(QUERIES)}={dice.choice(PIECES)}" for _number in range(dice.randrange(4)))
    more: dict[str, Any] = {"headers": dice.choice(HEADERS)}
    method = dice.choice(METHODS)
    if method not in {"GET", "HEAD"} and dice.random() < 0.8:
        more |= dice.choice(broken_bodies(token))
    return method, "/" + address.lstrip("/") + (f"?{query}" if query else ""), more


@pytest.mark.parametrize("seed", range(4))
def test_malformed_requests_never_break_the_portal(town: Town, seed: int) -> None:
    dice = random.Random(seed)
    visitors = ["anonymous", "anonymous", SECRET, "reviewer", "approver", "administrator"]
    for number in range(FUZZED // 4):
        visitor = dice.choice(visitors)
        method, address, more = strange_request(town, dice, town.token(visitor))
        answer = send(town, visitor, address, method=method, **more)
        assert answer.status_code < 500 or answer.status_code == 501, f"{seed}/{number} {visitor} {method} {address!r}"
        if method == "POST" and "/sign-out" in address:
            again(town, visitor)


def test_after_all_that_the_portal_still_works(town: Town) -> None:
    assert town.get("anonymous", "/readyz").status_code == 200
    assert town.get("anonymous", "/en/register").status_code == 200
    again(town, "reviewer2")
    assert town.get("reviewer2", town.address("reviewer.show_queue", town.things(DUGONG))).status_code == 200
    assert town.get("anonymous", town.address("public.company", town.things(OWN))).status_code == 200
