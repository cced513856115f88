"""A browser's way through the provider and back, and what the portal is told of the provider."""

from dataclasses import replace
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance.settings import IdentityProvider, Settings
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider

OUT = "/en/account/provider"
DARA = "dara@company.example"


def with_provider(settings: Settings, issuer: str) -> Settings:
    known = IdentityProvider(issuer, CLIENT_ID, CLIENT_SECRET, "ឆ្លងដែន", "Kingdom ID", frozenset({"amr=mfa"}))
    return replace(settings, identity_provider=known)


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def away(client: FlaskClient, address: str = OUT, **query: str) -> str:
    """Where the portal sends the browser."""
    answer = client.get(address, query_string=query)
    assert answer.status_code == 302
    return answer.headers["Location"]


def come(client: FlaskClient, provider: Provider, subject: str, address: str = OUT, **query: str) -> TestResponse:
    """All the way: to the provider, signed in there as `subject`, and back."""
    return client.get(local(provider.visit(away(client, address, **query), subject)))


def refused(client: FlaskClient, answer: TestResponse, words: str) -> None:
    """Led back to a page that says why; nobody is signed in."""
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert words in page.text, page.text
    assert client.get("/en/account/").status_code == 302, "nobody is signed in"
