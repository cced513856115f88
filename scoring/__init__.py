"""Exact, explainable scoring: a rubric, facts, answers and rulings in; a frozen scorecard out."""

from scoring.errors import Problem, RubricError, ScoringError
from scoring.evaluate import evaluate, points_of, run, scorecard_of
from scoring.loading.load import load_rubric
from scoring.path.cheapest import NoPath, Path, Step, cheapest_path, path_on
from scoring.rehearse import Move, Rehearsal, rehearse
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import Files, Ruling, Subject
from scoring.work import Work

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
    "Work",
    "cheapest_path",
    "evaluate",
    "load_rubric",
    "path_on",
    "points_of",
    "rehearse",
    "run",
    "scorecard_of",
]
