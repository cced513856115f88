"""The plan: one press writes it, nothing doubles it, answers tick it off, and colleagues work on it."""

import re
import threading
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import aims, answering, improving, planning
from compliance.actions.claims import claim_of
from compliance.domain.errors import StaleError
from compliance.domain.roles import CompanyRole
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.people import person_by_email
from compliance.store.plans import PlanStep, plan_of
from questionnaires import Reply
from tests import helpers
from tests.actions import samples
from tests.conftest import MOMENT
from tests.officer.conftest import OWNER, Bench, send, signed_in

HIDDEN = re.compile(r'name="(csrf_token|seen|step)" value="([^"]*)"')


def way(client: FlaskClient, bench: Bench) -> dict[str, list[str]]:
    """What the form of the button sends, as the page shows it."""
    page = client.get(bench.path("/score")).text
    form = page.split('action="' + bench.path("/plan/make"), 1)[1].split("</form>", 1)[0]
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form):
        found.setdefault(name, []).append(value)
    return found


def make(client: FlaskClient, bench: Bench, sent: dict[str, list[str]] | None = None) -> TestResponse:
    return client.post(bench.path("/plan/make"), data=sent or way(client, bench))


def steps(bench: Bench) -> list[PlanStep]:
    with bench.app.app_context():
        return plan_of(db.session(), bench.assessment)


def contact() -> tuple[BytesIO, str]:
    return BytesIO(samples.pdf()), "contact.pdf"


def mark(client: FlaskClient, bench: Bench, step: int, **act: str) -> TestResponse:
    sent = {"csrf_token": helpers.token(client.get(bench.path("/plan"))), **act}
    return client.post(bench.path(f"/plan/step/{step}"), data=sent, follow_redirects=True)


@pytest.mark.both_databases
def test_one_press_writes_every_step_with_owner_and_day(bench: Bench) -> None:
    shown = way(bench.client, bench)
    assert make(bench.client, bench, shown).headers["Location"] == bench.path("/plan")
    made = steps(bench)
    assert {step.question for step in made} == set(shown["step"])
    assert {step.responsible for step in made} == {"Sok Dara"}
    days = [step.due_on for step in made]
    assert days == sorted(set(days))
    assert all(day > clock.today() and day.weekday() < 5 for day in days)
    page = bench.client.get(bench.path("/plan")).text
    assert f"0 of {len(made)} done" in page
    assert "When all steps are done" in page
    assert "Committed" in page.split("When all steps are done", 1)[1]
    score = bench.client.get(bench.path("/score")).text
    assert "All these steps are in your plan." in score
    assert "Make this my plan" not in score


@pytest.mark.both_databases
def test_two_presses_at_once_write_one_plan(bench: Bench) -> None:
    """The owner and a colleague, from pages opened before either pressed; then both press again."""
    both = [bench.client, bench.colleague(CompanyRole.EDITOR)]
    pages = [way(client, bench) for client in both]
    answers: list[TestResponse] = []
    ready = threading.Barrier(len(both))

    def press(client: FlaskClient, sent: dict[str, list[str]]) -> None:
        with clock.held(MOMENT):
            ready.wait(10)
            answers.append(client.post(bench.path("/plan/make"), data=sent))

    browsers = [signed_in(bench.app, email) for email in (OWNER, "editor@isp.example")]
    for browser, sent in zip(browsers, pages, strict=True):
        sent["csrf_token"] = [helpers.token(browser.get(bench.path("/score")))]
    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    answers += [make(browser, bench, sent) for browser, sent in zip(browsers, pages, strict=True)]
    assert {answer.headers["Location"] for answer in answers} == {bench.path("/plan")}
    found = [step.question for step in steps(bench)]
    assert sorted(found) == sorted(set(pages[0]["step"]))
    with bench.app.app_context():
        told = sa.select(sa.func.count()).where(AuditEntry.tag == "officer:assessment:plan_made")
        assert db.session.scalar(told) == 1


def test_an_answer_that_changed_between_page_and_press_stops_it(bench: Bench) -> None:
    old = way(bench.client, bench)
    send(bench.client, bench.path("/question/lea_contact"), lea_contact="yes_24_7", file=contact())
    answer = bench.client.post(bench.path("/plan/make"), data=old, follow_redirects=True)
    assert answer.request.path == bench.path("/score")
    assert "Your answers have changed since" in answer.text
    assert steps(bench) == []
    assert make(bench.client, bench).headers["Location"] == bench.path("/plan")


