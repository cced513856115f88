"""A draft is put forward for rehearsal; the worker tries it on every award that is held and keeps what it found."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.drafts import differences, printable
from compliance.actions.rehearsing import SCALE, Draft, Progress, rehearse_draft
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import record
from compliance.store.awards import Award
from compliance.store.companies import Company
from compliance.store.edition_drafts import EditionDraft
from compliance.store.rehearsals import RehearsalRun, unfinished
from questionnaires import current
from scoring import Rehearsal, load_rubric
from scoring.rehearse import Move

MOST_WAITING = 3
LONGEST_NAME = 120
AT_ONCE = 500
MOST_LISTED = 5_000
RISES, FALLS, CAPPED, FAILED = "rises", "falls", "capped", "failed"


def request(
    session: Session, actor: Actor, draft: Draft, source: str, file: str = "", stored: EditionDraft | None = None
) -> RehearsalRun:
    """Asks for a draft to be tried. `source`: published, edition, rubric, or draft, which is `stored` here.

    Raises InvalidError when too many wait.
    """
    actor.require(Role.ADMINISTRATOR)
    if unfinished(session) >= MOST_WAITING:
        raise InvalidError(
            "draft", "%(count)s rehearsals are waiting already. Wait until one is done.", count=MOST_WAITING
        )
    rubric = draft.rubric
    run = RehearsalRun(
        draft=printable(draft.name)[:LONGEST_NAME],
        about={
            "source": source,
            "file": printable(file)[:LONGEST_NAME],
            "against": current().id,
            **({"draft_id": stored.id, "sha256": stored.sha256} if stored else {}),
            "rungs": [printable(rung.id) for rung in rubric.levels[SCALE].rungs],
            **asdict(differences(rubric, current().rubric)),
        },
        rubric=json.dumps(rubric.source),
        rubric_sha256=rubric.sha256,
        as_of=clock.today(),
        requested_by=actor.user_id or 0,
        requested_at=clock.now(),
    )
    session.add(run)
    session.flush()
    told = {"draft": run.draft, "rubric_sha256": run.rubric_sha256}
    record(session, clock.now(), actor, "admin:rehearsal:requested", "rehearsal", run.id, **told)
    return run


def remove(session: Session, actor: Actor, run_id: int) -> None:
    """Forgets a rehearsal; one that is being worked through stops."""
    actor.require(Role.ADMINISTRATOR)
    run = session.get(RehearsalRun, run_id)
    if run is None:
        raise NotFoundError
    session.delete(run)
    record(session, clock.now(), actor, "admin:rehearsal:removed", "rehearsal", run_id, draft=run.draft)


def work_through(session: Session, run: RehearsalRun, progress: Progress) -> str:
    """Tries the run's draft on all awards held on its day; the result as JSON. Nothing is written."""
    draft = Draft(run.draft, load_rubric(json.loads(run.rubric)))
    found = rehearse_draft(session, draft, run.as_of, progress)
    return json.dumps([_told(session, edition, rehearsal) for edition, rehearsal in found.items()])


def _told(session: Session, edition: str, found: Rehearsal) -> dict[str, Any]:
    """One edition's awards under the draft, as the page shows them: all are counted, not all listed."""
    moves = sorted(found.moves, key=lambda move: (move.rises, move.id))[:MOST_LISTED]
    failures = found.failures[:MOST_LISTED]
    names = companies(session, [*(move.id for move in moves), *(failure.id for failure in failures)])
    return {
        "edition": edition,
        "scored": found.scored,
        "before": [None, *found.rungs_before],
        "after": [None, *found.rungs_after],
        "matrix": [
            [found.matrix.get((before, after), 0) for after in (None, *found.rungs_after)]
            for before in (None, *found.rungs_before)
        ],
        "counts": Counter(kind(move) for move in found.moves) | Counter({FAILED: len(names_of_failed(found))}),
        "moves": [
            {
                **names.get(move.id, {}),
                "number": move.id,
                "kind": kind(move),
                "before": move.before,
                "after": move.after,
                "why": {lang: [printable(one.because(lang)) for one in move.decided] for lang in ("km", "en")},
            }
            for move in moves
        ],
        "failures": [
            {
                **names.get(one.id, {}),
                "number": one.id,
                "why": {lang: printable(one.reason[lang]) for lang in ("km", "en")},
            }
            for one in failures
        ],
    }


def names_of_failed(found: Rehearsal) -> set[str]:
    """An award may fail under both rubrics; it is one award all the same."""
    return {failure.id for failure in found.failures}


def kind(move: Move) -> str:
    """A fall is a cap when the points would do: some other demand of the level is not met."""
    if move.rises:
        return RISES
    return FALLS if any(one.kind == "total" for one in move.decided) else CAPPED


def companies(session: Session, numbers: Iterable[str]) -> Mapping[str, dict[str, str]]:
    """Both names of the company behind each certificate number."""
    found: dict[str, dict[str, str]] = {}
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            sa.select(Award.number, Company.name_km, Company.name_latin)
            .join(Company, Company.id == Award.company_id)
            .where(Award.number.in_(wanted[start : start + AT_ONCE]))
        )
        found |= {row.number: {"km": row.name_km, "latin": row.name_latin} for row in session.execute(query)}
    return found
