"""Reads a usable rubric back, and tells what is well-formed but looks wrong."""
