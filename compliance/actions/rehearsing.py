"""What a draft edition would do to the awards that are held now: nothing is written."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.actions.scorecards import facts_from, frozen_files, frozen_replies, reviewed_facts, subject
from compliance.domain.standing import Standing
from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award, all_awards
from compliance.store.reviews import Ruling
from questionnaires import edition
from questionnaires.loader import load
from scoring import Rehearsal, Rubric, Subject, rehearse
from scoring.loading.reader import read_rubric

SCALE = "award"
HELD = frozenset({Standing.CURRENT, Standing.EXPIRING, Standing.IN_GRACE})
AT_ONCE = 200
MANY = 1_000
"""Of so many awards on, starting more processes is worth its while."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Draft:
    """The draft's name and its rules."""

    name: str
    rubric: Rubric


def read_draft(path: Path) -> Draft:
    """An edition's folder or a rubric file. Raises EditionRefusedError or RubricError with everything that is wrong."""
    if path.is_dir():
        found = load(path)
        return Draft(found.id, found.rubric)
    rubric = read_rubric(path)
    return Draft(f"{rubric.id} {rubric.version}", rubric)


def held_awards(session: Session, on: date) -> Mapping[str, list[Award]]:
    """The awards held on a day, by the edition they were given under."""
    found: dict[str, list[Award]] = {}
    for award in all_awards(session):
        if award.standing(on) in HELD:
            found.setdefault(award.edition, []).append(award)
    return found


def rehearse_draft(
    session: Session, draft: Draft, on: date, progress: Progress = lambda _done, _all: None
) -> Mapping[str, Rehearsal]:
    """For each edition in force: its awards under its own rules and under the draft, both after the rulings."""
    awards = held_awards(session, on)
    total, done = sum(len(found) for found in awards.values()), 0
    result: dict[str, Rehearsal] = {}
    for name, found in sorted(awards.items()):

        def counted(found: list[Award] = found) -> Iterator[Subject]:
            nonlocal done
            for one in ruled_subjects(session, found):
                yield one
                done += 1
                progress(done, total)

        processes = (os.cpu_count() or 1) if len(found) > MANY else 1
        old = edition(name).rubric
        result[name] = rehearse(old, draft.rubric, counted(), scale=SCALE, basis="verified", processes=processes)
    return result


def ruled_subjects(session: Session, awards: Sequence[Award]) -> Iterator[Subject]:
    """What each award was given for: the frozen answers with the rulings that stand, named by the award's number.

    Read many at a time: three statements for every two hundred awards.
    """
    for start in range(0, len(awards), AT_ONCE):
        some = awards[start : start + AT_ONCE]
        ids = [award.assessment_id for award in some]
        noted = {one.id: one for one in session.scalars(sa.select(Assessment).where(Assessment.id.in_(ids)))}
        frozen = sa.select(Submission).where(Submission.assessment_id.in_(ids)).order_by(Submission.round)
        newest = {one.assessment_id: one for one in session.scalars(frozen)}
        rulings: dict[int, dict[str, Ruling]] = {}
        standing = sa.select(Ruling).where(Ruling.assessment_id.in_(ids), Ruling.withdrawn_at.is_(None))
        for ruling in session.scalars(standing.order_by(Ruling.question)):
            rulings.setdefault(ruling.assessment_id, {})[ruling.question] = ruling
        for award in some:
            at = award.assessment_id
            given = _given(noted[at], json.loads(newest[at].content), rulings.get(at, {}))
            yield replace(given, id=award.number)


def _given(assessment: Assessment, content: Mapping[str, Any], rulings: Mapping[str, Ruling]) -> Subject:
    facts = reviewed_facts(assessment.review_facts, facts_from(content["facts"]))
    return subject(edition(content["edition"]), facts, frozen_replies(content), frozen_files(content), rulings)
