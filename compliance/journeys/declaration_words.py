"""Change declarations in the reader's words: what each kind is and leads to, and whom an incident was reported to."""

from compliance.journeys.language import gettext as _
from compliance.store.change_declarations import ChangeKind, ReportedTo


def kind_names() -> dict[ChangeKind, tuple[str, str]]:
    """By kind its name and, in a sentence, what it leads to."""
    return {
        ChangeKind.INCIDENT: (
            _("An incident that touches the safety of children"),
            _("A reviewer reads it. Your award stays as it is, unless two people of the Ministry suspend it."),
        ),
        ChangeKind.OWNERSHIP: (
            _("New owners of the company"),
            _("A reviewer reads it. It changes nothing in your award by itself."),
        ),
        ChangeKind.NEW_SERVICE: (
            _("A new service"),
            _("A reviewer reads it. Your award does not cover the new service by this."),
        ),
    }


def report_names() -> dict[ReportedTo, str]:
    """Whom a company may have told of an incident."""
    return {
        ReportedTo.POLICE: _("The police"),
        ReportedTo.HELPLINE: _("Child Helpline Cambodia 1280"),
        ReportedTo.HOTLINE: _("The internet hotline"),
        ReportedTo.AUTHORITY: _("Another authority"),
        ReportedTo.NOBODY: _("Nobody yet"),
    }
