"""Draft editions of the town: one in words that mean harm, and one that waits for a second administrator."""

from datetime import timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import edition_drafts, edition_publishing
from compliance.actions.edition_publishing import Wish
from compliance.domain.roles import Actor
from tests.drafting import looked


def play(session: Session, administrator: Actor, hostile: str) -> None:
    words = hostile.replace("'", "''")
    title = ("sections/education.yaml", "en: Awareness activities", f"en: '{words}'")
    edition_drafts.upload(session, administrator, looked("2027", title))
    waiting = edition_drafts.upload(session, administrator, looked("2028"))
    wish = Wish(clock.today() + timedelta(days=40), 30, hostile)
    edition_publishing.propose(session, administrator, waiting.id, wish, waiting.version)
