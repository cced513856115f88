"""What an award is to cover and what it is not to: words in both languages, and names that the company has declared."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from certificates.facts import LONGEST, scope_length
from compliance.domain.errors import InvalidError
from compliance.store.companies import Company, coverable

LONGEST_SCOPE = LONGEST["scope"]


@dataclass(frozen=True)
class Covering:
    """As it will be read by everybody; what is not covered is empty in both languages, or said in both."""

    scope_km: str
    scope_en: str
    not_covered_km: str = ""
    not_covered_en: str = ""

    def squeezed(self) -> "Covering":
        """With single spaces."""
        return Covering(**{name: " ".join(text.split()) for name, text in asdict(self).items()})

    def refuse(self, *, required: bool) -> None:
        """Raises InvalidError for what is missing, too long, said in one language only, or said of both."""
        for field, text in asdict(self).items():
            if required and not text and field in {"scope_km", "scope_en"}:
                raise InvalidError(field, "required")
            if len(text) > LONGEST_SCOPE:
                raise InvalidError(field, "too_long", most=LONGEST_SCOPE)
        for field, text, other, scope in self._beside():
            if other and not text:
                raise InvalidError(field, "required")
            if text and text.casefold() == scope.casefold():
                raise InvalidError(field, "same")

    def _beside(self) -> Sequence[tuple[str, str, str, str]]:
        return (
            ("not_covered_km", self.not_covered_km, self.not_covered_en, self.scope_km),
            ("not_covered_en", self.not_covered_en, self.not_covered_km, self.scope_en),
        )

    def names(self, company: Company, wanted: Sequence[str]) -> list[str]:
        """The brands and services that are to be covered, in the company's order. Raises InvalidError for one that the
        company does not name, and for more than there is room for beside the words."""
        named = coverable(company.brands, company.services)
        if not set(wanted) <= set(named):
            raise InvalidError("covered", "unknown")
        covered = [name for name in named if name in wanted]
        words = (self.scope_km, self.not_covered_km), (self.scope_en, self.not_covered_en)
        if any(scope_length(scope, covered, beside) > LONGEST_SCOPE for scope, beside in words):
            raise InvalidError("covered", "too_long", most=LONGEST_SCOPE)
        return covered


def left_out(company: Company, covered: Sequence[str]) -> list[str]:
    """What the company names and an award does not cover."""
    return [name for name in coverable(company.brands, company.services) if name not in covered]
