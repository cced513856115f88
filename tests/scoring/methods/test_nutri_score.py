"""Nutri-Score, both versions: bands, one node deciding whether another counts, low is good."""

from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table

FIRST = ("energy_kj", "sugars_g", "saturates_g", "sodium_mg", "fruit_percent", "fibre_g", "protein_g")
SECOND = ("energy_kj", "sugars_g", "saturates_g", "salt_g", "fruit_percent", "fibre_g", "protein_g")


@pytest.mark.parametrize(
    ("figures", "facts", "points", "grade"),
    [
        # hazelnut spread: energy 6 (2252 > 2010), sugars 10, saturates 10, sodium 0 = 26; protein does not count
        (("2252", "56.3", "10.6", "43", "0", "0", "6.3"), {}, 26, "E"),
        # white beans: 1 (368) + 0 + 0 + 2 (190) - fibre 5 - protein 4 (6.7), fewer than 11 against: 3 - 9
        (("368", "0.5", "0.1", "190", "0", "6.3", "6.7"), {}, -6, "A"),
        # muesli: 4 (1600) + 3 (17) + 1 (1.8) + 1 (100) = 9 - fibre 5 (7) - protein 5 (9) = -1
        (("1600", "17", "1.8", "100", "0", "7", "9"), {}, -1, "A"),
        # one more point against and the protein that no longer counts: 4 + 3 + 1 + 3 (280) = 11 - fibre 5 = 6
        (("1600", "17", "1.8", "280", "0", "7", "9"), {}, 6, "C"),
        # eleven against, but fruit above 80 %: protein counts: 11 - 5 - 5 - 5 = -4
        (("1600", "17", "1.8", "280", "81", "7", "9"), {}, -4, "A"),
        # hard cheese: 4 (1650) + 0 + 10 (19) + 7 (680) = 21, protein 5 counts: 16
        (("1650", "0", "19", "680", "0", "0", "27"), {"cheese": "yes"}, 16, "D"),
        (("1650", "0", "19", "680", "0", "0", "27"), {}, 21, "E"),
        # every figure on an edge stays below it: 0 + 0 + 0 + 0 - 0 - 0 - 0
        (("335", "4.5", "1", "90", "40", "0.9", "1.6"), {}, 0, "B"),
    ],
)
def test_the_first_version(figures: tuple[str, ...], facts: dict[str, str], points: int, grade: str) -> None:
    card = score("nutri_score_2017", dict(zip(FIRST, figures, strict=True)), facts)
    assert card.nodes["score"].value == points
    assert card.levels["grade"].reached == grade


@pytest.mark.parametrize(
    ("figures", "facts", "points", "grade"),
    [
        # hazelnut spread: 6 + sugars 15 (56.3 > 51) + 10 + salt 0 (0.107) = 31; fibre 1 (3.5); protein does not count
        (("2252", "56.3", "10.6", "0.107", "0", "3.5", "6.3"), {}, 30, "e"),
        # wholemeal bread: 3 (1020) + sugars 0 (3.1) + 0 + salt 5 (1.1) = 8 - fibre 3 (6) - protein 3 (9)
        (("1020", "3.1", "0.6", "1.1", "0", "6", "9"), {}, 2, "b"),
        # hard cheese: 4 + 0 + 10 + 8 (1.7) = 22 - protein 7 (27), which counts for cheese: 15
        (("1650", "0", "19", "1.7", "0", "0", "27"), {"kind": "cheese"}, 15, "d"),
        # beef: 1 (600) + 0 + 2 (2.5) + 0 = 3 - protein at most 2 (20 would earn 7): 1
        (("600", "0", "2.5", "0.15", "0", "0", "20"), {"kind": "red meat"}, 1, "b"),
        (("600", "0", "2.5", "0.15", "0", "0", "20"), {}, -4, "a"),
    ],
)
def test_the_second_version(figures: tuple[str, ...], facts: dict[str, str], points: int, grade: str) -> None:
    card = score("nutri_score_2023", dict(zip(SECOND, figures, strict=True)), facts)
    assert card.nodes["score"].value == points
    assert card.levels["grade"].reached == grade


def test_from_open_food_facts(tmp_path: Path) -> None:
    text = (
        "id\tproduct\tenergy_kj\tsugars_g\tsaturates_g\tsodium_mg\tfruit_percent\tfibre_g\tprotein_g\n"
        "301\tSpread\t2252.0\t56.3\t10.6\t42.800000000000004\t\t\t6.3\n"
        "302\tBeans\t368\t5e-1\t0.1\t190\t\t6.3\t6.7\n303\tUnknown\t368\t\t0.1\t190\t\t6.3\t6.7\n"
    )
    rows = table("nutri_score_2017", text, tmp_path, "--skip-unknown-columns", "--node", "score")
    assert rows["301"] == {"id": "301", "score": "26", "grade": "E"}
    assert rows["302"] == {"id": "302", "score": "-6", "grade": "A"}
    assert rows["303"] == {"id": "303", "score": "", "grade": ""}
