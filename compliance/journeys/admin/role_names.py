"""What staff roles are called."""

from compliance.domain.roles import Role
from compliance.journeys.language import lazy_gettext

ROLE_NAMES = {
    Role.REVIEWER: lazy_gettext("Reviewer"),
    Role.APPROVER: lazy_gettext("Approver"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.OBSERVER: lazy_gettext("Observer"),
}
