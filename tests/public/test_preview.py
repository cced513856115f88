"""The preview says between which levels the real rules would put a company, and its answers can go along."""

from html import escape
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from compliance.journeys.preview import (
    ESSENTIAL,
    GUESSES,
    HAVE,
    HAVE_NOT,
    PART,
    Preview,
    essential_values,
    profile_names,
    read_preview,
)
from compliance.store.answers import answer_rows
from compliance.store.base import Base, db
from compliance.store.outbox import Notice
from compliance.store.people import Person
from questionnaires import current
from questionnaires.answers import Value
from tests.conftest import MOMENT
from tests.helpers import PASSWORD, details, person, post, sign_in

EDITION = current()
LEVELS = ("", "committed", "bronze", "silver", "gold")
KINDS = [kind.id for kind in EDITION.kinds]
FEATURES = [option.value for option in EDITION.question(EDITION.texts.features_question).options]
[CHILDREN] = [name for name in profile_names(EDITION) if name != EDITION.texts.features_question]
ESSENTIALS = [question for question in EDITION.questions if question.essential]
PARTS = [section.id for section in EDITION.sections if section.scored]


def preview(how: str, *, essentials: bool, kinds: tuple[str, ...] = ("isp",)) -> Preview:
    pick = max if essentials else min
    said = {
        question.id: pick(question.options, key=lambda o: question.rule.points[o.value]).value
        if question.options
        else (HAVE if essentials else HAVE_NOT)
        for question in ESSENTIALS
    }
    profile: dict[str, Value] = {EDITION.texts.features_question: ("connect", "post"), CHILDREN: "likely"}
    return Preview(EDITION, MOMENT.date(), frozenset(kinds), profile, said, dict.fromkeys(PARTS, how))


def reached(made: Preview) -> list[str]:
    return [card.levels["award"].reached or "" for card in made.scorecards()]


def query(made: Preview, **more: str) -> MultiDict[str, str]:
    """The preview as the address of its page."""
    pairs = [("kind", kind) for kind in sorted(made.kinds)]
    pairs += [
        (name, one) for name, said in made.profile.items() for one in (said if isinstance(said, tuple) else (said,))
    ]
    pairs += [(ESSENTIAL + name, said) for name, said in made.essentials.items()]
    pairs += [(PART + name, said) for name, said in made.parts.items()]
    return MultiDict([*pairs, *more.items()])


def test_a_guess_is_a_range() -> None:
    ranges = [reached(preview(how, essentials=True)) for how in GUESSES]
    assert ranges == [["committed", "committed"], ["committed", "bronze"], ["bronze", "gold"]]
    assert all(reached(preview(how, essentials=False)) == ["", ""] for how in GUESSES)


def in_order(features: list[str]) -> tuple[str, ...]:
    return tuple(sorted(features, key=FEATURES.index))


previews = st.builds(
    Preview,
    st.just(EDITION),
    st.just(MOMENT.date()),
    st.frozensets(st.sampled_from(KINDS), min_size=1),
    st.fixed_dictionaries(
        {
            EDITION.texts.features_question: st.lists(st.sampled_from(FEATURES), min_size=1, unique=True).map(in_order),
            CHILDREN: st.sampled_from([option.value for option in EDITION.question(CHILDREN).options]),
        }
    ),
    st.fixed_dictionaries({question.id: st.sampled_from(essential_values(question)) for question in ESSENTIALS}),
    st.fixed_dictionaries({part: st.sampled_from(GUESSES) for part in PARTS}),
)


@settings(max_examples=40)
@given(made=previews, part=st.sampled_from(PARTS))
def test_the_upper_end_is_never_below_the_lower(made: Preview, part: str) -> None:
    """And guessing a part higher never lowers either end."""
    ends = [LEVELS.index(level) for level in reached(made)]
    assert ends == sorted(ends)
    rising = [reached(Preview(**{**vars_of(made), "parts": {**made.parts, part: how}})) for how in GUESSES]
    for end in (0, 1):
        places = [LEVELS.index(levels[end]) for levels in rising]
        assert places == sorted(places)


