"""From what a subject sent to typed facts and answers, each in exactly one state."""

from collections.abc import Container, Iterable

from scoring.condition import Value
from scoring.errors import ScoringError, ValueRefusedError
from scoring.results import AnswerState
from scoring.rubric import Answer, Rubric
from scoring.subject import EVIDENCE_STATES, Files, Subject
from scoring.values import read
from scoring.work import Answered, Work


def check_names(rubric: Rubric, subject: Subject) -> None:
    """Anything the rubric does not know is an error, never passed over."""
    _known(rubric, "fact", subject.facts, rubric.facts)
    _known(rubric, "answer", subject.answers, rubric.answers)
    _known(rubric, "answer", subject.not_applicable, rubric.answers)
    _known(rubric, "evidence", subject.evidence, rubric.answers, rubric.criteria)
    _known(rubric, "ruling", subject.rulings, rubric.answers, rubric.criteria)
    for name, files in subject.evidence.items():
        if not isinstance(files, Files) and files not in EVIDENCE_STATES:
            raise ScoringError("wrong_evidence", rubric.id, name, files, "evidence is given, accepted or refused")


def _known(rubric: Rubric, what: str, names: Iterable[str], known: Container[str], more: Container[str] = ()) -> None:
    for name in names:
        if name not in known and name not in more:
            raise ScoringError(f"unknown_{what}", rubric.id, name, name, f"the rubric knows no {what} of this name")


def read_facts(rubric: Rubric, subject: Subject) -> dict[str, Value | None]:
    """Typed facts; None where nothing was given and there is no default."""
    return {name: read_fact(rubric, subject, name) for name in rubric.facts}


def read_fact(rubric: Rubric, subject: Subject, name: str) -> Value | None:
    fact, raw = rubric.facts[name], subject.facts.get(name)
    if raw is None or (isinstance(raw, str) and raw.strip() in rubric.words):
        return fact.default
    try:
        return read(raw, fact.type, fact.options, written=rubric.written)
    except ValueRefusedError as refused:
        raise ScoringError(refused.code, rubric.id, name, raw, refused.reason) from refused


def resolve(work: Work, answer: Answer) -> Answered:
    """The state and value of one answer. Hidden answers are not looked at."""
    if not work.asks(answer.asked):
        return Answered("not_asked", None, None)
    raw = work.subject.answers.get(answer.id)
    word = _state_word(work, raw)
    if word in {"void", "not_asked"}:
        return Answered("void" if word == "void" else "not_asked", None, None)
    ruling = work.rulings.get(answer.id)
    claims_not_applicable = word == "not_applicable" or answer.id in work.subject.not_applicable
    if claims_not_applicable:
        if work.basis == "claimed" or (ruling and ruling.not_applicable == "accepted"):
            return Answered("not_applicable", None, None)
        if not (ruling and ruling.not_applicable == "refused"):
            return Answered("unsupported", None, None)
    value = None if word is not None else _read(work, answer, raw)
    if ruling and ruling.verdict == "adjust":
        value = _read(work, answer, ruling.value)
    if value is None:
        return Answered("unsupported" if claims_not_applicable else "unanswered", None, None)
    value = _meant(work, answer, value)
    supported = _supported(work, answer)
    return Answered("value" if supported else "unsupported", value, value if supported else None)


def _state_word(work: Work, raw: object) -> AnswerState | None:
    """The state a raw answer stands for without having a value."""
    if isinstance(raw, str):
        return work.rubric.words.get(raw.strip())
    empty = raw is None or (isinstance(raw, list | tuple | set | frozenset) and not raw)
    return "unanswered" if empty else None


def _read(work: Work, answer: Answer, raw: object) -> Value:
    try:
        return read(raw, answer.type, answer.options, answer.exclusive, work.rubric.written)
    except ValueRefusedError as refused:
        raise work.error(refused.code, answer.id, raw, refused.reason) from refused


def _meant(work: Work, answer: Answer, value: Value) -> Value:
    """Some options count as another one until a reviewer has confirmed them."""
    ruling = work.rulings.get(answer.id)
    confirmed = ruling is not None and ruling.verdict in {"confirm", "adjust"}
    if confirmed or not answer.counts_as:
        return value
    if isinstance(value, tuple):
        meant = {answer.counts_as.get(option, option) for option in value}
        return tuple(sorted(meant))
    return answer.counts_as.get(str(value), value)


def _supported(work: Work, answer: Answer) -> bool:
    """Claimed: every answer. Verified: answers a reviewer ruled on or whose evidence is accepted.

    Answers that earn no points are taken as given unless the reviewer says that nothing supports them.
    """
    if work.basis == "claimed":
        return True
    ruling = work.rulings.get(answer.id)
    if ruling and ruling.verdict is not None:
        return ruling.verdict != "not_supported"
    return answer.id not in work.rubric.scored or work.files(answer.id).accepted > 0