def test_what_colleagues_wrote_stays_when_the_way_is_made_the_plan_again(bench: Bench) -> None:
    make(bench.client, bench)
    first, dropped, *_rest = steps(bench)
    day = clock.today() + timedelta(days=200)
    typed = {"action": "Ask the lawyer", "responsible": "Lawyer", "due_on": [day.day, day.month, day.year]}
    assert send(bench.client, bench.path(f"/plan/{first.question}"), **typed).status_code == 302
    mark(bench.client, bench, dropped.id, drop="1")
    assert dropped.question not in {step.question for step in steps(bench)}
    make(bench.client, bench)
    again = {step.question: step for step in steps(bench)}
    assert (again[first.question].action, again[first.question].responsible) == ("Ask the lawyer", "Lawyer")
    assert again[first.question].due_on == day
    assert dropped.question in again
    page = bench.client.get(bench.path("/plan")).text
    history = page.split("Who changed what", 1)[1]
    for sentence in ("Made the way to Committed the plan", "Changed: ", "Removed: ", "Sok Dara"):
        assert sentence in history


def test_an_answer_ticks_its_step_off(bench: Bench) -> None:
    make(bench.client, bench)
    question = next(step for step in steps(bench) if step.question == "lea_contact")
    assert question.aim is not None
    send(bench.client, bench.path("/question/lea_contact"), lea_contact="no")
    assert "Done: the answer reaches it." not in bench.client.get(bench.path("/plan")).text
    send(bench.client, bench.path("/question/lea_contact"), lea_contact="yes_24_7", file=contact())
    page = bench.client.get(bench.path("/plan")).text
    assert page.count("Done: the answer reaches it.") == 1, "a better answer than asked for reaches it too"
    send(bench.client, bench.path("/question/lea_contact"), lea_contact="no")
    assert "Done: the answer reaches it." not in bench.client.get(bench.path("/plan")).text


DAY = ["៣១", "12", "2026"]


@pytest.mark.both_databases
def test_a_step_is_taken_changed_and_dropped(bench: Bench) -> None:
    address = bench.path("/plan/gov_policy")
    for wrong, told in (
        ({"due_on": ["1", "1", "2020"]}, "today or later"),
        ({"due_on": ["31", "12", "2570"]}, "Enter a day of the years 2026 to 2031."),  # the Buddhist era's
        ({"due_on": ["31", "12", "9999"]}, "Enter a day of the years 2026 to 2031."),
        ({"due_on": ["x", "13", ""]}, 'value="x"'),
        ({"responsible": " "}, "Write who will do it."),
        ({"action": ""}, "Write what the company will do."),
        ({"action": "x" * 1001}, "1000"),
    ):
        typed = {"action": "Write it", "responsible": "Dara", "due_on": DAY, **wrong}
        refused = send(bench.client, address, **typed)
        assert refused.status_code == 422
        assert told in refused.text
        assert str(typed["action"]) in refused.text
    typed = {"action": "Write it", "responsible": "Dara", "due_on": DAY}
    assert send(bench.client, address, **typed).status_code == 302
    page = bench.client.get(bench.path("/plan")).text
    assert "Write it" in page
    assert 'datetime="2026-12-31"' in page
    assert "No step yet" in mark(bench.client, bench, steps(bench)[0].id, drop="1").text


def test_a_step_that_a_colleague_took_off_costs_nobody_their_words(bench: Bench) -> None:
    own, typed = bench.path("/plan/own"), {"action": "Write it", "responsible": "Dara", "due_on": DAY}
    send(bench.client, own, **typed)
    [step] = steps(bench)
    address, form = f"{own}/{step.id}", bench.client.get(f"{own}/{step.id}")
    mark(bench.client, bench, step.id, drop="1")
    assert bench.client.get(address).status_code == 404
    told = mark(bench.client, bench, step.id, done="1")
    assert told.status_code == 200
    assert "a colleague took it off" in told.text
    sent = {**typed, "action": "Write it in Khmer", "csrf_token": helpers.token(form)}
    assert bench.client.post(address, data=sent).status_code == 302
    assert [one.action for one in steps(bench)] == ["Write it in Khmer"]


