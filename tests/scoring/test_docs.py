"""Every example of docs/rubrics.md prints what the page says."""

from pathlib import Path

import pytest

from tests.scoring.docs import Example, examples, run


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: f"{example.title} (line {example.line})")
def test_example_prints_what_the_page_says(example: Example, tmp_path: Path) -> None:
    assert run(example, tmp_path) == example.console
