"""Commands on the outbox: what waits, what failed, try again."""

import argparse
from typing import Any

from compliance.cli.app_context import application
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.outbox import counts, failed, try_again


def register(commands: Any) -> None:
    """Adds this file's commands."""
    outbox = commands.add_parser("outbox", help="mails that wait or failed; retry sends failed ones once more")
    outbox.add_argument("act", nargs="?", choices=["list", "retry"], default="list")
    outbox.add_argument("ids", nargs="*", type=int, help="for retry: which; none means all")
    outbox.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Lists, or hands failed notices back to the worker."""
    with application(Settings.from_env()):
        broken = failed(db.session(), limit=10_000)
        if chosen.act == "retry":
            wanted = chosen.ids or [notice.id for notice in broken]
            with transaction() as session:
                print(f"{sum(try_again(session, one) for one in wanted)} notices are tried again")
            return 0
        for name, count in counts(db.session()).items():
            print(f"{name:<10} {count}")
        for notice in broken:
            print(f"{notice.id:>7}  {notice.failed_at:%Y-%m-%d %H:%M}  {notice.kind:<24} {notice.last_error}")
    return 0
