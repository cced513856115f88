"""The Ministry says where to report harm: the lines of the help strip, saved as one list that is never empty."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import astuple, replace
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.reporting import is_telephone
from compliance.domain.roles import Actor, Role
from compliance.settings import HOTLINES, Hotline
from compliance.store.audit import canonical, hold_tail, record
from compliance.store.hotlines import LONGEST_NAME, LONGEST_TEL, LONGEST_TEXT, LONGEST_URL, HotlineRow, hotline_rows
from compliance.store.people import rights_now
from compliance.store.register import bump

MOST = 6
DIALLED = re.compile(r"[^0-9+]")
Lines = tuple[Hotline, ...]


def usable(line: Hotline) -> bool:
    """Whether a line can be shown: a name in both languages, and one way that works."""
    return bool(line.name_km and line.name_en) and (is_number(line.tel) if line.tel else is_address(line.url))


def is_number(text: str) -> bool:
    return is_telephone(text) and len(text) <= LONGEST_TEL


def is_address(text: str) -> bool:
    """A page of the web that a browser opens: no other scheme, no name and password in it."""
    try:
        parts = urlsplit(text)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        return named and "." in (parts.hostname or "") and parts.port != 0 and text.isprintable() and " " not in text
    except ValueError:
        return False


def lines_of(rows: Sequence[Hotline | HotlineRow]) -> Lines:
    """What the strip shows of rows; the portal's own list where none can be shown."""
    found = [Hotline(one.name_km, one.name_en, one.text_km, one.text_en, one.tel, one.url) for one in rows]
    return tuple(line for line in found if usable(line)) or HOTLINES


def kept(session: Session) -> Lines:
    """The lines as they are saved now."""
    return lines_of(hotline_rows(session))


def version(lines: Lines) -> str:
    """By which a form says which list it was made of."""
    return hashlib.sha256(canonical([astuple(line) for line in lines]).encode()).hexdigest()[:16]


def put(session: Session, actor: Actor, seen: str, place: int, line: Hotline) -> None:
    """The line at `place` (from 1; one past the end adds it). Raises InvalidError beside the field, NotFoundError."""
    lines = _held(session, actor, seen)
    line = _checked(line)
    if not 1 <= place <= len(lines) + 1 or place > MOST:
        raise NotFoundError
    _save(session, actor, (*lines[: place - 1], line, *lines[place:]), lines)


def move_up(session: Session, actor: Actor, seen: str, place: int) -> None:
    """The line changes places with the one before it."""
    lines = list(_held(session, actor, seen))
    before = tuple(lines)
    if not 2 <= place <= len(lines):
        raise NotFoundError
    lines[place - 2 : place] = reversed(lines[place - 2 : place])
    _save(session, actor, tuple(lines), before)


def remove(session: Session, actor: Actor, seen: str, place: int) -> None:
    """Raises InvalidError for the last line: the strip is never empty."""
    lines = _held(session, actor, seen)
    if not 1 <= place <= len(lines):
        raise NotFoundError
    if len(lines) == 1:
        raise InvalidError("", "One line at least stays: every page shows where to get help.")
    _save(session, actor, (*lines[: place - 1], *lines[place:]), lines)


def _held(session: Session, actor: Actor, seen: str) -> Lines:
    """The list, held until the transaction ends. Raises InvalidError when it is not the one that was seen."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    hold_tail(session)
    lines = kept(session)
    if seen != version(lines):
        raise InvalidError("", "Somebody else changed the hotlines meanwhile. Look at them and save again.")
    return lines


def _checked(line: Hotline) -> Hotline:
    texts = {name: " ".join(getattr(line, name).split()) for name in ("name_km", "name_en", "text_km", "text_en")}
    line = replace(
        line, tel=DIALLED.sub("", line.tel) if is_number(line.tel) else line.tel.strip(), url=line.url.strip(), **texts
    )
    for name in ("name_km", "name_en"):
        if not 0 < len(texts[name]) <= LONGEST_NAME:
            raise InvalidError(name, "Enter the name in this language, at most %(most)s characters.", most=LONGEST_NAME)
    for name in ("text_km", "text_en"):
        if len(texts[name]) > LONGEST_TEXT or bool(texts["text_km"]) != bool(texts["text_en"]):
            raise InvalidError(
                name,
                "Write the short text in both languages or in none, at most %(most)s characters.",
                most=LONGEST_TEXT,
            )
    if bool(line.tel) == bool(line.url):
        raise InvalidError("tel", "Give a telephone number or a web address, one of the two.")
    if line.tel and not is_number(line.tel):
        raise InvalidError("tel", "Enter a telephone number, such as 1280 or 023 123 456.")
    if line.url and not (is_address(line.url) and len(line.url) <= LONGEST_URL):
        raise InvalidError("url", "Enter a web address that begins with https:// or http://.")
    return line


def _save(session: Session, actor: Actor, lines: Lines, before: Lines) -> None:
    moment = clock.now()
    session.execute(sa.delete(HotlineRow))
    for position, line in enumerate(lines, 1):
        row = {"position": position, "saved_by": actor.user_id, "saved_at": moment}
        words = {"name_km": line.name_km, "name_en": line.name_en, "text_km": line.text_km, "text_en": line.text_en}
        session.add(HotlineRow(tel=line.tel, url=line.url, **words, **row))
    session.flush()
    bump(session)
    told = {"before": [_told(line) for line in before], "lines": [_told(line) for line in lines]}
    record(session, moment, actor, "admin:hotlines:saved", "hotlines", 1, **told)


def _told(line: Hotline) -> str:
    return f"{line.name_en} ({line.name_km}): {line.tel or line.url}"
