"""Facts: frozen, the same bytes in JSON every time, and nothing hidden in a name."""

import dataclasses
import datetime as dt
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.certificates_data import facts
from certificates import CertificateFacts, FactsError, Level, Words
from certificates.facts import LONGEST


def test_facts_come_back_from_json(each_facts: CertificateFacts) -> None:
    again = CertificateFacts.from_json(each_facts.to_json())
    assert again == each_facts
    assert again.to_json() == each_facts.to_json()


def test_json_is_canonical() -> None:
    tree = json.loads(facts(0).to_json())
    assert list(tree) == sorted(tree)


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_name_holds_json_carries_it(km: str, en: str) -> None:
    try:
        named = dataclasses.replace(facts(0), company=Words(km, en))
    except FactsError:
        return
    assert CertificateFacts.from_json(named.to_json()) == named


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Good\u202egnp.exe", "Goodgnp.exe"),
        ("Two\nlines\t and  spaces ", "Two lines and spaces"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("e\u0301", "é"),
        ("nul\x00", "nul"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, kept: str) -> None:
    assert Words(typed, typed) == Words(kept, kept)


def test_the_first_day_may_come_after_the_day_of_issue() -> None:
    plain = facts(0)
    assert plain.valid_from == plain.issued
    assert b"starts" not in plain.to_json(), "facts frozen before keep their bytes"
    assert dataclasses.replace(plain, starts=plain.issued) == plain
    later = dataclasses.replace(plain, starts=plain.issued + dt.timedelta(days=90))
    assert later.valid_from == plain.issued + dt.timedelta(days=90)
    assert CertificateFacts.from_json(later.to_json()) == later


def test_a_certificate_issued_anew_says_in_whose_place() -> None:
    plain = facts(0)
    assert b"replaces" not in plain.to_json(), "facts frozen before keep their bytes"
    later = {"issued": plain.issued + dt.timedelta(days=40), "starts": plain.valid_from}
    anew = dataclasses.replace(plain, replaces=facts(1).number, **later)
    assert (anew.valid_from, anew.expires) == (plain.valid_from, plain.expires)
    assert CertificateFacts.from_json(anew.to_json()) == anew
    for wrong in (plain.number, "COP-KH-2026-00001-00", "<b>"):
        with pytest.raises(FactsError):
            _changed(replaces=wrong)


def test_brands_share_the_room_of_the_scope() -> None:
    assert b"brands" not in facts(0).to_json(), "facts frozen before keep their bytes"
    branded = dataclasses.replace(facts(0), brands=("Hun Pay", "ហ៊ុន ឆាត"))
    assert CertificateFacts.from_json(branded.to_json()) == branded
    _changed(scope=Words("ហ" * 290, "a"), brands=("Hun Pay",))
    for wrong in ({"scope": Words("ហ" * 291, "a"), "brands": ("Hun Pay",)}, {"brands": ("",)}):
        with pytest.raises(FactsError):
            _changed(**wrong)


def test_what_is_not_covered_shares_the_room_of_the_scope_and_is_left_out_where_nothing_was_said() -> None:
    assert b"not_covered" not in facts(0).to_json(), "facts frozen before keep their bytes"
    said = _changed(not_covered=Words("ហាងនៅក្រៅប្រទេស", "The shop abroad"))
    assert CertificateFacts.from_json(said.to_json()) == said
    for wrong in (Words("", "The shop abroad"), Words("ហ" * 299, "a")):
        with pytest.raises(FactsError):
            _changed(not_covered=wrong)


def _changed(**changes: Any) -> CertificateFacts:
    return dataclasses.replace(facts(0), **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "COP-KH-2026-00001-00"},
        {"number": "cop-kh-2026-00001-63"},
        {"code": "short"},
        {"code": "o" * 26},
        {"company": Words("", "Hun Net")},
        {"company": Words("ហ", "W" * (LONGEST["company"] + 1))},
        {"kinds": (Words("ហ" * 200, "a"), Words("ហ" * 200, "b"))},
        {"scope": Words("ហ" * (LONGEST["scope"] + 1), "a")},
        {"lunar": "ហ" * (LONGEST["lunar"] + 1)},
        {"level": Level("platinum", Words("ហ", "a"), Words("ហ", "a"))},
        {"edition": "../../etc"},
        {"verify_url": "javascript:alert(1)"},
        {"verify_url": "https://awards.example/ with space"},
        {"verify_url": "https://awards.example/" + "x" * 200},
        {"expires": dt.date(2026, 11, 21)},
        {"starts": dt.date(2026, 11, 20)},
        {"starts": dt.date(2028, 11, 20)},
    ],
)
def test_facts_that_cannot_stand_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(FactsError):
        _changed(**changes)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(FactsError):
        Words("\ud800", "a")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"format":2}', b"[" * 100_000, b'{"format":1,"number":3}', b"\xff"]
)
def test_what_is_no_facts_file_says_so(data: bytes) -> None:
    with pytest.raises(FactsError):
        CertificateFacts.from_json(data)


def test_facts_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        facts(0).number = "other"  # type: ignore[misc]


def test_the_light_names_load_nothing_heavy() -> None:
    """Web workers import facts and numbers; layout, sealing and JSON-LD stay out until they are asked for."""
    heavy = "weasyprint pyhanko pyld segno jinja2 cryptography"
    look = f"import sys, certificates; sys.exit(any(name in sys.modules for name in {heavy.split()}))"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
    look = "import sys, certificates.signing, certificates.credential, certificates.status; "
    look += "sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
