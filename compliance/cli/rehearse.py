"""Command: rehearse. What a draft edition or rubric would do to the awards held now: matrix, list, deciding rules."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from compliance import clock
from compliance.actions.rehearsing import read_draft, rehearse_draft
from compliance.cli.app_context import application
from compliance.settings import Settings
from compliance.store.base import db
from questionnaires import khmer
from questionnaires.errors import EditionRefusedError
from scoring import RubricError
from scoring.files.output import write_rehearsal
from scoring.loading.khmer import in_words

EVERY_SECONDS = 0.5


def register(commands: Any) -> None:
    """Adds this file's command."""
    found = commands.add_parser("rehearse", help="try a draft edition or rubric on all current awards; nothing changes")
    found.add_argument("path", type=Path, help="an edition's folder or a rubric file")
    found.add_argument("--lang", choices=("km", "en"), default="en")
    found.set_defaults(run=lambda chosen: run(Settings.from_env(), chosen))


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """0: done; 1: some awards could not be scored; 2: the draft is unusable."""
    try:
        draft = read_draft(chosen.path)
    except EditionRefusedError as refused:
        print("\n".join(khmer.in_words(one, chosen.lang) for one in refused.errors), file=sys.stderr)
        return 2
    except RubricError as refused:
        print("\n".join(in_words(one, chosen.lang) for one in refused.problems), file=sys.stderr)
        return 2
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    with application(settings):
        found = rehearse_draft(db.session(), draft, clock.today(), _Progress())
    if not found:
        print({"km": "មិនទាន់មានពានរង្វាន់ដែលមានសុពលភាពទេ", "en": "there are no current awards"}[chosen.lang])
    for edition, rehearsal in found.items():
        print(f"{edition} → {draft.name}")
        write_rehearsal(sys.stdout, rehearsal, chosen.lang)
        for failure in rehearsal.failures:
            print(f"{failure.id}: {failure.reason[chosen.lang]}", file=sys.stderr)
    return 1 if any(rehearsal.failures for rehearsal in found.values()) else 0


class _Progress:
    """Twice a second, on a terminal only."""

    def __init__(self) -> None:
        self.shown_at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if done == total or time.monotonic() - self.shown_at >= EVERY_SECONDS:
            self.shown_at = time.monotonic()
            print(f"\r{done:,} of {total:,} awards", end="\n" if done == total else "", file=sys.stderr, flush=True)
