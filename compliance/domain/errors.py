"""What the rules refuse. Each error says which page answers it; journeys/responses.py maps them to HTTP."""

from collections.abc import Iterable


class DomainError(Exception):
    """A request that the rules of the award refuse."""


class NotFoundError(DomainError):
    """No such thing, or none that this actor may know of: strangers cannot tell which."""


class ForbiddenError(DomainError):
    """The actor is known and sees the thing, but this act is not theirs. `reason` is a message id."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WrongStateError(DomainError):
    """The step does not leave from the state the assessment is in: someone was quicker, or the page is old."""

    def __init__(self, step: str, state: str) -> None:
        super().__init__(f"cannot {step} from {state}")
        self.step = step
        self.state = state


class TakenError(WrongStateError):
    """Of two who take the same thing at once the second is told the `name` of the first. Nothing was changed."""

    def __init__(self, name: str) -> None:
        super().__init__("claim", "taken")
        self.name = name


class StaleError(DomainError):
    """What the actor saw is no longer what is stored; nothing was changed."""


class SentBeforeError(StaleError):
    """A colleague sent it first, with other words; `number` is what they sent. Nothing was changed."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} was sent before")
        self.number = number


class InvalidError(DomainError):
    """A value the rules refuse. `field` names the form field, `message` is a message id, `values` fill it.

    `others` are what the rules refuse besides, each for another field.
    """

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.values = values
        self.others: tuple[InvalidError, ...] = ()


def raise_together(refusals: Iterable[InvalidError]) -> None:
    """Raises the first with the others beside it; nothing when there is none."""
    found = tuple(refusals)
    if found:
        found[0].others = found[1:]
        raise found[0]


class OutstandingError(DomainError):
    """The assessment cannot be submitted yet; `items` are what is left, as questionnaires.asking tells it."""

    def __init__(self, items: tuple[object, ...]) -> None:
        super().__init__(f"{len(items)} outstanding")
        self.items = items
