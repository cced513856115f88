"""Lighthouse: weighted mean; not applicable drops out; an error voids its category, unless it has no weight."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.scoring.methods.running import score, table

PAGE = {
    "first-contentful-paint": "0.98",
    "speed-index": "0.9",
    "largest-contentful-paint": "0.75",
    "total-blocking-time": "0.5",
    "cumulative-layout-shift": "1",
    "interactive": "0.2",
    "image-alt": "1",
    "button-name": "0",
    "color-contrast": "1",
    "video-caption": "notApplicable",
}


@pytest.mark.parametrize(
    ("changes", "performance", "accessibility", "colour"),
    [
        # .098 + .09 + .1875 + .15 + .25 = .7755 -> .78; (10 + 0 + 7) / 27 = .6296 -> .63
        ({}, Fraction("0.78"), Fraction("0.63"), "orange"),
        # without the blocking time: (.098 + .09 + .1875 + .25) / .7 = .6255 / .7 = .89357 -> .89
        ({"total-blocking-time": "notApplicable"}, Fraction("0.89"), Fraction("0.63"), "orange"),
        # an audit that failed to run leaves no performance score, but accessibility stands
        ({"speed-index": "error"}, None, Fraction("0.63"), None),
        # ... unless it has no weight
        ({"interactive": "error"}, Fraction("0.78"), Fraction("0.63"), "orange"),
        # 1 - .1 x .05 - .25 x .4 = .895, rounded half up to .9
        (
            {
                "first-contentful-paint": "0.95",
                "speed-index": "1",
                "largest-contentful-paint": "0.6",
                "total-blocking-time": "1",
            },
            Fraction("0.9"),
            Fraction("0.63"),
            "green",
        ),
        # nothing applies: 0
        (
            dict.fromkeys(("image-alt", "button-name", "color-contrast"), "notApplicable"),
            Fraction("0.78"),
            Fraction(0),
            "orange",
        ),
    ],
)
def test_categories(
    changes: dict[str, str], performance: Fraction | None, accessibility: Fraction, colour: str | None
) -> None:
    card = score("lighthouse", {**PAGE, **changes})
    assert card.nodes["performance"].value == performance
    assert card.nodes["accessibility"].value == accessibility
    assert card.levels["performance colour"].reached == colour


def test_from_a_table(tmp_path: Path) -> None:
    text = f"id,{','.join(PAGE)}\nhome,{','.join(PAGE.values())}\n"
    rows = table("lighthouse", text, tmp_path)
    assert rows["home"]["performance"] == "0.78"
    assert rows["home"]["accessibility colour"] == "orange"
