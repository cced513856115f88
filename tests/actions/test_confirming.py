"""A renewal: what is carried over, what each earlier answer is beside the questions of now, and confirming it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import answering, renewing, reviewing, submitting, uploading
from compliance.actions.confirming import Carried, Compared, Confirmed, compared, confirm
from compliance.actions.inspecting import Inspected
from compliance.actions.judging import Judgement
from compliance.actions.scorecards import facts_of, replies_from
from compliance.actions.submitting import Attestation, left_to_do
from compliance.cli.demonstration import acts
from compliance.domain.errors import ForbiddenError, NotFoundError, OutstandingError, WrongStateError
from compliance.domain.roles import Actor, CompanyRole
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import revisions
from compliance.store.audit import AuditEntry
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.evidence_files import EvidenceFile, EvidenceLink, evidence_for
from compliance.store.people import Membership, Person
from compliance.store.reviews import Verdict
from questionnaires import Reply, catalogue, current
from questionnaires.asked_state import View, view
from questionnaires.asking import is_figure, progress
from tests.account.test_two_owners import at_once
from tests.actions.cases import CAFE, Case, case, person, reload, to_award, to_review
from tests.editions import next_edition

SIGNED = Attestation("Sok Dara", "Owner")
GOVERNANCE = "sections/governance.yaml"


@pytest.fixture
def cafe(in_app: Flask, moment: datetime, settings: Settings) -> Case:
    return case(settings, to_award)


@pytest.fixture
def renewal(cafe: Case) -> Iterator[Case]:
    """Thirty days before the award ends a renewal is begun."""
    with clock.held(before_end(cafe)):
        yield begun(cafe)


def before_end(cafe: Case) -> datetime:
    ends = awards_of(db.session(), cafe.company_id)[0].ends
    return datetime.combine(ends, time(3), UTC) - timedelta(days=30)


def begun(cafe: Case) -> Case:
    with transaction() as session:
        number = renewing.start(session, owner(cafe), cafe.company_id).id
    return Case(cafe.hands, cafe.company_id, number)


def owner(one: Case) -> Actor:
    return reload(one.hands.owner)


def colleague(one: Case, name: str, role: CompanyRole = CompanyRole.EDITOR) -> Actor:
    made = person(f"{name}@cafe.example")
    with transaction() as session:
        found = session.get_one(Person, made.user_id)
        session.add(Membership(company_id=one.company_id, role=role, since=clock.now(), person=found))
    return reload(made)


def seen(one: Case) -> View:
    edition, rows = catalogue.edition(one.assessment.edition), answer_rows(db.session(), one.assessment_id)
    return view(edition, facts_of(db.session(), one.assessment, clock.today()), replies_from(edition, rows))


def look(one: Case) -> Compared:
    rows, files = answer_rows(db.session(), one.assessment_id), evidence_for(db.session(), one.assessment_id)
    return compared(db.session(), one.assessment, seen(one), rows, files)


def shown(answers: tuple[Carried, ...]) -> dict[str, str]:
    return {each.question.id: each.seen for each in answers}


def press(one: Case, actor: Actor, answers: dict[str, str]) -> Confirmed:
    with transaction() as session:
        return confirm(session, actor, one.assessment_id, answers)


def test_nothing_counts_before_somebody_confirms_it(renewal: Case) -> None:
    found = look(renewal)
    assert found.unchanged_in()
    assert not found.reworded
    assert sum(part.answered for part in progress(seen(renewal), unconfirmed=shown(found.carried))) == 0
    while left := look(renewal).unchanged_in():  # one after the other; nothing may be submitted in between
        with pytest.raises(OutstandingError), transaction() as session:
            submitting.submit(session, owner(renewal), renewal.assessment_id, SIGNED, renewal.assessment.version)
        some = left[:9]
        assert press(renewal, owner(renewal), shown(some)).now == tuple(each.question.id for each in some)
    assert not look(renewal).carried
    assert not left_to_do(db.session(), renewal.assessment)
    with transaction() as session:
        submitting.submit(session, owner(renewal), renewal.assessment_id, SIGNED, renewal.assessment.version)


def test_who_confirmed_and_when_is_kept_of_every_answer(renewal: Case) -> None:
    editor, found = colleague(renewal, "editor"), look(renewal).unchanged_in()[:3]
    later = clock.now() + timedelta(hours=2)
    with clock.held(later):
        press(renewal, editor, shown(found))
    for each in found:
        newest, first = revisions(db.session(), renewal.assessment_id, each.question.id)
        assert (newest.saved_by, newest.saved_at, newest.content) == (editor.user_id, later, first.content)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "officer:answers:confirmed")).one()
    assert json.loads(entry.content)["questions"] == [each.question.id for each in found]
    assert entry.actor_id == editor.user_id


def test_confirming_twice_is_once(renewal: Case) -> None:
    answers = shown(look(renewal).unchanged_in()[:4])
    press(renewal, owner(renewal), answers)
    again = press(renewal, owner(renewal), answers)
    assert (again.now, set(again.before), again.changed) == ((), set(answers), ())
    for name in answers:
        assert len(revisions(db.session(), renewal.assessment_id, name)) == 2


def test_two_colleagues_confirm_at_once_and_nothing_is_doubled_or_lost(in_app: Flask, renewal: Case) -> None:
    editor, answers = colleague(renewal, "editor"), look(renewal).unchanged_in()
    mine, theirs = shown(answers[:12]), shown(answers[6:])
    outcomes = at_once(
        in_app,
        (lambda session, actor: confirm(session, actor, renewal.assessment_id, mine), owner(renewal)),
        (lambda session, actor: confirm(session, actor, renewal.assessment_id, theirs), editor),
    )
    assert outcomes == ["done", "done"]
    assert not look(renewal).unchanged_in()
    for name in {**mine, **theirs}:
        assert len(revisions(db.session(), renewal.assessment_id, name)) == 2, name


def test_what_a_colleague_changed_is_not_overwritten(renewal: Case) -> None:
    editor, answers = colleague(renewal, "editor"), look(renewal).unchanged_in()
    changed, kept = next(each for each in answers if each.question.kind == "yes_partial_no"), answers[-1]
    told = shown((changed, kept))
    with transaction() as session:
        answering.save(
            session, editor, renewal.assessment_id, changed.question.id, Reply("no"), changed.row.version
        )  # fmt: skip
    done = press(renewal, owner(renewal), told)
    assert (done.now, done.changed) == ((kept.question.id,), (changed.question.id,))
    assert answer_rows(db.session(), renewal.assessment_id)[changed.question.id].value == "no"


def test_evidence_that_a_colleague_took_off_is_not_confirmed_unseen(renewal: Case) -> None:
    carried = next(each for each in look(renewal).unchanged_in() if each.files and not each.question.evidence.required)
    told = shown((carried,))
    with transaction() as session:
        uploading.unlink(
            session, owner(renewal), renewal.assessment_id, carried.question.id, carried.files[0].id
        )  # fmt: skip
    assert press(renewal, owner(renewal), told).changed == (carried.question.id,)


def test_only_editors_of_the_company_confirm_and_only_a_draft(renewal: Case) -> None:
    answers = shown(look(renewal).unchanged_in()[:1])
    for name, role in (("viewer", CompanyRole.VIEWER), ("signer", CompanyRole.SIGNATORY)):
        with pytest.raises(ForbiddenError):
            press(renewal, colleague(renewal, name, role), answers)
    with pytest.raises(NotFoundError):
        press(renewal, person("stranger@other.example"), answers)
    with transaction() as session:
        submitting.withdraw(session, owner(renewal), renewal.assessment_id, renewal.assessment.version)
    with pytest.raises(WrongStateError):
        press(renewal, owner(renewal), answers)


def test_what_is_made_up_is_confirmed_by_nobody(renewal: Case) -> None:
    version = answer_rows(db.session(), renewal.assessment_id)["gov_policy"].version
    done = press(renewal, owner(renewal), {"gov_policy": f"{version}:999", "nonsense": "1:", "": ""})
    assert (done.now, done.before) == ((), ())


def test_figures_of_the_last_year_are_asked_anew(renewal: Case) -> None:
    figures = {question.id for question in current().questions if is_figure(current(), question)}
    assert figures
    assert not figures & answer_rows(db.session(), renewal.assessment_id).keys()


@pytest.mark.sqlite_only
def test_a_new_edition_asks_again_for_what_it_reworded(cafe: Case, tmp_path: Path) -> None:
    edits = (
        (GOVERNANCE, "en: Signed pledge", "en: Pledge, signed"),
        (GOVERNANCE, "id: gov_conduct\n", "id: gov_behaviour\n"),
        ("rubric.yaml", "  gov_conduct:\n", "  gov_behaviour:\n"),
        ("rubric.yaml", "      gov_conduct: 3\n", "      gov_behaviour: 3\n"),
        ("templates/staff_rules.yaml", "gov_conduct", "gov_behaviour"),
    )
    with clock.held(before_end(cafe)), next_edition(tmp_path / "editions", *edits) as name:
        one = begun(cafe)
        assert one.assessment.edition == name
        found = look(one)
        assert [each.question.id for each in found.reworded] == ["gov_pledge"]
        assert [question.id for question in found.new] == ["gov_behaviour"]
        assert [question.id for question, _row in found.gone] == ["gov_conduct"]
        pledge = found.reworded[0]
        assert press(one, owner(one), shown((pledge,))).changed == ("gov_pledge",), "no list confirms what is reworded"
        # A draft that was given up and begun again has not confirmed anything by it.
        with transaction() as session:
            submitting.withdraw(session, owner(one), one.assessment_id, one.assessment.version)
        assert [each.question.id for each in look(begun(cafe)).reworded] == ["gov_pledge"]


def test_a_draft_begun_again_keeps_what_was_confirmed_as_to_be_confirmed(renewal: Case) -> None:
    press(renewal, owner(renewal), shown(look(renewal).unchanged_in()[:5]))
    with transaction() as session:
        submitting.withdraw(session, owner(renewal), renewal.assessment_id, renewal.assessment.version)
    assert all(row.carried_over for row in answer_rows(db.session(), begun(renewal).assessment_id).values())


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("older", "asked"), [(0, False), (1, True)])
def test_evidence_is_asked_for_again_the_day_after_it_is_too_old(cafe: Case, older: int, asked: bool) -> None:
    """The edition's 24 months to the day, by the calendar of Phnom Penh."""
    with clock.held(datetime(2028, 3, 1, 16, 59, 59, tzinfo=UTC) + timedelta(seconds=older)):  # midnight there
        with transaction() as session:
            for file in session.scalars(sa.select(EvidenceFile)):
                file.dated = date(2026, 3, 1)
        one = begun(cafe)
        aged = {each.question.id for each in look(one).to_look_at if each.aged}
        assert ("cafe_filter" in aged) is asked
        assert bool(evidence_for(db.session(), one.assessment_id).get("cafe_filter")) is not asked


