"""The demonstration's mailbox: what the portal mailed, to read in the browser. It does not exist in production."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, Flask, abort, render_template

from compliance.journeys.gate import settings
from compliance.journeys.language import PREFIX
from compliance.settings import Settings

mailbox = Blueprint("mailbox", __name__, url_prefix=f"{PREFIX}/mailbox")

NAME = re.compile(r"[0-9a-f]{32}")
LINK = re.compile(r"(https?://[^\s<>\"]+)")
MOST = 300


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it. `pieces` are text and links in turn."""

    name: str
    to: str
    subject: str
    lang: str
    at: datetime
    pieces: tuple[tuple[str, bool], ...]


def init(app: Flask, settings: Settings) -> None:
    """Registers the pages where they are wanted."""
    if settings.show_mailbox:
        app.register_blueprint(mailbox)


@mailbox.get("/")
def messages() -> str:
    by_recipient: dict[str, list[Mail]] = {}
    for mail in newest(_folder()):
        by_recipient.setdefault(mail.to, []).append(mail)
    return render_template("mailbox/messages.html", by_recipient=by_recipient)


@mailbox.get("/<name>")
def message(name: str) -> str:
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        abort(404)
    return render_template("mailbox/message.html", mail=read(path))


def _folder() -> Path:
    return settings().data_dir / "mailbox"


def newest(folder: Path) -> list[Mail]:
    """The newest mails, at the most `MOST`."""
    return sorted(map(read, folder.glob("*.eml")), key=lambda mail: mail.at, reverse=True)[:MOST]


def read(path: Path) -> Mail:
    """A mail from its file."""
    parsed = BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
    body = parsed.get_body(("plain",))
    sent = parsed["Date"]
    return Mail(
        name=path.stem,
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        lang=str(parsed["Content-Language"] or "km"),
        at=parsedate_to_datetime(str(sent)) if sent else datetime.fromtimestamp(path.stat().st_mtime, UTC),
        pieces=pieces(body.get_content() if body is not None else ""),
    )


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """The text cut at its links; a link to our own portal can be followed."""
    own = settings().public_url
    return tuple((part, part.startswith(f"{own}/") or part == own) for part in LINK.split(text) if part)
