"""From a parsed rubric file to a checked rubric, with all its problems at once."""
