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
            best = halves([*kept[:-1], kept[-1].rstrip() + end], ems)
            if max(map(ems, best)) * size <= width and sum(map(ems, best)) * size <= most * width:
                return [line for line in best if line]
    return [MORE]


def whole_on_two(words: Sequence[str], sizes: Sequence[float], width: float, ems: Ems) -> tuple[list[str], float]:
    """Two lines at the first of the sizes that holds all words; cut short at the first size where none does."""
    uncut = "".join(words)
    for size in sizes:
        lines = two_lines(words, size, width, ems)
        if MORE in uncut or MORE not in "".join(lines):
            return lines, size
    return two_lines(words, sizes[0], width, ems), sizes[0]


def halves(words: Sequence[str], ems: Ems) -> tuple[str, str]:
    """The words on two lines, as equal as they allow; the first is empty where one line is best."""
    parted = (("".join(words[:at]).strip(), "".join(words[at:]).strip()) for at in range(len(words)))
    return min(parted, key=lambda half: max(map(ems, half)))
