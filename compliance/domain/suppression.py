"""Figures about companies that are not public otherwise are told in steps, so that none of them can be worked out."""


def step(number: int, width: int) -> tuple[int, int]:
    """The step of `width` numbers, from its first to its last, that holds a number from 0: 7 is in (5, 9) of width 5.

    A total of several is told by adding up their steps: a step of the exact sum could give its parts away.
    """
    first = number - number % width
    return first, first + width - 1
