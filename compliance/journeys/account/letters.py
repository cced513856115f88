"""The inbox: every mail the portal sent to this person, to be read again."""

import sqlalchemy as sa
from flask import render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from compliance.domain.errors import NotFoundError
from compliance.journeys.account.blueprint import account
from compliance.journeys.gate import current_actor
from compliance.store.base import db
from compliance.store.companies import Company
from compliance.store.letters import KeptLetter, count_letters, letter_of, letters_of

PAGE = 25
MOST_PAGES = 10_000


@account.get("/letters")
def letters() -> str:
    """The newest first, a page at a time."""
    page = request.args.get("page", 1, type=int)
    page = page if 1 <= page <= MOST_PAGES else 1
    session, mine = db.session(), current_user.id
    found = letters_of(session, mine, PAGE, (page - 1) * PAGE)
    return render_template(
        "account/letters.html",
        letters=found,
        companies=_companies(session, found),
        page=page,
        pages=-(-count_letters(session, mine) // PAGE),
    )


def _companies(session: Session, found: list[KeptLetter]) -> dict[int, Company]:
    """What the letters' companies are called, for who has worked for more than one."""
    numbers = {letter.company_id for letter in found} | set(current_actor().companies)
    if len(numbers - {None}) < 2:
        return {}
    return {one.id: one for one in session.scalars(sa.select(Company).where(Company.id.in_(numbers - {None})))}


@account.get("/letters/<id:letter_id>")
def letter(letter_id: int) -> str:
    """One letter in the language it was sent in."""
    found = letter_of(db.session(), current_user.id, letter_id)
    if found is None:
        raise NotFoundError
    return render_template("account/letter.html", letter=found)
