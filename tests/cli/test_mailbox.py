"""The demonstration's mail server keeps what it gets; its pages show it, and do not exist elsewhere."""

import smtplib
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from compliance.app import create_app
from compliance.cli import mailbox
from compliance.settings import Mode, Settings
from tests.conftest import settings_for
from tests.jobs.world import free_port


def send(port: int, message_id: str = "<1@portal.example>") -> None:
    message = EmailMessage()
    message["From"], message["To"] = "portal@portal.example", "sokha@company.example"
    message["Subject"], message["Message-ID"] = "ពានរង្វាន់ <b>", message_id
    message["Content-Language"] = "km"
    message.set_content("សូមចុច http://localhost/km/ មិនមែន https://elsewhere.example/ <script>\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        server.send_message(message)


@pytest.fixture
def shown(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite'}")
    return replace(settings, show_mailbox=True)


def test_a_mail_is_kept_once_and_read_in_the_browser(shown: Settings) -> None:
    port = free_port()
    server = mailbox.start(shown.data_dir / "mailbox", port)
    try:
        send(port)
        send(port)
        send(port, "<2@portal.example>")
    finally:
        server.stop()
    client = create_app(shown).test_client()
    found = client.get("/en/mailbox/")
    assert found.status_code == 200
    assert found.text.count("ពានរង្វាន់ &lt;b&gt;") == 2
    name = next((shown.data_dir / "mailbox").glob("*.eml")).stem
    page = client.get(f"/en/mailbox/{name}").text
    assert 'href="http://localhost/km/"' in page
    assert 'href="https://elsewhere.example/"' not in page
    assert "&lt;script&gt;" in page
    assert client.get("/km/mailbox/../../secret").status_code == 404
    assert client.get(f"/km/mailbox/{'0' * 32}").status_code == 404


def test_it_does_not_exist_where_it_is_not_wanted(shown: Settings) -> None:
    client = create_app(replace(shown, show_mailbox=False)).test_client()
    assert client.get("/en/mailbox/").status_code == 404


def test_production_never_shows_it(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "PORTAL_MODE": Mode.PRODUCTION,
            "SECRET_KEY": "k" * 40,
            "PUBLIC_URL": "https://portal.example",
            "SMTP_URL": "smtp://mail.example",
            "MAIL_FROM": "a@portal.example",
            "PORTAL_DATA": str(tmp_path),
        }
    )
    assert not settings.show_mailbox
