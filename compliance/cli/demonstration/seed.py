"""Fills an empty store with the cast and their stories."""

import sys
from collections.abc import Iterator
from heapq import heapify, heappop, heappush

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import create_person
from compliance.actions.companies import register_company
from compliance.actions.company_details import CompanyDetails
from compliance.actions.grounds import Why
from compliance.app import create_app
from compliance.cli.demonstration import acts, appeals, care
from compliance.cli.demonstration.acts import Hands, day
from compliance.cli.demonstration.cast import COLLEAGUES, PASSWORD, PLAYERS, STAFF, Player
from compliance.cli.demonstration.codes import give_authenticators
from compliance.cli.demonstration.half_made import first_start
from compliance.cli.demonstration.offers import confirm_ways, offer
from compliance.cli.demonstration.second_readings import read_twice
from compliance.domain.grounds import Ground
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.jobs.seal import seal
from compliance.settings import Mode, Settings, SettingsError
from compliance.store.assessments import assessments_of
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.people import Membership, Person
from compliance.store.unplayed import unplayed
from questionnaires import current

OWNER = "owner@demonstration.example"
REVIEW_DAYS = 12
LATE = Why(
    Ground.FALSE_INFORMATION,
    "Asked twice in writing, no answer.",
    "ព័ត៌មានដែលក្រសួងបានស្នើសុំ មិនទាន់បានទទួល។",
    "What the Ministry asked for has not arrived.",
)
ARRIVED = Why(
    Ground.REMEDIED,
    "The documents are complete.",
    "ក្រសួងបានទទួលព័ត៌មានដែលបានស្នើសុំហើយ។",
    "What the Ministry asked for has arrived.",
)
FALSE = Why(
    Ground.FALSE_INFORMATION,
    "The policy that was shown had never been in use.",
    "ចម្លើយមួយមិនពិតដោយចេតនា។",
    "An answer was found to be knowingly false.",
)
APPEALED = 3
"""Days ago."""


def prepare(settings: Settings) -> None:
    """Fills the store once; harmless when anybody is in it. Raises SettingsError in production."""
    if settings.mode is Mode.PRODUCTION:
        raise SettingsError("The demonstration never runs in production.")
    app = create_app(settings)
    with app.app_context():
        if db.session.scalar(sa.select(Person.id).limit(1)) is None:
            with first_start(settings):
                play(app, settings, PLAYERS, care.story(settings))
                unplayed(settings).touch()
    (settings.data_dir / "demonstration.txt").write_text(accounts())


def accounts() -> str:
    """One account a role, as `./portal run` prints it."""
    rows = [("company owner", OWNER), *((role.value, email) for email, _name, role in COLLEAGUES)]
    rows += list({str(staff.role): staff.email for staff in reversed(STAFF)}.items())
    lines = [f"  {who:<14} {email}" for who, email in rows]
    head = "Accounts of the demonstration, all with the password: " + PASSWORD
    return "\n".join([head, *lines, "Second-factor codes of the ministry's people: ./portal code", ""])


def play(app: Flask, settings: Settings, players: tuple[Player, ...], *others: Iterator[int]) -> None:
    """All stories side by side, day by day, as they would have happened; progress is shown where somebody watches.

    `others` are stories of no single company.
    """
    staff = _staff(max(player.days for player in players) + 30)
    with transaction() as session:
        give_authenticators(app, session)
    stories: list[Story] = [_story(player, number, staff, settings) for number, player in enumerate(players, 1)]
    stories += others
    waiting = [(-next(story), number, story) for number, story in enumerate(stories)]
    heapify(waiting)
    while waiting:
        _ago, number, story = heappop(waiting)
        following = next(story, None)
        if following is not None:
            heappush(waiting, (-following, number, story))
        elif sys.stderr.isatty():
            done = len(stories) - len(waiting)
            print(f"\rMaking the demonstration: {done} of {len(stories)} stories", end="", file=sys.stderr)
        db.session.remove()
    if sys.stderr.isatty():
        print(file=sys.stderr)
    seal(settings)
    app.logger.info("demonstration ready")


def _staff(ago: int) -> dict[str, Actor]:
    with clock.held(day(ago)), transaction() as session:
        people = {one.email: create_person(session, one.email, one.name, "en", PASSWORD, (one.role,)) for one in STAFF}
        return {email: person.actor() for email, person in people.items()}


Story = Iterator[int]
"""Gives before each act how many days ago it happens."""


