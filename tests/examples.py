"""How many examples a law is tried on: few and always the same in a test run, many and fresh in `make laws`."""

from hypothesis import HealthCheck, settings

SLOW_TO_FIND = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def choose() -> None:
    """Registers both profiles and takes the quick one, unless somebody chose another: the mutation run does."""
    settings.register_profile(
        "suite",
        max_examples=40,
        derandomize=True,  # a law that fails for somebody fails for everybody
        deadline=None,
        database=None,
        suppress_health_check=SLOW_TO_FIND,
    )
    settings.register_profile(
        "laws", max_examples=500, deadline=None, print_blob=True, suppress_health_check=SLOW_TO_FIND
    )
    settings.register_profile("night", settings.get_profile("laws"))
    if settings.get_current_profile_name() in {"default", "ci"}:
        settings.load_profile("suite")


def at_night() -> bool:
    """Whether this is the long run of `make night`."""
    return settings.get_current_profile_name() == "night"