def vars_of(made: Preview) -> dict[str, object]:
    return {name: getattr(made, name) for name in Preview.__dataclass_fields__}


@settings(max_examples=40)
@given(made=previews)
def test_an_address_says_what_was_said(made: Preview) -> None:
    """The page's address, and of the way into an assessment what is an answer and nothing that was guessed."""
    assert read_preview(EDITION, query(made), made.on) == made
    carried = read_preview(EDITION, MultiDict(parse_qsl(made.answers_query())), made.on)
    assert (carried.kinds, carried.profile, carried.parts) == (made.kinds, made.profile, {})
    assert carried.answers() == made.answers()
    assert len(made.answers_query()) < 2_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_company_can_try(client: FlaskClient, kind: str) -> None:
    made = preview("mostly", essentials=True, kinds=(kind,))
    page = client.get("/en/try", query_string=query(made, step="2")).text
    assert f"You would see {len(made.questions)} questions" in page
    result = client.get("/en/try", query_string=query(made, step="3")).text
    met = sum(card.outcome == "pass" for card in made.scorecards()[0].essentials.values())
    assert f"You have {met} of {met} essentials" in result
    assert "to Gold" in result
    assert "evidence for every answer that needs it" in result


def test_missing_essentials_are_counted_and_named(client: FlaskClient) -> None:
    page = client.get("/en/try", query_string=query(preview("mostly", essentials=False), step="3")).text
    assert "You have 0 of 7 essentials" in page
    assert "No level yet" in page
    outcomes = preview("mostly", essentials=False).scorecards()[1].essentials
    named = [escape(question.title.en) in page for question in ESSENTIALS if outcomes[question.id].outcome == "fail"]
    assert named == [True] * 7


@pytest.mark.parametrize("asked", ["?kind=nobody", "?kind=isp", "?step=3", "?step=2&prof_features=post"])
def test_what_the_first_step_lacks_is_said_beside_it(client: FlaskClient, asked: str) -> None:
    page = client.get("/en/try" + asked)
    assert page.status_code == 200
    assert "Error:" in page.text
    assert "Choose at least one" in page.text
    assert 'id="kind-error"' in page.text or 'id="prof_features-error"' in page.text


def test_what_the_second_step_lacks_is_said_beside_it(client: FlaskClient) -> None:
    made = query(preview("partly", essentials=True), step="3")
    lacking = [f"{PART}{PARTS[1]}", f"{ESSENTIAL}{ESSENTIALS[0].id}"]
    page = client.get(
        "/en/try", query_string=MultiDict(pair for pair in made.items(multi=True) if pair[0] not in lacking)
    ).text
    assert [f'id="{name}-error"' in page for name in lacking] == [True, True]
    assert page.count('class="govuk-error-message"') == len(lacking), "told once beside each field and nowhere else"
    assert page.count(" checked") == len(made) - len({"kind", "prof_features", CHILDREN, "step"}) - len(lacking), (
        "what was said before is still there"
    )
    part = next(section for section in EDITION.sections if section.id == PARTS[1])
    for title in (part.title.en, ESSENTIALS[0].text.en):
        assert f"{escape(title)}: choose one; a guess is enough." in page, "on top each names its question"


def test_the_first_step_asks_all_that_decides_what_is_asked(client: FlaskClient) -> None:
    """An exact number of questions, and a level by the ministry's rules, are not told of half a profile."""
    made = query(preview("partly", essentials=True), step="2")
    page = client.get("/en/try", query_string=MultiDict(pair for pair in made.items(multi=True) if pair[0] != CHILDREN))
    assert "Step 1 of 3" in page.text
    assert f'id="{CHILDREN}-error"' in page.text
    assert f"{EDITION.question(CHILDREN).text.en}: choose one" in page.text


def test_a_range_shows_the_emblem_of_its_lower_end(client: FlaskClient) -> None:
    page = client.get("/en/try", query_string=query(preview("mostly", essentials=True), step="3")).text
    assert "Bronze to Gold" in page
    assert "emblem-bronze" in page
    assert "emblem-gold" not in page


