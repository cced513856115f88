"""Who may open and change what: every address, every role, one's own company and somebody else's."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from compliance.domain.roles import MAY_EDIT, MAY_MANAGE, MAY_SEE, MAY_SIGN, CompanyRole
from compliance.journeys import gate
from compliance.journeys.account.blueprint import OPEN
from tests.house_rules.concerns_in_town import SEALED
from tests.house_rules.town import (
    DUGONG,
    OWN,
    OWN_PEOPLE,
    SECRET,
    SECRET_ASKED,
    SECRETS,
    STAFF,
    TAPIR,
    Town,
)

# What a colleague needs to be, for what is not open to all colleagues. Reading is.
NEEDS: dict[tuple[str, str], frozenset[CompanyRole]] = {
    ("GET", "account.colleague"): MAY_MANAGE,
    ("GET", "account.hand_over"): MAY_MANAGE,
    ("GET", "account.remove_colleague"): MAY_MANAGE,
    ("GET", "account.undo_change"): MAY_MANAGE,
    ("GET", "officer.contest"): MAY_EDIT | MAY_SIGN,
    ("GET", "officer.contest_act"): MAY_EDIT | MAY_SIGN,
    ("GET", "officer.declare"): MAY_EDIT | MAY_SIGN,
    ("GET", "officer.authority_contact"): MAY_EDIT | MAY_SIGN,
    ("GET", "officer.details"): MAY_EDIT,
    ("GET", "officer.give_up_service"): MAY_EDIT,
    ("GET", "officer.new_service"): MAY_EDIT,
    ("GET", "officer.plan_own"): MAY_EDIT,
    ("GET", "officer.plan_own_step"): MAY_EDIT,
    ("GET", "officer.export"): MAY_MANAGE,
    ("GET", "officer.plan_step"): MAY_EDIT,
    ("GET", "officer.service"): MAY_EDIT,
    ("GET", "officer.try_ways"): MAY_EDIT,
    ("GET", "officer.withdraw"): MAY_EDIT,
    ("GET", "officer.withdraw_appeal"): MAY_SIGN,
    ("GET", "officer.attest"): MAY_SIGN,
    ("POST", "account.calendar_feed"): MAY_SEE,
    ("POST", "account.cancel_invitation"): MAY_MANAGE,
    ("POST", "account.close_calendar_feed"): MAY_SEE,
    ("POST", "account.colleague"): MAY_MANAGE,
    ("POST", "account.hand_over"): MAY_MANAGE,
    ("POST", "account.leave_company"): MAY_SEE,
    ("POST", "account.people"): MAY_MANAGE,
    ("POST", "account.remove_colleague"): MAY_MANAGE,
    ("POST", "account.undo_change"): MAY_MANAGE,
    ("POST", "officer.answer"): MAY_EDIT,
    ("POST", "officer.answer_all"): MAY_EDIT,
    ("POST", "officer.attest"): MAY_SIGN,
    ("POST", "officer.autosave"): MAY_EDIT,
    ("POST", "officer.authority_contact"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.check_in"): MAY_SIGN,
    ("POST", "officer.concern"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.confirm_section"): MAY_EDIT,
    ("POST", "officer.contest"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.contest_act"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.declare"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.details"): MAY_EDIT,
    ("POST", "officer.give_up_service"): MAY_EDIT,
    ("POST", "officer.hearing"): MAY_SIGN,
    ("POST", "officer.make_plan"): MAY_EDIT,
    ("POST", "officer.new_service"): MAY_EDIT,
    ("POST", "officer.service"): MAY_EDIT,
    ("POST", "officer.try_ways"): MAY_EDIT,
    ("POST", "officer.plan_mark"): MAY_EDIT,
    ("POST", "officer.plan_own"): MAY_EDIT,
    ("POST", "officer.plan_own_step"): MAY_EDIT,
    ("POST", "officer.filled_form"): MAY_EDIT,
    ("POST", "officer.piece"): MAY_EDIT,
    ("POST", "officer.plan_step"): MAY_EDIT,
    ("POST", "officer.reply"): MAY_SIGN,
    ("POST", "officer.spot_check"): MAY_EDIT | MAY_SIGN,
    ("POST", "officer.start"): MAY_EDIT,
    ("POST", "officer.take_answers_over"): MAY_EDIT,
    ("POST", "officer.take_form"): MAY_EDIT,
    ("POST", "officer.way"): MAY_SEE,
    ("POST", "officer.withdraw"): MAY_EDIT,
    ("POST", "officer.withdraw_appeal"): MAY_SIGN,
}
SHOWN_ANYWAY = {("POST", "account.people")}  # the page is everybody's, the form on it the owner's: others get the page
ASKS_BACK = {("POST", "officer.filled_form")}  # for the file that the sweep does not send
NOT_YET = {
    "officer.receipt",
    "officer.receipt_pdf",
    "officer.frozen",
    "officer.decision",
    "officer.letter_pdf",
    "officer.check_in_receipt",
    "officer.contest",
    "officer.contest_act",
}  # of a draft there is none
OF_NOBODY = {"officer.home", "officer.register"}  # pages without a company in their address
THINGS = {
    "company_id", "assessment_id", "file_id", "membership_id", "invitation_id", "award_id", "proposal_id",
    "declaration_id", "check_in_id", "service_id", "change_id", "appeal_id", "concern_id", "check_id",
}  # fmt: skip
HERE = (*OWN_PEOPLE, *STAFF, "anonymous")
# Fields that would change something if the door were open.
DEEDS = {
    "gov_policy": "no", "version": "1", "act": "approve", "reason": "r", "reply": "r", "role": "owner", "tie": "no",
    "email": "intruder@companies.example", "roles": "administrator", "name_km": "ខ្មែរ", "agreed": "y", "name": "n",
    "position": "p", "action": "a", "responsible": "r", "drop": "1", "browser": "", "password": "x" * 20,
}  # fmt: skip


def company_addresses(town: Town) -> set[str]:
    """Endpoints that lie inside one company's things."""
    return {
        rule.endpoint
        for rule in town.app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in gate.COMPANY | {"account"} and THINGS & rule.arguments
    }


