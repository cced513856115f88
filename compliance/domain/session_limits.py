"""How long a signed-in browser stays signed in: staff briefly, company people a working week."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limits:
    """`idle` without a page opened, `absolute` since signing in, whichever comes first."""

    idle: timedelta
    absolute: timedelta

    def ends_at(self, started: datetime, seen: datetime) -> datetime:
        return min(seen + self.idle, started + self.absolute)


STAFF = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
COMPANY = Limits(idle=timedelta(hours=12), absolute=timedelta(days=7))
TOUCH_EVERY = timedelta(minutes=1)


def limits_for(*, staff: bool) -> Limits:
    return STAFF if staff else COMPANY
