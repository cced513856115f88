"""HECVAT: 79 questions from a table; ratio of sums, preferred answers, the analyst's overrides and weights, gates."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import Scorecard
from tests.scoring.methods.running import RUBRICS, explained, score, table

ROWS = list(csv.DictReader((RUBRICS / "hecvat.csv").read_text("utf-8").splitlines()))
GOOD = {row["id"]: "Yes" if row["prefers"] == "yes" else "No" for row in ROWS}
HOSTS = {"hosts_data": "yes", "holds_health_data": "no", "takes_cards": "no", "consults": "no"}
# Questions of those who consult, hold health data or take cards are not asked.
ASKED = [row for row in ROWS if not any(f"fact: {fact}" in row["asked"] for fact, has in HOSTS.items() if has == "no")]


def ratio(bad: set[str], apart: set[str] = frozenset(), section: str = "") -> Fraction:  # type: ignore[assignment]
    """Weight earned over weight to be earned, in per cent, by counting rows."""
    rows = [row for row in ASKED if row["id"] not in apart and section in {"", row["section"]}]
    earned = sum(int(row["weight"]) for row in rows if row["id"] not in bad)
    return Fraction(100 * earned, sum(int(row["weight"]) for row in rows))


def total(card: Scorecard) -> Fraction | None:
    return card.nodes["total"].value


def test_every_preferred_answer_is_all_there_is() -> None:
    card = score("hecvat", GOOD, HOSTS)
    assert {name: node.value for name, node in card.nodes.items() if node.kind == "group" and node.value != 100} == {
        "consultants": None,
        "health data": None,
        "cards": None,
    }


@pytest.mark.parametrize(
    ("changes", "bad", "apart"),
    [
        # company: 10 + 25 (no breach) + 15 of 65; the total is a ratio of sums, and not the mean of the sections
        ({"COMP-03": "No"}, {"COMP-03"}, set()),
        # "no" is preferred here
        ({"AAAI-04": "Yes", "DATA-08": "Yes"}, {"AAAI-04", "DATA-08"}, set()),
        # not applicable leaves both sums; an open question earns nothing
        ({"AAAI-03": "N/A", "VULN-01": ""}, {"VULN-01"}, {"AAAI-03"}),
        # without backups nobody asks how they are kept
        ({"DATA-03": "No"}, {"DATA-03"}, {"DATA-04", "DATA-05"}),
        # the analyst's word wins over the answer
        ({"APPL-01": "No", "APPL-01.override": "compliant"}, set(), set()),
        ({"APPL-01.override": "non-compliant"}, {"APPL-01"}, set()),
    ],
)
def test_ratio_of_sums(changes: dict[str, str], bad: set[str], apart: set[str]) -> None:
    card = score("hecvat", {**GOOD, **changes}, HOSTS)
    assert total(card) == ratio(bad, apart)
    for section in {row["section"] for row in ASKED}:
        assert card.nodes[section].value == ratio(bad, apart, section)


def test_one_section_by_hand() -> None:
    card = score("hecvat", {**GOOD, "COMP-02": "Yes", "COMP-04": "N/A"}, HOSTS)
    # 10 + 15 of 10 + 25 + 15: the breach earns nothing of its 25, COMP-04 is left out
    assert card.nodes["company"].value == 50


def test_the_analyst_gives_a_question_another_weight() -> None:
    card = score("hecvat", {**GOOD, "COMP-03": "No", "COMP-03.weight": "40"}, HOSTS)
    # 10 + 25 + 15 earned of 10 + 25 + 40 + 15
    assert card.nodes["company"].value == Fraction(5000, 90)
    points = sum(int(row["weight"]) for row in ASKED)
    assert total(card) == Fraction(100 * (points - 15), points + 25)


def test_a_vendor_without_hosting_has_no_such_sections() -> None:
    card = score("hecvat", GOOD, {**HOSTS, "hosts_data": "no"})
    assert (card.nodes["data"].value, card.nodes["databases"].value, total(card)) == (None, None, 100)


def test_gates() -> None:
    # a breach: at most 60; data that is not encrypted: 0, whatever else
    assert total(score("hecvat", {**GOOD, "COMP-02": "Yes"}, HOSTS)) == 60
    assert total(score("hecvat", {**GOOD, "DATA-01": "No"}, HOSTS)) == 0


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,{','.join(HOSTS)},{','.join(GOOD)},AAAI-03.override\n"
    text += f"good,{','.join(HOSTS.values())},{','.join(GOOD.values())},\n"
    breach = {**GOOD, "COMP-02": "Yes", "AAAI-03": "No"}
    text += f"breach,{','.join(HOSTS.values())},{','.join(breach.values())},compliant\n"
    rows = table("hecvat", text, tmp_path, "--node", "total")
    assert (rows["good"]["total"], rows["breach"]["total"]) == ("100", "60")
    english = explained("hecvat", text, tmp_path, "breach", "en")
    assert "Because there was a data breach" in english
    assert "Because the analyst decided so: it is given all the points there are, 1." in english
    assert "ព្រោះ មានការលេចធ្លាយទិន្នន័យ" in explained("hecvat", text, tmp_path, "breach", "km")