@pytest.mark.sqlite_only
def test_what_the_ministry_did_not_accept_is_read_again_on_its_own_page(
    in_app: Flask, moment: datetime, settings: Settings
) -> None:
    one = case(settings, to_review)
    acts.rule(one.hands, one.assessment_id, 0)
    turned = {
        "edu_awareness": Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="No video was found."),
        "ur_support_signpost": Judgement(Verdict.CONFIRM, evidence_accepted=False),
    }
    with transaction() as session:
        for question, judgement in turned.items():
            reviewing.rule(session, reload(one.hands.reviewer), one.assessment_id, question, judgement)
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    acts.decide(one.hands, one.assessment_id, 0)
    with clock.held(before_end(one)):
        again = begun(one)
        found = look(again)
        assert {each.question.id for each in found.to_look_at if each.disputed} == turned.keys()
        assert press(again, owner(again), shown(found.to_look_at)).changed == tuple(shown(found.to_look_at))
        with transaction() as session:
            submitting.withdraw(session, owner(again), again.assessment_id, again.assessment.version)
        assert {each.question.id for each in look(begun(one)).to_look_at if each.disputed} == turned.keys()


@pytest.mark.sqlite_only
def test_evidence_that_grows_too_old_while_the_draft_waits_is_asked_for_again(cafe: Case) -> None:
    with clock.held(before_end(cafe)):
        one = begun(cafe)
        assert "cafe_filter" in {each.question.id for each in look(one).unchanged_in()}
        seen = shown(look(one).carried)
    with clock.held(before_end(cafe) + timedelta(days=400)):
        assert "cafe_filter" in {each.question.id for each in look(one).to_look_at if each.aged}
        assert "cafe_filter" in press(one, owner(one), seen).changed, "an old list confirms it no more"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("ended", [False, True])
