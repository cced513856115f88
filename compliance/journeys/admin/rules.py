"""Deadlines, reminders and grace: what the edition says, what holds today, and changes that two administrators make."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField, TextAreaField

from compliance import clock
from compliance.actions import moving_rules as acts
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.rule_words import RULES
from compliance.journeys.forms import DateField, PortalForm, readable, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits
from compliance.journeys.language import lazy_gettext as _l
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.rule_changes import RuleChange, RuleHistory, open_rule_changes, rule_changes, rule_history
from questionnaires import Edition, current, edition, editions
from questionnaires.lifecycle import Movable
from questionnaires.moving import Figures, figures_of, is_list, movable
from questionnaires.typed import digits

LONGEST_TYPED = 100
MOST_DIGITS = 4
Act = Callable[[Session, Actor, int], None]
BETWEEN = re.compile(r"[\s,;.៖។/-]+")


@dataclass(frozen=True)
class Line:
    """One rule: what the edition says, what holds today (`change` made it so), what comes and what waits."""

    rule: str
    says: Figures
    today: Figures
    bounds: Movable | None
    change: RuleChange | None
    comes: RuleChange | None
    waits: RuleChange | None


class RuleForm(PortalForm):
    """The figures, from when, and why."""

    figures = StringField(_l("New value"), required(_l("Enter a number."), LONGEST_TYPED), [squeeze])
    starts = DateField(_l("From which day?"), required(_l("Enter a day.")), format="%d %m %Y")
    reason = TextAreaField(
        _l("Reason"), required(_l("Give a reason."), acts.LONGEST_REASON), [readable],
        description=_l("It stands in the audit trail, and the second administrator reads it."),
    )  # fmt: skip
    submit = SubmitField(_l("Propose to a second administrator"))

    def numbers(self) -> Figures:
        """Typed in Khmer or Latin digits, with anything between. Raises InvalidError."""
        parts = [part for part in BETWEEN.split(digits(self.figures.data or "")) if part]
        if not all(part.isdecimal() and len(part) <= MOST_DIGITS for part in parts):
            raise InvalidError("figures", "Enter whole numbers alone.")
        return tuple(int(part) for part in parts)


def shown(figures: Figures) -> str:
    """In the reader's digits."""
    return ", ".join(km_digits(one) for one in figures)


def _line(code: Edition, rule: str, history: RuleHistory, waiting: list[RuleChange]) -> Line:
    today, changes = clock.today(), history.of(code.id, rule)
    held = [one for one in changes if one.holds_from <= today]
    comes = [one for one in changes if one.holds_from > today]
    return Line(
        rule=rule,
        says=figures_of(code.lifecycle, rule),
        today=figures_of(history.at(code.id, clock.now()), rule),
        bounds=movable(code.lifecycle, rule),
        change=held[-1] if held else None,
        comes=comes[0] if comes else None,
        waits=next((one for one in waiting if (one.edition, one.rule) == (code.id, rule)), None),
    )


def _edition(edition_id: str) -> Edition:
    """Raises NotFoundError for one that is not in force, nor was."""
    if edition_id not in editions():
        raise NotFoundError
    return edition(edition_id)


@admin.get("/rules")
def rules() -> str:
    """Every rule of one edition."""
    asked = request.args.get("edition", "")
    code = edition(asked) if asked in editions() else current()
    history, waiting = rule_history(db.session()), open_rule_changes(db.session())
    lines = [_line(code, rule, history, waiting) for rule in RULES]
    return render_template(
        "admin/rules.html",
        code=code,
        editions=editions(),
        lines=lines,
        words=RULES,
        shown=shown,
        names=_names(db.session(), lines),
    )


def _names(session: Session, lines: list[Line]) -> dict[int, str]:
    made = [one for line in lines for one in (line.change, line.comes, line.waits) if one]
    return names_of(session, {who for one in made for who in (one.proposed_by, one.confirmed_by) if who})


@admin.route("/rules/<edition_id>/<rule>", methods=["GET", "POST"])
def rule(edition_id: str, rule: str) -> str | tuple[str, int] | Response:
    """One rule that may be moved: how far, by whom it was, and the form."""
    code, form = _edition(edition_id), RuleForm()
    if rule not in RULES or movable(code.lifecycle, rule) is None:
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with transaction() as session:
                wanted = form.numbers()
                acts.propose(session, current_actor(), code.id, rule, wanted, form.starts.data, form.reason.data)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Proposed. It holds from its day once another administrator has confirmed it."), "success")
            return redirect(url_for("admin.rule", edition_id=code.id, rule=rule))
    session, rows = db.session(), rule_changes(db.session(), code.id, rule)
    people = {who for one in rows for who in (one.proposed_by, one.confirmed_by) if who}
    page = render_template(
        "admin/rule.html",
        code=code,
        line=_line(code, rule, rule_history(session), open_rule_changes(session)),
        form=form,
        words=RULES[rule],
        several=is_list(code.lifecycle, rule),
        rows=rows,
        me=current_actor().user_id,
        names=names_of(session, people),
        shown=shown,
    )
    return page, 422 if form.is_submitted() else 200


@admin.post("/rule-changes/<id:rule_change_id>/confirm")
def confirm_rule(rule_change_id: int) -> Response:
    """The second administrator puts it in force."""
    return _pressed(rule_change_id, acts.confirm, _("Confirmed. What was promised before stays as it was told."))


@admin.post("/rule-changes/<id:rule_change_id>/withdraw")
def withdraw_rule(rule_change_id: int) -> Response:
    """Taken back, or declined by the other one."""
    return _pressed(rule_change_id, acts.withdraw, _("The proposal is withdrawn."))


def _pressed(change_id: int, act: Act, told: str) -> Response:
    with transaction() as session:
        act(session, current_actor(), change_id)
        found = session.get_one(RuleChange, change_id)
        place = url_for("admin.rule", edition_id=found.edition, rule=found.rule)
    flash(told, "success")
    return redirect(place)
