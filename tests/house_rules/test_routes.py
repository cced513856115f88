"""Every address: behind the gate, answering everybody without a fault and without a trace, each page in use."""

import re
from urllib.parse import unquote

import pytest
from flask import Flask

from compliance.app import IdConverter
from compliance.journeys import gate
from tests.house_rules.town import AT_HOME, OWN, STAFF, Town, is_theirs
from tests.house_rules.tree import ROOT, templates, tracked

# Addresses that are printed, linked and read by programs: none may ever vanish.
PUBLIC = [
    "/{lang}/", "/{lang}/register", "/{lang}/register/{slug}", "/{lang}/register/{slug}/badge", "/{lang}/verify",
    "/{lang}/verify/{number}", "/{lang}/open-data", "/{lang}/try", "/{lang}/where-to-report", "/{lang}/code",
    "/{lang}/statistics", "/{lang}/spot-checks", "/{lang}/where-to-report/list",
]  # fmt: skip
FOR_PROGRAMS = [
    "/register.csv", "/register.json", "/register.atom", "/api/v1/companies", "/api/v1/companies/{slug}",
    "/api/v1/changes", "/api/v1/awards/{number}", "/api/v1/openapi.json",
    "/badge/{number}.svg", "/badge/company/{slug}.svg",
    "/certificates/{number}.pdf", "/certificates/{number}.png", "/where-to-report.json", "/where-to-report.csv",
    "/spot-checks/{day}.json",
    "/credentials/{number}.json", "/credentials/status/revocation.json", "/.well-known/did.json",
    "/.well-known/award-seal.pem", "/healthz", "/readyz", "/metrics", "/.well-known/audit-heads.json",
    "/verify/{number}/qr.svg",
]  # fmt: skip
JOURNEYS = {"account", "security", "officer", "reviewer", "approver", "admin", "observer", "public", "mailbox"}


def gated(app: Flask, endpoint: str) -> bool:
    blueprint = endpoint.partition(".")[0]
    return endpoint == "front_door" or blueprint in gate.ANYONE | gate.COMPANY | gate.STAFF.keys()


def test_every_blueprint_stands_in_the_gate(town: Town) -> None:
    stray = [rule.endpoint for rule in town.app.url_map.iter_rules() if not gated(town.app, rule.endpoint)]
    assert not stray, f"name its blueprint in journeys/gate.py, or nobody can open it: {stray}"


@pytest.mark.parametrize("lang", ["km", "en"])
def test_public_pages_never_vanish(town: Town, lang: str) -> None:
    things = {**town.things(OWN), "lang": lang}
    for address in PUBLIC:
        answer = town.get("anonymous", address.format_map(things))
        assert answer.status_code == 200, address
        assert f'<html lang="{lang}"' in answer.text, address


def test_addresses_for_programs_never_vanish(town: Town) -> None:
    things = town.things(OWN)
    answers = {address: town.get("anonymous", address.format_map(things)).status_code for address in FOR_PROGRAMS}
    assert set(answers.values()) == {200}, answers


def test_the_front_door_leads_into_a_language(town: Town) -> None:
    for asked, lang in (("en-GB,en", "en"), ("km", "km"), ("fr", "km"), ("", "km")):
        answer = town.get("anonymous", "/", headers={"Accept-Language": asked})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/{lang}/"), asked


@pytest.mark.parametrize("visitor", ["anonymous", "owner", "reviewer"])
def test_head_answers_as_get_without_a_body(town: Town, visitor: str) -> None:
    things = town.things(*AT_HOME[visitor][0])
    for endpoint in town.rules("HEAD"):
        address = town.address(endpoint, things)
        head = town.visitor(visitor).head(address, buffered=True)
        assert head.status_code == town.get(visitor, address).status_code, address
        assert head.data == b"", address


