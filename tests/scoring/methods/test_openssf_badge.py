"""OpenSSF badge: MUST, SHOULD, SUGGESTED, evidence as an address, levels in series."""

from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table

ALL = {
    "description_good_status": "Met",
    "contribution_status": "Met",
    "contribution_justification": "See https://example.org/CONTRIBUTING.md",
    "report_url_status": "N/A",
    "report_url_justification": "Nothing can be reported.",
    "english_status": "Unmet",
    "english_justification": "All users speak Khmer.",
    "warnings_strict_status": "Unmet",
    "dco_status": "Met",
    "roadmap_status": "Met",
    "bus_factor_status": "Met",
    "bus_factor_justification": "https://example.org/people",
}


@pytest.mark.parametrize(
    ("changes", "percent", "badge"),
    [
        ({}, (100, 100, 100), "gold"),
        # a MUST that needs an address has none: 4 of 5 = 80
        ({"contribution_justification": "We have one."}, (80, 100, 100), "in_progress"),
        # not applicable needs a justification: 4 of 5
        ({"report_url_justification": ""}, (80, 100, 100), "in_progress"),
        # a SHOULD unmet without justification: 4 of 5
        ({"english_justification": ""}, (80, 100, 100), "in_progress"),
        # a SUGGESTED may be unmet, but not open: 4 of 5
        ({"warnings_strict_status": "?"}, (80, 100, 100), "in_progress"),
        ({"warnings_strict_status": "N/A"}, (100, 100, 100), "gold"),
        # silver not complete: 1 of 2, and gold is not reached above it although all of gold is met
        ({"roadmap_status": "Unmet"}, (100, 50, 100), "passing"),
        ({"bus_factor_status": "?"}, (100, 100, 0), "silver"),
        # two of five: (1 + 1) / 5 = 40; nothing answered
        (
            {"contribution_status": "Unmet", "report_url_status": "?", "english_status": "?"},
            (40, 100, 100),
            "in_progress",
        ),
        (dict.fromkeys(ALL, ""), (0, 0, 0), "in_progress"),
    ],
)
def test_badges(changes: dict[str, str], percent: tuple[int, int, int], badge: str) -> None:
    card = score("openssf_badge", {**ALL, **changes})
    assert tuple(card.nodes[level].value for level in ("passing", "silver", "gold")) == percent
    assert card.levels["badge"].reached == badge


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,{','.join(ALL)}\nportal,{','.join(ALL.values())}\nempty{',' * len(ALL)}\n"
    rows = table("openssf_badge", text, tmp_path)
    assert (rows["portal"]["badge"], rows["empty"]["badge"]) == ("gold", "in_progress")