def test_the_table_covers_every_address(town: Town) -> None:
    inside = company_addresses(town)
    writes = {("POST", endpoint) for endpoint in town.rules("POST") if endpoint in inside}
    assert writes <= NEEDS.keys(), f"say in NEEDS who may: {writes - NEEDS.keys()}"
    known = {("GET", endpoint) for endpoint in town.rules("GET")} | writes
    assert NEEDS.keys() <= known, f"gone: {NEEDS.keys() - known}"
    loose = {name for name in town.rules("GET") if name.startswith("officer.")} - inside
    assert loose == OF_NOBODY, "a page of a company is found by the company's things"


def addresses(town: Town, method: str, company: str) -> Iterator[tuple[str, str]]:
    """Every endpoint with its address; of a company that is not one's own, those that lead to other things there."""
    things, own = town.things(company), town.things(OWN)
    for endpoint in town.rules(method):
        address = town.address(endpoint, things)
        if company == OWN or address != town.address(endpoint, own):
            yield endpoint, address


def deed(town: Town, visitor: str, method: str, address: str) -> TestResponse:
    """The visitor opens the page, or posts to it with a valid token and fields that would change something."""
    if method == "GET":
        return town.get(visitor, address)
    data = {**DEEDS, "csrf_token": town.token(visitor)}
    return town.visitor(visitor).post(address, data=data, buffered=True)


def shown(answer: TestResponse) -> str:
    """All that an answer says, unpacked."""
    if not answer.data.startswith(b"PK\x03\x04"):  # archives and workbooks
        return answer.data.decode(errors="replace") + str(answer.headers)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        return "".join(name + bundle.read(name).decode(errors="replace") for name in bundle.namelist())


def expected(town: Town, visitor: str, method: str, endpoint: str, *, own: bool) -> set[int]:
    """The statuses that the rules allow."""
    blueprint = endpoint.partition(".")[0]
    closed = blueprint in gate.COMPANY | gate.STAFF.keys() or (blueprint == "account" and endpoint not in OPEN)
    if visitor == "anonymous":
        return ({302} if method == "GET" else {401}) if closed else OPENED
    if blueprint in gate.STAFF:
        return OPENED | {403} if visitor.rstrip("2") in gate.STAFF[blueprint] else {403}  # more: staff_cases
    if blueprint in gate.COMPANY and visitor in STAFF:
        return {403}
    if endpoint in company_addresses(town):
        return inside(visitor, method, endpoint, own=own)
    return OPENED


def inside(visitor: str, method: str, endpoint: str, *, own: bool) -> set[int]:
    """What a company's own people and strangers may get of its things."""
    if not own or visitor in STAFF:
        return {404}
    if CompanyRole(visitor) in NEEDS.get((method, endpoint), MAY_SEE):
        return {200, 302, 404} if endpoint in NOT_YET else {422} if (method, endpoint) in ASKS_BACK else {200, 302}
    return {200} if (method, endpoint) in SHOWN_ANYWAY else {403}


OPENED = set(range(200, 500)) - {401, 403}


