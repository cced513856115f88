"""The fast way to the same scorecards: each rubric becomes a Python program once."""
