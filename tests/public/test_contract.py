"""openapi.json against what is answered, by a program that invents questions, right and wrong ones (schemathesis)."""

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.failures import FailureGroup

from tests.examples import at_night

FEW, MANY = 3, 200
"""Questions of a kind to an address: in a test run, and in `make contract`."""
NOT_INVENTED = {
    GenerationMode.POSITIVE: {"tile"},  # a name with slashes, which the program puts into no path
    GenerationMode.NEGATIVE: {"number"},  # any text may be one
}
READABLE = {"Accept-Encoding": "identity"}


def operations(app: Flask, mode: GenerationMode) -> Iterator[APIOperation]:
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        operation = found.ok()
        names = {parameter.name for parameter in operation.iter_parameters()}
        if names.isdisjoint(NOT_INVENTED[mode]) and (names or mode is GenerationMode.POSITIVE):
            yield operation


def wrong_with(operation: APIOperation, mode: GenerationMode) -> str:
    """What the program finds; empty when each answer is one that is described."""
    examples = MANY if at_night() else FEW

    @settings(max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def law(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:  # JSON's 20.0 is a whole number; an address writes 20
            case.query = {name: int(value) if isinstance(value, float) else value for name, value in case.query.items()}
        case.call_and_validate(headers=READABLE)

    try:
        law()
    except FailureGroup as error:
        return f"{operation.label}: {error}"
    return ""


@pytest.mark.both_databases
@pytest.mark.night
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_what_is_invented_is_answered_as_described(app: Flask, numbers: dict[str, str], mode: GenerationMode) -> None:
    wrong = [found for operation in operations(app, mode) if (found := wrong_with(operation, mode))]
    assert not wrong, "\n\n".join(wrong)
