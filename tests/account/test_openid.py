"""What the portal takes from a provider: only the answer to its own question, to this browser, once."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import KeySet, RSAKey

from compliance import clock
from compliance.app import create_app
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.identities import BoundIdentity
from compliance.store.people import Attempt
from tests.account.through import DARA, OUT, away, come, local, refused, with_provider
from tests.helpers import person, sign_in
from tests.provider import CLIENT_SECRET, Provider

AGAIN = "Begin again"
NO_ANSWER = "does not answer"


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    return with_provider(settings, provider.issuer)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return reader(app)


def reader(app: Flask) -> FlaskClient:
    """The browser of somebody who reads English; the address that leads back is in no language."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def dara(app: Flask, provider: Provider) -> str:
    """The subject of somebody who may sign in."""
    with app.app_context():
        person(DARA)
    return provider.knows("s1", DARA)


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_question_says_what_it_must_and_nothing_of_the_request(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    answer = client.get(OUT, base_url="http://evil.example", headers={"X-Forwarded-Host": "evil.example"})
    question = asked(answer.headers["Location"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert question["redirect_uri"] == "http://localhost/account/provider/back"
    assert (question["response_type"], question["scope"]) == ("code", "openid email profile")
    assert (question["code_challenge_method"], question["ui_locales"]) == ("S256", "en")
    assert len(question["state"]) == len(question["nonce"]) == len(question["code_challenge"]) == 43
    assert CLIENT_SECRET not in answer.headers["Location"]
    once_more = asked(away(client))
    assert not {once_more[name] for name in ("state", "nonce", "code_challenge")} & set(question.values())


def test_an_answer_is_good_once_and_in_the_browser_that_asked(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    back = local(provider.visit(away(client), dara))
    other = reader(app)
    refused(other, other.get(back), AGAIN)
    away(other)
    refused(other, other.get(back), AGAIN)
    assert client.get(back).headers["Location"] == "/en/account/start"
    thief = reader(app)
    refused(thief, thief.get(back), AGAIN)
    before = client.get("/en/account/").status_code
    assert before == client.get("/en/account/").status_code == 200
    assert client.get(back).headers["Location"].endswith("/sign-in"), "replayed, it opens nothing"

    spent = asked(back) | {"state": asked(away(thief))["state"]}
    refused(thief, thief.get(f"/account/provider/back?{urlencode(spent)}"), AGAIN)
    stolen = asked(provider.visit(away(client := app.test_client()), dara))
    injected = stolen | {"state": asked(away(thief))["state"]}
    refused(thief, thief.get(f"/account/provider/back?{urlencode(injected)}"), AGAIN)


def test_an_answer_that_comes_late_or_broken_opens_nothing(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    back = local(provider.visit(away(client), dara))
    late = clock.now().timestamp() + 601
    with clock.held(clock.now().fromtimestamp(late, clock.now().tzinfo)):
        refused(client, client.get(back), AGAIN)
    for broken in ("", "?state=", "?state[]=1", "?code=x", "?error=access_denied", "?state=ក"):
        refused(client, client.get(f"/account/provider/back{broken}"), AGAIN)
    for change in ({"code": ""}, {"code": "x"}, {"iss": "https://evil.example"}, {"iss": ""}):
        good = asked(provider.visit(away(client), dara))
        refused(client, client.get(f"/account/provider/back?{urlencode(good | change)}"), AGAIN)
    good = asked(provider.visit(away(client), dara))
    del good["iss"]
    refused(client, client.get(f"/account/provider/back?{urlencode(good)}"), AGAIN)


def test_whoever_says_no_there_is_back_at_the_sign_in_page(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    back = provider.visit(away(client, "/km/account/provider", next="/km/account/"))
    assert "error=access_denied" in back
    answer = client.get(local(back))
    assert answer.headers["Location"] == "/km/account/sign-in?next=/km/account/"
    assert "aborted" not in client.get(answer.headers["Location"]).text, "what the provider writes is not shown"


WRONG_TOKENS = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "an issuer that only looks the same": {"claims": {"iss": "HTTP://127.0.0.1"}},
    "no issuer": {"claims": {"iss": None}},
    "another audience": {"claims": {"aud": "another portal"}},
    "several audiences, issued to another": {"claims": {"aud": ["portal", "x"], "azp": "x"}},
    "no audience": {"claims": {"aud": None}},
    "another nonce": {"claims": {"nonce": "of another question"}},
    "no nonce": {"claims": {"nonce": None}},
    "run out": {"claims": {"iat": 1_000_000_000, "exp": 1_000_000_600}},
    "no end": {"claims": {"exp": None}},
    "not valid yet": {"claims": {"nbf": 9_000_000_000}},
    "made in the future": {"claims": {"iat": 9_000_000_000}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a number as subject": {"claims": {"sub": 7}},
    "another subject than the user info": {"claims": {"sub": "s2"}},
    "unsigned": {"signature": "none"},
    "signed with the shared secret": {"signature": "shared"},
    "signed with a foreign key": {"signature": "foreign"},
    "user info of another subject": {"userinfo": {"sub": "s2"}},
    "an address that is not one text": {"userinfo": {"email": ["dara@company.example"]}},
}


def test_a_token_that_is_not_exactly_right_is_refused(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    for what, how in WRONG_TOKENS.items():
        with provider.erring(**how):
            answer = come(client, provider, dara)
        assert answer.status_code == 302, what
        assert "/sign-in" in answer.headers["Location"], what
        assert client.get("/en/account/").status_code == 302, what
    with app.app_context():
        assert db.session.scalars(sa.select(BoundIdentity)).all() == []
    with provider.erring(claims={"email": DARA, "email_verified": True, "aud": ["portal"], "azp": "portal"}):
        assert come(client, provider, dara).headers["Location"] == "/en/account/start", "and a right one is taken"


WRONG_DOCUMENTS = {
    "another issuer": {"discovery": {"issuer": "https://evil.example"}},
    "a slash more": {"discovery": {"issuer": "http://127.0.0.1/"}},
    "no document": {"discovery": "<h1>Welcome</h1>"},
    "a list": {"discovery": "[]"},
    "no end of it": {"discovery": "[" * 600_000},
    "an address of another kind": {"discovery": {"token_endpoint": "file:///etc/passwd"}},
    "no address": {"discovery": {"jwks_uri": None}},
    "a script": {"discovery": {"authorization_endpoint": "javascript:alert(1)"}},
}


def test_a_document_that_cannot_be_used_is_said_and_nothing_else_suffers(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    for what, how in WRONG_DOCUMENTS.items():
        with provider.erring(**how):
            answer = client.get(OUT)
        assert answer.headers["Location"].startswith("/en/account/sign-in"), what
        assert NO_ANSWER in client.get("/en/account/sign-in").text, what
    assert come(client, provider, dara).headers["Location"] == "/en/account/start", "it is asked anew each time"


def test_a_provider_that_is_slow_or_gone_holds_up_nobody(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    began = time.monotonic()
    with provider.erring(slow=10_000):
        refused(client, client.get("/km/account/provider"), "ឆ្លងដែន មិនឆ្លើយតប")
    assert time.monotonic() - began < 6
    back = local(provider.visit(away(client), dara))
    app.extensions["openid_client"].known = {
        **app.extensions["openid_client"].known,
        "token_endpoint": "http://127.0.0.1:1/token",
    }
    refused(client, client.get(back), NO_ANSWER)
    assert sign_in(client, DARA).status_code == 302, "passwords go on working"


def test_at_start_nobody_is_asked(settings: Settings, provider: Provider) -> None:
    app = create_app(with_provider(settings, "http://127.0.0.1:1"))
    client = app.test_client()
    assert "Kingdom ID" in client.get("/en/account/sign-in").text
    refused(client, client.get(OUT), NO_ANSWER)
    with app.app_context():
        db.engine.dispose()


def test_no_more_wait_for_a_provider_than_may(app: Flask, client: FlaskClient, provider: Provider, dara: str) -> None:
    calls = app.extensions["openid_client"].calls
    while calls.acquire(blocking=False):
        pass
    refused(client, client.get(OUT), NO_ANSWER)


FOREIGN = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/\t/evil.example", " //evil.example", "http:evil.example", "evil", "/%5cevil.example/../..//evil.example\n", "",
)  # fmt: skip


def test_a_name_or_an_address_that_no_store_can_hold_breaks_nothing(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    for email in (
        "dara\0@company.example",
        "\ud800@company.example",
        "a" * 2_000 + "@company.example",
        "ｄara@company.example",
    ):
        refused(client, come(client, provider, provider.knows("odd", email)), "no verified email")
    for subject in ("\0", "ក", "a" * 256):
        with provider.erring(claims={"sub": subject}, userinfo={"sub": subject}):
            refused(client, come(client, provider, dara), AGAIN)
    provider.knows(dara, DARA, name="x" * 100_000 + "\0")
    long = "/en/account/?" + "q" * 1_400
    assert come(client, provider, dara, next=long).headers["Location"] == long
    assert come(reader(app), provider, dara, next=long * 2).headers["Location"] == "/en/account/start"


def test_new_keys_are_read_when_a_token_is_signed_with_one(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    app.extensions["openid_client"].keys = KeySet([RSAKey.generate_key(2048, {"kid": "of last year"})])
    assert come(client, provider, dara).headers["Location"] == "/en/account/start"


def test_nobody_is_led_out_of_the_portal(app: Flask, provider: Provider, dara: str) -> None:
    for wanted in FOREIGN:
        browser = app.test_client()
        assert come(browser, provider, dara, next=wanted).headers["Location"] == "/en/account/start", wanted


def test_a_foreign_page_begins_no_sign_in(app: Flask, client: FlaskClient, dara: str) -> None:
    for origin, leads_out in (("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)):
        where = client.get(OUT, headers={"Sec-Fetch-Site": origin}).headers["Location"]
        assert where.startswith("http://127.0.0.1") == leads_out, origin


def test_who_is_signed_in_need_not_sign_in(app: Flask, client: FlaskClient, dara: str) -> None:
    assert client.get(f"{OUT}?for=again").headers["Location"] == "/en/account/start"
    sign_in(client, DARA)
    assert client.get(OUT).headers["Location"] == "/en/account/start"


def test_wrong_answers_are_counted_and_right_ones_are_not(
    app: Flask, client: FlaskClient, provider: Provider, dara: str
) -> None:
    come(client, provider, dara)
    with app.app_context():
        assert set(db.session.scalars(sa.select(Attempt.tries))) <= {0}
    browser = app.test_client()
    for _ in range(100):
        state = asked(away(browser))["state"]
        browser.get(f"/account/provider/back?state={state}&error=x")
    state = asked(away(browser))["state"]
    assert browser.get(f"/account/provider/back?state={state}&error=x").status_code == 429


def test_where_no_provider_is_set_there_is_nothing_of_it(settings: Settings, provider: Provider) -> None:
    app = create_app(replace(settings, identity_provider=None))
    with app.app_context():
        person(DARA)
    client = app.test_client()
    for address in (OUT, "/account/provider/back", "/km/account/provider/remove"):
        assert client.get(address).status_code == 404, address
    pages = [client.get("/en/account/sign-in").text]
    sign_in(client, DARA)
    pages += [client.get(address).text for address in ("/en/account/", "/en/account/again")]
    assert not any("provider" in page for page in pages)
    with app.app_context():
        db.engine.dispose()
