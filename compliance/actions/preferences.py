"""How a person likes to work; kept with the account, so that it holds on every device."""

from sqlalchemy.orm import Session

from compliance.domain.errors import ForbiddenError
from compliance.domain.roles import Actor
from compliance.store.people import Person


def choose_page(session: Session, actor: Actor, *, all_questions: bool) -> None:
    """All questions of a section on one page, or one question a page. Raises ForbiddenError for who has no account."""
    person = session.get(Person, actor.user_id) if actor.user_id else None
    if person is None:
        raise ForbiddenError("role")
    person.all_questions = all_questions
