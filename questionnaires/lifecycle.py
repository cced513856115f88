"""An edition's deadlines and reminders, as numbers the portal reads."""

from __future__ import annotations

from pydantic import Field

from questionnaires.terms import Days, Months
from questionnaires.text import Record, Text, Words
from questionnaires.wording import Id


class Review(Record):
    """How long review takes, and who may do it."""

    draft_closes_after_days_without_change: Days
    screening_working_days: Days
    review_working_days: Days
    more_information_rounds: int = Field(ge=0)
    more_information_reply_working_days: Days
    improvement_period_days_after_refusal: Days
    decision_by: Words
    conflict_rule: Words


class CheckIn(Record):
    """The look at an award in the middle of its term."""

    every_months: Months
    not_for_levels: tuple[Id, ...]
    asks: tuple[Words, ...]
    reminders_days_before: tuple[Days, ...]
    late_after_days: Days
    if_late: Words


class Renewal(Record):
    """When a company may renew, and how it is reminded."""

    window_opens_days_before_expiry: Days
    reminders_days_before_expiry: tuple[Days, ...]
    reminders_days_after_expiry: tuple[Days, ...]
    reminder_languages: tuple[str, ...]
    recipients: tuple[Words, ...]
    copy_to_reviewer_days_before_expiry: tuple[Days, ...]
    prefill: Words
    new_term_starts: Words
    uses_code_version: Words


class Grace(Record):
    """What still holds after an award has ended."""

    days: Days
    needs_submitted_renewal: bool
    extended_to_decision_if_submitted_before_expiry: bool
    max_days_with_submitted_renewal: Days
    register_shows: Text
    mark_may_be_used_in_grace: bool


class Suspension(Record):
    """When and for how long an award rests."""

    grounds: tuple[Words, ...]
    max_days: Days
    notice_days: Days
    immediate_if: Words
    register_shows_reason: bool
    ends_in: tuple[Words, ...]


class Withdrawal(Record):
    """When an award is taken back."""

    grounds: tuple[Words, ...]
    new_application_after_months: Months


class Appeal(Record):
    """How a company contests a decision."""

    within_days: Days
    acknowledge_working_days: Days
    decide_within_days: Days
    panel: Words
    suspends_decision: bool


class Complaint(Record):
    """How the public says that an awarded company does not keep the code."""

    who: Words
    acknowledge_working_days: Days
    answer_within_days: Days
    urgent_child_risk: Words


class Lifecycle(Record):
    """lifecycle.yaml."""

    note: Words
    assessment_statuses: tuple[Id, ...]
    certificate_statuses: tuple[Id, ...]
    submission_declaration: Text
    """What the signatory attests."""
    review: Review
    check_in: CheckIn
    renewal: Renewal
    grace: Grace
    after_grace: Words
    suspension: Suspension
    withdrawal: Withdrawal
    appeal: Appeal
    complaint: Complaint
    must_report_changes_days: Days
