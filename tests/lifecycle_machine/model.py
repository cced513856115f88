"""What must be true, told a second time in plain Python: who is who, where an assessment is, how an award stands.

Nothing here reads the portal's rules: where the two disagree, one of them is wrong.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

ENDED = {"approved", "refused", "withdrawn"}
IN_FORCE = {"current", "expiring", "in_grace"}
LIVE = IN_FORCE | {"suspended", "waiting"}
MONTHS_AFTER_REVOKED = 12
PROPOSAL = timedelta(days=30)
TIE_MONTHS = 24


@dataclass
class Person:
    """An account; `roles` are its roles on the ministry's side, `domain` is where its mail goes."""

    id: int
    name: str
    domain: str
    roles: frozenset[str] = frozenset()


@dataclass
class Membership:
    """What a person is for a company, until the moment at which that ended."""

    id: int
    person: int
    company: int
    role: str
    ended: datetime | None = None


@dataclass
class HandedOver:
    """An ownership that changed hands: who gave it keeps their place while they can undo it, for a day."""

    company: int
    giver: int
    heir: int
    at: datetime
    overtaken: bool = False


@dataclass
class Company:
    """`name` is what the public reads; `manner` is how its people answer."""

    id: int
    slug: str
    name: str
    manner: str


@dataclass
class Assessment:
    """`steps`, `answers` and `rulings` count what changed: what a page showed is old when they went on.

    `unattested` says that an answer was changed since the last snapshot.
    """

    id: int
    company: int
    state: str = "draft"
    full: bool = False
    reviewer: int | None = None
    ruled_by: set[int] = field(default_factory=set)
    declared: dict[int, bool] = field(default_factory=dict)
    all_ruled: bool = False
    rounds: int = 0
    lapses_on: date | None = None
    unattested: bool = False
    level: str | None = None
    recommended_by: int | None = None
    digests: list[str] = field(default_factory=list)
    steps: int = 0
    answers: int = 0
    rulings: int = 0
    earlier: int | None = None
    claimed: str | None = None
    against: bool = False
    decisions: int = 0
    decided_on: date | None = None
    parts: set[int] = field(default_factory=set)

    @property
    def waits_again(self) -> bool:
        """Reopened by an appeal, and in nobody's hands."""
        return self.state == "in_review" and self.reviewer is None


@dataclass
class Award:
    """`ended` says how it ended and when; the days of its term are counted here, not taken over.

    `printed` is the name on the certificate that holds, `earlier` the numbers of those that it replaced.
    """

    id: int
    company: int
    assessment: int
    number: str
    printed: str
    starts: date
    ends: date
    counts_until: date
    suspended: bool = False
    ended: tuple[str, date] | None = None
    earlier: list[str] = field(default_factory=list)
    acts: int = 0
    last: tuple[str, datetime, int] | None = None
    parts: set[int] = field(default_factory=set)

    def acted(self, act: str, at: datetime, proposed_by: int, decided_by: int) -> None:
        """The last decision on it; `acts` counts them."""
        self.acts, self.last = self.acts + 1, (act, at, proposed_by)
        self.parts |= {proposed_by, decided_by}

    @property
    def begins(self) -> bool:
        return self.ended is None or self.ended[1] >= self.starts


@dataclass
class Proposal:
    """`closed` is what became of it, `closed_by` whoever said so."""

    id: int
    award: int
    act: str
    by: int
    at: datetime
    closed: str | None = None
    closed_by: int | None = None


@dataclass
class Change:
    """A name that an awarded company asks for."""

    id: int
    company: int
    by: int
    name: str
    closed: str | None = None
    closed_by: int | None = None


@dataclass(frozen=True)
class Vote:
    """Said once."""

    word: str
    at: datetime


@dataclass
class Appeal:
    """`about` is the decision contested: of a case or an award, its id, and which of its decisions."""

    id: int
    company: int
    case: int
    kind: str
    about: tuple[str, int, int]
    closed: str | None = None
    seats: dict[int, Vote | None] = field(default_factory=dict)
    shut_out: set[int] = field(default_factory=set)

    def voted(self, who: int) -> str | None:
        found = self.seats.get(who)
        return found.word if found else None


