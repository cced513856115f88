"""Alive, ready, and figures for this machine alone."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.settings import Settings
from compliance.store.base import db

pytestmark = pytest.mark.both_databases


def test_alive_and_ready(client: FlaskClient) -> None:
    for address in ("/healthz", "/readyz"):
        response = client.get(address)
        assert (response.status_code, response.text) == (200, "ok\n")
        assert response.headers["Cache-Control"] == "no-store"


def test_not_ready_on_an_older_schema(app: Flask, client: FlaskClient) -> None:
    with (
        app.app_context(),
        db.engine.connect().execution_options(portal_writing=True) as connection,
        connection.begin(),
    ):
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "migrate" in response.text
    assert client.get("/healthz").status_code == 200


def test_not_ready_without_storage(client: FlaskClient, settings: Settings) -> None:
    settings.files_dir.parent.mkdir(exist_ok=True)
    Path(settings.files_dir).write_text("a file where the folder should be")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "storage" in response.text


def test_not_ready_without_a_database(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise sa.exc.OperationalError("connect", {}, Exception("gone"))

    monkeypatch.setattr("compliance.store.schema_version.current", refuse)
    assert client.get("/readyz").status_code == 503


def test_figures_are_for_this_machine(client: FlaskClient, numbers: dict[str, str]) -> None:
    text = client.get("/metrics").text
    assert 'portal_awards_in_force{level="gold"} 3' in text
    assert all(len(line.split(" ")) == 2 for line in text.splitlines())
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": ""}).status_code == 404
