"""Sets a line into a width, for whoever can measure it. `Ems` tells how wide a text is, in ems."""

from collections.abc import Callable, Sequence

Ems = Callable[[str], float]
MORE = "…"


def fit(text: str, size: float, width: float, ems: Ems) -> float:
    """The size, at most `size`, at which one line of the text is no wider than `width`."""
    whole = ems(text)
    return size if whole * size <= width else int(10 * width / whole) / 10


def two_lines(words: Sequence[str], size: float, width: float, ems: Ems, most: float = 2) -> list[str]:
    """The words, spaces and all, on at most two lines of `width`, as equal as they allow.

    Cut short where they take more than that, or than `most` times the width: after a word, else after a letter.
    """
    for parts in (words, "".join(words)):
        for count in range(len(parts), 0, -1):
            kept, end = parts[:count], "" if count == len(parts) else MORE
            halves = [("".join(kept[:at]).strip(), "".join(kept[at:]).strip() + end) for at in range(count)]
            best = min(halves, key=lambda half: max(map(ems, half)))
            if max(map(ems, best)) * size <= width and sum(map(ems, best)) * size <= most * width:
                return [line for line in best if line]
    return [MORE]
