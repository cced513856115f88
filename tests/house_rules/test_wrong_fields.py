"""Every field of every form, one at a time: all others say what the page said, this one says something wrong."""

from contextlib import closing
from urllib.parse import urlsplit

import pysqlite3.dbapi2 as sqlite
import pytest

from compliance.actions import reviewing
from compliance.journeys.page_cache import PageCache
from compliance.store.base import db, transaction
from compliance.store.people import person_by_email
from tests import examples
from tests.house_rules.page_forms import Form, shown_forms
from tests.house_rules.test_hostile import send
from tests.house_rules.test_wrong_parts import INVALID, multipart
from tests.house_rules.town import DUGONG, Town

Parts = list[tuple[str, bytes, bool]]
WRONG: dict[str, list[tuple[bytes, bool]]] = {
    "missing": [],
    "empty": [(b"", False)],
    "a file": [(b"%PDF-1.7", True)],
    "an empty file": [(b"", True)],
    "a NUL": [(b"a\0b", False)],
    "no UTF-8": [(INVALID, False)],
    "said twice": [(b"1", False), (b"<script>", False)],
    "huge": [(b"9" * 400_000, False)],
    "digits of another script": [("១២៣٤٥²½".encode(), False)],
    "a number that no float holds": [("៩".encode() * 400, False)],
    "no number": [(b"1e999", False)],
    "a number that no database holds": [(b"-99999999999999999999", False)],
    "markup": [(b"{{7*7}}<svg/onload=alert(1)>'\"--%s%n", False)],
}
# Shown only in the middle of something: by a script, on the way through a sign-in, after a proposal of one's own. The
# only owner is not asked whether they leave.
NOT_SHOWN = {
    # Drawn today already; of what reviewers hold, on another tab; checks in town are told already.
    "reviewer.hand_over_check",  # in town the reviewer holds no check; an approver meets the same form
    "admin.spot_checks", "approver.hand_over", "reviewer.drop_check", "reviewer.take_check", "reviewer.tell_company",
    "account.confirm_address", "account.end_browsers", "account.leave_company", "admin.remove_holiday",
    "admin.confirm_signatory", "admin.withdraw_signatory", "admin.confirm_mark",
    "admin.withdraw_mark", "admin.print_no_mark", "admin.confirm_rule", "admin.withdraw_rule",
    "concerns.lock_away_reply",  # in town no company has answered: tests/actions/test_concerns.py
    "admin.retry_notice",
    "admin.confirm_edition", "admin.withdraw_edition", "admin.call_back_edition", "officer.take_answers_over",
    "approver.confirm", "approver.withdraw", "officer.autosave", "provider.remove",
    "account.stop_mails",  # behind a link in a mail: tests/jobs/test_optional_mail.py
    "officer.contest_act",
    "officer.take_form",
    "reviewer.essential",  # where a point is left to discretion: tests/reviewer/test_essentials.py
    # Where an assessment is scored twice: tests/second
    "reviewer.scored", "second.take", "second.declare", "second.answer", "second.essential", "second.finish",
    "second.release", "second.set_free", "second.moderate",
    "security.mf_recovery", "security.reset_password", "security.tf_select", "security.two_factor_rescue",
    "security.two_factor_setup_validate", "security.two_factor_token_validation", "security.wan_delete",
    "security.wan_register_response", "security.wan_signin_response", "security.wan_verify_response",
}  # fmt: skip
LIBRARY = ("/en/account/second-factor/", "/en/account/again", "/en/account/passkeys")
"""Pages of a library that answers 400 where ours ask again."""
IN_THE_SUITE = 3
"""Of so many kinds a field meets one in each run, and all of them at night."""


@pytest.fixture(scope="module")
def forms(town: Town) -> list[Form]:
    """With both approvers at the recommended case, who declared that nothing ties them to it."""
    case = int(town.things(DUGONG)["assessment_id"])
    with town.app.app_context(), transaction() as session:
        for name in ("approver", "approver2"):
            person = person_by_email(session, town.address_of(name))
            assert person is not None
            reviewing.declare(session, person.actor(), case, has_tie=False)
    return shown_forms(town)


class Kept:
    """The town's store as it was, put back after what changed it: each try meets the form that was shown."""

    def __init__(self, town: Town) -> None:
        self.town, self.path = town, town.folder / "portal.sqlite"
        self.watching = sqlite.connect(self.path)
        with closing(sqlite.connect(f"{self.path}.kept")) as copy:
            self.watching.backup(copy)
        self.version = self._version()

    def _version(self) -> object:
        return self.watching.execute("PRAGMA data_version").fetchone()

    def put_back(self) -> None:
        if self._version() == self.version:
            return
        with self.town.app.app_context():
            db.session.remove()
            db.engine.dispose()
        with closing(sqlite.connect(self.path)) as now, closing(sqlite.connect(f"{self.path}.kept")) as copy:
            copy.backup(now)
        cache: PageCache = self.town.app.extensions["page_cache"]
        cache.pages.clear()
        cache.fragments.fragments.clear()
        self.version = self._version()


def test_the_sweep_meets_every_form(town: Town, forms: list[Form]) -> None:
    router = town.app.url_map.bind("localhost")
    met = {router.match(urlsplit(form.action).path, method="POST")[0] for form in forms}
    assert set(town.rules("POST")) - met == NOT_SHOWN


def test_what_the_pages_say_is_right(town: Town, forms: list[Form]) -> None:
    """Sent as they are, forms are taken or asked back with a reason: what the sweep changes is what is wrong."""
    kept = Kept(town)
    for form in forms:
        answer = send(town, form.visitor, form.action, **multipart(parts(form)))
        allowed = {200, 302, 409, 422} | ({400} if form.action.startswith(LIBRARY) else set())
        assert answer.status_code in allowed, f"{form.action}: {answer.status_code}"
        kept.put_back()


@pytest.mark.night
def test_one_wrong_field_among_right_ones(town: Town, forms: list[Form]) -> None:
    kept, number = Kept(town), 0
    for form in forms:
        for name in [*form.fields, *form.files]:
            for place, kind in enumerate(WRONG):
                number += 1
                if examples.at_night() or (number + place) % IN_THE_SUITE == 0:
                    try_one(town, form, name, kind)
                    kept.put_back()


def parts(form: Form, but: str = "") -> Parts:
    """What the page says, without one field."""
    return [(name, value.encode(), False) for name, value in form.fields.items() if name != but]


def try_one(town: Town, form: Form, name: str, kind: str) -> None:
    wrong: Parts = [(name, content, is_file) for content, is_file in WRONG[kind]]
    answer = send(town, form.visitor, form.action, **multipart([*parts(form, name), *wrong]))
    told = f"{form.visitor} {form.action} {name} {kind}: {answer.status_code}"
    assert answer.status_code < 500, told
    if kind == "a NUL" or (kind == "a file" and name not in form.files):
        assert answer.status_code in {400, 413}, told