@pytest.mark.both_databases
class TestStartWithTheseAnswers:
    """From a stranger's guesses to the draft of a company."""

    @pytest.fixture
    def made(self) -> Preview:
        return preview("partly", essentials=True)

    @pytest.fixture
    def wanted(self, client: FlaskClient, made: Preview) -> str:
        page = client.get("/en/try", query_string=query(made, step="3")).text
        wanted = f"/en/company/register?{made.answers_query()}"
        assert wanted.replace("&", "&amp;") in page
        return wanted

    def company_form(self, made: Preview, **more: str) -> dict[str, object]:
        told = details()
        names = (
            "name_km",
            "name_latin",
            "registration_number",
            "workers",
            "places",
            "province",
            "licence_number",
            "website",
        )
        return {**{name: getattr(told, name) for name in names}, "kinds": sorted(made.kinds), **more}

    def registers(self, app: Flask, client: FlaskClient, wanted: str, made: Preview) -> None:
        page = client.get(wanted).text
        assert f"{len(made.answers())} answers of your preview go along" in page
        assert 'value="isp" checked' in page
        refused = post(client, wanted, self.company_form(made, registration_number=""))
        assert refused.status_code == 422
        assert f"{len(made.answers())} answers of your preview go along" in refused.text, "a mistake loses nothing"
        done = post(client, wanted, self.company_form(made))
        assert done.status_code == 302
        with app.app_context():
            stored = answer_rows(db.session(), 1)
            assert set(stored) == set(made.answers())
            assert all(row.carried_over for row in stored.values()), "each waits to be confirmed"
            assert [one.preview for one in db.session.scalars(sa.select(Person))] == [""], "the account forgets them"

    def test_with_a_new_account(self, app: Flask, client: FlaskClient, made: Preview, wanted: str) -> None:
        account = {"full_name": "Dara", "email": "dara@company.example", "language": "en"}
        secret = {"password": PASSWORD, "password_confirm": PASSWORD}
        join = f"/en/account/register?next={wanted.replace('?', '%3F').replace('&', '%26')}"
        assert post(client, join, {**account, **secret, "next": wanted}).status_code == 302
        with app.app_context():
            assert db.session.scalars(sa.select(Person)).one().preview == urlsplit(wanted).query
            link = db.session.scalars(sa.select(Notice)).one().values["link"]
        post(client, link)
        other = app.test_client()
        assert sign_in(other, "dara@company.example").status_code == 302
        home = other.get("/en/company/").text
        assert f"{len(made.answers())} answers of your preview go along" in home
        assert wanted.replace("&", "&amp;") in home
        self.registers(app, other, wanted, made)

    def test_with_an_account(self, app: Flask, client: FlaskClient, made: Preview, wanted: str) -> None:
        with app.app_context():
            person("dara@company.example")
        assert "/account/sign-in?next=" in client.get(wanted).headers["Location"]
        sign_in(client, "dara@company.example")
        self.registers(app, client, wanted, made)

    @pytest.mark.parametrize("next_page", ["/en/register?kind=isp", "/en/company/register?" + "x" * 3_000, ""])
    def test_nothing_else_is_kept(self, app: Flask, client: FlaskClient, next_page: str) -> None:
        account = {"full_name": "Dara", "email": "dara@company.example", "language": "en"}
        secret = {"password": PASSWORD, "password_confirm": PASSWORD}
        assert post(client, "/en/account/register", {**account, **secret, "next": next_page}).status_code == 302
        with app.app_context():
            assert db.session.scalars(sa.select(Person)).one().preview == ""


def test_nothing_is_stored(app: Flask, client: FlaskClient) -> None:
    def rows() -> dict[str, int]:
        with app.app_context():
            tables = Base.metadata.sorted_tables
            return {one.name: db.session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables}

    before = rows()
    for step in "123":
        answer = client.get("/km/try", query_string=query(preview("partly", essentials=True), step=step))
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert rows() == before


def test_the_profile_decides_what_is_asked() -> None:
    assert EDITION.texts.features_question in profile_names(EDITION)
    assert len(preview("partly", essentials=True, kinds=("internet_cafe",)).questions) < len(
        preview("partly", essentials=True).questions
    )
