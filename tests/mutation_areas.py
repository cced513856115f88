"""Where mistakes are planted, and which tests should notice them."""

AWARDING = ("advance", "deciding", "awarding", "proposing", "changing", "reissuing")
PERMISSIONS = ("journeys/gate", "actions/ties", "store/ties", "actions/colleagues", "actions/accounts")
ACTIONS = ["walk", "granting", "what_was_ended", "ties", "changes", "reissuing"]
AREAS: dict[str, tuple[list[str], list[str]]] = {
    "scoring": (["scoring/**/*.py"], ["tests/scoring"]),
    "lifecycle": (
        ["compliance/domain/*.py"],
        ["tests/domain", "tests/store/test_ties.py", "tests/public/test_figures_over_time.py", "tests/account"],
    ),
    "awarding": (
        [f"compliance/actions/{name}.py" for name in AWARDING],
        [*(f"tests/actions/test_{name}.py" for name in ACTIONS), "tests/lifecycle_machine"],
    ),
    "permissions": (
        [f"compliance/{name}.py" for name in PERMISSIONS],
        ["tests/actions/test_ties.py", "tests/officer/test_who_may.py", "tests/account", "tests/admin"],
    ),
}
"""By area: the files with mistakes, and the tests that should notice, the quickest first."""
