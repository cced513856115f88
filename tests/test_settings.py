"""Settings come from the environment alone, and what would be unsafe or unprintable is refused at start."""

from pathlib import Path

import pytest

from certificates import Signatory, Words
from compliance.settings import UNNAMED, Settings, SettingsError

NAMED = {
    "SIGNATORY_OFFICE_KM": "រដ្ឋលេខាធិការ",
    "SIGNATORY_OFFICE_EN": "Secretary of State",
    "SIGNATORY_NAME_KM": "ឈ្មោះ គំរូ",
    "SIGNATORY_NAME_EN": "Sample Name",
}


def read(tmp_path: Path, **more: str) -> Settings:
    return Settings.from_env({"PORTAL_MODE": "test", "PORTAL_DATA": str(tmp_path), **more})


def test_the_signatory_is_a_setting(tmp_path: Path) -> None:
    assert read(tmp_path).signatory == UNNAMED
    named = read(tmp_path, **NAMED).signatory
    assert named == Signatory(Words("រដ្ឋលេខាធិការ", "Secretary of State"), Words("ឈ្មោះ គំរូ", "Sample Name"))
    only_named = read(tmp_path, **{name: value for name, value in NAMED.items() if "NAME" in name}).signatory
    assert (only_named.office, only_named.name) == (UNNAMED.office, named.name)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SIGNATORY_NAME_EN", ""), ("SIGNATORY_OFFICE_KM", ""), ("SIGNATORY_NAME_KM", "ក" * 81)],
)
def test_a_signatory_that_cannot_be_printed_stops_the_start(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read(tmp_path, **{**NAMED, variable: value})