def test_a_document_in_force_has_no_age_but_an_end(cafe: Case, ended: bool) -> None:
    with clock.held(before_end(cafe) + timedelta(days=400)):
        with transaction() as session:
            for file in session.scalars(sa.select(EvidenceFile)):
                file.valid_until = clock.today() - timedelta(days=ended)
        found = next(each for each in look(begun(cafe)).carried if each.question.id == "gov_policy")
        assert found.unchanged is not ended
        assert bool(found.files) is not ended
        assert bool(found.aged) is ended


@pytest.mark.sqlite_only
def test_evidence_does_not_pile_up_over_renewals(cafe: Case) -> None:
    """Two more files a year, for years: none is ever refused for those of earlier assessments."""
    most = current().evidence.max_files_per_question
    one = cafe
    for year in range(1, 6):
        with clock.held(datetime(2026 + year, 11, 20, tzinfo=UTC)):
            if year > 1:
                with transaction() as session:
                    submitting.withdraw(session, owner(one), one.assessment_id, one.assessment.version)
            one = begun(one)
            for number in range(2):
                made = Inspected(f"{year}-{number}.pdf", "application/pdf", b"%PDF-1.7 " + bytes([year, number]))
                with transaction() as session:
                    kept = uploading.keep(one.hands.files, made)
                    uploading.upload(session, owner(one), one.assessment_id, "gov_policy", kept)
            files = evidence_for(db.session(), one.assessment_id)["gov_policy"]
            assert len(files) <= most
            assert {f"{year}-0.pdf", f"{year}-1.pdf"} <= {file.name for file in files}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EvidenceLink)) > most, "history keeps the rest"
    assert len({file.id for file in evidence_for(db.session(), cafe.assessment_id)["gov_policy"]}) == 1
