"""Many subjects at once: short rows of codes, read and scored side by side."""
