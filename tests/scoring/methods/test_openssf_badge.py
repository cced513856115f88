"""OpenSSF badge: 145 criteria from a table; MUST, SHOULD, SUGGESTED, links and reasons, three badges in series."""

import csv
from pathlib import Path

import pytest

from tests.scoring.methods.running import RUBRICS, score, table

ROWS = list(csv.DictReader((RUBRICS / "openssf_badge.csv").read_text().splitlines()))
LINK = "See https://example.org/policy"
# Everything is met, with a link where somebody might want one.
ALL = {f"{row['id']}_status": "Met" for row in ROWS} | {f"{row['id']}_justification": LINK for row in ROWS}


def percent(met: int, of: int) -> int:
    """Half up, and 100 only for all; by counting, without the rubric."""
    return 100 if met == of else min(99, (200 * met + of) // (2 * of))


def test_the_table_has_as_many_criteria_as_the_site() -> None:
    # 67, 55 and 23, of which one each in silver and gold is the badge before
    counts = [sum(row["level"] == level for row in ROWS) for level in ("passing", "silver", "gold")]
    assert counts == [67, 54, 22]
    assert [sum(row["kind"] == kind for row in ROWS[:67]) for kind in ("MUST", "SHOULD", "SUGGESTED")] == [43, 10, 14]


@pytest.mark.parametrize(
    ("changes", "missing", "badge"),
    [
        ({}, (0, 0, 0), "gold"),
        # a MUST without its link: 66 of 67; silver misses the badge before it, and so does gold
        ({"contribution_justification": "We have one."}, (1, 1, 1), "in_progress"),
        ({"contribution_justification": "https:///contributing"}, (1, 1, 1), "in_progress"),
        # "met" is enough without any justification where none is asked for
        ({"description_good_justification": ""}, (0, 0, 0), "gold"),
        ({"description_good_status": "Unmet"}, (1, 1, 1), "in_progress"),
        # not applicable: with a reason here, without one there, never elsewhere
        ({"documentation_basics_status": "N/A"}, (0, 0, 0), "gold"),
        ({"documentation_basics_status": "N/A", "documentation_basics_justification": "no"}, (1, 1, 1), "in_progress"),
        ({"build_status": "N/A", "build_justification": ""}, (0, 0, 0), "gold"),
        ({"repo_public_status": "N/A"}, (1, 1, 1), "in_progress"),
        # a SHOULD may be unmet for a reason of five characters that is no comment
        ({"english_status": "Unmet", "english_justification": "Khmer"}, (0, 0, 0), "gold"),
        ({"english_status": "Unmet", "english_justification": "none"}, (1, 1, 1), "in_progress"),
        ({"english_status": "Unmet", "english_justification": "// to do later"}, (1, 1, 1), "in_progress"),
        # a SUGGESTED may be unmet, but not open
        ({"test_most_status": "Unmet", "test_most_justification": ""}, (0, 0, 0), "gold"),
        ({"test_most_status": "?"}, (1, 1, 1), "in_progress"),
        # SUGGESTED for the first badge, a MUST with a reason for the second
        ({"warnings_strict_status": "Unmet"}, (0, 1, 1), "passing"),
        ({"warnings_strict_justification": "// yes"}, (0, 1, 1), "passing"),
        # only the last badge asks for two reviewers
        ({"two_person_review_status": "?"}, (0, 0, 1), "silver"),
        (dict.fromkeys(ALL, ""), (67, 55, 23), "in_progress"),
    ],
)
def test_badges(changes: dict[str, str], missing: tuple[int, int, int], badge: str) -> None:
    card = score("openssf_badge", {**ALL, **changes})
    wanted = [percent(of - less, of) for of, less in zip((67, 55, 23), missing, strict=True)]
    assert [card.nodes[level].value for level in ("passing", "silver", "gold")] == wanted
    assert card.levels["badge"].reached == badge


def test_percentages_round_half_up_and_say_100_only_for_all() -> None:
    # 66 of 67 is 98.5…: 99; 54 of 55 is 98.18…: 98; 22 of 23 is 95.65…: 96
    card = score("openssf_badge", {**ALL, "interact_status": "?"})
    assert [card.nodes[level].value for level in ("passing", "silver", "gold")] == [99, 98, 96]


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,{','.join(ALL)}\nportal,{','.join(ALL.values())}\nempty{',' * len(ALL)}\n"
    rows = table("openssf_badge", text, tmp_path)
    assert (rows["portal"]["badge"], rows["empty"]["badge"]) == ("gold", "in_progress")
