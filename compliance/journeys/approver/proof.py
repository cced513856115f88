"""No award without its certificate: the grant is tried, undone, its certificate drawn, and only then done.

The worker makes the sealed file later. A template that breaks, or a text that does not fit, is found before anything is
decided, outside every lock.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.orm import Session

from compliance.bounded.runner import BusyError, CrashedError, Sender, TooHeavyError, ask_in_turn
from compliance.domain.errors import InvalidError
from compliance.store.awards import Award, holding_certificate
from compliance.store.base import transaction
from compliance.store.certificate_marks import digests_in_use, mark_pictures

MODULE = "compliance.bounded.sample_certificate"


class _UndoneError(Exception):
    """Carries out of the transaction that is undone what would be printed."""

    def __init__(self, facts: str, marks: dict[str, bytes]) -> None:
        super().__init__()
        self.facts = facts
        self.marks = marks


def grant_once_drawn(grant: Callable[[Session], Award], sender: Sender) -> None:
    """Raises what `grant` raises, and InvalidError "drawing" or "busy" when its certificate could not be drawn now."""
    try:
        with transaction() as session:
            _try(session, grant)
    except _UndoneError as undone:
        _draw(undone, sender)
    with transaction() as session:
        grant(session)


def _try(session: Session, grant: Callable[[Session], Award]) -> NoReturn:
    facts = holding_certificate(session, grant(session).id).facts
    digests = digests_in_use(session)
    found = mark_pictures(session, digests.values())
    raise _UndoneError(facts, {name: found[sha256] for name, sha256 in digests.items()})


def _draw(undone: _UndoneError, sender: Sender) -> None:
    packed = {name: b64encode(picture).decode() for name, picture in undone.marks.items()}
    try:
        ask_in_turn(MODULE, {"facts": undone.facts, "marks": packed}, sender)
    except BusyError as error:
        raise InvalidError("act", "busy") from error
    except (CrashedError, TooHeavyError) as error:
        raise InvalidError("act", "drawing") from error