@pytest.mark.parametrize("lang", ["km", "en"])
def test_a_wrong_method_is_405(town: Town, lang: str) -> None:
    things = {**town.things(OWN), "lang": lang}
    for rule in town.app.url_map.iter_rules():
        address = town.address(rule.endpoint, things)
        for method in {"DELETE", "PUT", "PATCH"} - (rule.methods or set()):
            answer = town.visitor("owner").open(address, method=method, buffered=True)
            assert answer.status_code == 405, f"{method} {address} {answer.status_code}"
            assert set(answer.headers["Allow"].split(", ")) >= {"OPTIONS"}, address


HALVES = {
    "officer.answer",
    "officer.answer_all",
    "officer.filled_form",
    "officer.reply",
}  # the posting half of a page whose reading half is another endpoint
STRANGE_IDS = [
    "0", "-1", "9223372036854775808", "18446744073709551616", "9" * 400, "1.0", "1e3", "0x1",
    "01", "១", "²", "%00", "1%20", "null",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["km", "en"])
def test_strange_ids_are_not_found(town: Town, lang: str) -> None:
    for rule in town.app.url_map.iter_rules():
        numbers = [name for name, converter in rule._converters.items() if isinstance(converter, IdConverter)]
        visitor = next(one for one in ("owner", *STAFF) if is_theirs(rule.endpoint, one))
        things = {**town.things(*AT_HOME[visitor][0]), "lang": lang}
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        if rule.endpoint in HALVES:
            continue
        for name in numbers:
            for strange in STRANGE_IDS:
                address = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda m: {**things, name: strange}[m[1]], rule.rule)  # noqa: B023
                answer = town.visitor(visitor).open(address, method=method)
                assert answer.status_code == 404, f"{visitor} {method} {address} {answer.status_code}"
                assert f'<html lang="{lang}"' in answer.text, address


def test_trailing_junk_is_not_found(town: Town) -> None:
    things = town.things(OWN)
    adapter = town.app.url_map.bind("localhost")
    for visitor in ("anonymous", "owner"):
        for endpoint in town.rules("GET"):
            for junk in ("/%00", "/..%2f..%2fetc", "/junk/junk/junk/junk"):
                address = town.address(endpoint, things).rstrip("/") + junk
                expected = {302, 404, 405} if not adapter.test(unquote(address), "GET") else {200, 302, 404}
                assert town.get(visitor, address).status_code in expected, address


def test_every_page_is_in_use() -> None:
    sources = {path for path in tracked() if path.suffix in {".py", ".html", ".svg", ".txt"}}
    used = "\n".join(path.read_text(errors="replace") for path in sources if path.relative_to(ROOT).parts[0] != "tests")
    unused = []
    for path in templates():
        name = path.relative_to(ROOT / "templates").as_posix()
        if name.split("/")[0] in JOURNEYS - {"security"} and f'"{name}"' not in used and f"'{name}'" not in used:
            unused.append(name)
    assert not unused, f"no view shows them and no page includes them: {unused}"


def test_every_link_leads_somewhere(town: Town) -> None:
    """An address that is built for an endpoint that is gone breaks the page that shows it, perhaps a rare one."""
    text = "\n".join(
        path.read_text()
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in {"templates", "compliance"} and path.suffix in {".py", ".html"}
    )
    named = set(re.findall(r"""url_for\(\s*["']([a-z_]+\.[a-z_]+)["']""", text))
    gone = named - town.app.view_functions.keys() - {"mailbox.message", "mailbox.messages"}  # the demonstration's own
    assert len(named) > 50
    assert not gone, f"links to nowhere: {gone}"


def test_every_page_of_accounts_is_one_of_the_librarys(town: Town) -> None:
    """Flask-Security names its pages in its settings; what it does not name is shown by nobody."""
    named = {
        value for name, value in town.app.config.items() if name.startswith("SECURITY_") and isinstance(value, str)
    }
    own = "\n".join(path.read_text() for path in tracked() if path.suffix == ".py" and "account" in path.parts)
    pages = {path.relative_to(ROOT / "templates").as_posix() for path in templates()}
    unused = [page for page in pages if page.startswith("security/") and page not in named and page not in own]
    assert not unused
