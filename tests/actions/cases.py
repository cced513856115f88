"""One café on its way through the lifecycle, led by the demonstration's own hands."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from compliance.actions.accounts import create_person
from compliance.actions.companies import register_company
from compliance.actions.company_details import CompanyDetails
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.acts import Hands
from compliance.cli.demonstration.cast import Player
from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.files import file_store
from compliance.store.people import Person
from questionnaires import current
from tests.helpers import PASSWORD
from tests.led import led

CAFE = Player("ហាងអ៊ីនធឺណិត តេស្ត", "Test Café", ("internet_cafe",), "takeo", 3, "best", "new", 20, "ហាងមួយកន្លែង", "One café")


@dataclass
class Case:
    """A café's assessment and the people around it."""

    hands: Hands
    company_id: int
    assessment_id: int

    @property
    def assessment(self) -> Assessment:
        return db.session.get_one(Assessment, self.assessment_id, populate_existing=True)


def person(email: str, *roles: Role) -> Actor:
    """An account, as an actor."""
    with transaction() as session:
        return create_person(session, email, email.partition("@")[0], "en", PASSWORD, roles).actor()


def reload(actor: Actor) -> Actor:
    """The actor as the store knows them now."""
    return db.session.get_one(Person, actor.user_id, populate_existing=True).actor()


def case(settings: Settings, *then: Callable[[Case], object]) -> Case:
    """A café with a full draft, and what is done then; inside an application context and with the clock held."""
    made = led(settings, ("case", *then), lambda: _played(settings, then))
    return replace(made, hands=replace(made.hands, files=file_store(settings)))


def _played(settings: Settings, then: tuple[Callable[[Case], object], ...]) -> Case:
    owner = person("owner@cafe.example")
    with transaction() as session:
        details = CompanyDetails(CAFE.name_km, CAFE.name_latin, "T-1", CAFE.kinds, CAFE.workers, CAFE.province)
        company, _membership = register_company(session, owner, details, {kind.id for kind in current().kinds})
        company_id = company.id
    hands = Hands(
        reload(owner),
        person("reviewer@ministry.example", Role.REVIEWER),
        person("approver@ministry.example", Role.APPROVER),
        person("second@ministry.example", Role.APPROVER),
        file_store(settings),
        settings.public_url,
    )
    made = Case(hands, company_id, acts.fill(CAFE, hands, company_id, 0))
    for act in then:
        act(made)
    return made


def to_review(one: Case) -> None:
    acts.submit(one.hands, one.assessment_id, 0)
    acts.claim(one.hands, one.assessment_id, 0)


def to_recommended(one: Case, player: Player = CAFE) -> None:
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    acts.recommend(player, one.hands, one.assessment_id, 0)


def to_award(one: Case) -> None:
    to_recommended(one)
    acts.decide(one.hands, one.assessment_id, 0)
