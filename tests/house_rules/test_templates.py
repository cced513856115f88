"""Templates: each compiles, none carries style, script or raw markup, each component file holds one macro."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from compliance.jobs.letters import Letters
from tests.house_rules.tree import ROOT, templates, tracked

# The certificate has an environment of its own; tests/certificates tries it.
PAGES = sorted(page for path in templates() if (page := path.relative_to(ROOT / "templates")).parts[0] != "certificate")
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:|data:image""", re.I
)
FOREIGN = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", re.I)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_compiles(page: Path, plain_app: Flask) -> None:
    """Each by those who render it: pages by the application, letters by the worker."""
    letters = Letters(plain_app.extensions["portal_settings"], lambda _kind, _values, _lang: "")
    templates = letters.texts if page.parts[0] == "email" else plain_app.jinja_env
    templates.get_template(page.as_posix())


@pytest.mark.parametrize("page", [page for page in PAGES if page.parts[0] != "email"], ids=str)
def test_is_plain(page: Path) -> None:
    source = (ROOT / "templates" / page).read_text()
    assert not INLINE.search(source), "styles are classes, scripts are files: the policy forbids the rest"
    assert not FOREIGN.search(source), "nothing comes from third parties"
    assert "|safe" not in source.replace(" ", ""), "what is text stays escaped; markup is built with macros"


# Small families that are used together; every other file holds the macro of its name and helpers of it.
FAMILIES = {"dates": "date", "frame": "menu", "names": "first_name"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.parts[0] == "components"], ids=str)
def test_component_file_holds_the_macro_of_its_name(page: Path, plain_app: Flask) -> None:
    tree = plain_app.jinja_env.parse((ROOT / "templates" / page).read_text())
    names = [node.name for node in tree.find_all(nodes.Macro)]
    assert FAMILIES.get(page.stem, page.stem) in names, f"name the file as its macro: {names}"
    assert len(names) <= 6, f"split the file: {names}"


JOINED = re.compile(r"\}\}\{% end(?:if|for) %\}\n(?:\{% if [^%]*%\})?(?:<b>)?\{\{ (?:ngettext|_)\(")


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".html"], ids=str)
def test_sentences_are_parted(page: Path) -> None:
    """A line's end after a tag is no space: the next sentence would stand at the full stop of the one before."""
    source = (ROOT / "templates" / page).read_text()
    found = [source.count("\n", 0, match.start()) + 1 for match in JOINED.finditer(source)]
    assert not found, f"write the space that parts the sentences, at lines {found}"


LONGEST_LINE = 140
MESSAGE = re.compile(r"""_\((?:"[^"]{80,}"|'[^']{80,}')""")


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".html"], ids=str)
def test_lines_are_short(page: Path) -> None:
    """A long message has to stand on one line to be collected: it alone may be longer."""
    lines = (ROOT / "templates" / page).read_text().splitlines()
    long = [n for n, line in enumerate(lines, 1) if len(MESSAGE.sub("", line)) > LONGEST_LINE]
    assert not long, f"break lines {long}; what ends in %}} or {{##}} joins the next line without a space"


@cache
def written() -> str:
    """All that may name a component or a class: templates, scripts, views."""
    places = {"templates", "js", "compliance"}
    kinds = {".html", ".svg", ".mjs", ".py"}
    files = (path for path in tracked() if path.suffix in kinds and path.relative_to(ROOT).parts[0] in places)
    return "\n".join(path.read_text() for path in files)


def macros() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        if page.parts[0] == "components":
            for name in re.findall(r"{%-? macro (\w+)\(", (ROOT / "templates" / page).read_text()):
                yield page, name


def test_every_component_is_used() -> None:
    unused = []
    for page, name in macros():
        imported = re.search(rf'from "{page}" import [^%]*\b{name}\b', written())
        called = re.search(rf"(?<!macro )\b{name}\(", (ROOT / "templates" / page).read_text())
        in_python = re.search(rf"\.{name}\b", written())
        if not imported and not called and not in_python:
            unused.append(f"{page}: {name}")
    assert not unused


CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
NOT_CLASSES = re.compile(r"//[^\n]*|/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"|#\{[^}]*\}", re.DOTALL)
LIBRARY = "govuk-"
"""Classes of govuk-frontend's own parts come and go with the part: scss/_govuk.scss names the parts."""


def style_classes() -> dict[str, str]:
    """Every class of ours in the style sheets' selectors, with its file."""
    found: dict[str, str] = {}
    for path in tracked():
        if path.suffix == ".scss":
            source = NOT_CLASSES.sub("", path.read_text())
            for selector in re.findall(r"(?:^|[;{}])([^;{}]*)(?=\{)", source):
                if not selector.strip().startswith(("@", "$")):
                    found.update(dict.fromkeys(CLASS.findall(selector), path.name))
    return {name: place for name, place in found.items() if not name.startswith(LIBRARY)}


@cache
def words(before: str = "") -> frozenset[str]:
    """All words of those files, hyphens included; those that stand before something like `before`."""
    return frozenset(re.findall(rf"[\w-]+{before}", written()))


def is_written(name: str) -> bool:
    """As a word, or put together of a beginning that ends in a hyphen and something known only when a page is made."""
    beginnings = (name[:end] for end in range(len(name) - 1, 2, -1) if name[end - 1] == "-")
    return name in words() or any(begin in words(before="(?=['\"{])") for begin in beginnings)


def test_every_class_of_the_style_sheets_is_used() -> None:
    classes = style_classes()
    assert "cp-rows" in classes, "the selectors were not read"
    assert not {f"{place}: {name}" for name, place in classes.items() if not is_written(name)}


def test_every_part_of_the_library_is_used() -> None:
    """The parts of govuk-frontend that are taken along are parts of a page."""
    parts = re.findall(r"components/([\w-]+)", (ROOT / "scss" / "_govuk.scss").read_text())
    assert parts
    unused = [part for part in parts if not re.search(rf"govuk-{part.rstrip('s')}s?(?![\w])", written())]
    assert not unused
