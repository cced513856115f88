"""Reasons against an act that many acts share."""

from collections.abc import Iterator

from tests.lifecycle_machine.model import Assessment, Model

UNDECLARED = "nothing declared"
EDITORS, SIGNERS = {"owner", "editor"}, {"owner", "signatory"}
Reasons = Iterator[str]


def colleague(model: Model, who: int, company: int, allowed: set[str]) -> Reasons:
    if model.role_in(who, company) not in allowed:
        yield "not this colleague's"


def role(model: Model, who: int, *roles: str) -> Reasons:
    if not model.people[who].roles & set(roles):
        yield "no such role"


def untied(model: Model, who: int, company: int) -> Reasons:
    if model.tied(who, company):
        yield "a tie"


def undeclared(who: int, case: Assessment) -> Reasons:
    if case.declared.get(who) is not False:
        yield UNDECLARED
