"""A right that was taken while a page was open is gone when the button is pressed, whichever page it is."""

import ast
import io
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy.orm import Session

from compliance.domain.roles import CompanyRole
from compliance.store import base
from tests.actions import samples
from tests.house_rules.test_access import DEEDS, NEEDS
from tests.house_rules.town import KIWI, OWN, Town
from tests.house_rules.tree import sources

DAY = ["31", "12", "2031"]
COMPANY = {
    "name_km": "ចាបផ្ទះ", "name_latin": OWN, "registration_number": "DEMO-00001", "kinds": ["internet_cafe"],
    "workers": "3", "places": "1", "province": "takeo", "website": "",
}  # fmt: skip
# What makes a form good enough to reach its transaction, where the deeds of the sweeps do not.
GOOD: dict[str, list[dict[str, object]]] = {
    "officer.plan_step": [{"action": "a", "responsible": "r", "due_on": DAY}],
    "officer.plan_own": [{"action": "a", "responsible": "r", "due_on": DAY}],
    "officer.plan_own_step": [{"action": "a", "responsible": "r", "due_on": DAY}],
    "officer.plan_mark": [{"drop": "1"}, {"done": "1"}],
    "officer.authority_contact": [{"name": "n", "telephone": "0", "hours": "h"}],
    "officer.check_in": [{"save": "1", "version": "0"}],
    "officer.confirm_section": [{"answers": "gov_policy=1:"}],
    "officer.declare": [{"key": "0" * 32, "kind": "ownership", "since": ["1", "3", "2026"], "what": "New owners."}],
    "officer.details": [COMPANY],
    "officer.new_service": [{"name_latin": "Sparrow Chat", "kind": "internet_cafe", "version": "1"}],
    "officer.try_ways": [{}],
    "officer.service": [{"name_latin": "Sparrow Chat", "kind": "internet_cafe", "version": "1"}],
    "officer.answer": [
        {"gov_policy": "yes", "version": "0"},
        {"remove": "1"},
        {"chosen": "1", "file_id": "1"},
        {"file": "policy.pdf"},
    ],
    "officer.answer_all": [{"version-edu_awareness": "0", "edu_awareness": "yes"}],
    "officer.piece": [
        {"act": "dates", "dated": ["1", "3", "2026"]},
        {"act": "answers", "answers": ["gov_policy", "gov_lead"], "shown": "gov_policy"},
        {"act": "replace", "file": "newer.pdf"},
    ],
    "officer.contest": [
        {"general": "It is there.", "version": "1", "save": "1"},
        {"general": "It is there.", "version": "1", "attach": "1", "file": "policy.pdf"},
        {"general": "It is there.", "version": "1", "lodge": "1", "agreed": "y", "name": "n", "position": "p"},
    ],
    "officer.hearing": [{"statement": "We answered in time."}],
    "account.people": [{"email": "guest@companies.example", "role": "viewer"}],
    "account.colleague": [{"role": "viewer"}],
}
SIGNS = {"officer.attest"}  # a draft with questions left over is not signed: tried where drafts are whole

ELSEWHERE = {"officer.contest": KIWI}  # whose owner acts there: what can be contested is another company's
SAME_PAGE = {"officer.contest_act"}  # `officer.contest`, against an act on an award
ONES_OWN = {"officer.way"}  # how many questions a page holds is the person's choice, not the company's
SHOWS = {"officer.filled_form"}  # reads a form and saves nothing: `officer.take_form` does


@contextmanager
def leaving(town: Town, monkeypatch: pytest.MonkeyPatch, who: str = "owner") -> Iterator[list[str]]:
    """The owner is no colleague any more from the moment that a transaction begins; what began is noted."""
    database, begin, began = town.folder / "portal.sqlite", base.begin_writing, list[str]()
    address = town.address_of(who)
    taken = "UPDATE memberships SET ended_at = ? WHERE person_id = (SELECT id FROM people WHERE email = ?)"

    def then_begin() -> Session:
        with closing(sqlite.connect(database, isolation_level=None)) as elsewhere:
            elsewhere.execute(taken, ("2026-01-01 00:00:00", address))
        began.append("transaction")
        return begin()

    with monkeypatch.context() as patch:
        patch.setattr(base, "begin_writing", then_begin)
        yield began
    with closing(sqlite.connect(database, isolation_level=None)) as elsewhere:
        elsewhere.execute(taken, (None, address))


def forms(endpoint: str) -> list[dict[str, object]]:
    return GOOD.get(endpoint, [DEEDS])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "endpoint", sorted({name for method, name in NEEDS if method == "POST"} - SIGNS - SAME_PAGE - ONES_OWN - SHOWS)
)
def test_a_colleague_who_was_removed_meanwhile(town: Town, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    who = ELSEWHERE.get(endpoint, "owner")
    address = town.address(endpoint, town.things(ELSEWHERE.get(endpoint, OWN)))
    for form in forms(endpoint):
        data = {**form, "csrf_token": town.token(who)}
        if "file" in data:
            data["file"] = (io.BytesIO(samples.pdf()), str(data["file"]))
        with town.untouched(who, f"posting {form} to {address}"), leaving(town, monkeypatch, who) as began:
            answer = town.visitor(who).post(address, data=data, buffered=True)
        assert began, f"{address} never reached a transaction: give it a better form in GOOD"
        assert answer.status_code in {403, 404}, f"{address} {answer.status_code}"


def inside_a_transaction(tree: ast.Module) -> Iterator[ast.Name]:
    """Every `actor` used inside `with transaction()` that was not made there."""
    for block in ast.walk(tree):
        if isinstance(block, ast.With) and any(_begins(item.context_expr) for item in block.items):
            names = [node for line in block.body for node in ast.walk(line) if isinstance(node, ast.Name)]
            made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            yield from (node for node in names if node.id == "actor" and node.id not in made)


def _begins(call: ast.expr) -> bool:
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "transaction"


def test_no_page_carries_an_actor_into_a_transaction() -> None:
    """`current_actor()` reads the rights of that moment inside a transaction, an actor made before does not."""
    strays = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if path.parts[:2] == ("compliance", "journeys")
        for node in inside_a_transaction(tree)
    ]
    assert not strays, f"say current_actor() there: {strays}"
    tried = ast.parse("actor = current_actor()\nwith transaction() as session:\n    act(session, actor)")
    assert list(inside_a_transaction(tried)), "the sweep sees what it looks for"


@pytest.mark.parametrize("role", [CompanyRole.EDITOR, CompanyRole.OWNER])
def test_a_save_reads_rights_once(town: Town, role: CompanyRole, statements: Callable[[], list[str]]) -> None:
    """In the transaction of the save, after what it depends on is held."""
    address = town.address("officer.autosave", town.things(OWN))
    visitor = town.visitor(role.value)
    statements()
    answer = visitor.post(address, data={"gov_policy": "partial", "version": "0", "csrf_token": town.token(role.value)})
    assert answer.status_code in {200, 409}
    lines = statements()
    assert lines.count("BEGIN IMMEDIATE") == 1
    written = lines[lines.index("BEGIN IMMEDIATE") :]
    assert sum("memberships" in line or "roles" in line for line in written) == 1


@pytest.fixture
def statements(town: Town) -> Iterator[Callable[[], list[str]]]:
    """The statements sent to the database since the last call."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    def taken() -> list[str]:
        lines = sent.copy()
        sent.clear()
        return lines

    with town.app.app_context():
        engine = base.db.engine
        base.sa.event.listen(engine, "before_cursor_execute", note)
        yield taken
        base.sa.event.remove(engine, "before_cursor_execute", note)
