"""Public holidays: a year's days, one more that the government declared, one less."""

from datetime import date

from babel.dates import get_day_names
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField

from compliance import clock
from compliance.actions import holidays as acts
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import DateField, PortalForm, required, squeeze, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.holidays import LONGEST_NAME, holidays_of


class HolidayForm(PortalForm):
    """One day that the government declared."""

    day = DateField(
        _l("Day"), required(_l("Enter a day.")), format="%d %m %Y", description=_l("For example 27 3 2026.")
    )
    name_km = StringField(_l("Name in Khmer"), required(_l("Enter the name in Khmer."), LONGEST_NAME), [squeeze])
    name_en = StringField(_l("Name in English"), required(_l("Enter the name in English."), LONGEST_NAME), [squeeze])
    submit = SubmitField(_l("Add the day"))


@admin.route("/holidays", methods=["GET", "POST"])
def holidays() -> str | Response:
    form = HolidayForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                acts.declare(session, current_actor(), form.day.data, form.name_km.data, form.name_en.data)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The day is a public holiday from now on. Dates given before stay as they were told."), "success")
            return redirect(url_for("admin.holidays", year=form.day.data.year))
    years = _years()
    asked = whole_number(request.args.get("year"))
    year = asked if asked is not None and asked in years else clock.today().year
    days = holidays_of(db.session(), year)
    return render_template(
        "admin/holidays.html",
        form=form,
        year=year,
        years=years,
        days=[one for one in days if one.removed_at is None],
        removed=[one for one in days if one.removed_at is not None],
        weekdays=get_day_names("wide", locale=current_language()),
    )


def _years() -> range:
    this = clock.today().year
    return range(this - acts.YEARS_BACK, this + acts.YEARS_AHEAD + 1)


@admin.post("/holidays/remove")
def remove_holiday() -> Response:
    """People work on that day after all."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        raise NotFoundError from error
    with transaction() as session:
        acts.remove(session, current_actor(), day)
    flash(_("The day counts as a working day from now on. Dates given before stay as they were told."), "success")
    return redirect(url_for("admin.holidays", year=day.year))
