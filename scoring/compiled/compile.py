"""The fast way to the same scorecards: each rubric becomes a Python program once, kept by the rubric's SHA-256.

What is compiled, and what is left to the plain code:

| part of a rubric | here |
|---|---|
| every rule of criteria, policies, evidence, essentials | rows: worked out by the plain code once for each key |
| conditions on facts, answers and their states | compiled |
| sum, mean, share with constant weights above 0; levels over them | whole numbers |
| other groups (caps, rounding, overrides, conditional or zero weights, lowest, highest, geometric mean) | plain |
| rules or asking conditions on nodes, levels, essentials, rulings, evidence | the whole rubric plain |
| a void node, a missing fact, anything that is an error | that subject plain |
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from scoring.compiled import cells, filling, generating, keys
from scoring.compiled.filling import Explain, Found
from scoring.compiled.looks import NotCompiledError
from scoring.errors import ScoringError
from scoring.evaluate import evaluate
from scoring.evaluate import run as plain_run
from scoring.results import Basis, ConditionResult, LevelResult, NodeResult, RungResult, opened
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import EVIDENCE_STATES, Files, Subject
from scoring.work import Work

KEPT = 64
Score = Callable[[Subject], Found | None]


@dataclass
class Compiled:
    """A rubric's program on one basis, with its rows; without `quick` the plain code does everything."""

    rubric: Rubric
    basis: Basis
    program: generating.Program
    rows: cells.Rows | None = None
    quick: Score | None = None
    careful: Score | None = None
    explain: Explain | None = None
    reason: str = ""
    places: dict[str, int] = field(default_factory=dict)

    def found(self, subject: Subject) -> Found | None:
        """Rows, group figures and levels of a subject; None when the plain code has to score it."""
        if self.quick is None or self.careful is None:
            return None
        try:
            return self.quick(subject)
        except (KeyError, TypeError, AttributeError):
            pass  # A value is not written as rows are kept.
        except (keys.LeaveError, ScoringError):
            return None
        try:
            return self.careful(subject)
        except (keys.LeaveError, ScoringError, TypeError, AttributeError):
            # Void nodes, unusual values and mistakes: the plain code scores them or says what is wrong.
            return None

    def scorecard(self, subject: Subject) -> Scorecard:
        found = self.found(subject)
        if found is None:
            return evaluate(self.rubric, subject, basis=self.basis)
        return filling.scorecard(self.program, subject, found, self.explain)

    def reached(self, subject: Subject, scale: str) -> str | None:
        """Only the level."""
        found = self.found(subject) if self.program.sums else None
        if found is not None:
            return found[4][self.places[scale]]
        return self.scorecard(subject).levels[scale].reached


_KEPT: dict[tuple[str, Basis], Compiled] = {}


def compiled(rubric: Rubric, basis: Basis = "claimed") -> Compiled:
    """The rubric's program, written at the first call."""
    at = (rubric.sha256, basis)
    kept = _KEPT.get(at)
    if kept is None or (kept.rubric is not rubric and kept.rubric.source != rubric.source):
        if len(_KEPT) >= KEPT:
            _KEPT.clear()
        kept = _KEPT[at] = _compile(rubric, basis)
    return kept


def score(rubric: Rubric, subject: Subject, *, basis: Literal["claimed", "verified"] = "claimed") -> Scorecard:
    """The scorecard `evaluate` gives, faster: equal parts are made once and shared; sentences are made when read.

    Raises ScoringError as `evaluate` does.
    """
    return compiled(rubric, basis).scorecard(subject)


def run(rubric: Rubric, subject: Subject, basis: Basis) -> Work:
    """The plain code's working memory after every unit, from the rows where there are some."""
    program = compiled(rubric, basis)
    found = program.found(subject)
    if found is None:
        return plain_run(rubric, subject, basis)
    return filling.work_of(program.program, subject, found, program.explain)


def _compile(rubric: Rubric, basis: Basis) -> Compiled:
    program = generating.Program(rubric, basis)
    made = Compiled(rubric, basis, program, places={name: index for index, name in enumerate(rubric.levels)})
    try:
        text = program.write()
    except NotCompiledError as reason:
        made.reason = str(reason)
        return made
    rows = made.rows = cells.Rows(rubric, basis, program.fact_tests, program.watched, program.leaves)
    names = _names(rubric, basis, program, rows)
    # The text holds only numbers and names that went through repr: a rubric's own words never become code.
    exec(compile(text, f"<rubric {rubric.sha256[:12]}>", "exec"), names)  # noqa: S102
    made.quick, made.careful = names["quick"], names["careful"]
    if program.sums:
        places = {leaf.id: at for at, leaf in enumerate(program.leaves)}
        essentials = [name for kind, name in rubric.order if kind == "essential"]
        by_name = ({name: places[name] for name in each} for each in (rubric.criteria, essentials))
        made.explain = Explain(names["nodes"], names["levels"], *by_name)
    return made


def _names(rubric: Rubric, basis: Basis, program: generating.Program, rows: cells.Rows) -> dict[str, Any]:
    """Everything the text of the program calls by name."""
    return {
        "NO_ANSWERS": dict.fromkeys(rubric.answers),
        "NO_FACTS": dict.fromkeys(rubric.facts),
        "RULABLE": frozenset(rubric.answers) | frozenset(rubric.criteria),
        "EVIDENCE": frozenset({*EVIDENCE_STATES, None}),
        "KNOWN_FILES": frozenset({Files, type(None)}),
        "WORDS": frozenset(rubric.words),
        "ANSWER": rubric.answers,
        "RUBRIC": rubric,
        "VALUE": keys.VALUE,
        "HIDDEN": keys.HIDDEN,
        "NOBODY": (None,),
        "BIG": 10**18,
        "LONG": 20_000,
        "Files": Files,
        "ConditionResult": ConditionResult,
        "NodeResult": NodeResult,
        "RungResult": RungResult,
        "LevelResult": LevelResult,
        "OpenCondition": opened(ConditionResult),
        "OpenNode": opened(NodeResult),
        "OpenRung": opened(RungResult),
        "OpenLevel": opened(LevelResult),
        "Fraction": Fraction,
        "key": keys.key,
        "age_key": keys.age_key,
        "date": date,
        "unread": keys.unread,
        "ruling_key": keys.ruling_key,
        "BASIS": basis,
        "Trial": cells.Trial,
        "first_fact": cells.of_plain_keys(rows.new_fact),
        "first_answer": cells.of_plain_keys(rows.new_answer),
        "first_criterion": cells.of_plain_keys(rows.new_criterion),
        "new_fact": rows.new_fact,
        "new_answer": rows.new_answer,
        "new_criterion": rows.new_criterion,
        **program.tables,
        **{f"F{index}": table for index, table in enumerate(rows.facts)},
        **{f"A{index}": table for index, table in enumerate(rows.answers)},
        **{f"C{index}": table for index, table in enumerate(rows.criteria)},
    }
