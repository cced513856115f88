"""How things stand in the rooms of administrators, a line each: read before a room is opened."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.vital_signs import VitalSigns
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, show_datetime, show_number
from compliance.store.audit import head
from compliance.store.holidays import filled_years
from compliance.store.published_editions import open_drafts
from questionnaires import editions


def room_states(session: Session, signs: VitalSigns) -> Mapping[str, str]:
    """By endpoint; a room without one is told by what it is for."""
    return {
        "admin.editions": _editions(session),
        "admin.outbox": _("Waiting: %(waiting)s. Failed: %(failed)s.", **_mails(signs)),
        "admin.audit": _trail(session, signs),
        "admin.holidays": _holidays(session, signs),
    }


def _editions(session: Session) -> str:
    count = show_number(len(open_drafts(session)))
    return _("Edition %(edition)s is in force. Drafts: %(count)s.", edition=editions()[-1], count=count)


def _mails(signs: VitalSigns) -> dict[str, str]:
    return {"waiting": show_number(signs.mail.waiting), "failed": show_number(signs.mail.failed)}


def _trail(session: Session, signs: VitalSigns) -> str:
    count, read = show_number(head(session)[0]), signs.trail.read
    if read is None or signs.trail.broken:
        return _("Entries: %(count)s.", count=count)
    return _("Entries: %(count)s; whole when last read, %(when)s.", count=count, when=show_datetime(read.at))


def _holidays(session: Session, signs: VitalSigns) -> str:
    year = clock.day_of(signs.now).year
    years = [year, year + 1]
    filled = sorted(filled_years(session, years))
    return _("Entered: %(years)s.", years=", ".join(km_digits(year) for year in filled)) if filled else ""