def test_a_colleague_s_step_is_not_overwritten_unseen(bench: Bench) -> None:
    own, typed = bench.path("/plan/own"), {"action": "Write it", "responsible": "Dara", "due_on": DAY}
    send(bench.client, own, **typed)
    [step] = steps(bench)
    address, colleague = f"{own}/{step.id}", bench.colleague(CompanyRole.EDITOR)
    shown = dict(re.findall(r'name="(csrf_token|seen)"[^>]* value="([^"]*)"', bench.client.get(address).text))
    send(colleague, address, **{**typed, "responsible": "Sophea"})
    mark(colleague, bench, step.id, done="1")
    stale = bench.client.post(address, data={**shown, **typed, "action": "Write it in Khmer"})
    assert stale.status_code == 409
    assert "Write it · Sophea · 31 December 2026" in stale.text
    assert "Write it in Khmer" in stale.text
    assert steps(bench)[0].responsible == "Sophea"
    again = dict(re.findall(r'name="(csrf_token|seen)"[^>]* value="([^"]*)"', stale.text))
    assert bench.client.post(address, data={**again, **typed, "action": "Write it in Khmer"}).status_code == 302
    assert (steps(bench)[0].action, steps(bench)[0].responsible) == ("Write it in Khmer", "Dara")
    line = mark(bench.client, bench, step.id, open="1").text
    assert planning.version(steps(bench)[0]) in line, "the short form on the plan is guarded, too"


def test_what_is_late_is_counted_before_what_comes_next(bench: Bench) -> None:
    send(bench.client, bench.path("/plan/own"), action="Write it", responsible="Dara", due_on=DAY)
    assert "is late" not in bench.client.get(bench.path("/plan")).text
    with clock.held(MOMENT + timedelta(days=60)):
        assert "1 step is late." in signed_in(bench.app, OWNER).get(bench.path("/plan")).text


def test_steps_are_ticked_by_hand_and_say_what_is_short(bench: Bench) -> None:
    make(bench.client, bench)
    first = steps(bench)[0]
    page = mark(bench.client, bench, first.id, done="1").text
    assert "Ticked on 23 November 2026 by Sok Dara." in page
    assert "The answer does not reach this yet." in page
    assert mark(bench.client, bench, first.id, done="1").text.count("Ticked on") == 1
    assert "Ticked on" not in mark(bench.client, bench, first.id, open="1").text.split("Who changed what")[0]


def test_owner_and_day_are_changed_on_the_page_of_the_plan(bench: Bench) -> None:
    typed = {"action": "Write it", "responsible": "Dara", "due_on": DAY}
    send(bench.client, bench.path("/plan/gov_policy"), **typed)
    form = bench.client.get(bench.path("/plan")).text.split('class="cp-change"', 1)[1].split("</form>", 1)[0]
    assert f'action="{bench.path("/plan/gov_policy")}"' in form
    assert re.findall(r'name="(\w+)"', form) == ["csrf_token", "seen", "responsible", "due_on", "due_on", "due_on"]
    sent = {"csrf_token": helpers.token(bench.client.get(bench.path("/plan"))), "responsible": "Sophea"}
    address = bench.path("/plan/gov_policy")
    assert bench.client.post(address, data={**sent, "due_on": ["15", "1", "2027"]}).status_code == 302
    step = steps(bench)[0]
    assert (step.action, step.responsible, step.due_on.isoformat()) == ("Write it", "Sophea", "2027-01-15")
    refused = bench.client.post(address, data={**sent, "responsible": "Vanna", "due_on": ["40", "1", "2027"]})
    assert refused.status_code == 422
    assert "Write it" in refused.text
    assert 'value="Vanna"' in refused.text


def test_a_step_of_ones_own(bench: Bench) -> None:
    typed = {"action": "Ask the <b>lawyer</b>", "responsible": "Dara", "due_on": DAY}
    assert send(bench.client, bench.path("/plan/own"), **typed).status_code == 302
    step = steps(bench)[0]
    assert "Ask the &lt;b&gt;lawyer&lt;/b&gt;" in bench.client.get(bench.path("/plan")).text
    assert (
        send(bench.client, bench.path(f"/plan/own/{step.id}"), **{**typed, "responsible": "Sophea"}).status_code == 302
    )
    assert [(one.id, one.responsible) for one in steps(bench)] == [(step.id, "Sophea")]
    with bench.app.app_context():
        told = "".join(db.session.scalars(sa.select(AuditEntry.content).where(AuditEntry.tag.contains(":plan"))))
    assert "lawyer" not in told, "the company's words are not for whoever reads the trail"
    assert "a plan with dates" in bench.client.get(bench.path("/score")).text, "steps of one's own alone are no plan"


