"""The examples of docs/rubrics.md: files, commands, and what they print."""

import io
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from scoring.__main__ import main

PAGE = Path(__file__).parents[2] / "docs" / "rubrics.md"


@dataclass
class Example:
    """The files known so far and one console block."""

    title: str
    line: int
    files: dict[str, str]
    console: list[str] = field(default_factory=list)


def examples(page: Path = PAGE) -> Iterator[Example]:
    files: dict[str, str] = {}
    title, block, start = "", None, 0
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if block is None and line.startswith("#"):
            title = line.lstrip("# ")
        elif block is None and line.startswith("```"):
            block, start, lines = line[3:].split(), number, []
        elif block is not None and line == "```":
            if len(block) == 2:
                files = {**files, block[1]: "\n".join(lines) + "\n"}
            elif block == ["console"]:
                yield Example(title, start, files, lines)
            block = None
        elif block is not None:
            lines.append(line)


def run(example: Example, folder: Path) -> list[str]:
    """What a reader would see who types the commands of the block; `rubrics/` are the files beside the page."""
    (folder / "rubrics").symlink_to(PAGE.parent / "rubrics")
    for name, text in example.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    seen: list[str] = []
    with chdir(folder):
        for command in (line for line in example.console if line.startswith("$ ")):
            words = shlex.split(command[2:])
            assert words[:3] == ["python", "-m", "scoring"]
            printed = io.StringIO()
            with redirect_stdout(printed), redirect_stderr(printed):
                main(words[3:])
            seen += [command, *printed.getvalue().splitlines()]
    return seen
