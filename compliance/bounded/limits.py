"""What a bounded process may use; both sides of the pipe read these."""

MEMORY = 512 * 2**20
"""Bytes of address space, libraries included."""

CPU_SECONDS = 10
WALL_SECONDS = 20

LARGEST_ANSWER = 64 * 2**20
"""Bytes; a picture drawn anew is the largest thing that comes back."""

NICENESS = 15
"""For files of strangers: pages go first when there is not enough processor for both."""

OUT_OF_MEMORY = 75
"""The exit code that says so."""
