"""An appeal of a company: who lodges it, against what, until when and how often; its files; taken back."""

from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from compliance import clock
from compliance.actions import appealing, renewing, reviewing, submitting
from compliance.actions.appealing import Grounds
from compliance.actions.contested import contestable
from compliance.actions.inspecting import Inspected
from compliance.actions.submitting import Attestation
from compliance.actions.uploading import StoredFile, keep
from compliance.cli.demonstration import acts
from compliance.cli.demonstration.documents import document
from compliance.domain.appeals import AppealKind, AppealOutcome
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from compliance.store.appeals import files_of_appeal
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Membership, Person
from tests.actions.appeals import (
    LOST,
    SIGNED,
    appeal,
    award_of,
    lodge,
    lodged,
    panel,
    to_refused,
    to_revoked,
    to_suspended,
    write,
)
from tests.actions.cases import CAFE, Case, case, person, reload, to_award, to_review
from tests.actions.tying import in_vain
from tests.helpers import why

pytestmark = pytest.mark.usefixtures("in_app", "moment")


def colleague(one: Case, role: CompanyRole) -> object:
    who = person(f"{role.value}@cafe.example")
    with transaction() as session:
        them = session.get_one(Person, who.user_id)
        session.add(Membership(company_id=one.company_id, person=them, role=role, since=clock.now()))
    return reload(who)


def kinds(one: Case) -> list[AppealKind]:
    return [found.kind for found in contestable(db.session(), one.company_id)]


def to_lower(one: Case) -> None:
    """An award, at a lower level than was claimed: nobody visited."""
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    with transaction() as session:
        no_visit = {"verification_visit_or_call_passed": False, "no_open_major_finding": False}
        reviewing.note_facts(session, one.hands.reviewer, one.assessment_id, no_visit)
    acts.recommend(CAFE.__class__(**{**CAFE.__dict__, "manner": "middle"}), one.hands, one.assessment_id, 0)
    acts.decide(one.hands, one.assessment_id, 0)


@pytest.mark.parametrize(
    ("how", "kind"),
    [(to_refused, AppealKind.REFUSAL), (to_suspended, AppealKind.SUSPENSION), (to_revoked, AppealKind.REVOCATION)],
)
def test_what_can_be_contested(settings: Settings, how: object, kind: AppealKind) -> None:
    one = case(settings, how)  # type: ignore[arg-type]
    assert kinds(one) == [kind]
    number = lodged(one, act=kind is not AppealKind.REFUSAL)
    assert (appeal(number).kind, kinds(one)) == (kind, [])


def test_what_went_as_claimed_cannot_be_contested(settings: Settings) -> None:
    one = case(settings, to_award)
    assert kinds(one) == []
    with pytest.raises(NotFoundError):
        write(one)
    with pytest.raises(NotFoundError):
        write(one, act=True)


@pytest.mark.parametrize("days", [30, 31])
def test_the_last_day_counts_whole_in_phnom_penh(settings: Settings, days: int) -> None:
    """23 November and 30 days: 23 December is the last one, until midnight in Cambodia (17:00 UTC)."""
    one = case(settings, to_refused)
    number = write(one)
    last = clock.now().replace(hour=16, minute=59) + timedelta(days=days)
    with clock.held(last):
        if days == 30:
            lodge(one, number)
            assert appeal(number).open
            return
        for late in (partial(lodge, one, number), partial(write, one)):
            with pytest.raises(WrongStateError) as refused:
                late()
            assert refused.value.state == "lapsed"
        assert kinds(one) == []
    with clock.held(last - timedelta(days=1) + timedelta(minutes=1)), pytest.raises(WrongStateError):
        lodge(one, number)


