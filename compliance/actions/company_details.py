"""What a company says of itself: made tidy, and every value that cannot be told of, all at once."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from compliance.domain.errors import InvalidError, raise_together
from compliance.domain.khmer_order import in_syllable_order
from compliance.domain.provinces import PROVINCES
from compliance.store.companies import Company
from scoring.numbers import latin_digits

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
NUMBERS = ("registration_number", "licence_number")
NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9\u1780-\u17d3][A-Za-z0-9\u1780-\u17d3 ./()-]*")
"""Numbers of registers: digits, and what stands between them on certificates of several years."""
ORDER = ("name_km", "name_latin", *NUMBERS, "kinds", "workers", "places", "province", "website", "brands")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


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
        """Raises InvalidError for the first value that cannot be, with the others beside it."""
        raise_together(self.problems(known_kinds))
        return self._tidy()

    def problems(self, known_kinds: Collection[str]) -> list[InvalidError]:
        """Every value that cannot be, one for each field, in the order of the form."""
        tidy = self._tidy()
        said = (self._unseen(), tidy._names(), tidy._numbers(), tidy._brands(), tidy._lengths())
        found = [one for each in (*said, tidy._figures(known_kinds)) for one in each]
        each = {one.field: one for one in reversed(found)}
        return sorted(each.values(), key=lambda one: ORDER.index(one.field))

    def _tidy(self) -> "CompanyDetails":
        return replace(
            self,
            name_km=in_syllable_order(" ".join(self.name_km.split())),
            name_latin=" ".join(self.name_latin.split()),
            registration_number=latin_digits(" ".join(self.registration_number.split())),
            kinds=tuple(dict.fromkeys(self.kinds)),
            licence_number=latin_digits(" ".join(self.licence_number.split())),
            website=with_scheme(self.website.strip()),
            brands=_tidy_brands(self.brands),
        )

    def _unseen(self) -> Iterator[InvalidError]:
        """Nothing that reorders what is read, prints nothing, or is no character; breaks in words may stay."""
        said = {name: getattr(self, name) for name in ("name_km", "name_latin", *NUMBERS, "website")}
        for name, text in {**said, "brands": "\n".join(self.brands)}.items():
            if hides(text):
                yield InvalidError(name, "Remove the invisible characters from this text: type it anew.")

    def _names(self) -> Iterator[InvalidError]:
        if not KHMER.search(self.name_km) or not written_in(SCRIPTS, self.name_km):
            yield InvalidError("name_km", "Write the company's name in Khmer letters.")
        if not LATIN.search(self.name_latin) or not written_in("LATIN", self.name_latin):
            yield InvalidError("name_latin", "Write the company's name in Latin letters.")
        if self.website and not is_web_address(self.website):
            yield InvalidError("website", "Enter a web address, for example www.company.com.kh.")

    def _numbers(self) -> Iterator[InvalidError]:
        if not NUMBER.fullmatch(self.registration_number):
            yield InvalidError(
                "registration_number",
                "Write the number as on the certificate of registration: digits, with letters, spaces or - . / where "
                "it has them. For example 00012345 or Co. 1234 E/2010.",
            )
        if self.licence_number and not NUMBER.fullmatch(self.licence_number):
            yield InvalidError(
                "licence_number",
                "Write the number as on the licence: digits, with letters, spaces or - . / where it has them.",
            )

    def _brands(self) -> Iterator[InvalidError]:
        if len(self.brands) > MOST_BRANDS:
            yield InvalidError("brands", "Name at most %(most)s brands.", most=MOST_BRANDS)
        if any(len(brand) > LONGEST_BRAND for brand in self.brands):
            yield InvalidError("brands", "Use at most %(length)s characters for each brand.", length=LONGEST_BRAND)
        if not all(any(mark.isalnum() for mark in brand) for brand in self.brands):
            yield InvalidError("brands", "A brand has letters or digits.")
        if not all(written_in(SCRIPTS, brand) for brand in self.brands):
            yield InvalidError("brands", "Write brands in Khmer or Latin letters.")

    def _figures(self, known_kinds: Collection[str]) -> Iterator[InvalidError]:
        if not self.kinds or not set(self.kinds) <= set(known_kinds):
            yield InvalidError("kinds", "Choose at least one kind of service.")
        if self.province not in PROVINCES:
            yield InvalidError("province", "Choose a province.")
        if not 1 <= self.workers <= MOST_WORKERS:
            yield InvalidError("workers", "Enter the number of people who work for the company, at least 1.")
        if not 1 <= self.places <= MOST_WORKERS:
            yield InvalidError("places", "Enter the number of places, at least 1.")

    def _lengths(self) -> Iterator[InvalidError]:
        for name, column in Company.__table__.columns.items():
            value, length = getattr(self, name, None), getattr(column.type, "length", None)
            if isinstance(value, str) and length and len(value) > length:
                yield InvalidError(name, "Use at most %(length)s characters.", length=length)


def hides(text: str) -> bool:
    """Whether something in it is read otherwise than it looks."""
    unseen = any(unicodedata.category(mark) in UNSEEN and mark not in BREAKS for mark in text)
    return unseen or VARIATIONS.search(unicodedata.normalize("NFC", text)) is not None


def written_in(scripts: str | tuple[str, ...], text: str) -> bool:
    """Every letter is of one of these alphabets."""
    return all(unicodedata.name(mark, "").startswith(scripts) for mark in text if mark.isalpha())


def _tidy_brands(brands: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order in which they were typed; Khmer in syllable order."""
    tidy = (in_syllable_order(" ".join(brand.split())) for brand in brands)
    return tuple(dict.fromkeys(brand for brand in tidy if brand))


def with_scheme(address: str) -> str:
    """People type www.company.com; what follows a colon may be a port."""
    host, colon, rest = address.partition(":")
    named = SCHEME.match(address) and not (colon and "." in host and rest[:1].isdigit())
    return address if not address or named else f"https://{address}"


def is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"]", address)
