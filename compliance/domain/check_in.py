"""The look at an award in the middle of its term: when it is due, when it opens, and from when it counts as late."""

from dataclasses import dataclass
from datetime import date, timedelta

from compliance.domain.renewal import add_months


@dataclass(frozen=True)
class CheckInRules:
    """Figures of an edition: months between check-ins, days around each."""

    every_months: int
    remind_before: tuple[int, ...]
    remind_after: tuple[int, ...]
    late_after: int

    def due_days(self, starts: date, ends: date) -> tuple[date, ...]:
        """The days on which check-ins of a term are due; the term's own end is none."""
        found, number = list[date](), 1
        while (due := add_months(starts, self.every_months * number)) < ends:
            found.append(due)
            number += 1
        return tuple(found)

    def opens_on(self, due: date) -> date:
        """The first day on which it can be sent: that of the first reminder."""
        return due - timedelta(days=max(self.remind_before, default=0))

    def latest_open(self, today: date) -> date:
        """The last due day of a check-in that is open today; some days more do no harm where months differ."""
        return today + timedelta(days=max(self.remind_before, default=0) + 3)

    def late_from(self, due: date) -> date:
        """The first day on which it counts as late."""
        return due + timedelta(days=self.late_after + 1)

    def unchecked_from(self, checked: date) -> date:
        """The first day on which a way to report that was tried on `checked` is no longer called checked."""
        return self.late_from(add_months(checked, self.every_months))

    def offsets(self) -> tuple[int, ...]:
        """Days relative to the due day on which a reminder falls due; negative is before it."""
        return tuple(sorted((*(-days for days in self.remind_before), *self.remind_after)))


def full_months(day: date) -> tuple[date, date]:
    """First and last day of the twelve whole months before the one in which `day` stands."""
    begin = day.replace(day=1)
    return add_months(begin, -12), begin - timedelta(days=1)
