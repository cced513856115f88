"""What a company says of one of its services: made tidy, and every value that cannot be told of, all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from compliance.actions.company_details import (
    KHMER,
    LATIN,
    LONGEST_BRAND,
    SCRIPTS,
    hides,
    is_web_address,
    with_scheme,
    written_in,
)
from compliance.domain.errors import InvalidError, raise_together
from compliance.domain.harms import Harm, limited
from compliance.domain.khmer_order import in_syllable_order
from compliance.domain.reporting import WAYS, is_home_page, is_telephone, local
from scoring.numbers import latin_digits

TAKES = {way: f"{way}_harms" for way in WAYS}
"""The field that says which kinds of harm a way takes."""
ORDER = ("name_km", "name_latin", "kind", *(name for way in WAYS for name in (way, TAKES[way])))
LONGEST = {"page": 300, "telephone": 40, "menu": 200}
"""Characters, as the columns have room for."""


@dataclass(frozen=True)
class Hotlines:
    """The national services, which no company's channel is: their numbers as dialled, and their hosts."""

    numbers: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ServiceDetails:
    """A service with where it takes reports of harm; `public` when everybody may read of it here.

    `harms`: the kinds that a way takes, by way; without any it takes them all.
    """

    name_km: str
    name_latin: str
    kind: str
    public: bool = True
    page: str = ""
    telephone: str = ""
    menu: str = ""
    harms: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def named(self) -> dict[str, object]:
        """What the register rests on; the channel stands apart, for it changes at once."""
        return {"km": self.name_km, "latin": self.name_latin, "kind": self.kind, "public": self.public}

    @property
    def ways(self) -> dict[str, str]:
        return {way: getattr(self, way) for way in WAYS}

    @property
    def said(self) -> dict[str, object]:
        """The ways, and what they take, as the channel keeps them; of details that are tidy."""
        return {**self.ways, "harms": self.harms}

    def checked(self, kinds: Collection[str], hotlines: Hotlines) -> "ServiceDetails":
        """Raises InvalidError for the first value that cannot be, with the others beside it."""
        raise_together(self.problems(kinds, hotlines))
        return self.tidy

    def problems(self, kinds: Collection[str], hotlines: Hotlines) -> list[InvalidError]:
        """Every value that cannot be, one for each field, in the order of the form."""
        tidy = self.tidy
        said = [tidy._names(kinds), tidy._page(hotlines), tidy._telephone(hotlines), tidy._menu()]
        said += [self._takes(), tidy._unseen()]
        each = {one.field: one for found in reversed(said) for one in found}
        return sorted(each.values(), key=lambda one: ORDER.index(one.field))

    @property
    def tidy(self) -> "ServiceDetails":
        """Spaces, digits and the order of Khmer signs as they are kept."""
        tidy = replace(
            self,
            name_km=in_syllable_order(" ".join(self.name_km.split())),
            name_latin=" ".join(self.name_latin.split()),
            page=with_scheme(self.page.strip()),
            telephone=latin_digits(" ".join(self.telephone.split())),
            menu=in_syllable_order(" ".join(self.menu.split())),
        )
        return replace(tidy, harms=limited(tidy.harms, tidy.ways))

    def _names(self, kinds: Collection[str]) -> Iterator[InvalidError]:
        if not self.name_km and not self.name_latin:
            yield InvalidError("name_km", "Write the service's name in Khmer or in Latin letters, or in both.")
        elif self.name_km and not (KHMER.search(self.name_km) and written_in(SCRIPTS, self.name_km)):
            yield InvalidError("name_km", "Write the service's name in Khmer letters.")
        if self.name_latin and not (LATIN.search(self.name_latin) and written_in("LATIN", self.name_latin)):
            yield InvalidError("name_latin", "Write the service's name in Latin letters.")
        for where, name in (("name_km", self.name_km), ("name_latin", self.name_latin)):
            if len(name) > LONGEST_BRAND:
                yield InvalidError(where, "Use at most %(length)s characters.", length=LONGEST_BRAND)
        if self.kind not in kinds:
            yield InvalidError("kind", "Choose what kind of service it is.")

    def _page(self, hotlines: Hotlines) -> Iterator[InvalidError]:
        if not self.page:
            return
        if not is_web_address(self.page) or "@" in urlsplit(self.page).netloc or not self.page.isascii():
            yield InvalidError("page", "Enter a web address, for example www.company.com.kh/report.")
        elif (urlsplit(self.page).hostname or "") in hotlines.hosts:
            yield InvalidError("page", "This is a national service. Give the page of this service itself.")
        elif is_home_page(self.page):
            yield InvalidError("page", "This is a home page. Give the page on which people report harm.")
        if len(self.page) > LONGEST["page"]:
            yield InvalidError("page", "Use at most %(length)s characters.", length=LONGEST["page"])

    def _telephone(self, hotlines: Hotlines) -> Iterator[InvalidError]:
        if not self.telephone:
            return
        if not is_telephone(self.telephone) or len(self.telephone) > LONGEST["telephone"]:
            yield InvalidError("telephone", "Enter one telephone number, for example 023 123 456 or +855 23 123 456.")
        elif local(self.telephone) in hotlines.numbers:
            yield InvalidError("telephone", "This is a national hotline. Give the number of this service itself.")

    def _menu(self) -> Iterator[InvalidError]:
        if self.menu and not any(mark.isalpha() for mark in self.menu):
            yield InvalidError("menu", "Write the way through the menu, for example Profile › Help › Report.")
        if len(self.menu) > LONGEST["menu"]:
            yield InvalidError("menu", "Use at most %(length)s characters.", length=LONGEST["menu"])

    def _takes(self) -> Iterator[InvalidError]:
        for way, chosen in self.harms.items():
            if not set(chosen) <= set(Harm):
                yield InvalidError(TAKES[way], "Choose from the kinds of harm that stand here.")

    def _unseen(self) -> Iterator[InvalidError]:
        for name in ("name_km", "name_latin", "page", "telephone", "menu"):
            if hides(getattr(self, name)):
                yield InvalidError(name, "Remove the invisible characters from this text: type it anew.")
