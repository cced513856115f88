"""A third person sees both scorings, and settles each answer on which they differ, or sends both back."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import blind
from compliance.actions.advance import locked, require_no_part, require_untied
from compliance.actions.comparing import Both, both_readings, tell_holder
from compliance.actions.judging import Judgement, check_judgement, put_ruling
from compliance.actions.notifying import notify
from compliance.domain.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
    WrongStateError,
    raise_together,
)
from compliance.domain.roles import Actor, Role
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.people import Person
from compliance.store.reviews import Judged, Ruling
from compliance.store.second_scorings import (
    SecondRuling,
    SecondScoring,
    Settled,
    first_people,
    open_scoring,
    scorers_of,
)

LONGEST = 2_000
OWN = {"id", "ruled_by", "ruled_at", "withdrawn_at"}
"""Columns that are not taken over from the second scorer's ruling."""
OWN_RULING = "own"
SIDES = frozenset({"first", "second", OWN_RULING})


@dataclass(frozen=True)
class Choice:
    """Whose ruling of one answer stands, and why; `own` is the moderator's where neither of the two is right."""

    side: str
    reason: str
    own: Judgement | None = None


def require_third(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Raises ForbiddenError for whoever had a part in one of the two scorings, or is tied to the company."""
    actor.require(Role.REVIEWER, Role.APPROVER)
    require_no_part(session, actor, assessment)
    if actor.user_id in first_people(session, assessment.id) | scorers_of(session, assessment.id):
        raise ForbiddenError("took_part")
    require_untied(session, actor, assessment)


def to_moderate(session: Session, actor: Actor, assessment: Assessment) -> tuple[SecondScoring, Both]:
    """Both scorings, for a third person. Raises ForbiddenError, NotFoundError where there is nothing to settle."""
    scoring = open_scoring(session, assessment.id)
    if scoring is None or not scoring.to_moderate:
        raise NotFoundError
    require_third(session, actor, assessment)
    return scoring, both_readings(session, assessment)


def seen_of(both: Both) -> str:
    """What a page showed of the two scorings."""
    ruled = [(name, side.rulings[name].id) for side in (both.first, both.second) for name in both.differing]
    return f"{both.first.submission.id}:" + ",".join(str(number) for _name, number in ruled)


def moderate(
    session: Session, actor: Actor, assessment_id: int, choices: Mapping[str, Choice], seen: str
) -> SecondScoring:
    """Of each answer on which the two differ one ruling stands; where that is the second's or a third one, in the
    moderator's name.

    Raises StaleError when the two changed since `seen`, InvalidError on `side_…` and `reason_…` for what is missing.
    """
    assessment, scoring, both = _about_to(session, actor, assessment_id, seen)
    kept = _checked(both, choices)
    _settle(session, actor, both, kept)
    scoring.moderator_id = actor.user_id
    scoring.choices = {name: {"side": one.side, "reason": one.reason.strip()} for name, one in kept.items()}
    blind.close(scoring, Settled.MODERATED)
    session.flush()
    _record(session, actor, scoring, "moderated", answers=len(kept))
    tell_holder(session, assessment, scoring)
    return scoring


def _settle(session: Session, actor: Actor, both: Both, kept: Mapping[str, Choice]) -> None:
    first, second, snapshot = both.first.rulings, both.second.rulings, both.first.snapshot
    for name, theirs in second.items():
        said = kept.get(name)
        if said is not None and said.own is not None:
            standing = session.get_one(Ruling, first[name].id)
            put_ruling(session, Ruling, standing, actor, theirs.assessment_id, snapshot, name, said.own)
        elif name not in first or (said is not None and said.side == "second"):
            _take_over(session, actor, first.get(name), theirs)


def send_back(session: Session, actor: Actor, assessment_id: int, note: str, seen: str) -> SecondScoring:
    """Both go on where they were, each still without the other's rulings; `note` goes to both."""
    assessment, scoring, _both = _about_to(session, actor, assessment_id, seen)
    if not 0 < len(note.strip()) <= LONGEST:
        raise InvalidError("note", "Give a reason, in at most %(most)s characters.", most=LONGEST)
    scorer = session.get_one(Person, scoring.scorer_id)
    scoring.moderator_id, scoring.note = actor.user_id, note.strip()
    scoring.first_done_at = scoring.second_done_at = None
    scoring.times_back += 1
    session.flush()
    _record(session, actor, scoring, "sent_back")
    told = {"scoring": scoring.id, "what": "back"}
    notify(session, [scorer], "second_news", f"{scoring.id}:back:{scoring.times_back}", told)
    tell_holder(session, assessment, scoring)
    return scoring


def _about_to(session: Session, actor: Actor, number: int, seen: str) -> tuple[Assessment, SecondScoring, Both]:
    assessment = locked(session, number)
    found = open_scoring(session, assessment.id)
    require_third(session, actor, assessment)
    if found is None or not found.to_moderate:
        raise WrongStateError("moderate", "settled")
    both = both_readings(session, assessment)
    if seen != seen_of(both):
        raise StaleError
    return assessment, found, both


def _checked(both: Both, choices: Mapping[str, Choice]) -> dict[str, Choice]:
    refused = []
    for name in both.differing:
        said = choices.get(name, Choice("", ""))
        if said.side not in SIDES:
            refused.append(InvalidError(f"side_{name}", "Choose whose ruling stands."))
        elif said.side == OWN_RULING and said.own is None:
            refused.append(InvalidError(f"side_{name}", "Complete your own ruling."))
        elif said.own is not None:
            check_judgement(both.first.snapshot, name, said.own)
        if not said.reason.strip():
            refused.append(InvalidError(f"reason_{name}", "Give a reason; the approver reads it."))
        elif len(said.reason) > LONGEST:
            refused.append(InvalidError(f"reason_{name}", "Use at most %(length)s characters.", length=LONGEST))
    raise_together(refused)
    return {name: choices[name] for name in both.differing}


def _take_over(session: Session, actor: Actor, standing: Judged | None, theirs: Judged) -> None:
    if isinstance(standing, Ruling):
        standing.withdrawn_at = clock.now()
        session.flush()
    columns = [one.key for one in sa.inspect(SecondRuling).column_attrs if one.key not in OWN]
    said = {name: getattr(theirs, name) for name in columns}
    session.add(Ruling(**said, ruled_by=actor.user_id or 0, ruled_at=clock.now()))
    session.flush()


def _record(session: Session, actor: Actor, scoring: SecondScoring, done: str, **said: object) -> None:
    tag, number = f"staff:second_scoring:{done}", scoring.assessment_id
    record(session, clock.now(), actor, tag, "assessment", number, scoring=scoring.id, **said)
