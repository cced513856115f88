"""Who acts: ministry roles, company roles, and the actor that every use case is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from compliance.domain.errors import ForbiddenError, NotFoundError


class Role(StrEnum):
    """Roles on the ministry's side."""

    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"
    PANEL_MEMBER = "panel_member"


class CompanyRole(StrEnum):
    """What a colleague may do for one company, most powerful first."""

    OWNER = "owner"
    EDITOR = "editor"
    SIGNATORY = "signatory"
    VIEWER = "viewer"


MAY_EDIT = frozenset({CompanyRole.OWNER, CompanyRole.EDITOR})
MAY_SIGN = frozenset({CompanyRole.OWNER, CompanyRole.SIGNATORY})
MAY_MANAGE = frozenset({CompanyRole.OWNER})
MAY_SEE = frozenset(CompanyRole)


@dataclass(frozen=True)
class Actor:
    """Whoever acts. `companies` maps a company's id to this person's role there."""

    user_id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    companies: Mapping[int, CompanyRole] = field(default_factory=lambda: MappingProxyType({}))

    def has(self, role: Role) -> bool:
        return role in self.roles

    @property
    def staff(self) -> bool:
        return bool(self.roles)

    def require(self, *roles: Role) -> None:
        """Raises ForbiddenError unless the actor holds one of `roles`."""
        if not self.roles.intersection(roles):
            raise ForbiddenError("role")

    def require_company(self, company_id: int, allowed: frozenset[CompanyRole] = MAY_SEE) -> None:
        """Raises NotFoundError for a stranger (who must not learn that it exists), ForbiddenError for a colleague."""
        role = self.companies.get(company_id)
        if role is None:
            raise NotFoundError
        if role not in allowed:
            raise ForbiddenError("company_role")


SYSTEM = Actor(user_id=None, name="system")
