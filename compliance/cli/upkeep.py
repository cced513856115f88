"""Commands leave a note of what they did for the administrators' page."""

import sys
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from compliance import clock
from compliance.cli.app_context import application
from compliance.settings import Settings
from compliance.store.base import transaction
from compliance.store.upkeep import UpkeepKind, note_upkeep


def note(settings: Settings, kind: UpkeepKind, *, good: bool, **about: Any) -> None:
    """What cannot be noted is told; what was done stays done."""
    try:
        with application(settings), transaction() as session:
            note_upkeep(session, kind, clock.now(), good=good, **about)
    except SQLAlchemyError as error:
        print(f"The administrators' page does not know of it: {type(error).__name__}", file=sys.stderr)
