"""How large companies are, in classes; a company's exact number of workers is not public."""

SIZES: dict[str, tuple[int, int | None]] = {"1-9": (1, 9), "10-49": (10, 49), "50-249": (50, 249), "250": (250, None)}
"""From the least number of workers to the most; None: no end."""


def size_of(workers: int) -> str:
    """The class that holds a number of workers from 1."""
    return next(name for name, (_least, most) in SIZES.items() if most is None or workers <= most)
