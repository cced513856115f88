"""What follows an award in the demonstration: concerns, a contact for authorities, a spot check, a dossier."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from compliance import clock
from compliance.actions import authority_contacts, concerns, dossiers, reviewing, spot_checking, spot_drawing
from compliance.actions.authority_contacts import AuthorityContact
from compliance.actions.notifying import company_people
from compliance.actions.raising import Said, raise_concern
from compliance.cli.demonstration.acts import day
from compliance.domain.concerns import About, ConcernOutcome
from compliance.domain.roles import Actor, CompanyRole
from compliance.settings import Settings
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.contact_keys import contact_keys
from compliance.store.people import person_by_email

CLOSED, OPEN, CHECKED = 9, 2, 4
"""Days ago: a concern that is closed by now was raised, one that is open was, a spot check began."""
HIDDEN = "ប៊ូតុងរាយការណ៍ពិបាករកក្នុងកម្មវិធី។ The button for reports is hard to find in the app."
SLOW = "គ្មានចម្លើយចំពោះរបាយការណ៍អស់មួយសប្តាហ៍។ A report had no answer for a week."
MOVED = "យើងបានដាក់ប៊ូតុងនៅលើទំព័រដំបូង។ We moved the button to the first page."
SEEN = "ក្រសួងបានឃើញប៊ូតុងនៅលើទំព័រដំបូង។ The Ministry saw the button on the first page."
NEWS = "សេវាថ្មីត្រូវបានប្រកាសក្នុងខែនេះ។ A new service was announced this month."
HAVE = "សូមត្រៀមគោលនយោបាយដូចដែលអ្នកប្រើប្រាស់មើលឃើញ។ Please have the policy ready as users see it."
READY = "គោលនយោបាយស្ថិតនៅលើគេហទំព័ររបស់យើង។ The policy stands on our website."
LOOKS = "ក្រុមប្រឹក្សាសិក្សាអំពីវិស័យនេះ។ The council studies this sector."
CONTACT = AuthorityContact("Demonstration Contact", "+855 23 000 000", "24/7", "Demonstration Deputy")
PRINTED, OTHER = "DEMO-00001", "DEMO-00003"
"""The company of the printed accounts, and one that the printed reviewer did not verify either."""


def story(settings: Settings) -> Iterator[int]:
    """Gives before each act how many days ago it happens."""
    reviewer, approver = _staff("reviewer"), _staff("approver")
    yield CLOSED
    number = _raise(_award(PRINTED), About.CHANNEL, HIDDEN, CLOSED)
    with clock.held(day(CLOSED)), transaction() as session:
        concerns.ask_company(session, reviewer, number)
    yield CLOSED - 2
    with clock.held(day(CLOSED - 2)), transaction() as session:
        concerns.reply(session, _owner(PRINTED), number, MOVED)
        authority_contacts.give(
            session, _owner(PRINTED), _award(PRINTED).company_id, CONTACT, contact_keys(settings.contact_keys)
        )
    yield CLOSED - 3
    with clock.held(day(CLOSED - 3)), transaction() as session:
        concerns.close_concern(session, reviewer, number, ConcernOutcome.RESOLVED, SEEN)
    yield CHECKED
    check = _checked(reviewer, approver)
    yield OPEN
    _raise(_award(PRINTED), About.COMMITMENT, SLOW, OPEN)
    with clock.held(day(OPEN)), transaction() as session:
        spot_checking.reply(session, _owner(OTHER), check, READY)
        until = clock.today() + timedelta(days=60)
        dossiers.flag(session, approver, _award(PRINTED).id, _staff("observer").user_id or 0, LOOKS, until)


def _raise(award: Award, about: About, text: str, ago: int) -> int:
    with clock.held(day(ago)), transaction() as session:
        return raise_concern(session, award.id, Said(about, text, "", "km", f"{ago:032x}")).id


def _checked(reviewer: Actor, approver: Actor) -> int:
    """Opened by an approver, taken and told by a reviewer who had no part in the award; its id."""
    with clock.held(day(CHECKED)), transaction() as session:
        award = _award(OTHER)
        check = spot_drawing.open_spot_check(session, approver, award.id, NEWS)
        reviewing.declare(session, reviewer, award.assessment_id, has_tie=False)
        spot_checking.take(session, reviewer, check.id)
        asked = tuple(spot_checking.answers_to_choose(session, check)[:2])
        spot_checking.tell(session, reviewer, check.id, asked, HAVE, spot_checking.proposed_due(session, check))
        return check.id


def _award(registration: str) -> Award:
    return awards_of(db.session(), _company(registration).id)[0]


def _owner(registration: str) -> Actor:
    return company_people(db.session(), _company(registration).id, CompanyRole.OWNER)[0].actor()


def _company(registration: str) -> Company:
    return db.session.scalars(sa.select(Company).where(Company.registration_number == registration)).one()


def _staff(name: str) -> Actor:
    found = person_by_email(db.session(), f"{name}@demonstration.example")
    if found is None:
        raise LookupError(name)
    return found.actor()
