"""When an award's term runs, when its renewal opens and on which days the company is reminded."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class RenewalRules:
    """Figures of an edition, in days; the ministry may change them with a new edition."""

    opens_before: int
    remind_before: tuple[int, ...]
    remind_after: tuple[int, ...]
    grace: int

    def offsets(self) -> tuple[int, ...]:
        """Days relative to the last day of the award on which a reminder is due; negative is before it."""
        return (*(-days for days in self.remind_before), *self.remind_after)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of a shorter month (29 February + 12 months is 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(starts: date, validity_months: int) -> date:
    """The last day of a term that starts on `starts`: the day before its anniversary."""
    return add_months(starts, validity_months) - timedelta(days=1)


def new_start(approved_on: date, old_ends: date | None, opens_before: int) -> date:
    """No lost time: a renewal approved inside the window starts the day after the old award ends."""
    if old_ends is not None and old_ends - timedelta(days=opens_before) <= approved_on <= old_ends:
        return old_ends + timedelta(days=1)
    return approved_on
