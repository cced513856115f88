"""OWASP SAMM 2: mean of streams → sum of levels → mean of practices → mean of functions; 90 questions."""

from fractions import Fraction
from pathlib import Path

from tests.scoring.methods.running import rubric, score, table

NO, SOME, HALF, MOST = (
    "No",
    "Yes, for some of the applications",
    "Yes, for at least half of the applications",
    "Yes, for most or all of the applications",
)
REVIEWED = "Yes, we review it annually"
CONSULTED = "Yes, we consult the plan before making significant decisions"


def team() -> dict[str, str]:
    answers = dict.fromkeys(rubric("samm").criteria, NO)
    answers |= {"G-SM-A-1": MOST, "G-SM-B-1": HALF, "G-SM-A-2": REVIEWED, "G-SM-B-2": NO, "G-SM-A-3": CONSULTED}
    answers |= {"G-PC-A-1": HALF, "G-PC-B-1": SOME}
    answers |= {name: MOST for name in answers if name.startswith("D-TA") and name.endswith(("1", "2"))}
    assert len(answers) == 90
    return answers


def test_a_team() -> None:
    values = {name: node.value for name, node in score("samm", team()).nodes.items()}
    # level 1 = (1 + 0.5) / 2 = 0.75, level 2 = (0.25 + 0) / 2 = 0.125, level 3 = (0.5 + 0) / 2 = 0.25; sum 1.125
    assert values["strategy and metrics"] == Fraction("1.125")
    # level 1 = (0.5 + 0.25) / 2 = 0.375, nothing above
    assert values["policy and compliance"] == Fraction("0.375")
    # governance = (1.125 + 0.375 + 0) / 3 = 0.5; design = (1 + 1 + 0) / 3; total = (1/2 + 2/3 + 0 + 0 + 0) / 5
    assert (values["governance"], values["design"]) == (Fraction("0.5"), Fraction(2, 3))
    assert values["total"] == Fraction(7, 30)


def test_the_ends_of_the_scale() -> None:
    criteria = rubric("samm").criteria
    assert score("samm", dict.fromkeys(criteria, MOST)).nodes["total"].value == 3
    assert score("samm", dict.fromkeys(criteria, NO)).nodes["total"].value == 0


def test_from_a_table(tmp_path: Path) -> None:
    names = list(team())
    line = ",".join(f'"{team()[name]}"' for name in names)
    rows = table("samm", f"id,{','.join(names)}\nteam,{line}\n", tmp_path, "--places", "2")
    assert (rows["team"]["governance"], rows["team"]["total"]) == ("0.5", "0.23")
