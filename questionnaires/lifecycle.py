"""An edition's deadlines and reminders: the numbers that the portal counts with, and its rules in words (`prose`)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from questionnaires.terms import Days, Months
from questionnaires.text import Prose, Record, Text
from questionnaires.wording import Id


class Review(Record):
    """How long review takes."""

    idle_draft_reminder_after_days: Days
    """A draft in which nothing changed for so long is mentioned to its company once; no draft is ever closed."""
    review_working_days: Days
    more_information_rounds: int = Field(ge=0)
    more_information_reply_working_days: Days
    more_information_reminders_working_days_before: tuple[Days, ...] = (5, 1)
    """The reply is asked for again so many working days before it is due; an edition may say otherwise."""
    more_information_grace_working_days: Days = 5
    """After so many more without a reply the review goes on; an edition may say otherwise."""
    assessments_at_once: int = Field(default=6, ge=1)
    """A reviewer who holds so many has no room for more: shown, not enforced."""
    change_request_working_days: Days = 10
    """Change requests of awarded companies are answered within so many."""


class CheckIn(Record):
    """The look at an award in the middle of its term."""

    every_months: Months
    not_for_levels: tuple[Id, ...]
    reminders_days_before: tuple[Days, ...]
    late_after_days: Days
    reminders_days_after: tuple[Days, ...] = (1, 15)
    """Who has not sent it is reminded again so many days after it was due; an edition may say otherwise."""


class Renewal(Record):
    """When a company may renew, and how it is reminded."""

    window_opens_days_before_expiry: Days
    reminders_days_before_expiry: tuple[Days, ...]
    reminders_days_after_expiry: tuple[Days, ...]
    copy_to_reviewer_days_before_expiry: tuple[Days, ...]
    no_material_change: bool = False
    """Whether a company may confirm all its unchanged answers at once, by declaring that nothing material changed."""


class Grace(Record):
    """What still holds after an award has ended."""

    days: Days
    needs_submitted_renewal: bool
    extended_to_decision_if_submitted_before_expiry: bool
    max_days_with_submitted_renewal: Days


class Suspension(Record):
    """For how long an award rests, and how a company is heard before."""

    max_days: Days
    notice_days: int = Field(ge=1, le=20)
    """In which a company can state before its award is suspended or revoked; a proposal waits for 30 days in all."""
    register_shows_reason: bool
    """Whether everybody reads the public reason of a suspension or revocation beside its day."""


class Withdrawal(Record):
    """What follows when an award is taken back."""

    new_application_after_months: Months


class Appeal(Record):
    """How a company contests a decision."""

    within_days: Days
    """The days after a decision until which it can be contested, the last one included."""
    acknowledge_working_days: Days
    """Until the panel is complete and has taken the appeal up."""
    decide_within_days: Days
    suspends_decision: Literal[False]
    """What was decided holds while an appeal runs: the portal knows no other way, so no edition says otherwise."""
    panel_members: Literal[3, 5, 7] = 3
    """How many decide on an appeal, an odd number; an edition may say otherwise."""


class Complaint(Record):
    """How the public says that an awarded company does not keep the code."""

    acknowledge_working_days: Days
    """Until whoever raised it hears that a person has read it."""
    answer_within_days: Days
    """Until its outcome."""
    reply_working_days: Days = 10
    """For the company's own words; an edition may say otherwise."""


class SpotChecks(Record):
    """How many awards are looked at between two assessments, and by when their companies answer."""

    share_percent: int = Field(default=10, ge=0, le=100)
    """Of the awards in force, rounded up: a draw takes no fewer."""
    at_least: int = Field(default=1, ge=0)
    begin_working_days: Days = 10
    """From the draw until the company is told."""
    answer_working_days: Days = 15
    mend_days: Days = 60
    """What is to be mended is proposed to be mended within so many days, at most."""


class SecondScoring(Record):
    """Which submitted assessments two people rule who do not see each other's rulings; none unless it says so."""

    share_percent: int = Field(default=0, ge=0, le=100)
    """Of the assessments that are submitted, each drawn for itself."""
    first_at: tuple[Id, ...] = ()
    """Levels at which a company's first award is always scored twice."""
    tolerance_points: int = Field(default=2, ge=0, le=100)
    """Two scores that differ by no more count as the same, where the level is the same."""
    working_days: Days = 15
    """For the second scorer, from the submission."""
    reminder_working_days_before: Days = 3


class Factor(Record):
    """One mitigating circumstance by which a person may excuse an essential point that is not fully met."""

    id: Id
    text: Text


class Discretion(Record):
    """When a person may let an essential point pass: at least so many of the factors hold, with a reason."""

    least: int = Field(default=1, ge=1, le=5)
    factors: tuple[Factor, ...] = ()


MovableRule = Literal[
    "review.review_working_days",
    "review.more_information_reply_working_days",
    "review.more_information_reminders_working_days_before",
    "review.more_information_grace_working_days",
    "review.change_request_working_days",
    "review.idle_draft_reminder_after_days",
    "renewal.reminders_days_before_expiry",
    "renewal.reminders_days_after_expiry",
    "grace.days",
    "suspension.notice_days",
    "appeal.acknowledge_working_days",
    "appeal.decide_within_days",
    "complaint.acknowledge_working_days",
    "complaint.reply_working_days",
    "complaint.answer_within_days",
    "spot_checks.begin_working_days",
    "spot_checks.answer_working_days",
]
"""Figures that may be moved while an edition is in force: each is either kept with what was promised by it, or is the
ministry's own. The others hold as they stand in the edition."""


class Movable(Record):
    """How far administrators may move one figure; where it is a list of days, each of at most `count` of them."""

    rule: MovableRule
    least: int = Field(ge=0, le=3650)
    most: int = Field(ge=0, le=3650)
    count: int = Field(default=10, ge=1, le=20)


class Lifecycle(Record):
    """lifecycle.yaml."""

    submission_declaration: Text
    """What the signatory attests."""
    review: Review
    check_in: CheckIn
    renewal: Renewal
    grace: Grace
    suspension: Suspension
    withdrawal: Withdrawal
    appeal: Appeal
    complaint: Complaint
    spot_checks: SpotChecks = SpotChecks()
    """An edition may say otherwise."""
    second_scoring: SecondScoring = SecondScoring()
    """An edition may say otherwise."""
    must_report_changes_days: Days
    discretion: Discretion = Discretion()
    """By what an answer that the rubric leaves to a person's discretion is judged; an edition may leave none."""
    movable: tuple[Movable, ...] = ()
    """What administrators may move, and how far; an edition may let nothing be moved."""
    prose: Prose = Field(default_factory=dict)
