"""HECVAT: ratio of sums, preferred answers, overrides by the analyst, gates on the total."""

from fractions import Fraction
from pathlib import Path

from tests.scoring.methods.running import explained, score, table

GOOD = {
    "COMP-01": "Yes",
    "COMP-02": "No",
    "COMP-03": "No",
    "HLAA-01": "Yes",
    "HLAA-02": "N/A",
    "DATA-01": "Yes",
    "DATA-02": "Yes",
    "DATA-03": "No",
}
HOSTS = {"hosts_data": "yes"}


def test_ratio_of_sums() -> None:
    card = score("hecvat", GOOD, HOSTS)
    # company: 10 + 25 (no breach) of 10 + 25 + 15 = 35 / 50; access: 40 / 40, N/A leaves both sums
    assert card.nodes["company"].value == 70
    assert card.nodes["access"].value == 100
    # data: (40 + 25) / (40 + 25 + 20) = 65 / 85
    assert card.nodes["data"].value == Fraction(6500, 85)
    # total: (35 + 40 + 65) / (50 + 40 + 85) = 140 / 175 = 80 %, and not the mean of the sections
    assert card.nodes["total"].value == 80


def test_a_question_that_is_not_asked_leaves_both_sums() -> None:
    card = score("hecvat", {**GOOD, "DATA-02": "No"}, HOSTS)
    # DATA-03 is not asked: 40 / 65; total (35 + 40 + 40) / (50 + 40 + 65) = 115 / 155
    assert card.nodes["data"].value == Fraction(4000, 65)
    assert card.nodes["total"].value == Fraction(11500, 155)
    # a vendor that hosts no data: (35 + 40) / 90
    apart = score("hecvat", GOOD, {"hosts_data": "no"})
    assert (apart.nodes["data"].value, apart.nodes["total"].value) == (None, Fraction(7500, 90))


def test_the_analysts_override_wins() -> None:
    card = score("hecvat", {**GOOD, "HLAA-01.override": "non-compliant"}, HOSTS)
    assert card.nodes["access"].value == 0
    assert card.nodes["total"].value == Fraction(10000, 175)
    card = score("hecvat", {**GOOD, "HLAA-01": "No", "HLAA-01.override": "compliant"}, HOSTS)
    assert card.nodes["total"].value == 80


def test_gates() -> None:
    # a breach: (10 + 40 + 65) / 175 = 65.7, at most 60
    assert score("hecvat", {**GOOD, "COMP-02": "Yes"}, HOSTS).nodes["total"].value == 60
    # data that is not encrypted: 0, whatever else
    assert score("hecvat", {**GOOD, "DATA-01": "No"}, HOSTS).nodes["total"].value == 0


def test_from_a_table(tmp_path: Path) -> None:
    names = list(GOOD)
    text = f"id,hosts_data,{','.join(names)},HLAA-01.override\n"
    text += f"good,yes,{','.join(GOOD.values())},\n"
    text += f"breach,yes,{','.join({**GOOD, 'COMP-02': 'Yes'}.values())},compliant\n"
    rows = table("hecvat", text, tmp_path, "--node", "total")
    assert (rows["good"]["total"], rows["breach"]["total"]) == ("80", "60")
    assert "Because there was a data breach, the result is capped at 60." in explained(
        "hecvat", text, tmp_path, "breach", "en"
    )
    assert "ព្រោះ មានការលេចធ្លាយទិន្នន័យ" in explained("hecvat", text, tmp_path, "breach", "km")
