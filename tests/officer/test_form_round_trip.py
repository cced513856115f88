"""Laws of the offline form: what it was given comes back the same, whatever was answered, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from compliance import clock
from compliance.actions.answering import content_of
from compliance.actions.scorecards import replies_from
from compliance.bounded import form_workbook
from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.inspection import filled_form
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.form_reading import reading_of
from compliance.journeys.officer.form_sheet import form_request
from compliance.store.answers import AnswerRow
from compliance.store.assessments import Assessment
from compliance.store.companies import Company
from questionnaires import Facts, Question, Reply, current
from questionnaires.answers import NO_CASE, Value
from questionnaires.typed import tidy

KINDS = tuple(kind.id for kind in current().kinds)
MOMENT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
letters = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=កខ្"),
    max_size=60,
)
texts = st.one_of(
    letters, st.sampled_from(["=1+1", "_x0041_", "'quoted", "-3", "007", "1e5", "TRUE", "✓", "x" * 4_000])
)


def values(question: Question) -> st.SearchStrategy[Value | None]:
    """What may be stored for a question, and nothing."""
    if question.options:
        several = question.kind == "multiple_choice"
        return st.sampled_from([None, *((one.value,) if several else one.value for one in question.options)])
    if question.number:
        most = int(question.number.max or 10**9)
        numbers: list[Any] = [0, 1, most, *([] if question.number.integer else [Decimal("0.5"), Decimal("1.000001")])]
        return st.sampled_from([None, *numbers, *([NO_CASE] if question.number.empty_means else [])])
    least, most = (question.length.min, question.length.max) if question.length else (1, 4000)
    others: dict[str, st.SearchStrategy[Value | None]] = {
        "date": st.dates(date(1990, 1, 1), date(2026, 11, 20)),
        "url": st.sampled_from(["https://www.example.com.kh/policy?a=1&b=2", "https://ខ្មែរ.example/ក"]),
        "text": st.integers(least, most).map(lambda size: "ក" * size),
    }
    return st.none() | others.get(question.kind, st.none())


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Reply]:
    found = {}
    for question in draw(st.lists(st.sampled_from(current().questions), unique=True, max_size=12)):
        claimed = question.not_applicable is not None and draw(st.booleans())
        reason = "The reason is long enough to be read by a reviewer. " if claimed else ""
        value = None if claimed else draw(values(question))
        found[question.id] = Reply(value, claimed, tidy(reason), tidy(draw(texts)))
    return found


def desk(given_: dict[str, Reply]) -> Desk:
    company = Company(slug="c", name_km="ក្រុមហ៊ុន", name_latin="Company", kinds=list(KINDS))
    assessment = Assessment(id=7, company_id=1, edition=current().id, state=State.DRAFT, company=company)
    rows = {
        name: AnswerRow(name, **content_of(reply), version=3, saved_by=1, saved_at=MOMENT)
        for name, reply in given_.items()
    }
    return Desk(
        assessment, current(), Facts(frozenset(KINDS), date(2026, 11, 23)), rows, {}, {}, CompanyRole.OWNER
    )  # fmt: skip


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a form takes too long to be tried a thousand times
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(replies(), st.sampled_from(["km", "en"]))
def test_any_answers_come_back_as_they_were(app: Flask, given_: dict[str, Reply], lang: Any) -> None:
    with app.app_context(), clock.held(MOMENT):
        one = desk(given_)
        _told, made = form_workbook.work(form_request(one, lang), b"")
        told, _body = filled_form.work({}, made)
        reading = reading_of(one, told)
    assert not reading.wrong
    assert not reading.missing
    back = {found.question: content_of(found.reply) for found in reading.filled}
    empty = content_of(Reply())
    assert {name: content for name, content in back.items() if content != empty} == {
        name: row.content() for name, row in one.rows.items() if row.content() != empty
    }
    assert {found.version for found in reading.filled if found.question in one.rows} <= {3}
    assert replies_from(current(), one.rows).keys() == given_.keys()
