"""Companies that may be taken for each other: shown to whoever reviews, decides or confirms a change."""

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.search import fold
from compliance.store.changes import Answered, ChangeRequest, names_before
from compliance.store.companies import Company, names_of_services

ALIKE = 0.8
"""The share of equal letters from which two names are shown as alike."""


def alike(session: Session, company_id: int, names: Sequence[str], number: str, site: str = "") -> list[Company]:
    """Other companies that are or were called, or numbered, equally or nearly so, or whose website is under the same
    domain; what is empty matches none."""
    wanted, bare = [_Name(name) for name in map(_letters, names) if name], _bare(number)
    columns = (Company.id, Company.name_km, Company.name_latin, Company.brands, Company.services)
    others = sa.select(*columns, Company.registration_number, Company.website_domain).where(Company.id != company_id)
    rows = session.execute(others).all()
    found = {row.id for row in rows if bare and _bare(row.registration_number) == bare}
    found |= {row.id for row in rows if site and row.website_domain == site}
    called = [
        (row.id, name)
        for row in rows
        for name in (row.name_km, row.name_latin, *row.brands, *names_of_services(row.services))
    ]
    called += [one for one in _former(session) if one[0] != company_id]
    found |= {known for known, name in called if any(one.like(_letters(name)) for one in wanted)}
    return list(session.scalars(sa.select(Company).where(Company.id.in_(found)).order_by(Company.id)))


def alike_to(session: Session, company: Company) -> list[Company]:
    """Other companies that may be taken for this one."""
    names = [company.name_km, company.name_latin, *company.brands, *names_of_services(company.services)]
    return alike(session, company.id, names, company.registration_number, company.website_domain)


class _Name:
    """A name to compare many others with."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.matcher = SequenceMatcher(None, "", text, autojunk=False)

    def like(self, other: str) -> bool:
        """Equal, one inside the other, or nearly the same letters."""
        if not other:
            return False
        if self.text in other or other in self.text:
            return True
        # Of two lengths no more letters can be equal than the shorter one has.
        if 2 * min(len(self.text), len(other)) < ALIKE * (len(self.text) + len(other)):
            return False
        self.matcher.set_seq1(other)
        return self.matcher.quick_ratio() >= ALIKE and self.matcher.ratio() >= ALIKE


def _former(session: Session) -> Iterator[tuple[int, str]]:
    """Names and brands that companies had before a confirmed change."""
    for change in session.scalars(sa.select(ChangeRequest).where(ChangeRequest.answered == Answered.CONFIRMED)):
        yield from ((change.company_id, name) for name in names_before(change))


def _letters(name: str) -> str:
    """The letters and digits that are compared; how words are parted makes no other name."""
    return "".join(mark for mark in fold(name) if unicodedata.category(mark)[0] in "LMN")


def _bare(number: str) -> str:
    return "".join(mark for mark in fold(number) if mark.isalnum())
