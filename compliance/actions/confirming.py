"""Earlier answers in a renewal: what each is beside the questions of now, and confirming those that are unchanged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.renewing import fit
from compliance.actions.scorecards import facts_of, replies_from
from compliance.domain.errors import WrongStateError
from compliance.domain.fitness import Fitness
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.answers import AnswerRow, answer_rows, put
from compliance.store.assessments import Assessment, How, revisions
from compliance.store.audit import record
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.people import require_colleague_now
from compliance.store.reviews import Ruling, Verdict, standing_rulings
from questionnaires import Edition, Question, catalogue
from questionnaires.asked_state import View, view
from questionnaires.asking import outstanding, warnings
from questionnaires.compare import Difference, compare


@dataclass(frozen=True)
class Carried:
    """An earlier answer that waits to be confirmed. `aged` is evidence to be given anew, for it is too old."""

    question: Question
    row: AnswerRow
    difference: Difference
    files: tuple[EvidenceFile, ...]
    aged: tuple[EvidenceFile, ...]
    blocked: bool
    """The answer as it stands breaks a rule of the questions of now, or lacks evidence."""
    disputed: bool = False
    """The Ministry did not accept it, its evidence, or that it does not apply, as it was given."""

    @property
    def unchanged(self) -> bool:
        """It can be confirmed on a list; every other answer is read again on its own page."""
        return self.difference.change == "same" and not (self.blocked or self.aged or self.disputed)

    @property
    def seen(self) -> str:
        """What a page shows of it, in short: the answer's version and its files."""
        return f"{self.row.version}:{'.'.join(str(number) for number in sorted(file.id for file in self.files))}"


@dataclass(frozen=True)
class Compared:
    """A renewal beside the assessment before it."""

    carried: tuple[Carried, ...]
    new: tuple[Question, ...]
    gone: tuple[tuple[Question, AnswerRow], ...]

    def unchanged_in(self, section: str | None = None) -> tuple[Carried, ...]:
        """In all sections where none is named."""
        return tuple(one for one in self.carried if one.unchanged and section in {None, one.question.section})

    @property
    def reworded(self) -> tuple[Carried, ...]:
        return tuple(one for one in self.carried if one.difference.change != "same")

    @property
    def to_look_at(self) -> tuple[Carried, ...]:
        """The same question, and something about its answer or evidence is not right any more."""
        return tuple(one for one in self.carried if not one.unchanged and one.difference.change == "same")


@dataclass(frozen=True)
class Confirmed:
    """What became of the answers that somebody confirmed, by question.

    `before` were confirmed by a colleague as they were shown; `changed` are not what was shown any more.
    """

    now: tuple[str, ...]
    before: tuple[str, ...]
    changed: tuple[str, ...]


def compared(
    session: Session,
    assessment: Assessment,
    found: View,
    rows: Mapping[str, AnswerRow],
    files: Mapping[str, Sequence[EvidenceFile]],
) -> Compared:
    """The four kinds of questions of a renewal, in the order in which they are asked."""
    carried = carried_answers(session, assessment, found, rows, files)
    earlier = session.get(Assessment, assessment.earlier_id) if assessment.earlier_id else None
    if earlier is None:
        return Compared(carried, (), ())
    old, before = catalogue.edition(earlier.edition), answer_rows(session, earlier.id)
    kinds = {one.question: one.change for one in compare(old, found.edition)}
    return Compared(
        carried,
        tuple(question for question in found.questions if kinds[question.id] == "new"),
        tuple((old.question(name), before[name]) for name, kind in kinds.items() if kind == "gone" and name in before),
    )


def carried_answers(
    session: Session,
    assessment: Assessment,
    found: View,
    rows: Mapping[str, AnswerRow],
    files: Mapping[str, Sequence[EvidenceFile]],
) -> tuple[Carried, ...]:
    """Every answer that waits to be confirmed, of the questions that are asked."""
    waiting = [(question, rows[question.id]) for question in found.questions if is_carried(rows, question.id)]
    if not waiting:
        return ()
    lacking = warnings(found, files={name: len(given) for name, given in files.items()})
    blocked = {issue.question for issue in outstanding(found)}
    blocked |= {issue.question for issue in lacking if issue.code == "evidence_missing"}
    before, today = files_before(session, assessment), clock.today()
    disputed = _disputed(session, assessment)
    editions = {row.carried_from or assessment.edition for _question, row in waiting}
    differences = {name: _by_question(catalogue.edition(name), found.edition) for name in editions}
    carried = []
    for question, row in waiting:
        here = tuple(files.get(question.id, ()))
        aged = _aged(found.edition, question, here, before.get(question.id, ()), today)
        difference = differences[row.carried_from or assessment.edition][question.id]
        lacks_file = question.kind == "file" and not here
        stops = question.id in blocked or lacks_file
        carried.append(Carried(question, row, difference, here, aged, stops, question.id in disputed))
    return tuple(carried)


