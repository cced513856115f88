"""What roles in a company and on the Ministry's side are called, and what each may do."""

from compliance.domain.roles import CompanyRole, Role
from compliance.journeys.language import lazy_gettext as _l

COMPANY_ROLES = {
    CompanyRole.OWNER: _l("Owner"),
    CompanyRole.EDITOR: _l("Editor"),
    CompanyRole.SIGNATORY: _l("Signatory"),
    CompanyRole.VIEWER: _l("Viewer"),
}
COMPANY_HINTS = {
    CompanyRole.OWNER: _l("Does everything, invites colleagues and signs."),
    CompanyRole.EDITOR: _l("Answers questions and adds evidence."),
    CompanyRole.SIGNATORY: _l("Reads everything, attests and submits."),
    CompanyRole.VIEWER: _l("Reads everything, changes nothing."),
}
STAFF_ROLES = {
    Role.REVIEWER: _l("Reviewer"),
    Role.APPROVER: _l("Approver"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.PANEL_MEMBER: _l("Panel member (appeals)"),
    Role.OBSERVER: _l("Observer"),
}
