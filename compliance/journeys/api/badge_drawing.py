"""Draws a badge: SVG of at most 8 KB that fetches nothing and brings its letters along."""

import base64
import hashlib
import json
import logging
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from flask import current_app
from markupsafe import Markup

from certificates import emblem
from certificates.fitting import fit, whole_on_two
from compliance.bounded.runner import BusyError, CrashedError, TooHeavyError, ask
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys.language import KHMER

log = logging.getLogger(__name__)

LARGEST, SPARE = 8_192, 120
"""Bytes of a badge, and of them what a name on two lines takes more."""
LETTERS = "static/fonts"
WIDTH = 224
NAME, NAME_ON_TWO = 14.0, (11.5, 10.0, 9.0)
LINES = MappingProxyType(
    {"award": (11.5, WIDTH), "level": (19.0, WIDTH), "state": (12.5, WIDTH - 14), "ministry": (11.0, WIDTH)}
)
"""The largest size of each line, and how wide it may be, in pixels."""
FAMILIES = {KHMER: "B,Kantumruy Pro,Noto Sans Khmer,sans-serif", "en": "B,Arial,Helvetica,sans-serif"}
LIGHT = MappingProxyType(
    {"ground": "#FFFDF8", "ink": "#1E2042", "soft": "#575471", "edge": "#C9B98F", "rule": "#E3D8C3"}
)
DARK = MappingProxyType(
    {"ground": "#171942", "ink": "#FFFAF0", "soft": "#C9C6E6", "edge": "#4A4D86", "rule": "#4A4D86"}
)


@dataclass(frozen=True)
class Badge:
    """What a badge says, in one language; `emblem` is the id of the level."""

    lang: str
    award: str
    ministry: str
    company: str
    emblem: str
    level: str
    standing: Standing
    standing_name: str
    state: str

    @property
    def on(self) -> bool:
        return self.standing in IN_FORCE


def draw(said: Badge, *, dark: bool) -> str:
    """Level, company and the day until which it counts; a badge that no longer holds says so first, and in grey."""
    headline = said.level if said.on else said.standing_name
    lines = {"award": said.award, "level": headline, "state": said.state, "ministry": said.ministry}
    given: dict[str, Any] = {
        "lang": said.lang,
        "title": f"{said.level}: {said.standing_name} · {said.state}",
        "emblem": Markup(emblem.compact(said.emblem if said.emblem in emblem.SCREEN else "committed")),  # noqa: S704
        "family": FAMILIES[said.lang],
        "on": said.on,
        "mark": "dot" if said.on else "square" if said.standing is Standing.SUSPENDED else "frame",
        "c": _colours(on=said.on, dark=dark),
    }
    template = current_app.jinja_env.get_template("public/badge.svg")
    if said.lang != KHMER:
        return template.render(given, letters=_latin()[0], hem=True, **_set_in_latin(lines, said.company))
    bare = [len(template.render(given, letters="@", hem=hem, **_as_given(lines, "")).encode()) for hem in (True, False)]
    rooms = tuple(LARGEST - SPARE - size for size in bare)
    hem, setting, letters = _set_in_khmer(tuple(lines.items()), said.company, rooms)
    return template.render(given, letters=Markup(letters), hem=hem, **setting)  # noqa: S704


def policy(drawn: str) -> str:
    """What the picture may do when it is opened alone: nothing but show its letters."""
    style = re.search("<style>(.*?)</style>", drawn)
    if style is None:
        return "default-src 'none'"
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    return f"default-src 'none'; font-src data:; style-src 'sha256-{digest}'"


def _colours(*, on: bool, dark: bool) -> dict[str, str]:
    page = DARK if dark else LIGHT
    state = ("#9FDCC2", "#F3B5C6") if dark else ("#14523E", "#8C2448")
    if not on:
        side = "#2C2E52" if dark else "#E9E5DA"
        faded = {"level": state[1], "state": state[1], "side": side, "thread": "#8E8BA8", "cloth": "#B9B5CF"}
        return {**page, **faded}
    level, side = ("#F2D28B", "#232660") if dark else ("#232660", "#171942")
    return {**page, "level": level, "state": state[0], "side": side, "thread": "#E0A62E", "cloth": "#C4557C"}


def _words(lines: dict[str, str], sizes: list[float]) -> dict[str, Any]:
    return {name: {"text": text, "size": size} for (name, text), size in zip(lines.items(), sizes, strict=True)}


def _set_in_latin(lines: dict[str, str], company: str) -> dict[str, Any]:
    sizes = [fit(text, *LINES[name], _ems) for name, text in lines.items()]
    on_one = fit(company, NAME, WIDTH, _ems) == NAME
    words = re.split("(?<= )", company)
    name, size = ([company], NAME) if on_one else whole_on_two(words, NAME_ON_TWO, WIDTH, _ems)
    return {"words": _words(lines, sizes), "name": name, "name_size": size}


def _ems(text: str) -> float:
    """Latin letters; one that our font lacks is taken for a wide one."""
    widths = _latin()[1]
    return sum(widths.get(letter, widths["W"]) for letter in text)


@cache
def _latin() -> tuple[Markup, dict[str, float]]:
    """The style with the letters of every English badge, and their widths (`python -m certificates letters`)."""
    folder = Path(current_app.root_path, LETTERS)
    font = (folder / "badge-latin-600.woff2").read_bytes()
    style = Markup(STYLE % base64.b64encode(font).decode())  # noqa: S704
    return style, json.loads((folder / "badge-latin-600.json").read_text())


def _as_given(lines: dict[str, str], company: str) -> dict[str, Any]:
    sizes = [LINES[name][0] for name in lines]
    return {"words": _words(lines, sizes), "name": [company], "name_size": NAME}


Lines = tuple[tuple[str, str], ...]
STYLE = "<style>@font-face{font-family:B;src:url(data:font/woff2;base64,%s)}</style>"
_one_at_a_time = Lock()


def _set_in_khmer(lines: Lines, company: str, rooms: tuple[int, ...]) -> tuple[bool, dict[str, Any], str]:
    """Whether there is room for the hem, how the words are set, and the style with their letters; without letters where
    they cannot be made now."""
    try:
        with _one_at_a_time:
            return _letters(lines, company, rooms)
    except (BusyError, CrashedError, TooHeavyError):
        log.exception("a badge goes out without its letters")
        return True, _as_given(dict(lines), company), ""


@lru_cache(maxsize=512)
def _letters(lines: Lines, company: str, rooms: tuple[int, ...]) -> tuple[bool, dict[str, Any], str]:
    """Made once for the same words, in a process of its own."""
    request = {
        "lines": [(text, *LINES[name]) for name, text in lines],
        "name": (company, NAME, NAME_ON_TWO, WIDTH),
        "rooms": [room - len(STYLE) for room in rooms],
    }
    told, font = ask("compliance.bounded.badge_letters", request)
    setting = {"words": _words(dict(lines), told["sizes"]), "name": told["name"], "name_size": told["size"]}
    return told["room"] == 0, setting, STYLE % base64.b64encode(font).decode() if font else ""
