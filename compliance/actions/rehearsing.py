"""What a draft edition would do to the awards that are held now: nothing is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from compliance.actions.scorecards import reviewed_facts, snapshot_of, subject
from compliance.domain.standing import Standing
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, all_awards
from compliance.store.reviews import standing_rulings
from questionnaires import edition
from questionnaires.loader import load
from scoring import Rehearsal, Rubric, Subject, rehearse
from scoring.reader import read_rubric

SCALE = "award"
HELD = frozenset({Standing.CURRENT, Standing.EXPIRING, Standing.IN_GRACE})
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
            for award in found:
                yield ruled_subject(session, award)
                done += 1
                progress(done, total)

        result[name] = rehearse(edition(name).rubric, draft.rubric, counted(), scale=SCALE, basis="verified")
    return result


def ruled_subject(session: Session, award: Award) -> Subject:
    """What the award was given for: the frozen answers with the rulings that stand, named by the award's number."""
    assessment = session.get_one(Assessment, award.assessment_id)
    snapshot = snapshot_of(session, assessment)
    facts = reviewed_facts(assessment, snapshot.facts)
    rulings = standing_rulings(session, assessment.id)
    given = subject(edition(award.edition), facts, snapshot.replies, snapshot.files, rulings)
    return replace(given, id=award.number)
