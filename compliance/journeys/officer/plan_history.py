"""Who did what to a plan, in sentences."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, show_date
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import reader
from compliance.store.people import names_of
from compliance.store.plans import plan_history

CHANGED = {"action": _l("what is done"), "responsible": _l("who"), "due_on": _l("the day")}


@dataclass(frozen=True)
class Happening:
    """One act on the plan."""

    at: datetime
    who: str
    text: str


def happenings(session: Session, desk: Desk) -> list[Happening]:
    """The newest first."""
    entries = plan_history(session, desk.assessment.id)
    names = names_of(session, {entry.actor_id for entry in entries if entry.actor_id})
    return [
        Happening(entry.at, names.get(entry.actor_id or 0, ""), _sentence(desk, entry.tag, json.loads(entry.content)))
        for entry in entries
    ]


def _sentence(desk: Desk, tag: str, content: Mapping[str, Any]) -> str:
    act, what = tag.rpartition(":")[2], _what(desk, content)
    if act == "planned":
        return str(_("Planned: %(step)s, by %(day)s.", step=what, day=_day(content)))
    if act == "plan_changed":
        changed = ", ".join(str(CHANGED[name]) for name in content["changed"])
        return str(_("Changed: %(step)s (%(parts)s).", step=what, parts=changed))
    ticks = {
        "plan_done": _("Ticked: %(step)s.", step=what),
        "plan_reopened": _("Took the tick back: %(step)s.", step=what),
        "plan_dropped": _("Removed: %(step)s.", step=what),
    }
    return str(ticks[act]) if act in ticks else _several(desk, act, content)


def _several(desk: Desk, act: str, content: Mapping[str, Any]) -> str:
    """What was done to several steps at once."""
    if act == "plan_made":
        count = km_digits(len(content["questions"]))
        return str(
            _("Made the way to %(level)s the plan. New steps: %(count)s.", level=_level(desk, content), count=count)
        )
    count = km_digits(content["steps"])
    return str(_("Open steps carried over from the assessment before: %(count)s.", count=count))


def _what(desk: Desk, content: Mapping[str, Any]) -> str:
    with suppress(KeyError):
        return desk.edition.question(content["question"]).title[reader()]
    return str(_("A step of your own"))


def _day(content: Mapping[str, Any]) -> str:
    return show_date(date.fromisoformat(content["due_on"]))


def _level(desk: Desk, content: Mapping[str, Any]) -> str:
    return next((level.title[reader()] for level in desk.edition.levels if level.id == content["level"]), "")
