"""Colours of print, level by level. Ornament only: `metal` never carries words, all text is at least 6:1 on paper."""

from collections.abc import Mapping

PAPER = "#fffdf8"

# level: title and names · band: the frame's ground · metal-ink: small words that glint
PRINT: Mapping[str, Mapping[str, str]] = {
    "committed": {
        "paper": PAPER,
        "level": "#1d5b57",
        "band": "#1d5b57",
        "metal": "#a07a2c",
        "metal-light": "#f0dca6",
        "metal-ink": "#7a5a17",
    },
    "bronze": {
        "paper": PAPER,
        "level": "#7d3f1d",
        "band": "#7d3f1d",
        "metal": "#a9713c",
        "metal-light": "#f3d3ae",
        "metal-ink": "#80501f",
    },
    "silver": {
        "paper": PAPER,
        "level": "#2d4467",
        "band": "#2d4467",
        "metal": "#78859a",
        "metal-light": "#e6ebf2",
        "metal-ink": "#4d5a70",
    },
    "gold": {
        "paper": PAPER,
        "level": "#7c1626",
        "band": "#7c1626",
        "metal": "#b0841f",
        "metal-light": "#f6dd92",
        "metal-ink": "#7d5a0c",
    },
}

_FLOWER = {"petal": "#dfae3c", "edge": "#7d5a0c", "under": "#b0841f"}
EMBLEM: Mapping[str, Mapping[str, str]] = {
    level: {
        "paper": PAPER,
        "rim": colours["metal"],
        "plate": colours["level"],
        "line": colours["metal-light"],
        "shelter": colours["metal-light"],
        "child": PAPER,
        **_FLOWER,
    }
    for level, colours in PRINT.items()
}
