"""The way to the next level on the officer's page: "shortest" only when it is, and a sentence where there is none."""

from functools import partial

import pytest

from compliance.actions import aims
from scoring import path_on
from tests.officer.conftest import Bench

WORDS = {
    60_000: {"en": "The shortest way to ", "km": "ផ្លូវខ្លីបំផុតទៅកម្រិត"},
    500: {"en": "There may be a shorter one.", "km": "អាចមានផ្លូវខ្លីជាងនេះ។"},
    20: {"en": "No way to this level was found. There may be one.", "km": "រកមិនឃើញផ្លូវទៅកម្រិតនេះទេ ប៉ុន្តែអាចនៅមានផ្លូវ។"},
}


@pytest.mark.parametrize("budget", WORDS)
def test_what_is_claimed_is_what_was_searched(bench: Bench, budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search itself is the real one, with less and less to spend."""
    monkeypatch.setattr(aims, "path_on", partial(path_on, budget=budget))
    for lang in ("en", "km"):
        text = bench.client.get(bench.path("/score", lang)).text
        assert [said[lang] in text for said in WORDS.values()] == [one == budget for one in WORDS]
