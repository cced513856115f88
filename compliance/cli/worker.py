"""The command that works in the background: reminders, mails, certificates."""

from typing import Any

from compliance.app import create_app
from compliance.cli.interrupted import refuse_to_serve
from compliance.cli.processes import follow_parent
from compliance.jobs import timetable
from compliance.settings import Settings


def register(commands: Any) -> None:
    """Adds this file's command."""
    worker = commands.add_parser("worker", help="only the worker: reminders, mails, certificates")
    worker.set_defaults(run=lambda _chosen: work())


def work() -> None:
    """The worker, until it is stopped."""
    follow_parent()
    settings = Settings.from_env()
    refuse_to_serve(settings.data_dir)
    timetable.run(create_app(settings), settings)
