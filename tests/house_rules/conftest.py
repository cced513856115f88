"""The town of the sweeps: built once, a copy for each module; and once on PostgreSQL."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask

from compliance.app import create_app
from compliance.bounded import runner
from compliance.settings import Settings
from tests import postgresql
from tests.account.through import with_provider
from tests.conftest import settings_for
from tests.house_rules.town import Town, build, opened
from tests.shared import made_once

Answer = tuple[dict[str, Any], bytes]
WRITERS = {
    "compliance.journeys.officer.template.ask": runner.ask,
    "compliance.journeys.officer.form_sheet.ask": runner.ask,
    "compliance.journeys.printing.ask_in_turn": runner.ask_in_turn,
}
"""What has Word files, workbooks and PDFs made in processes of their own."""
PRINTED = "compliance.bounded.printed_page"
TEXT = re.compile(">[^<]+")
"""A page to print takes two seconds and nothing reads its text here: another with the same markup is as good, unless
its text means harm."""


@contextmanager
def documents_once(runs: pytest.TempPathFactory) -> Iterator[None]:
    """The same document is made once a run: each takes a process of its own, and all sweeps read it again and again."""
    with ExitStack() as patches:
        for place, ask in WRITERS.items():
            patches.enter_context(patch(place, partial(_once, runs, ask)))
        yield


def _once(
    runs: pytest.TempPathFactory, ask: Callable[..., Answer], module: str, request: Mapping[str, Any], *sender: Any
) -> Answer:
    wanted = dict(request)
    if module == PRINTED and "&lt;script" not in wanted["html"]:
        wanted |= {"html": TEXT.sub(">", wanted["html"]), "attached": wanted["attached"] is not None}

    def make(folder: Path) -> None:
        said, body = ask(module, request, *sender)
        (folder / "said.json").write_text(json.dumps(said))
        (folder / "body").write_bytes(body)

    key = hashlib.sha256(repr((module, wanted)).encode()).hexdigest()
    made = made_once(runs, f"document-{key}", make)
    return json.loads((made / "said.json").read_text()), (made / "body").read_bytes()


def settings_in(folder: Path) -> Settings:
    """With an identity provider that never answers, so that its pages are swept too."""
    settings = settings_for(folder, f"sqlite:///{folder / 'portal.sqlite'}")
    return with_provider(settings, "http://127.0.0.1:1")


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application over no store at all."""
    folder = tmp_path_factory.mktemp("plain")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'none.sqlite'}"))


@pytest.fixture(scope="session")
def built_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a town that nobody has visited yet."""

    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder / "portal.sqlite")
        build(settings_in(folder))

    return made_once(tmp_path_factory, "town", make)


@pytest.fixture(scope="module")
def town(built_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of the module's own."""
    folder = tmp_path_factory.mktemp("town") / "copy"
    shutil.copytree(built_town, folder)
    with documents_once(tmp_path_factory), opened(settings_in(folder)) as ready:
        yield ready


@pytest.fixture
def town_on_postgresql(
    postgresql_server: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The same town in the other database."""
    with postgresql.copy_of_template(postgresql_server) as address:
        settings = settings_for(tmp_path, address)
        build(settings)
        with documents_once(tmp_path_factory), opened(settings) as ready:
            yield ready