def test_owners_and_signatories_lodge_and_withdraw_editors_write(settings: Settings) -> None:
    one = case(settings, to_refused)
    number = write(one)
    editor, viewer = colleague(one, CompanyRole.EDITOR), colleague(one, CompanyRole.VIEWER)
    with transaction() as session:
        said = Grounds({}, "By the editor.")
        appealing.write(session, editor, one.assessment_id, None, said, 1)  # type: ignore[arg-type]
    for who in (editor, viewer):
        for act in (
            lambda session, who=who: appealing.lodge(session, who, number, SIGNED, 2),
            lambda session, who=who: appealing.withdraw(session, who, number),
        ):
            with pytest.raises(ForbiddenError):
                in_vain(act)
    with pytest.raises(ForbiddenError):
        in_vain(lambda s: appealing.write(s, viewer, one.assessment_id, None, Grounds(), 2))  # type: ignore[arg-type]
    stranger = person("stranger@elsewhere.example")
    with pytest.raises(NotFoundError):
        in_vain(lambda session: appealing.lodge(session, stranger, number, SIGNED, 2))
    signatory = colleague(one, CompanyRole.SIGNATORY)
    with transaction() as session:
        appealing.lodge(session, signatory, number, SIGNED, 2)  # type: ignore[arg-type]
    assert appeal(number).open


def test_an_appeal_says_something_and_is_signed(settings: Settings) -> None:
    one = case(settings, to_refused)
    number = write(one, general="  ")
    attempts = {
        "general": lambda s: appealing.lodge(s, one.hands.owner, number, SIGNED, 1),
        "name": lambda s: appealing.lodge(s, one.hands.owner, number, Attestation(" ", "Director"), 1),
    }
    for field, attempt in attempts.items():
        with pytest.raises(InvalidError) as refused:
            in_vain(attempt)
        assert refused.value.field == field
    long = Grounds({LOST: "x" * 4001}, "")
    for grounds, field in ((long, LOST), (Grounds({"edu_awareness": "It was confirmed."}), "edu_awareness")):
        with pytest.raises(InvalidError) as refused:
            in_vain(lambda s, grounds=grounds: appealing.write(s, one.hands.owner, one.assessment_id, None, grounds, 1))
        assert refused.value.field == field


def test_two_at_once_write_and_lodge_one_appeal(settings: Settings) -> None:
    """The second text meets the first; the second button finds it lodged; there is one appeal a decision."""
    one = case(settings, to_refused)
    number = write(one)
    with pytest.raises(StaleError):
        write(one, general="Another text.")
    with pytest.raises(StaleError), transaction() as session:
        appealing.lodge(session, one.hands.owner, number, SIGNED, 0)
    signatory = colleague(one, CompanyRole.SIGNATORY)
    lodge(one, number)
    lodge(one, number)  # the same button
    with pytest.raises(WrongStateError), transaction() as session:
        appealing.lodge(session, signatory, number, SIGNED, 1)  # type: ignore[arg-type]
    with pytest.raises(WrongStateError):
        write(one, general="Too late for that.")
    entries = db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.tag == "officer:appeal:lodged")).all()
    assert len(entries) == 1


def test_what_was_lodged_stays_as_it_was(settings: Settings) -> None:
    one = case(settings, to_refused)
    number = lodged(one)
    for column, value in (("general", "Other."), ("lodged_by", 2), ("digest", "0" * 64), ("grounds", {LOST: "Other."})):
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            setattr(session.get_one(type(appeal(number)), number), column, value)


def test_an_appeal_and_another_assessment_do_not_run_together(settings: Settings) -> None:
    """What may be reopened is the company's one assessment: neither is begun while the other is open."""
    one = case(settings, to_refused)
    number = write(one)
    with transaction() as session:
        draft = renewing.start(session, one.hands.owner, one.company_id)
        another = draft.id
    with pytest.raises(InvalidError, match="begun another"):
        lodge(one, number)
    with transaction() as session:
        version = session.get_one(type(draft), another).version
        submitting.withdraw(session, one.hands.owner, another, version)
    lodge(one, number)
    with pytest.raises(WrongStateError) as refused, transaction() as session:
        renewing.start(session, one.hands.owner, one.company_id)
    assert refused.value.state == "appeal"
    with transaction() as session:
        appealing.withdraw(session, one.hands.owner, number)
        assert renewing.start(session, one.hands.owner, one.company_id).state is State.DRAFT


