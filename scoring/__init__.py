"""Exact, explainable scoring: a rubric, facts, answers and rulings in; a frozen scorecard out."""
