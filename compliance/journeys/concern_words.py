"""Concerns in words: what they are about, what became of them, what in a text looked like a case."""

from typing import Any

from compliance.domain.case_details import Detail
from compliance.domain.concerns import About, ConcernOutcome
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.concerns import Concern

ABOUT: dict[About, tuple[Any, Any]] = {
    About.CHANNEL: (
        _l("Reports of harm get no answer"),
        _l("For example: its report button leads nowhere"),
    ),
    About.COMMITMENT: (
        _l("It does not do what it promised"),
        _l("For example: a safety setting it told of does not exist"),
    ),
    About.MISUSE: (
        _l("It misuses the certificate or the badge"),
        _l("For example: it shows them for a service that is not covered"),
    ),
    About.UNTRUE: (
        _l("Something that stands here about it is untrue"),
        _l("For example: a service or a brand is not its own"),
    ),
}
OUTCOMES = {
    ConcernOutcome.UNFOUNDED: _l("The concern does not hold"),
    ConcernOutcome.RESOLVED: _l("It has been put right"),
    ConcernOutcome.PROPOSAL: _l("A suspension of the award is proposed"),
    ConcernOutcome.SPOT_CHECK: _l("The Ministry checks the company itself"),
    ConcernOutcome.CASE: _l("The text held details of a case and was locked away"),
}
DETAILS = {
    Detail.LINK: _l("a link"),
    Detail.ADDRESS: _l("an address of a person"),
    Detail.TELEPHONE: _l("a telephone number"),
    Detail.AGE: _l("an age"),
    Detail.NAME: _l("a name"),
    Detail.CHILD: _l("what happened to somebody"),
}

NO_CASE = _l("Describe the company, not a case.")


def about_name(about: About) -> str:
    """What a concern is about."""
    return str(ABOUT[about][0])


def outcome_told(concern: Concern) -> str:
    """The same for the company and whoever raised it: empty also while it would announce a spot check."""
    return "" if concern.untold else outcome_name(concern)


def outcome_name(concern: Concern) -> str:
    """What became of it; empty while it is open."""
    return str(OUTCOMES[concern.outcome]) if concern.outcome else ""


def grouped(reference: str) -> str:
    """A reference as people read and type it: four signs at a time."""
    return "-".join(reference[start : start + 4] for start in range(0, len(reference), 4))