def _story(player: Player, number: int, staff: dict[str, Actor], settings: Settings) -> Story:
    yield player.days
    company_id, owner = company_of(player, number)
    reviewers = [staff[one.email] for one in STAFF if one.role is Role.REVIEWER]
    approvers = [staff[one.email] for one in STAFF if one.role is Role.APPROVER]
    hands = Hands(
        owner, reviewers[number % 2], approvers[number % 2], approvers[(number + 1) % 2], file_store(settings),
        settings.public_url,
    )  # fmt: skip
    yield from _live(player, hands, company_id)
    if player.fate == "appealed":
        yield APPEALED
        _appeal(hands, company_id, [staff[one.email] for one in STAFF if one.role is Role.PANEL_MEMBER])


def company_of(player: Player, number: int) -> tuple[int, Actor]:
    """The first company has the accounts that are printed; the others have an owner of their own."""
    slug = slug_of(player)
    with clock.held(day(player.days)), transaction() as session:
        address = OWNER if number == 1 else f"{slug}@companies.example"
        owner = create_person(session, address, f"{player.name_latin.split()[0]} Owner", "km", PASSWORD)
        details = CompanyDetails(
            name_km=player.name_km, name_latin=player.name_latin, registration_number=f"DEMO-{number:05d}",
            kinds=player.kinds, workers=player.workers, province=player.province, website=f"https://{slug}.example/",
        )  # fmt: skip
        company, _membership = register_company(session, owner.actor(), details, {kind.id for kind in current().kinds})
        if number == 1:
            _colleagues(session, company.id)
        session.refresh(owner, ["memberships"])
        offer(session, owner.actor(), company, player, number)
        return company.id, owner.actor()


def slug_of(player: Player) -> str:
    return "".join(letter for letter in player.name_latin.lower() if letter.isalnum() and letter.isascii())


def _colleagues(session: Session, company_id: int) -> None:
    for email, name, role in COLLEAGUES:
        person = create_person(session, email, name, "km", PASSWORD)
        session.add(Membership(company_id=company_id, person_id=person.id, role=role, since=clock.now()))


def _live(player: Player, hands: Hands, company_id: int) -> Story:
    """As far as the player's fate goes."""
    if player.fate == "new":
        return
    if player.fate in {"draft", "nearly"}:
        acts.fill(player, hands, company_id, player.days, 0.4 if player.fate == "draft" else 0.95)
        return
    assessment = acts.fill(player, hands, company_id, player.days)
    yield player.days - 1
    acts.submit(hands, assessment, player.days - 1)
    if player.fate == "submitted":
        return
    yield player.days - 3
    if player.fate == "withdrawn":
        acts.withdraw(hands, assessment, player.days - 3)
        return
    acts.claim(hands, assessment, player.days - 3)
    yield player.days - 5
    acts.rule(hands, assessment, player.days - 5, 0.5 if player.fate in {"in_review", "clarifying"} else 1.0)
    yield player.days - 6
    if player.fate == "clarifying":
        acts.ask(hands, assessment, player.days - 6)
    if player.fate in {"in_review", "ruled", "clarifying"}:
        return
    if player.fate == "appealed":
        appeals.doubt(hands, assessment, player.days - 6)
    yield player.days - 8
    read_twice(player, hands, assessment, player.days - 8)
    acts.recommend(player, hands, assessment, player.days - 8)
    if player.fate == "recommended":
        return
    decided = player.days - REVIEW_DAYS
    yield decided
    acts.decide(hands, assessment, decided, refuse=player.fate in {"refused", "appealed"})
    yield from _after(player, hands, company_id, decided)


def _appeal(hands: Hands, company_id: int, members: list[Actor]) -> None:
    """Against the refusal, a few days ago; the first member, whose account is printed, has the last word."""
    assessment = assessments_of(db.session(), company_id)[0].id
    appeal_id = appeals.lodge(hands, assessment, APPEALED)
    appeals.judge(appeal_id, assessment, members[1:], APPEALED - 1)


def _after(player: Player, hands: Hands, company_id: int, decided: int) -> Story:
    """What became of the award."""
    if player.fate in {"suspended", "reinstated"}:
        said = "យើងនឹងផ្ញើឆាប់ៗ។ We will send it soon."
        yield decided // 3
        acts.act_on_award(hands, company_id, AwardAct.SUSPENDED, LATE, decided // 3, said)
    if player.fate == "reinstated":
        yield decided // 6
        acts.act_on_award(hands, company_id, AwardAct.REINSTATED, ARRIVED, decided // 6)
    if player.fate == "revoked":
        said = "ចម្លើយនោះជាកំហុសរបស់យើង។ That answer was our mistake."
        yield decided // 2
        acts.act_on_award(hands, company_id, AwardAct.REVOKED, FALSE, decided // 2, said)
    if player.fate == "awarded" and company_id % 3:
        yield decided // 3
        confirm_ways(hands.owner, company_id, decided // 3)
    if player.fate == "renewing":
        yield 12
        acts.fill(player, hands, company_id, 12, 0.6)
