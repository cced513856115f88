"""Companies: registered and edited by those who work for them."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import changing
from compliance.actions.awarding import hold_company
from compliance.domain.errors import ForbiddenError, InvalidError, StaleError
from compliance.domain.khmer_order import in_syllable_order
from compliance.domain.provinces import PROVINCES
from compliance.domain.roles import MAY_EDIT, Actor, CompanyRole
from compliance.store.audit import record
from compliance.store.awards import awards_of
from compliance.store.companies import PUBLIC, Company, company_of
from compliance.store.people import Membership, Person
from compliance.store.register import refresh_entry

KHMER = re.compile(r"[\u1780-\u17b3]")
LATIN = re.compile(r"[A-Za-z]")
MOST_WORKERS = 1_000_000
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
BREAKS = frozenset("\u200b\u200c\u200d\t\r\n")
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]|[\u0300-\u036f]{2}")
"""What chooses another drawing of a letter, and marks heaped on one."""
SCRIPTS = ("KHMER", "LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO")
"""Alphabets of names. Others (Cyrillic, Greek, Cherokee) have letters that nobody can tell from Latin ones."""


MOST_BRANDS = 20
LONGEST_BRAND = 80


@dataclass(frozen=True)
class CompanyDetails:
    """What a company says of itself; `checked` gives it back tidy or raises InvalidError."""

    name_km: str
    name_latin: str
    registration_number: str
    kinds: tuple[str, ...]
    workers: int
    province: str
    places: int = 1
    licence_number: str = ""
    website: str = ""
    brands: tuple[str, ...] = ()

    def checked(self, known_kinds: Collection[str]) -> "CompanyDetails":
        """Raises InvalidError for the first value that cannot be."""
        self._visible()
        tidy = CompanyDetails(
            name_km=in_syllable_order(" ".join(self.name_km.split())),
            name_latin=" ".join(self.name_latin.split()),
            registration_number=" ".join(self.registration_number.split()),
            kinds=tuple(dict.fromkeys(self.kinds)),
            workers=self.workers,
            province=self.province,
            places=self.places,
            licence_number=" ".join(self.licence_number.split()),
            website=self.website.strip(),
            brands=_tidy_brands(self.brands),
        )
        tidy._names()
        tidy._brands()
        tidy._figures(known_kinds)
        tidy._lengths()
        return tidy

    def _visible(self) -> None:
        """Nothing that reorders what is read, prints nothing, or is no character; breaks in words may stay."""
        for name in ("name_km", "name_latin", "registration_number", "licence_number", "website"):
            if _hides(getattr(self, name)):
                raise _unseen(name)
        if _hides("\n".join(self.brands)):
            raise _unseen("brands")

    def _names(self) -> None:
        if not KHMER.search(self.name_km) or not _written_in(SCRIPTS, self.name_km):
            raise InvalidError("name_km", "Write the company's name in Khmer letters.")
        if not LATIN.search(self.name_latin) or not _written_in("LATIN", self.name_latin):
            raise InvalidError("name_latin", "Write the company's name in Latin letters.")
        if not re.search(r"\d", self.registration_number):
            raise InvalidError("registration_number", "Enter the company's registration number.")
        if self.website and not _is_web_address(self.website):
            raise InvalidError("website", "Enter a web address that begins with http:// or https://.")

    def _brands(self) -> None:
        if len(self.brands) > MOST_BRANDS:
            raise InvalidError("brands", "Name at most %(most)s brands.", most=MOST_BRANDS)
        if any(len(brand) > LONGEST_BRAND for brand in self.brands):
            raise InvalidError("brands", "Use at most %(length)s characters for each brand.", length=LONGEST_BRAND)
        if not all(any(mark.isalnum() for mark in brand) for brand in self.brands):
            raise InvalidError("brands", "A brand has letters or digits.")
        if not all(_written_in(SCRIPTS, brand) for brand in self.brands):
            raise InvalidError("brands", "Write brands in Khmer or Latin letters.")

    def _figures(self, known_kinds: Collection[str]) -> None:
        if not self.kinds or not set(self.kinds) <= set(known_kinds):
            raise InvalidError("kinds", "Choose at least one kind of service.")
        if self.province not in PROVINCES:
            raise InvalidError("province", "Choose a province.")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise InvalidError("workers", "Enter the number of people who work for the company, at least 1.")
        if not 1 <= self.places <= MOST_WORKERS:
            raise InvalidError("places", "Enter the number of places, at least 1.")

    def _lengths(self) -> None:
        for name, column in Company.__table__.columns.items():
            value, length = getattr(self, name, None), getattr(column.type, "length", None)
            if isinstance(value, str) and length and len(value) > length:
                raise InvalidError(name, "Use at most %(length)s characters.", length=length)


def _hides(text: str) -> bool:
    """Whether something in it is read otherwise than it looks."""
    unseen = any(unicodedata.category(mark) in UNSEEN and mark not in BREAKS for mark in text)
    return unseen or VARIATIONS.search(unicodedata.normalize("NFC", text)) is not None


def _unseen(field: str) -> InvalidError:
    return InvalidError(field, "Remove the invisible characters from this text: type it anew.")


def _written_in(scripts: str | tuple[str, ...], text: str) -> bool:
    """Every letter is of one of these alphabets."""
    return all(unicodedata.name(mark, "").startswith(scripts) for mark in text if mark.isalpha())


def _tidy_brands(brands: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order in which they were typed; Khmer in syllable order."""
    tidy = (in_syllable_order(" ".join(brand.split())) for brand in brands)
    return tuple(dict.fromkeys(brand for brand in tidy if brand))


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"]", address)