@dataclass
class Model:
    """All of it, at a moment."""

    now: datetime
    today: date
    people: dict[int, Person] = field(default_factory=dict)
    memberships: dict[int, Membership] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)
    assessments: dict[int, Assessment] = field(default_factory=dict)
    awards: dict[int, Award] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)
    handed: list[HandedOver] = field(default_factory=list)
    appeals: dict[int, Appeal] = field(default_factory=dict)

    def role_in(self, person: int, company: int) -> str | None:
        live = (m for m in self.memberships.values() if (m.person, m.company, m.ended) == (person, company, None))
        return next((m.role for m in live), None)

    def owners(self, company: int) -> list[Membership]:
        return [m for m in self.memberships.values() if (m.company, m.role, m.ended) == (company, "owner", None)]

    def day(self, moment: datetime) -> date:
        """In Phnom Penh, seven hours ahead of UTC."""
        return (moment + timedelta(hours=7)).date()

    def appeal_against(self, *about: object) -> Appeal | None:
        stands = (a for a in self.appeals.values() if a.about == about and a.closed != "withdrawn")
        return next(stands, None)

    def assessed_appeal(self, company: int) -> Appeal | None:
        """The one that may reopen an assessment, while it runs."""
        runs = (a for a in self.appeals.values() if a.company == company and not a.closed and a.kind != "act")
        return next(runs, None)

    def together(self, award: Award) -> list[Award]:
        """What the last act on an award changed with it, by first days."""
        same = [a for a in self.awards_of(award.company) if a.last and a.last == award.last]
        return sorted(same, key=lambda a: (a.starts, a.id))

    def parts_in(self, appeal: Appeal) -> set[int]:
        """Who had a hand in the assessment, or acted or wanted to act on its award."""
        awards = [a for a in self.awards.values() if a.assessment == appeal.case]
        return set().union(self.assessments[appeal.case].parts, *(a.parts for a in awards))

    def shut_out(self, case: Assessment) -> set[int]:
        """By appeals upheld: against its refusal, or against the level that the one before it gave."""
        upheld = [a for a in self.appeals.values() if a.closed == "upheld"]
        found = [a for a in upheld if (a.kind, a.case) == ("refusal", case.id)]
        earlier = case.earlier
        while earlier is not None:
            found += [a for a in upheld if (a.kind, a.case) == ("level", earlier)]
            before = self.assessments[earlier]
            earlier = before.earlier if before.state == "withdrawn" else None
        return set().union(*(a.shut_out for a in found))

    def moved(self, company: int, *people: int, owner: bool = False) -> None:
        """Places of these people changed: what was handed over by or to them before is not undone any more."""
        for one in self.handed:
            if one.company == company and (owner or {one.giver, one.heir} & set(people)):
                one.overtaken = True

    def may_undo(self, person: int, company: int) -> bool:
        """Whether this colleague gave the ownership away so lately that they can have it back."""
        mine = (one for one in self.handed if (one.company, one.giver) == (company, person) and not one.overtaken)
        return any(self.now < one.at + timedelta(days=1) for one in mine)

    def received(self, person: int, company: int) -> bool:
        """Whether somebody gave this owner the ownership, and can still have it back."""
        mine = (one for one in self.handed if (one.company, one.heir) == (company, person) and not one.overtaken)
        return any(self.now < one.at + timedelta(days=1) for one in mine)

    def tied(self, person: int, company: int) -> bool:
        """A colleague of now or of the last 24 months, whoever shares such a one's mail domain, or once said so."""
        recent = [m.person for m in self.memberships.values() if m.company == company and self._works(m)]
        domains = {self.people[one].domain for one in recent}
        told = any(a.declared.get(person) for a in self.assessments.values() if a.company == company)
        return person in recent or self.people[person].domain in domains or told

    def _works(self, membership: Membership) -> bool:
        """Now, or so lately that it still ties."""
        ended = membership.ended
        return ended is None or datetime.combine(months_after(ended.date(), TIE_MONTHS), ended.timetz()) > self.now

    def open_assessment(self, company: int) -> Assessment | None:
        running = (a for a in self.assessments.values() if a.company == company and a.state not in ENDED)
        return next(running, None)

    def awards_of(self, company: int) -> list[Award]:
        return sorted((a for a in self.awards.values() if a.company == company), key=lambda a: (a.starts, a.id))

    def counting(self, company: int) -> Award | None:
        """The award that says today how the company stands: the last one begun."""
        begun = [a for a in self.awards_of(company) if a.begins and a.starts <= self.today]
        return begun[-1] if begun else None

    def standing(self, award: Award) -> str:
        """Today's, among the company's other awards."""
        if award.ended:
            return award.ended[0]
        later = [a for a in self.awards_of(award.company) if (a.starts, a.id) > (award.starts, award.id) and a.begins]
        if later and award.starts <= self.today and later[0].starts <= min(self.today, award.counts_until):
            return "superseded"
        return self.alone(award)

    def waits_after_revoked(self, company: int) -> bool:
        """Whether a revocation keeps a new application away: nothing is held, and its months have not passed."""
        awards = self.awards_of(company)
        if any(self.standing(award) in LIVE for award in awards):
            return False
        days = [award.ended[1] for award in awards if award.ended and award.ended[0] == "revoked"]
        return any(months_after(day, MONTHS_AFTER_REVOKED) > self.today for day in days)

    def alone(self, award: Award) -> str:
        """Today's, as if it were the company's only one."""
        if award.ended:
            return award.ended[0]
        if self.today > award.counts_until:
            return "expired"
        if award.suspended:
            return "suspended"
        if self.today < award.starts:
            return "waiting"
        if self.today > award.ends:
            return "in_grace"
        return "expiring" if (award.ends - self.today).days < 90 else "current"

    def company_standing(self, company: int) -> str | None:
        counts = self.counting(company)
        return self.alone(counts) if counts else None

    def open_proposals(self, company: int) -> list[Proposal]:
        return [
            p
            for p in self.proposals.values()
            if p.closed is None and self.awards[p.award].company == company and self.now < p.at + PROPOSAL
        ]

    def objections(self, company: int) -> frozenset[tuple[str, int]]:
        """What an approver is told before the company gets another award."""
        counts = self.counting(company)
        newest = [a for a in self.awards_of(company) if counts is None or a.starts >= counts.starts]
        found = {("revoked", a.id) for a in newest if a.ended and a.ended[0] == "revoked"}
        found |= {("suspended", a.id) for a in newest if a.suspended and not a.ended}
        return frozenset(found | {("proposed", p.id) for p in self.open_proposals(company) if p.act != "reinstated"})

    def open_change(self, company: int) -> Change | None:
        return next((c for c in self.changes.values() if (c.company, c.closed) == (company, None)), None)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
