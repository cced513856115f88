"""Everything that waits for a reviewer as lines of one list: assessments, change requests, spot checks."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.working_days import add_working_days, working_days_until
from compliance.journeys.working_days import holidays_now
from compliance.store.changes import ChangeRequest, open_changes
from compliance.store.companies import Company
from compliance.store.review_queue import CaseRow, Signs, case_rows, reopened_by_appeal, replies_due, signs_seen
from compliance.store.rule_changes import RuleHistory, rule_history
from compliance.store.second_scorings import blind_cases
from compliance.store.spot_checks import SpotCheck, open_checks
from questionnaires import Edition, current, edition

What = Literal["assessment", "change", "spot_check"]
Place = Literal["mine", "free", "waiting", "others"]
INCIDENT_DAYS = 365


@dataclass(frozen=True)
class Item:
    """One line. `days` are working days to `due_on`, negative when late; where a company is asked, to the day of its
    reply. `points` are those claimed; a change request and a spot check claim none. `asked` are answers to rule on or
    looked at, `questions` those that the company was asked about."""

    what: What
    id: int
    place: Place
    company_id: int
    name_km: str
    name_latin: str
    kinds: tuple[str, ...]
    province: str
    edition: str
    came: date
    due_on: date | None
    days: int | None
    level: str | None = None
    points: Decimal | None = None
    signs: tuple[str, ...] = ()
    renews: bool | None = None
    state: State | None = None
    reopened: bool = False
    holder_id: int | None = None
    version: int = 0
    asked: int = 0
    questions: int = 0
    reply_by: date | None = None
    answered: bool = False
    blind: bool = False
    """It is scored twice, and whoever looks does not hold it: nothing is told of how it goes."""

    @property
    def held(self) -> bool:
        """Whether somebody else has the next word."""
        return self.place == "waiting" or self.state is State.CLARIFYING

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0 and not self.held

    @cached_property
    def risk(self) -> int:
        """What its signs weigh under its edition."""
        return sum(sign.weight for sign in edition(self.edition).rules.risk.signs if sign.id in self.signs)

    @property
    def high(self) -> bool:
        return bool(self.signs) and self.risk >= edition(self.edition).rules.risk.high_from


class Days:
    """Working days from today, each date counted once however many lines fall on it."""

    def __init__(self) -> None:
        self.today, self.off = clock.today(), holidays_now()
        self._left: dict[date, int] = {}
        self._after: dict[tuple[date, int], date] = {}

    def left(self, due: date) -> int:
        if due not in self._left:
            self._left[due] = working_days_until(self.today, due, self.off)
        return self._left[due]

    def after(self, start: date, days: int) -> date:
        if (start, days) not in self._after:
            self._after[start, days] = add_working_days(start, days, self.off)
        return self._after[start, days]


def reviewers_items(session: Session, person_id: int) -> list[Item]:
    """All that is with the reviewers, as one of them sees it; in no order."""
    days, signs = Days(), signs_seen(session, clock.now() - timedelta(days=INCIDENT_DAYS))
    due, reopened = replies_due(session), reopened_by_appeal(session)
    cases = case_rows(session, State.SUBMITTED, State.IN_REVIEW, State.CLARIFYING, State.RECOMMENDED)
    items = case_items(session, cases, person_id, days, signs, due)
    items = [replace(item, reopened=item.id in reopened and item.place == "free") for item in items]
    rules = rule_history(session)
    items += [_change(one, days, rules) for one in open_changes(session)]
    return items + [_check(one, person_id, days, signs, rules) for one in open_checks(session)]


def case_items(
    session: Session,
    cases: Sequence[CaseRow],
    person_id: int,
    days: Days,
    signs: Signs,
    due: Mapping[int, tuple[date, int]],
    place: Callable[[CaseRow, int], Place] | None = None,
) -> list[Item]:
    """Of one that is scored twice, only who holds it reads that the company is asked and how much is ruled."""
    hidden = blind_cases(session, [row.id for row in cases if row.reviewer_id != person_id])
    shown = [row._replace(state=State.IN_REVIEW) if _is_asked(row, hidden) else row for row in cases]
    where = place or place_of
    items = []
    for row in shown:
        reply = None if row.id in hidden else due.get(row.id)
        items.append(replace(case_item(row, where(row, person_id), days, signs, reply), blind=row.id in hidden))
    return items


def _is_asked(row: CaseRow, hidden: Collection[int]) -> bool:
    return row.id in hidden and row.state is State.CLARIFYING


def place_of(row: CaseRow, person_id: int) -> Place:
    """Where a reviewer finds an assessment; one that waits for a company or an approver is nobody's turn here."""
    if row.reviewer_id is None or row.state is State.SUBMITTED:
        return "free"
    if row.reviewer_id != person_id:
        return "others"
    return "mine" if row.state is State.IN_REVIEW else "waiting"


