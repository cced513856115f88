"""What each figure of an edition's lifecycle means, in the order in which the page tells them."""

from collections.abc import Mapping
from typing import Any

from compliance.journeys.language import lazy_gettext as _l

DAYS, WORKING_DAYS, MONTHS, TIMES = _l("days"), _l("working days"), _l("months"), _l("times")
RULES: Mapping[str, tuple[Any, Any]] = {
    "review.review_working_days": (_l("Review of an assessment, from its submission"), WORKING_DAYS),
    "review.more_information_rounds": (_l("Rounds of questions to a company"), TIMES),
    "review.more_information_reply_working_days": (_l("A company's reply to questions"), WORKING_DAYS),
    "review.more_information_reminders_working_days_before": (
        _l("Reminders before a reply to questions is due"),
        WORKING_DAYS,
    ),
    "review.more_information_grace_working_days": (_l("A late reply is still taken for"), WORKING_DAYS),
    "review.change_request_working_days": (_l("Answer to a change request"), WORKING_DAYS),
    "review.idle_draft_reminder_after_days": (_l("An untouched draft is mentioned after"), DAYS),
    "check_in.every_months": (_l("A check-in is due every"), MONTHS),
    "check_in.reminders_days_before": (_l("Reminders before a check-in is due; the first day opens it"), DAYS),
    "check_in.reminders_days_after": (_l("Reminders after a check-in was due"), DAYS),
    "check_in.late_after_days": (_l("A check-in counts as late after"), DAYS),
    "renewal.window_opens_days_before_expiry": (_l("A renewal may begin before the award ends"), DAYS),
    "renewal.reminders_days_before_expiry": (_l("Reminders before an award ends"), DAYS),
    "renewal.reminders_days_after_expiry": (_l("Reminders after an award has ended"), DAYS),
    "grace.days": (_l("Grace after an award has ended"), DAYS),
    "suspension.notice_days": (_l("A company is heard before its award is suspended or revoked"), DAYS),
    "suspension.max_days": (_l("A suspension lasts at most"), DAYS),
    "withdrawal.new_application_after_months": (_l("A new application after an award was revoked"), MONTHS),
    "appeal.within_days": (_l("A decision can be appealed within"), DAYS),
    "appeal.acknowledge_working_days": (_l("A panel takes an appeal up within"), WORKING_DAYS),
    "appeal.decide_within_days": (_l("A panel decides on an appeal within"), DAYS),
    "complaint.acknowledge_working_days": (_l("A concern is acknowledged within"), WORKING_DAYS),
    "complaint.reply_working_days": (_l("A company replies to a concern within"), WORKING_DAYS),
    "complaint.answer_within_days": (_l("A concern has its outcome within"), DAYS),
    "spot_checks.begin_working_days": (_l("A company is told of a spot check within"), WORKING_DAYS),
    "spot_checks.answer_working_days": (_l("A company answers a spot check within"), WORKING_DAYS),
    "spot_checks.mend_days": (_l("What a spot check finds is mended within at most"), DAYS),
}
"""Each with its unit; those that no edition can let anybody move stand among them, for they are rules too."""
