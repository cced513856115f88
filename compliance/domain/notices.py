"""The kinds of notices, with the names of the values that their texts may use beside `name`."""

_COMPANY = frozenset({"company_km", "company_latin"})
_ASSESSMENT = _COMPANY | {"assessment"}
_AWARD = _COMPANY | {"number"}
_REMINDER = _AWARD | {"level", "edition", "ends", "grace_days", "days"}

KINDS: dict[str, frozenset[str]] = {
    "account_confirm": frozenset({"link", "days"}),
    "account_exists": frozenset({"sign_in_link", "reset_link"}),
    "account_reset": frozenset({"link", "hours"}),
    "account_password_changed": frozenset({"reset_link"}),
    "account_address_confirm": frozenset({"link", "hours"}),
    "account_address_asked": frozenset({"reset_link"}),
    "account_address_changed": frozenset(),
    "account_new_second_factor": frozenset({"account_link"}),
    "account_invited": frozenset({"link", "days", "inviter", "company_km", "company_latin", "role"}),
    "account_staff_invited": frozenset({"link", "days", "inviter", "role"}),
    "assessment_submitted": _ASSESSMENT,
    "assessment_withdrawn": _ASSESSMENT,
    "assessment_in_review": _ASSESSMENT,
    "assessment_refused": _ASSESSMENT | {"reason"},
    "assessment_idle": _ASSESSMENT | {"days"},
    "clarification_asked": _ASSESSMENT | {"due_on"},
    "clarification_replied": _ASSESSMENT,
    "review_waiting": _ASSESSMENT,
    "review_returned": _ASSESSMENT | {"reason"},
    "decision_waiting": _ASSESSMENT | {"level"},
    "award_granted": _ASSESSMENT | {"level", "number"},
    "award_suspended": _AWARD | {"reason"},
    "award_reinstated": _AWARD | {"reason"},
    "award_revoked": _AWARD | {"reason"},
    "proposal_waiting": _AWARD | {"reason"},
    "change_waiting": _COMPANY,
    "change_confirmed": _COMPANY | {"numbers"},
    "change_declined": _COMPANY | {"reason"},
    "certificate_ready": _AWARD | {"level", "edition", "certificate", "verify"},
    "certificate_anew": _AWARD | {"level", "edition", "certificate", "verify", "replaces"},
    "evidence_quarantined": frozenset({"file", "sha256"}),
    "reminder_before": _REMINDER,
    "reminder_after": _REMINDER,
}