@pytest.mark.parametrize("company", [OWN, SECRET, SECRET_ASKED])
@pytest.mark.parametrize("visitor", HERE)
def test_reading(town: Town, visitor: str, company: str) -> None:
    """Every page: the rules' answer, no change, and no word of a company that is not one's own."""
    things = town.things(company)
    for endpoint, address in addresses(town, "GET", company):
        with town.untouched(visitor, f"reading {address}"):
            answer = deed(town, visitor, "GET", address)
        allowed = expected(town, visitor, "GET", endpoint, own=company == OWN)
        assert answer.status_code in allowed, f"{visitor} {address} {answer.status_code}, not {allowed}"
        if visitor == "anonymous" and answer.status_code == 302 and allowed == {302}:
            assert "/account/sign-in?next=" in answer.headers["Location"], address
        assert SEALED not in shown(answer).lower(), f"{visitor} reads a sealed contact at {address}"
        if visitor not in STAFF:
            said = shown(answer).replace(things["slug"], "").lower()
            assert not [word for word in SECRETS if word in said], f"{visitor} reads of a stranger at {address}"


@pytest.mark.parametrize("company", [OWN, SECRET, SECRET_ASKED])
@pytest.mark.parametrize("visitor", HERE)
def test_writing_where_one_may_not(town: Town, visitor: str, company: str) -> None:
    """Every form whose door is closed to the visitor: refused, and not one row is different."""
    things = town.things(company)
    for endpoint, address in addresses(town, "POST", company):
        allowed = expected(town, visitor, "POST", endpoint, own=company == OWN)
        if allowed & {302}:
            continue
        with town.untouched(visitor, f"posting to {address}"):
            answer = deed(town, visitor, "POST", address)
        assert answer.status_code in allowed, f"{visitor} {address} {answer.status_code}, not {allowed}"
        if company != OWN:
            assert not [word for word in SECRETS if word in shown(answer).replace(things["slug"], "").lower()], address


def staff_cases() -> list[tuple[str, str, str, str, set[int]]]:
    """Staff inside their own rooms: what the gate opens, the case itself may still close."""
    closed: list[tuple[str, str, str, str, set[int]]] = []
    for endpoint in ("answer", "ask", "assessment", "declare", "recommend"):
        closed.append(("reviewer", SECRET, "GET", f"reviewer.{endpoint}", {404}))  # a draft is the company's alone
    for endpoint in ("answer", "ask", "recommend"):
        closed.append(("reviewer", SECRET_ASKED, "GET", f"reviewer.{endpoint}", {403}))  # no declaration made
    for endpoint in ("answer", "ask", "declare", "facts", "recommend", "release"):
        closed.append(("reviewer", SECRET, "POST", f"reviewer.{endpoint}", {404, 403, 302}))
    for endpoint in ("answer", "ask", "facts", "recommend", "release"):
        closed.append(("reviewer", SECRET_ASKED, "POST", f"reviewer.{endpoint}", {403, 302}))
    for visitor in ("reviewer", "approver"):
        closed.append((visitor, SECRET, "GET", "evidence.download", {404, 403}))
        closed.append((visitor, SECRET_ASKED, "GET", "evidence.download", {404, 403}))
    for company in (SECRET, TAPIR):
        closed += [("approver", company, method, "approver.assessment", {404}) for method in ("GET", "POST")]
        closed += [("approver", company, method, "approver.declare", {404}) for method in ("GET", "POST")]
    closed.append(("approver", DUGONG, "POST", "approver.assessment", {302}))  # not declared: led to the declaration
    return closed


@pytest.mark.parametrize(("visitor", "company", "method", "endpoint", "allowed"), staff_cases())
def test_staff_and_cases_that_are_not_theirs(
    town: Town, visitor: str, company: str, method: str, endpoint: str, allowed: set[int]
) -> None:
    address = town.address(endpoint, town.things(company))
    with town.untouched(visitor, f"{method} {address}"):
        answer = deed(town, visitor, method, address)
    assert answer.status_code in allowed, f"{visitor} {method} {address} {answer.status_code}"


def test_an_undeclared_reviewer_is_led_to_the_declaration(town: Town) -> None:
    things = town.things(SECRET_ASKED)
    answer = town.get("reviewer", town.address("reviewer.assessment", things))
    assert answer.headers["Location"] == town.address("reviewer.declare", things)


def test_the_sweep_sees_the_secrets(town: Town) -> None:
    """The words that must not be read are there to be read, by those whose they are."""
    things = town.things(SECRET)
    assert "quokka" in town.get(SECRET, town.address("officer.company", things)).text.lower()
    assert "quokka" in town.get(SECRET, town.address("officer.evidence", things)).text.lower()
    assert "numbat" in town.get("reviewer2", "/en/review/").text.lower()
