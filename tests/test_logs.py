"""Every line of the log is one JSON object, and none tells who somebody is or what they typed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import logs
from compliance.store.base import db
from compliance.store.outbox import Notice
from tests.helpers import PASSWORD, company, person, post, sign_in

EMAIL, NAME, TYPED = "sokha.secret@company.example", "សុខា សម្ងាត់", "a private remark"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a process of ours would write to its standard error."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def parsed(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_pages_leave_no_person_in_the_log(app: Flask, client: FlaskClient, lines: io.StringIO) -> None:
    with app.app_context():
        firm = company(person(EMAIL, name=NAME), name_latin="Secret Firm").id
    client.post("/en/account/sign-in", data={"email": EMAIL, "password": "no token"})
    post(client, "/en/account/sign-in", {"email": EMAIL, "password": "wrong " + PASSWORD})
    post(client, "/en/account/reset", {"email": EMAIL})
    with app.app_context():
        link = str(db.session.scalars(sa.select(Notice.values)).one()["link"])
    client.get(link)
    sign_in(client, EMAIL)
    client.get(f"/en/company/{firm}")
    client.get(f"/en/register?q={NAME}")
    client.get(f"/en/nowhere/{NAME}?email={EMAIL}")
    post(client, f"/en/account/company/{firm}/people", {"email": "friend@else.example", "role": "owner"})
    told = parsed(lines)
    assert {line["path"] for line in told if "path" in line} >= {
        "/<lang>/account/sign-in", "/<lang>/account/reset/<token>", f"/<lang>/company/{firm}", "(no such page)",
    }  # fmt: skip
    everything = lines.getvalue()
    for secret in (EMAIL, NAME, "secret", "Secret", "friend", PASSWORD, link.rsplit("/", 1)[1], "@"):
        assert secret not in everything, secret


def test_a_fault_is_told_without_what_was_typed(app: Flask, client: FlaskClient, lines: io.StringIO) -> None:
    def broken() -> str:
        raise ValueError(f'{TYPED!r} from {EMAIL} is not "{NAME}"')

    app.view_functions["public.code"] = broken
    assert client.get("/en/code").status_code == 500
    [fault] = [line for line in parsed(lines) if line.get("error")]
    assert fault["error"] == "ValueError"
    assert any("broken" in frame for frame in fault["trace"])  # type: ignore[attr-defined]
    assert not {TYPED, EMAIL, NAME} & set(lines.getvalue().split("\n"))
    for secret in (TYPED, EMAIL, NAME):
        assert secret not in lines.getvalue(), secret


def test_a_database_says_nothing_of_its_rows(app: Flask, lines: io.StringIO) -> None:
    with app.app_context():
        try:
            db.session.execute(sa.text("SELECT :typed FROM nowhere"), {"typed": TYPED})
        except sa.exc.SQLAlchemyError:
            logging.getLogger("portal").exception("storage failed")
    [line] = parsed(lines)
    assert (line["said"], line["event"]) == ("", "storage failed")
    assert TYPED not in lines.getvalue()


def test_line_breaks_stay_inside_their_line(lines: io.StringIO) -> None:
    logging.getLogger("portal").warning("first\nsecond\u2028third %s", '"}\n{"level": "forged"}')
    [line] = parsed(lines)
    assert line["level"] == "warning"
