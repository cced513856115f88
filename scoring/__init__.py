"""Exact, explainable scoring: a rubric, facts, answers and rulings in; a frozen scorecard out."""

from scoring.errors import Problem, RubricError, ScoringError
from scoring.evaluate import evaluate
from scoring.loading.load import load_rubric
from scoring.path.cheapest import NoPath, Path, Step, cheapest_path
from scoring.rehearse import Move, Rehearsal, rehearse
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import Files, Ruling, Subject

__all__ = [
    "Files",
    "Move",
    "NoPath",
    "Path",
    "Problem",
    "Rehearsal",
    "Rubric",
    "RubricError",
    "Ruling",
    "Scorecard",
    "ScoringError",
    "Step",
    "Subject",
    "cheapest_path",
    "evaluate",
    "load_rubric",
    "rehearse",
]
