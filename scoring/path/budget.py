"""How much a search may do, counted in work and not in time: the same inputs give the same path on any machine."""

from dataclasses import dataclass


class Spent(Exception):  # noqa: N818 - not an error but a turn: what was found so far is the answer
    """The budget is spent."""


@dataclass
class Budget:
    """`left` counts results worked out, of one criterion or one child of a group; some 20 µs each.

    `complete` turns false when any way was left untried.
    """

    left: int
    complete: bool = True

    def spend(self, amount: int = 1) -> None:
        """Raises Spent when nothing is left."""
        self.left -= amount
        if self.left < 0:
            self.complete = False
            raise Spent
