"""Draws of spot checks, for whoever wants to repeat one; what came of them only as counts that tell of no company."""

from functools import partial

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from compliance.clock import today
from compliance.domain.spot_counts import told_years
from compliance.journeys.paging import page_named, page_read
from compliance.journeys.public.blueprint import public
from compliance.store.base import db
from compliance.store.second_scorings import count_published, published_draws
from compliance.store.spot_checks import closed_by_year, draws
from questionnaires import current


@public.get("/spot-checks")
def spot_checks() -> Response:
    """Each table has pages of its own."""
    session = db.session()
    least = current().register.national_statistics.min_companies_per_cell
    page = render_template(
        "public/spot_checks.html",
        draws=page_named("page", draws(session)),
        scorings=page_read("twice", count_published(session), partial(published_draws, session)),
        years=told_years(closed_by_year(session), today().year, least),
        least=least,
    )
    response = make_response(page)
    response.add_etag()  # no change of the register tells of a draw, so that the page's cache cannot keep it
    return response.make_conditional(request)
