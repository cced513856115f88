"""Known and unknown accounts answer alike; tries are counted for all workers; passwords that are refused."""

import re
import time
from collections.abc import Callable

import flask_security
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions.passwords import require_good
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Role
from compliance.journeys.account import throttle
from compliance.store.base import db
from compliance.store.outbox import Notice
from tests.helpers import PASSWORD, code_now, person, post, sign_in, token

KNOWN, UNKNOWN = "known@company.example", "nobody@company.example"


def told(text: str, email: str) -> str:
    """The page without what differs between any two requests."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", text).replace(email, "")


def forms(email: str) -> dict[str, dict[str, str]]:
    new = {"full_name": "Dara", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    return {
        "sign-in": {"email": email, "password": "wrong wrong wrong wrong"},
        "reset": {"email": email},
        "confirm": {"email": email},
        "register": {"email": email, **new},
    }


@pytest.mark.parametrize("where", ["sign-in", "reset", "confirm", "register"])
def test_known_and_unknown_answer_alike(app: Flask, where: str) -> None:
    with app.app_context():
        person(KNOWN, confirmed=where != "confirm")
    pages = []
    for email in (KNOWN, UNKNOWN):
        client = app.test_client()
        answer = post(client, f"/en/account/{where}", forms(email)[where])
        after = client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
        pages.append((answer.status_code, answer.headers.get("Location"), told(after.text, email)))
    assert pages[0] == pages[1]


def clock_of(ask: Callable[[str], None], rounds: int) -> float:
    """The difference of work in milliseconds, taken in turn; a busy machine must not count."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(rounds):
        for email, times in took.items():
            start = time.process_time()
            ask(email)
            times.append((time.process_time() - start) * 1000)
    return abs(min(took[KNOWN]) - min(took[UNKNOWN]))