def test_late_comes_first(bench: Bench) -> None:
    for action, days in (("Far", 60), ("Near", 3), ("Past", 1)):
        day = clock.today() + timedelta(days=days)
        typed = {"action": action, "responsible": "Dara", "due_on": [day.day, day.month, day.year]}
        send(bench.client, bench.path("/plan/own"), **typed)
    with bench.app.app_context(), transaction() as session:
        session.execute(sa.update(PlanStep).values(due_on=clock.today() - timedelta(days=1)).where(PlanStep.id == 3))
    page = bench.client.get(bench.path("/plan")).text
    order = [
        page.index(text) for text in (">Late</h2>", "Past", ">In the next 7 days</h2>", "Near", ">Later</h2>", "Far")
    ]
    assert order == sorted(order)


def test_steps_of_another_company_cannot_be_found(bench: Bench) -> None:
    make(bench.client, bench)
    mine = steps(bench)[0]
    stranger = bench.stranger()
    token = helpers.token(stranger.get("/en/company/register"))
    for rest in ("/plan/make", "/plan/own", f"/plan/step/{mine.id}", "/plan/gov_policy"):
        assert stranger.post(bench.path(rest), data={"csrf_token": token, "drop": "1"}).status_code == 404, rest
    with bench.app.app_context():
        theirs = helpers.person("third@other.example")
        company = helpers.company(theirs).id
    third = signed_in(bench.app, "third@other.example")
    started = third.post(
        f"/en/company/{company}/start", data={"csrf_token": helpers.token(third.get("/en/company/register"))}
    )
    address = started.headers["Location"] + f"/plan/step/{mine.id}"
    third.post(address, data={"csrf_token": helpers.token(third.get("/en/company/register")), "drop": "1"})
    other = {"csrf_token": helpers.token(third.get("/en/company/register")), "done": "1"}
    told = third.post(address, data=other, follow_redirects=True).text
    never = third.post(address.replace(f"/{mine.id}", "/999999"), data=other, follow_redirects=True).text
    assert told == never, "no more is said than of one that never was"
    assert (steps(bench)[0].id, steps(bench)[0].done_on) == (mine.id, None)
    for role in (CompanyRole.VIEWER, CompanyRole.SIGNATORY):
        reader = bench.colleague(role)
        page = reader.get(bench.path("/plan")).text
        assert "Mark as done" not in page
        assert "Make this my plan" not in reader.get(bench.path("/score")).text
        sent = {"csrf_token": helpers.token(reader.get("/en/company/register")), "drop": "1"}
        assert reader.post(bench.path(f"/plan/step/{mine.id}"), data=sent).status_code == 403


def test_an_answer_saved_while_the_way_is_worked_out_stops_it(bench: Bench) -> None:
    """The way is worked out before the transaction: what it was worked out from is looked at again inside."""
    with bench.app.app_context():
        session = db.session()
        owner = person_by_email(session, OWNER).actor()
        read = claim_of(session, session.get_one(Assessment, bench.assessment), clock.today())
        found = aims.propose(read.edition, read.scored, read.asked)
        assert isinstance(found, aims.Proposal)
        with transaction() as session:
            answering.save(session, owner, bench.assessment, "lea_contact", Reply("no"), 0)
        with pytest.raises(StaleError), transaction() as session:
            improving.make_plan(session, owner, bench.assessment, found, read, found.digest)
    assert steps(bench) == []


def test_whoever_answered_last_is_asked_to_do_the_step(bench: Bench) -> None:
    editor = bench.colleague(CompanyRole.EDITOR)
    bench.colleague(CompanyRole.VIEWER)
    send(bench.client, bench.path("/question/lea_contact"), lea_contact="no")
    send(editor, bench.path("/question/gov_lead"), gov_lead="no")
    make(bench.client, bench)
    owners = {step.question: step.responsible for step in steps(bench)}
    assert owners["lea_contact"] == "Sok Dara"
    assert owners["gov_lead"] == owners["csam_procedure"] == "Editor", "nobody answered: an editor, before the owner"


def test_the_last_step_is_due_before_the_award_ends(bench: Bench) -> None:
    with bench.app.app_context():
        with transaction() as session:
            assessment = session.get_one(Assessment, bench.assessment)
            assessment.opened_at = clock.now() - timedelta(days=150)
        days = improving.suggested_days(db.session(), assessment, 7)
        left = clock.day_of(assessment.opened_at) + timedelta(days=180)
        assert days[-1] <= left < clock.today() + timedelta(days=31), "a draft that nobody finishes is asked after"
        assert improving.suggested_days(db.session(), assessment, 1)[0] == clock.today() + timedelta(days=21)
