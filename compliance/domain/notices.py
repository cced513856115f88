"""The kinds of notices, with the names of the values that their texts may use beside `name`.

The values are what is true when the mail is written; the outbox holds only what a notice is about.
"""

from enum import StrEnum

_COMPANY = frozenset({"company_km", "company_latin"})
_ASSESSMENT = _COMPANY | {"assessment"}
_AWARD = _COMPANY | {"number"}
_ACCESS = _COMPANY | {"access", "act", "email", "roles", "proposer"}
_CHECK_IN = _AWARD | {"due_on", "late_from", "days", "today"}
_COLLEAGUE = _COMPANY | {"colleague", "by", "role", "about_reader", "at", "act"}
_APPEAL = _COMPANY | {"appeal", "contested"}
_CONCERN = _COMPANY | {"concern"}
_EDITION = frozenset({"proposal", "draft", "act", "edition", "begins", "grace_days", "proposer"})
_WAYS = _COMPANY | {"since", "due_on", "late_from", "today"}
_REMINDER = _AWARD | {"level", "edition", "ends", "grace_days", "grace_ends", "days", "today", "renewal", "due_on"}

KINDS: dict[str, frozenset[str]] = {
    "account_confirm": frozenset({"link", "until"}),
    "account_exists": frozenset({"at", "sign_in_link", "reset_link"}),
    "account_reset": frozenset({"at", "link", "until"}),
    "account_password_changed": frozenset({"at", "reset_link"}),
    "account_address_confirm": frozenset({"link", "until"}),
    "account_address_asked": frozenset({"at", "reset_link"}),
    "account_address_changed": frozenset({"at"}),
    "account_new_second_factor": frozenset({"at", "account_link"}),
    "account_identity_bound": frozenset({"at", "account_link"}),
    "account_invited": _COMPANY | {"link", "until", "inviter", "role"},
    "account_staff_invited": frozenset({"link", "until", "inviter", "role"}),
    "admin_waiting": frozenset({"what", "proposer"}),
    "trail_broken": frozenset({"count", "at"}),
    "access_waiting": _ACCESS | {"until"},
    "access_confirmed": _ACCESS | {"confirmer", "at"},
    "access_off": frozenset({"email", "by", "at"}),
    "access_factor": frozenset({"email", "by", "at"}),
    "access_command": frozenset({"email", "role", "at"}),
    "owner_waiting": _COMPANY | {"email"},
    "owner_restored": _COMPANY | {"email", "at"},
    "colleague_left": _COLLEAGUE | {"until"},
    "colleague_removed": _COLLEAGUE | {"until"},
    "colleague_handed_over": _COLLEAGUE | {"until"},
    "colleague_restored": _COLLEAGUE,
    "assessment_submitted": _ASSESSMENT | {"at", "waits"},
    "assessment_withdrawn": _ASSESSMENT | {"begun"},
    "assessment_in_review": _ASSESSMENT,
    "assessment_refused": _ASSESSMENT | {"reason", "letter_km", "letter_en", "appeal_until"},
    "assessment_idle": _ASSESSMENT | {"since", "days"},
    "clarification_asked": _ASSESSMENT | {"due_on", "lapses_on", "late", "questions"},
    "clarification_replied": _ASSESSMENT,
    "clarification_received": _ASSESSMENT | {"at"},
    "clarification_due": _ASSESSMENT | {"due_on", "days", "today", "lapses_on", "questions"},
    "clarification_late": _ASSESSMENT | {"due_on", "lapses_on", "questions"},
    "clarification_lapsed": _ASSESSMENT | {"due_on", "on"},
    "review_lapsed": _ASSESSMENT | {"due_on", "on"},
    "review_waiting": _ASSESSMENT,
    "review_returned": _ASSESSMENT | {"reason"},
    "review_handed_over": _ASSESSMENT | {"by", "before", "after", "reason", "mine"},
    "decision_waiting": _ASSESSMENT | {"level", "edition"},
    "second_waiting": _ASSESSMENT | {"due_on"},
    "second_due": _ASSESSMENT | {"due_on", "days", "today", "late"},
    "second_late": _ASSESSMENT | {"due_on", "taken"},
    "second_news": _ASSESSMENT | {"what", "reason"},
    "scoring_settled": _ASSESSMENT | {"what", "reason"},
    "moderation_waiting": _ASSESSMENT,
    "appeal_lodged": _APPEAL | {"at", "take_up_by", "decide_by"},
    "appeal_waiting": _APPEAL | {"take_up_by", "decide_by"},
    "appeal_due": _APPEAL | {"decide_by", "days", "today", "late"},
    "appeal_ends": _COMPANY | {"contested", "appeal_until", "today"},
    "appeal_late": _APPEAL | {"take_up_by", "decide_by", "seats", "taken", "voted", "overdue"},
    "appeal_withdrawn": _APPEAL,
    "appeal_upheld": _APPEAL | {"reasons", "number", "in_force"},
    "appeal_dismissed": _APPEAL | {"reasons", "public_reason"},
    "appeal_reopened": _COMPANY | {"assessment", "due_on"},
    "award_granted": _ASSESSMENT
    | {"letter_km", "letter_en", "level", "edition", "number", "starts", "ends", "ready", "appeal_until"},
    "award_hearing": _AWARD | {"act", "reason", "until", "proposal"},
    "award_hearing_dropped": _AWARD | {"act"},
    "award_suspended": _AWARD | {"reason", "on", "appeal_until", "heard_until"},
    "award_reinstated": _AWARD | {"reason", "on", "in_force", "starts", "ends"},
    "award_revoked": _AWARD | {"reason", "on", "appeal_until", "heard_until"},
    "suspension_over": _AWARD | {"since", "until"},
    "proposal_waiting": _AWARD | {"reason", "until", "heard_until"},
    "proposal_declined": _AWARD | {"act", "by", "reason"},
    "proposal_answered": _AWARD | {"act", "after"},
    "change_waiting": _COMPANY,
    "change_confirmed": _COMPANY | {"numbers", "renamed", "follows"},
    "change_declined": _COMPANY | {"reason"},
    "check_in_due": _CHECK_IN,
    "check_in_late": _CHECK_IN,
    "declaration_waiting": _COMPANY | {"award_number"},
    "spot_checks_drawn": frozenset({"count", "on"}),
    "spot_check_told": _AWARD | {"check", "asked", "due_on"},
    "spot_check_replied": _AWARD | {"check"},
    "spot_check_handed_over": _AWARD | {"check", "by", "before", "after", "reason", "mine"},
    "spot_check_found": _AWARD | {"check", "outcome", "reasons", "mend_by"},
    "certificate_ready": _AWARD | {"level", "edition", "certificate", "verify"},
    "certificate_anew": _AWARD | {"level", "edition", "certificate", "verify", "replaces"},
    "concern_receipt": _CONCERN | {"acknowledge_by", "status"},
    "concern_acknowledged": _CONCERN | {"answer_by", "status"},
    "concern_closed": _CONCERN | {"outcome", "reasons", "status"},
    "concern_waiting": _CONCERN | {"acknowledge_by"},
    "concern_due": _CONCERN | {"acknowledge_by", "late"},
    "concern_asked": _CONCERN | {"reply_by"},
    "concern_reply_due": _CONCERN | {"reply_by"},
    "spot_check_late": _AWARD | {"check", "since", "told"},
    "concern_replied": _CONCERN,
    "concern_decided": _CONCERN | {"outcome", "reasons"},
    "concern_quarantined": _CONCERN | {"sha256", "reply"},
    "digest": frozenset({"waiting", "notices"}),
    "edition_waiting": frozenset({"proposal", "act", "edition", "begins", "grace_days", "proposer", "reason", "until"}),
    "edition_confirmed": frozenset(
        {"proposal", "act", "edition", "begins", "grace_days", "proposer", "confirmer", "at"}
    ),
    "edition_begun": _ASSESSMENT | {"edition", "before", "begins", "last_day", "over"},
    "evidence_quarantined": frozenset({"file", "sha256"}),
    "holidays_filled": frozenset({"year", "count"}),
    "holidays_unknown": frozenset({"year"}),
    "reminder_before": _REMINDER,
    "reminder_after": _REMINDER,
    "ways_due": _WAYS,
    "ways_unchecked": _WAYS,
}

OPTIONAL = frozenset(
    {
        "assessment_idle",
        "assessment_in_review",
        "change_waiting",
        "decision_waiting",
        "declaration_waiting",
        "holidays_filled",
        "review_waiting",
        "spot_checks_drawn",
    }
)
"""What a reader may do without: it waits on a page of theirs, and no day of anybody runs out by it."""
DIGEST = "digest"
STOPPABLE = OPTIONAL | {DIGEST}


class OptionalMail(StrEnum):
    """How a person wants the optional mails."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"
