"""A draw of spot checks as data: whoever has it works out the same numbers."""

from datetime import date

from flask.wrappers import Response

from compliance.domain.errors import NotFoundError
from compliance.journeys.api.blueprint import api, as_json
from compliance.journeys.api.described import described, json_of
from compliance.store.base import db
from compliance.store.spot_checks import draw_on


@api.get("/spot-checks/<day>.json")
@described("A draw of spot checks, for whoever repeats it", json_of("Draw"))
def spot_check_draw(day: str) -> Response:
    """All that repeats a draw: the seed, the numbers in force on that day, how many were drawn."""
    try:
        found = draw_on(db.session(), date.fromisoformat(day))
    except ValueError as error:
        raise NotFoundError from error
    if found is None:
        raise NotFoundError
    return as_json(
        {
            "drawn_on": found.drawn_on.isoformat(),
            "seed": found.seed,
            "count": found.count,
            "numbers": found.numbers,
            "order": "sha256(seed + ':' + number), smallest first",
        }
    )
