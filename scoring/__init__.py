"""Exact, explainable scoring: a rubric, facts, answers and rulings in; a frozen scorecard out."""

from scoring.errors import Problem, RubricError, ScoringError
from scoring.rubric import Rubric
from scoring.subject import Files, Ruling, Subject

__all__ = ["Files", "Problem", "Rubric", "RubricError", "Ruling", "ScoringError", "Subject"]
