"""Every page, read by all whose it is: no fault, no trace, the right headers, hostile names only as text, and nobody's
answers scored twice."""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from compliance.journeys.headers import POLICY
from tests.house_rules.town import AT_HOME, HOSTILE, HOSTILE_2, Town, is_theirs
from tests.scored import scored, twice

MEANS_HARM = ((HOSTILE, "approved"), (HOSTILE, ""), (HOSTILE_2, ""))
READ_HARM = {"anonymous", HOSTILE, HOSTILE_2, "reviewer", "reviewer2", "approver", "observer"}
RAW = ("<script>alert", "<img src=x", "' /C calc'!A0 <script", "alert(7)</script> 49", "alert(8)</script> 64")
MARKUP = {"text/html", "image/svg+xml", "application/atom+xml"}


def pages(town: Town, visitor: str) -> Iterator[str]:
    """The addresses that are this visitor's, with everything they have to do with and with what means harm."""
    home = AT_HOME[visitor]
    for company, state in dict.fromkeys((*home, *MEANS_HARM) if visitor in READ_HARM else home):
        things = town.things(company, state)
        for endpoint in town.rules("GET"):
            if is_theirs(endpoint, visitor):
                yield town.address(endpoint, things)


@pytest.mark.parametrize("visitor", sorted(AT_HOME))
def test_reading_leaves_no_trace_and_no_fault(town: Town, visitor: str) -> None:
    """In both languages; names, answers and file names that would be markup or templates are only text."""
    met = False
    for address in pages(town, visitor):
        with town.untouched(visitor, f"reading {address}"):
            answer = town.get(visitor, address)
            assert answer.status_code < 500, f"{visitor} {address} {answer.status_code}"
            check_headers(address, answer.headers, visitor)
            met |= shows_harm(answer)
            if address.startswith("/en/"):
                with scored() as seen:
                    other = town.get(visitor, f"/km{address[3:]}")
                assert not twice(seen), f"{visitor} {address} scores the same answers more than once"
                assert other.status_code == answer.status_code, other.request.path
                said_in_khmer = b'<html lang="km"' in other.data
                assert said_in_khmer or other.location or other.mimetype != "text/html", other.request.path
                met |= shows_harm(other)
    assert met or visitor not in READ_HARM - {"observer"}, "the sweep did not reach a page with the name"


def shows_harm(answer: TestResponse) -> bool:
    """Whether a page shows a name that means harm, which it may as text alone."""
    if answer.mimetype not in MARKUP:
        return False
    found = [raw for raw in RAW if raw in answer.text]
    assert not found, f"{answer.request.path}: {found}"
    return "&lt;script&gt;alert" in answer.text


def test_every_page_is_read_on_postgresql_too(town_on_postgresql: Town) -> None:
    """The journeys' own tests run on SQLite; what a page asks the database must suit both. One reader a page."""
    town, seen = town_on_postgresql, set[str]()
    for visitor, home in AT_HOME.items():
        for company, state in home:
            things = town.things(company, state)
            asked = {town.address(name, things) for name in town.rules("GET") if is_theirs(name, visitor)} - seen
            answers = {address: town.get(visitor, address).status_code for address in sorted(asked)}
            assert max(answers.values(), default=200) < 500, answers
            seen |= asked


def check_headers(address: str, headers: object, visitor: str) -> None:
    """Nothing is framed, guessed, cached for others or run from elsewhere."""
    sent = dict(headers)  # type: ignore[call-overload]
    policy = sent["Content-Security-Policy"]
    assert "unsafe" not in policy, address
    assert policy == POLICY or "default-src 'none'" in policy, address
    assert sent["X-Content-Type-Options"] == "nosniff", address
    assert sent["X-Frame-Options"] == "DENY", address
    assert sent["Referrer-Policy"] in {"same-origin", "no-referrer"}, address
    assert "Server" not in sent
    if visitor != "anonymous" and not address.startswith("/static/") and sent["Content-Type"].startswith("text/html"):
        assert sent["Cache-Control"] == "no-store", address