def test_an_award_is_renewed_while_its_suspension_is_contested(settings: Settings) -> None:
    one = case(settings, to_suspended)
    lodged(one, act=True)
    with transaction() as session:
        assert renewing.start(session, one.hands.owner, one.company_id).state is State.DRAFT


def test_withdrawn_it_can_be_lodged_anew_until_the_last_day(settings: Settings) -> None:
    one = case(settings, to_refused)
    first = lodged(one)
    with transaction() as session:
        appealing.withdraw(session, one.hands.owner, first)
        appealing.withdraw(session, one.hands.owner, first)  # the same button
    assert appeal(first).outcome is AppealOutcome.WITHDRAWN
    assert one.assessment.state is State.REFUSED
    second = lodged(one)
    assert second != first
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.get_one(type(appeal(first)), first).outcome = AppealOutcome.UPHELD


def stored(one: Case, name: str = "policy.pdf") -> StoredFile:
    return keep(one.hands.files, Inspected(name, "application/pdf", document("Café", name)))


def test_files_are_added_while_it_is_a_draft_and_stay_with_it(settings: Settings) -> None:
    one = case(settings, to_refused)
    number = write(one)
    with transaction() as session:
        kept = appealing.attach(session, one.hands.owner, number, LOST, stored(one)).id
        gone = appealing.attach(session, one.hands.owner, number, "", stored(one, "letter.pdf")).id
        appealing.detach(session, one.hands.owner, number, gone)
    with pytest.raises(InvalidError), transaction() as session:
        appealing.attach(session, one.hands.owner, number, "edu_awareness", stored(one, "x.pdf"))
    with transaction() as session:
        before = appealing.lodge(session, one.hands.owner, number, SIGNED, 1).digest
    assert before
    assert [file.id for file in files_of_appeal(db.session(), number)] == [kept]
    for change in (
        lambda s: appealing.attach(s, one.hands.owner, number, "", stored(one, "y.pdf")),
        lambda s: appealing.detach(s, one.hands.owner, number, kept),
    ):
        with pytest.raises(WrongStateError):
            in_vain(change)


def test_deadlines_are_counted_from_the_day_of_lodging(settings: Settings) -> None:
    """Five working days without holidays to be taken up, 45 days to be decided."""
    one = case(settings, to_refused)
    found = appeal(lodged(one))
    assert found.take_up_by is not None
    assert found.decide_by is not None
    assert (found.take_up_by - clock.today()).days >= 7
    assert (found.decide_by - clock.today()).days == 45


def test_owner_and_signatory_and_the_panel_are_told(settings: Settings) -> None:
    one = case(settings, to_refused)
    members = panel()
    signatory, editor = colleague(one, CompanyRole.SIGNATORY), colleague(one, CompanyRole.EDITOR)
    lodged(one)
    told = db.session.execute(sa.select(Notice.kind, Notice.person_id).where(Notice.kind.like("appeal_%"))).all()
    receipts = {who for kind, who in told if kind == "appeal_lodged"}
    assert receipts == {one.hands.owner.user_id, signatory.user_id}  # type: ignore[attr-defined]
    assert editor.user_id not in receipts  # type: ignore[attr-defined]
    assert {who for kind, who in told if kind == "appeal_waiting"} == {one.user_id for one in members}


def test_an_act_that_was_undone_meanwhile_is_not_contested_any_more(settings: Settings) -> None:
    one = case(settings, to_suspended)
    number = write(one, act=True)
    acts.act_on_award(one.hands, one.company_id, AwardAct.REINSTATED, why(AwardAct.REINSTATED, "It has arrived."), 0)
    assert kinds(one) == []
    with pytest.raises(NotFoundError):
        lodge(one, number)
    assert award_of(one).last_act is AwardAct.REINSTATED


def test_an_award_below_the_claim_can_be_contested(settings: Settings) -> None:
    one = case(settings, to_lower)
    assert one.assessment.state is State.APPROVED
    assert kinds(one) == [AppealKind.LEVEL]
