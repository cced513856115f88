"""On which grounds an award is suspended, revoked or given back, and when the company is heard."""

from enum import StrEnum

from compliance.domain.standing import AwardAct


class Ground(StrEnum):
    """The category of an act on an award; everybody may read it."""

    CHILDREN_AT_RISK = "children_at_risk"
    INCIDENT = "incident"
    FALSE_INFORMATION = "false_information"
    CHECK_IN_OVERDUE = "check_in_overdue"
    FINDING = "finding"
    SPOT_CHECK = "spot_check"
    CONCERN = "concern"
    MISUSE = "misuse"
    COMPANY_ASKS = "company_asks"
    UNRESOLVED = "unresolved"
    OFFENCE = "offence"
    REMEDIED = "remedied"
    UNFOUNDED = "unfounded"


GROUNDS: dict[AwardAct, tuple[Ground, ...]] = {
    AwardAct.SUSPENDED: (
        Ground.CHILDREN_AT_RISK,
        Ground.INCIDENT,
        Ground.FALSE_INFORMATION,
        Ground.CHECK_IN_OVERDUE,
        Ground.FINDING,
        Ground.SPOT_CHECK,
        Ground.CONCERN,
        Ground.MISUSE,
        Ground.COMPANY_ASKS,
    ),
    AwardAct.REVOKED: (
        Ground.CHILDREN_AT_RISK,
        Ground.FALSE_INFORMATION,
        Ground.UNRESOLVED,
        Ground.OFFENCE,
        Ground.MISUSE,
        Ground.COMPANY_ASKS,
    ),
    AwardAct.REINSTATED: (Ground.REMEDIED, Ground.UNFOUNDED),
}

AGAINST = frozenset({AwardAct.SUSPENDED, AwardAct.REVOKED})
"""Acts on which the company is heard."""
AT_ONCE = frozenset({Ground.CHILDREN_AT_RISK})
"""Grounds that do not wait for the company: it is heard afterwards."""
