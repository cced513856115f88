"""What a draft edition would do to the awards that are held now: nothing is written."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.actions.scorecards import facts_from, frozen_files, frozen_replies, reviewed_facts, subject
from compliance.domain.standing import Standing, Term, standing
from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award
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


class Held(NamedTuple):
    """An award held on a day: what it was given for is read when its turn comes."""

    number: str
    assessment_id: int


def counted_awards(session: Session, on: date) -> Mapping[str, int]:
    """How many awards are held on a day, by the edition they were given under."""
    editions = session.scalars(sa.select(Award.edition).distinct().order_by(Award.edition)).all()
    counts = {name: sum(1 for _award in held_awards(session, name, on)) for name in editions}
    return {name: count for name, count in counts.items() if count}


def held_awards(session: Session, name: str, on: date) -> Iterator[Held]:
    """The awards of an edition that are held on a day, the newest first; some hundred at a time are in memory."""
    told = (Award.id, Award.number, Award.assessment_id)
    dates = (Award.starts, Award.ends, Award.grace_days, Award.last_act, Award.replaced_from)
    query = sa.select(*told, *dates).where(Award.edition == name)
    query = query.order_by(Award.id.desc()).limit(AT_ONCE)
    rows = session.execute(query).all()
    while rows:
        for one in rows:
            term = Term(one.starts, one.ends, one.grace_days)
            if standing(term, one.last_act, on, one.replaced_from) in HELD:
                yield Held(one.number, one.assessment_id)
        rows = session.execute(query.where(Award.id < rows[-1].id)).all()


def rehearse_draft(
    session: Session, draft: Draft, on: date, progress: Progress = lambda _done, _all: None
) -> Mapping[str, Rehearsal]:
    """For each edition in force: its awards under its own rules and under the draft, both after the rulings."""
    counts = counted_awards(session, on)
    total, done = sum(counts.values()), 0
    result: dict[str, Rehearsal] = {}
    for name, count in counts.items():

        def counted(name: str = name) -> Iterator[Subject]:
            nonlocal done
            for one in ruled_subjects(session, held_awards(session, name, on)):
                yield one
                done += 1
                progress(done, total)

        processes = (os.cpu_count() or 1) if count > MANY else 1
        old = edition(name).rubric
        result[name] = rehearse(old, draft.rubric, counted(), scale=SCALE, basis="verified", processes=processes)
    return result


def ruled_subjects(session: Session, awards: Iterable[Held]) -> Iterator[Subject]:
    """What each award was given for: the frozen answers with the rulings that stand, named by the award's number.

    Read many at a time: three statements for every two hundred awards.
    """
    waiting = iter(awards)
    while some := list(islice(waiting, AT_ONCE)):
        ids = [award.assessment_id for award in some]
        noted = {one.id: one for one in session.scalars(sa.select(Assessment).where(Assessment.id.in_(ids)))}
        frozen = sa.select(Submission).where(Submission.assessment_id.in_(ids)).order_by(Submission.round)
        newest = {one.assessment_id: one for one in session.scalars(frozen)}
        rulings: dict[int, dict[str, Ruling]] = {}
        stand = sa.select(Ruling).where(Ruling.assessment_id.in_(ids), Ruling.withdrawn_at.is_(None))
        for ruling in session.scalars(stand.order_by(Ruling.question)):
            rulings.setdefault(ruling.assessment_id, {})[ruling.question] = ruling
        for award in some:
            at = award.assessment_id
            given = _given(noted[at], json.loads(newest[at].content), rulings.get(at, {}))
            yield replace(given, id=award.number)


def _given(assessment: Assessment, content: Mapping[str, Any], rulings: Mapping[str, Ruling]) -> Subject:
    facts = reviewed_facts(assessment.review_facts, facts_from(content["facts"]))
    return subject(edition(content["edition"]), facts, frozen_replies(content), frozen_files(content), rulings)
