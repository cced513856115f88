"""Ranking Digital Rights: means of means, N/A dropped at every level, kinds of company, reversed items."""

from fractions import Fraction
from pathlib import Path

from tests.scoring.methods.running import score, table

SEARCHER = {
    "G1.1": "yes",
    "G1.2": "partial",
    "G2.1": "N/A",
    "G2.2": "no",
    "G2.3": "yes",
    "F1.1.search": "yes",
    "F1.2.search": "no disclosure found",
    "F1.1.social": "yes",
    "F1.2.social": "N/A",
    "P1.1": "partial",
    "P1.2": "partial",
    "P3.1": "yes",
    "P3.2": "no",
}
CARRIER = {
    "G1.1": "N/A",
    "G1.2": "N/A",
    "G2.1": "no",
    "G2.2": "no",
    "G2.3": "yes",
    "F1.1.mobile": "partial",
    "F1.2.mobile": "no",
    "F10.1": "yes",
    "P1.1": "N/A",
    "P1.2": "N/A",
    "P3.1": "N/A",
    "P3.2": "N/A",
}


def test_a_platform_with_two_services() -> None:
    card = score("means_of_means", SEARCHER, {"kind": "platform", "services": "search;social"})
    values = {name: node.value for name, node in card.nodes.items()}
    # G1 = (100 + 50) / 2 = 75; G2 = (0 + 100) / 2 = 50, its N/A dropped; governance = (75 + 50) / 2 = 62.5
    assert (values["G1"], values["G2"], values["governance"]) == (75, 50, Fraction("62.5"))
    # search = (100 + 0) / 2 = 50; social = 100 / 1; F1 = (50 + 100) / 2 = 75; F10 is for telecoms: freedom = 75
    assert (values["F1.search"], values["F1.social"], values["F1.mobile"]) == (50, 100, None)
    assert (values["F1"], values["F10"], values["freedom"]) == (75, None, 75)
    # P1 = 50; P3 is reversed: (0 + 100) / 2 = 50; privacy = 50
    assert (values["P1"], values["P3"], values["privacy"]) == (50, 50, 50)
    # (62.5 + 75 + 50) / 3 = 187.5 / 3 = 62.5
    assert values["total"] == Fraction("62.5")


def test_a_telecom_without_any_privacy_element() -> None:
    card = score("means_of_means", CARRIER, {"kind": "telecom", "services": "mobile"})
    # G1 has nothing left: governance = G2 = (0 + 0 + 100) / 3; freedom = (25 + 100) / 2 = 62.5; privacy drops out
    assert card.nodes["G1"].state == "empty"
    assert card.nodes["governance"].value == Fraction(100, 3)
    assert card.nodes["privacy"].value is None
    # (100/3 + 125/2) / 2 = (200 + 375) / 12 = 575 / 12
    assert card.nodes["total"].value == Fraction(575, 12)


def test_the_same_from_a_table_with_a_row_a_value(tmp_path: Path) -> None:
    lines = ["company,element,finding"]
    for name, kind, services, answers in (
        ("searcher", "platform", "search;social", SEARCHER),
        ("carrier", "telecom", "mobile", CARRIER),
    ):
        lines += [f"{name},kind,{kind}", f"{name},services,{services}"]
        lines += [f"{name},{element},{finding}" for element, finding in answers.items()]
    options = ("--id", "company", "--criterion", "element", "--value", "finding", "--places", "2")
    rows = table("means_of_means", "\n".join(lines) + "\n", tmp_path, *options)
    assert rows["searcher"]["total"] == "62.5"
    assert (rows["carrier"]["total"], rows["carrier"]["privacy"]) == ("47.92", "")
