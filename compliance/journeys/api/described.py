"""What an address for programs says of itself: openapi.json tells it, and no other question is answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from werkzeug.wrappers import Response

from compliance.journeys.api.asked import refused

P = ParamSpec("P")
R = TypeVar("R", bound=Response)
Schema = Mapping[str, Any]
Offered = Callable[[], Sequence[Schema]]
_SAID = "described"
JSON = "application/json"
BYTES: Schema = {}
NOTHING: Offered = tuple


@dataclass(frozen=True)
class Description:
    """`gives`: what is answered, by media type. `takes`: the parameters; None where others than these are let be.

    `statuses`: what else may come, besides a question that cannot be answered and one too many.
    """

    summary: str
    gives: Mapping[str, Schema]
    takes: Offered | None
    lets_be: Offered
    statuses: tuple[int, ...]

    @property
    def parameters(self) -> Sequence[Schema]:
        return (self.takes or self.lets_be)()


def described(
    summary: str,
    gives: Mapping[str, Schema],
    *,
    takes: Offered | None = NOTHING,
    lets_be: Offered = NOTHING,
    statuses: tuple[int, ...] = (),
) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Describes a view. With `takes` it answers only addresses whose parameters are among these."""
    said = Description(summary, gives, takes, lets_be, statuses)

    def around(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def _view(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            wrong = refused(takes()) if takes is not None else None
            return view(*args, **kwargs) if wrong is None else wrong

        setattr(_view, _SAID, said)
        return _view

    return around


def description_of(view: Callable[..., Any]) -> Description | None:
    """What `described` said of a view."""
    return getattr(view, _SAID, None)


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def json_of(name: str) -> Mapping[str, Schema]:
    """The answer is JSON of a shape that has a name."""
    return {JSON: ref(name)}
