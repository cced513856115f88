"""A state machine of the whole lifecycle, and races of two approvers."""

import pytest

pytest.register_assert_rewrite(*(f"tests.lifecycle_machine.{name}" for name in ("checks", "machine", "trail")))