def case_item(row: CaseRow, place: Place, days: Days, signs: Signs, reply: tuple[date, int] | None = None) -> Item:
    claimed = row.claimed or {}
    return Item(
        what="assessment",
        id=row.id,
        place=place,
        company_id=row.company_id,
        name_km=row.name_km,
        name_latin=row.name_latin,
        kinds=tuple(row.kinds),
        province=row.province,
        edition=row.edition,
        came=clock.day_of(row.submitted_at or clock.now()),
        due_on=row.due_on,
        days=days.left(due) if (due := reply[0] if reply else row.due_on) else None,
        level=claimed.get("level"),
        points=Decimal(claimed["points"]) if claimed else None,
        signs=_signs(edition(row.edition), claimed.get("signs", ()), signs.of(row.company_id)),
        renews=row.renews,
        state=row.state,
        holder_id=row.reviewer_id,
        version=row.version,
        asked=claimed.get("asked", 0),
        questions=reply[1] if reply else 0,
        reply_by=reply[0] if reply else None,
    )


def _signs(code: Edition, frozen: Iterable[str], seen: set[str]) -> tuple[str, ...]:
    """In the edition's order: those of the submission, and those that have come up since."""
    known = set(frozen)
    return tuple(sign.id for sign in code.rules.risk.signs if sign.id in known or sign.seen in seen)


def _change(one: ChangeRequest, days: Days, rules: RuleHistory) -> Item:
    asked = clock.day_of(one.asked_at)
    due = days.after(asked, rules.at(current().id, one.asked_at).review.change_request_working_days)
    return Item(
        **_company(one.company),
        what="change",
        id=one.id,
        place="free",
        edition=current().id,
        came=asked,
        due_on=due,
        days=days.left(due),
    )


def _check(one: SpotCheck, person_id: int, days: Days, signs: Signs, rules: RuleHistory) -> Item:
    came = clock.day_of(one.opened_at)
    begin = rules.at(one.award.edition, one.opened_at).spot_checks.begin_working_days
    due = one.answer_due_on or days.after(came, begin)
    return Item(
        **_company(one.company),
        what="spot_check",
        id=one.id,
        place=_check_place(one, person_id, days),
        edition=one.award.edition,
        came=came,
        due_on=due,
        days=days.left(due),
        level=one.award.level,
        signs=_signs(edition(one.award.edition), (), signs.of(one.company_id)),
        holder_id=one.checker_id,
        asked=len(one.questions),
        reply_by=one.answer_due_on,
        answered=one.replied_at is not None,
    )


def _check_place(one: SpotCheck, person_id: int, days: Days) -> Place:
    """Told and not answered in time, it is the company's turn."""
    if one.checker_id is None:
        return "free"
    if one.checker_id != person_id:
        return "others"
    due = one.answer_due_on
    replied = one.replied_at is not None and (one.found_at is None or one.replied_at > one.found_at)
    waits = one.told_at is not None and not replied and due is not None and days.left(due) >= 0
    return "waiting" if waits else "mine"


def _company(company: Company) -> dict[str, Any]:
    return {
        "company_id": company.id,
        "name_km": company.name_km,
        "name_latin": company.name_latin,
        "kinds": tuple(company.kinds),
        "province": company.province,
    }
