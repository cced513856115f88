"""Subjects from files and results into files, for `python -m scoring`."""
