"""Templates: each compiles, none carries style, script or raw markup, each component file holds one macro."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from compliance.app import create_app
from tests.conftest import settings_for
from tests.house_rules.tree import ROOT, templates

# The certificate has an environment of its own; tests/certificates tries it.
PAGES = sorted(page for path in templates() if (page := path.relative_to(ROOT / "templates")).parts[0] != "certificate")
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:|data:image""", re.I
)
FOREIGN = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", re.I)


@pytest.fixture(scope="module")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("templates")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'none.sqlite'}"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_compiles(page: Path, plain_app: Flask) -> None:
    plain_app.jinja_env.get_template(page.as_posix())


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