@pytest.mark.usefixtures("full_hashing")
@pytest.mark.parametrize("where", ["sign-in", "reset", "confirm"])
def test_known_and_unknown_take_the_same_time(app: Flask, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_ACCOUNT", 1000)
    monkeypatch.setattr(throttle, "PER_ADDRESS", 1000)
    with app.app_context():
        person(KNOWN, confirmed=where != "confirm")
    client = app.test_client()
    address = f"/en/account/{where}"
    csrf = token(client.get(address))

    def ask(email: str) -> None:
        assert client.post(address, data={"csrf_token": csrf, **forms(email)[where]}).status_code in {200, 302}

    ask(KNOWN)
    # A hashing left out is 20 ms and shows every time; the noise of a busy machine does not.
    assert any(clock_of(ask, 12) < 8 for _again in range(4))


@pytest.mark.usefixtures("full_hashing")
def test_a_stolen_store_costs_a_guesser(app: Flask) -> None:
    """OWASP's least for argon2id, whichever part of the portal hashes."""
    with app.app_context():
        for hashed in (person(KNOWN).password, flask_security.hash_password(PASSWORD)):
            memory, passes = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$.*", str(hashed)).groups()  # type: ignore[union-attr]
            assert int(memory) >= 19_456
            assert int(passes) >= 2


@pytest.mark.both_databases
def test_the_eleventh_try_waits_in_every_worker(app: Flask) -> None:
    with app.app_context():
        person(KNOWN)
    for email in (KNOWN, UNKNOWN):
        for number in range(10):
            worker = app.test_client()
            data = {"email": email.upper() if number % 2 else email, "password": "wrong wrong wrong wrong"}
            assert post(worker, "/en/account/sign-in", data).status_code == 200
        answer = post(app.test_client(), "/en/account/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"
        assert "Too many tries" in answer.text


def test_a_success_ends_the_count(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person(KNOWN)
    for _ in range(3):
        for _ in range(8):
            post(client, "/en/account/sign-in", {"email": KNOWN, "password": "wrong wrong wrong wrong"})
        sign_in(client, KNOWN)
        post(client, "/en/account/sign-out", form="/en/account/")


@pytest.mark.both_databases
def test_codes_cannot_be_guessed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(client, "r@ministry.example")
    thief = app.test_client()
    where = ""
    for attempt in range(11):
        if attempt % 4 == 0:
            again = post(thief, "/en/account/sign-in", {"email": "r@ministry.example", "password": PASSWORD})
            where = again.headers["Location"]
        answer = post(thief, where, {"code": "000000"})
        assert answer.status_code == (429 if attempt == 10 else 200)
    right = post(thief, where, {"code": code_now(app, "r@ministry.example")})
    assert right.status_code == 429, "a right code does not help after too many wrong ones"


def test_a_code_is_good_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(client, "r@ministry.example")
    code = code_now(app, "r@ministry.example")
    for expected in (302, 200):
        browser = app.test_client()
        where = post(browser, "/en/account/sign-in", {"email": "r@ministry.example", "password": PASSWORD})
        assert post(browser, where.headers["Location"], {"code": code}).status_code == expected


def test_recovery_codes_work_once_and_are_not_readable(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(client, "r@ministry.example")
    page = post(client, "/en/account/second-factor/recovery-codes", {"generate_new_codes": "1"})
    codes = re.findall(r"<code>([a-z2-9-]{27})</code>", page.text)
    assert len(set(codes)) == 8
    with app.app_context():
        stored = db.session.scalar(sa.text("SELECT mf_recovery_codes FROM people"))
    assert not any(code in str(stored) for code in codes)
    assert codes[0] not in client.get("/en/account/second-factor/recovery-codes").text
    for expected in (302, 200):
        browser = app.test_client()
        post(browser, "/en/account/sign-in", {"email": "r@ministry.example", "password": PASSWORD})
        answer = post(browser, "/en/account/second-factor/recovery", {"code": codes[0].upper() + " "})
        assert answer.status_code == expected


def test_mails_cannot_be_led_elsewhere(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person(KNOWN)
    csrf = token(client.get("/en/account/reset"))
    client.post(
        "/en/account/reset",
        data={"csrf_token": csrf, "email": KNOWN},
        headers={"Host": "localhost", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    client.post("http://evil.example/en/account/reset", data={"csrf_token": csrf, "email": KNOWN})
    with app.app_context():
        links = [notice.values["link"] for notice in db.session.scalars(sa.select(Notice))]
    assert links
    assert all(link.startswith("http://localhost/en/account/reset/") for link in links)


@pytest.mark.parametrize(
    ("password", "second_factor"),
    [
        ("fourteen chars", False),
        ("seven 7", True),
        ("passwordpassword", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("1234567890123456", False),
        ("qwertyuiopasdfghj", False),
        ("iloveyou", True),
        ("Sunshine2024!!!", False),
        ("ChampionCompany2026", False),
        ("dara.sok-company2026", False),
        ("x" * 300, False),
    ],
)
def test_passwords_that_are_refused(password: str, second_factor: bool) -> None:
    with pytest.raises(InvalidError):
        require_good(password, "password", ("Dara Sok", "dara.sok@company.example"), second_factor=second_factor)


@pytest.mark.parametrize(
    ("password", "second_factor"),
    [
        (PASSWORD, False),
        ("ដើមត្នោតនៅក្រោយផ្ទះខ្ញុំ", False),
        ("only lower case letters", False),
        ("zq8!verb", True),
        ("many words and more words " * 4, False),
    ],
)
def test_passwords_that_are_fine(password: str, second_factor: bool) -> None:
    require_good(password, "password", ("Dara Sok", "dara.sok@company.example"), second_factor=second_factor)


def test_a_password_may_be_typed_in_either_unicode_form(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person(KNOWN)
    composed, decomposed = "caf\u00e9 au lait tr\u00e8s chaud", "cafe\u0301 au lait tre\u0300s chaud"
    sign_in(client, KNOWN)
    data = {"password": PASSWORD, "new_password": composed, "new_password_confirm": composed}
    assert post(client, "/en/account/password", data).status_code == 302
    sign_in(app.test_client(), KNOWN, password=decomposed)


def test_many_rightful_people_may_share_an_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_ADDRESS", 6)
    with app.app_context():
        emails = [person(f"p{number}@company.example").email for number in range(15)]
    for email in emails:
        sign_in(app.test_client(), email)


def test_signing_in_oneself_gives_no_more_guesses(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attacker with an account signs in between guesses at others' accounts."""
    monkeypatch.setattr(throttle, "PER_ADDRESS", 6)
    with app.app_context():
        person(KNOWN)
    codes = []
    for number in range(8):
        guess = {"email": f"victim{number}@company.example", "password": "wrong wrong wrong wrong"}
        codes.append(post(app.test_client(), "/en/account/sign-in", guess).status_code)
        if codes[-1] != 429:
            post(app.test_client(), "/en/account/sign-in", {"email": KNOWN, "password": PASSWORD})
    assert codes[-1] == 429
    assert codes.index(429) <= 6


def test_a_second_factor_does_not_make_a_right_password_a_guess(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_ADDRESS", 6)
    with app.app_context():
        emails = [person(f"r{number}@ministry.example", Role.REVIEWER).email for number in range(8)]
    for _twice in range(2):  # first with setting the second factor up, then with using it
        for email in emails:
            sign_in(app.test_client(), email)


def test_a_right_password_without_the_code_gives_no_more_guesses(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attacker with an account of their own, or a password that leaked, guesses at others' in between."""
    monkeypatch.setattr(throttle, "PER_ADDRESS", 6)
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(app.test_client(), "r@ministry.example")
    codes = []
    for number in range(8):
        post(app.test_client(), "/en/account/sign-in", {"email": "r@ministry.example", "password": PASSWORD})
        guess = {"email": f"victim{number}@company.example", "password": "wrong wrong wrong wrong"}
        codes.append(post(app.test_client(), "/en/account/sign-in", guess).status_code)
    assert 429 in codes
    assert codes.index(429) <= 6