def is_carried(rows: Mapping[str, AnswerRow], question_id: str) -> bool:
    """Whether nobody has confirmed the answer yet."""
    return question_id in rows and rows[question_id].carried_over


def _by_question(old: Edition, new: Edition) -> dict[str, Difference]:
    return {one.question: one for one in compare(old, new)}


def files_before(session: Session, assessment: Assessment) -> dict[str, list[EvidenceFile]]:
    """The files that supported each answer of the assessment before; those of a withdrawn one come with it."""
    found: dict[str, list[EvidenceFile]] = {}
    for earlier in _earlier(session, assessment):
        for question, files in evidence_for(session, earlier.id).items():
            known = {file.id for file in found.get(question, ())}
            fresh = [file for file in files if file.id not in known and file.quarantined_at is None]
            found.setdefault(question, []).extend(fresh)
    return found


def _disputed(session: Session, assessment: Assessment) -> set[str]:
    """Questions whose answers the Ministry did not accept as given when it last decided."""
    decided = next((one for one in _earlier(session, assessment) if one.state in {State.APPROVED, State.REFUSED}), None)
    rulings = standing_rulings(session, decided.id) if decided else {}
    return {name for name, ruling in rulings.items() if not _accepted(ruling)}


def _accepted(ruling: Ruling) -> bool:
    return ruling.verdict is Verdict.CONFIRM and False not in {ruling.evidence_accepted, ruling.na_accepted}


def _earlier(session: Session, assessment: Assessment) -> Iterator[Assessment]:
    """The assessment before; where it was withdrawn, also the one before that."""
    earlier_id = assessment.earlier_id
    while earlier_id is not None:
        earlier = session.get_one(Assessment, earlier_id)
        yield earlier
        earlier_id = earlier.earlier_id if earlier.state is State.WITHDRAWN else None


def _aged(
    edition: Edition, question: Question, here: Sequence[EvidenceFile], before: Sequence[EvidenceFile], today: date
) -> tuple[EvidenceFile, ...]:
    """What was given and has ended or is too old now, where too little is left without it."""
    given = {file.id: file for file in (*before, *here)}
    unfit = [file for file in given.values() if fit(edition, question, file, today) is not Fitness.IN_DATE]
    left = {file.id for file in here} - {file.id for file in unfit}
    return () if len(left) >= max(1, question.evidence.min_files) else tuple(unfit)


def confirm(session: Session, actor: Actor, assessment_id: int, shown: Mapping[str, str]) -> Confirmed:
    """Confirms unchanged answers of a draft, each as it was `shown` (`Carried.seen`, by question).

    What is not as it was shown is left as it is and told. Raises WrongStateError when it is no draft any more.
    """
    assessment = locked(session, assessment_id)
    require_colleague_now(session, actor, assessment.company_id, MAY_EDIT)
    if assessment.state is not State.DRAFT:
        raise WrongStateError("confirm", assessment.state)
    edition, rows = catalogue.edition(assessment.edition), answer_rows(session, assessment.id)
    found = view(edition, facts_of(session, assessment, clock.today()), replies_from(edition, rows))
    files = evidence_for(session, assessment.id)
    waiting = {one.question.id: one for one in carried_answers(session, assessment, found, rows, files)}
    now = [name for name in shown if name in waiting and _as_shown(waiting[name], shown[name])]
    for name in now:
        row = rows[name]._replace(saved_by=actor.user_id or 0, saved_at=clock.now())
        put(session, assessment.id, row, row.version, how=How.CONFIRMED)
    before = [name for name in shown if name not in waiting and _was_confirmed(session, assessment, rows, name, shown)]
    if now:
        record(
            session, clock.now(), actor, "officer:answers:confirmed", "assessment", assessment.id, questions=now
        )  # fmt: skip
    changed = [name for name in shown if name not in {*now, *before}]
    return Confirmed(tuple(now), tuple(before), tuple(changed))


def _as_shown(carried: Carried, shown: str) -> bool:
    return carried.unchanged and carried.seen == shown


def _was_confirmed(
    session: Session, assessment: Assessment, rows: Mapping[str, AnswerRow], name: str, shown: Mapping[str, str]
) -> bool:
    """Whether a colleague confirmed meanwhile exactly the answer that was shown."""
    row, version = rows.get(name), shown[name].partition(":")[0]
    if row is None or row.carried_over:
        return False
    contents = {str(one.version): one.content for one in revisions(session, assessment.id, name)}
    return contents.get(version) == row.content()