def register_company(
    session: Session, actor: Actor, details: CompanyDetails, known_kinds: Collection[str]
) -> tuple[Company, Membership]:
    """A new company; whoever registers it owns it. Raises InvalidError, ForbiddenError for the ministry's people."""
    if actor.user_id is None:
        raise ForbiddenError("staff")
    person = session.get_one(Person, actor.user_id, with_for_update={"of": Person}, populate_existing=True)
    if person.staff:
        raise ForbiddenError("staff")
    details = details.checked(known_kinds)
    _require_new_number(session, details.registration_number)
    company = Company(
        slug=free_slug(session, details.name_latin),
        registered_at=clock.now(),
        registered_by=actor.user_id,
        **_columns(details),
    )
    session.add(company)
    session.flush()
    owner = Membership(company_id=company.id, role=CompanyRole.OWNER, since=company.registered_at, person=person)
    session.add(owner)
    session.flush()
    record(session, clock.now(), actor, "officer:company:registered", "company", company.id, **_columns(details))
    return company, owner


def edit_company(
    session: Session,
    actor: Actor,
    company_id: int,
    details: CompanyDetails,
    known_kinds: Collection[str],
    seen_version: int | None = None,
) -> Company:
    """Changes what a company says of itself; its public address stays. Raises InvalidError, StaleError.

    What the public reads of an awarded company is not changed but asked for: a reviewer confirms or declines it.
    The same button pressed twice finds it done.
    """
    company_of(session, actor, company_id, MAY_EDIT)
    company = hold_company(session, company_id)
    details = details.checked(known_kinds)
    if seen_version is not None and company.version != seen_version:
        if _is_said(session, company, details):
            return company
        raise StaleError
    if details.registration_number != company.registration_number:
        _require_new_number(session, details.registration_number)
    changing.require_kinds_free(session, company, details.kinds)
    changed = {name: value for name, value in _columns(details).items() if getattr(company, name) != value}
    if awards_of(session, company.id):
        changing.wish(session, actor, company, {name: changed.pop(name) for name in PUBLIC if name in changed})
    for name, value in changed.items():
        setattr(company, name, value)
    if changed:
        session.flush()
        record(session, clock.now(), actor, "officer:company:edited", "company", company.id, **changed)
        refresh_entry(session, company.id)
    return company


def _is_said(session: Session, company: Company, details: CompanyDetails) -> bool:
    """Whether the company says, or asked to say, just this."""
    columns = _columns(details)
    return columns == {name: getattr(company, name) for name in columns} | changing.wished(session, company)


def _columns(details: CompanyDetails) -> dict[str, object]:
    lists = {"kinds": list(details.kinds), "brands": list(details.brands)}
    return {name: lists.get(name, getattr(details, name)) for name in CompanyDetails.__dataclass_fields__}


def _require_new_number(session: Session, number: str) -> None:
    taken = sa.select(Company.id).where(sa.func.lower(Company.registration_number) == number.lower())
    if session.scalar(taken) is not None:
        raise InvalidError(
            "registration_number",
            "A company with this registration number is registered already. Ask its owner to invite you.",
        )


def free_slug(session: Session, name_latin: str) -> str:
    """The Latin name as an address, with a number when another company has it."""
    stem = re.sub(r"[^a-z0-9]+", "-", name_latin.lower()).strip("-")[:70].rstrip("-") or "company"
    taken = set(session.scalars(sa.select(Company.slug).where(Company.slug.startswith(stem, autoescape=True))))
    number = next(n for n in range(1, len(taken) + 2) if (stem if n == 1 else f"{stem}-{n}") not in taken)
    return stem if number == 1 else f"{stem}-{number}"
