"""A company's appeal: one answer was not believed, the company brings the page, and two of a panel have voted."""

from collections.abc import Sequence

from compliance import clock
from compliance.actions import appeal_panel, appealing, reviewing
from compliance.actions.appeal_panel import Ballot, Finding
from compliance.actions.appealing import Grounds
from compliance.actions.inspecting import Inspected
from compliance.actions.judging import Judgement
from compliance.actions.submitting import Attestation
from compliance.actions.uploading import keep
from compliance.cli.demonstration.acts import Hands, day
from compliance.cli.demonstration.documents import document
from compliance.domain.appeals import Right, Vote
from compliance.domain.roles import Actor
from compliance.store.base import transaction
from compliance.store.reviews import Verdict

DOUBTED = "gov_policy"
NOTE = "មិនឃើញហត្ថលេខារបស់ថ្នាក់ដឹកនាំ។ The approval of top management was not found in the file."
GROUND = "ការអនុម័តមាននៅទំព័រចុងក្រោយ យើងភ្ជាប់ទំព័រនោះ។ The approval stands on the last page, which we attach."
WHOLE = "យើងសូមឱ្យអានឯកសារម្តងទៀតទាំងមូល។ We ask that the whole document be read again."
WORDS = {
    Vote.UPHOLD: (Right.COMPANY, "ការអនុម័តមាននៅលើទំព័រដែលភ្ជាប់។ The page that was attached shows the approval."),
    Vote.DISMISS: (Right.MINISTRY, "ទំព័រនោះគ្មានកាលបរិច្ឆេទ។ That page bears no date."),
}


def doubt(hands: Hands, assessment_id: int, ago: int) -> None:
    """The reviewer does not find what one answer says."""
    with clock.held(day(ago)), transaction() as session:
        judgement = Judgement(Verdict.NOT_SUPPORTED, evidence_accepted=False, reason="not_found", note=NOTE)
        reviewing.rule(session, hands.reviewer, assessment_id, DOUBTED, judgement)


def lodge(hands: Hands, assessment_id: int, ago: int) -> int:
    """The owner lodges an appeal with its page; its id."""
    page = keep(hands.files, Inspected("page-12.pdf", "application/pdf", document("Company", "Policy, page 12")))
    with clock.held(day(ago)), transaction() as session:
        said = Grounds({DOUBTED: GROUND}, WHOLE)
        made = appealing.write(session, hands.owner, assessment_id, None, said, 0)
        appealing.attach(session, hands.owner, made.id, DOUBTED, page)
        appealing.lodge(session, hands.owner, made.id, Attestation(hands.owner.name, "Director"), made.draft_version)
        return made.id


def judge(appeal_id: int, assessment_id: int, members: Sequence[Actor], ago: int) -> None:
    """Members sit down and vote, one for and one against: the last one decides."""
    for member, vote in zip(members, Vote, strict=True):
        right, because = WORDS[vote]
        with clock.held(day(ago)), transaction() as session:
            reviewing.declare(session, member, assessment_id, has_tie=False)
            appeal_panel.sit(session, member, appeal_id)
            seen = appeal_panel.seen_of(session, appeal_panel.lodged(session, appeal_id))
            ballot = Ballot(vote, because, {DOUBTED: Finding(right, because)})
            appeal_panel.vote(session, member, appeal_id, ballot, seen)
