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


OIDC = {
    "OIDC_ISSUER": "https://id.example/realms/gov",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "quokka-quokka",
    "OIDC_NAME_KM": "អត្តសញ្ញាណ",
    "OIDC_NAME_EN": "Kingdom ID",
    "OIDC_SECOND_FACTOR": "amr=mfa, acr=urn:two",
}


PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "k" * 40,
    "PUBLIC_URL": "https://champions.example",
    "SMTP_URL": "smtp://mail.example:587",
    "MAIL_FROM": "Portal <no-reply@champions.example>",
}
WRONG_OIDC = [
    *((name, "") for name in OIDC if name != "OIDC_SECOND_FACTOR"),
    *(("OIDC_ISSUER", text) for text in ("http://id.example", "id.example", "https://", "https://id.example?a=b")),
    ("OIDC_ISSUER", "http://127.0.0.1:3000"),
    ("OIDC_NAME_EN", "x" * 61),
    *(("OIDC_SECOND_FACTOR", text) for text in ("mfa", "amr=", "amr=mfa sms")),
]


def test_an_identity_provider_is_set_whole_or_not_at_all(tmp_path: Path) -> None:
    real = {**PRODUCTION, "PORTAL_DATA": str(tmp_path)}
    assert Settings.from_env(real).identity_provider is None
    provider = Settings.from_env(real | OIDC).identity_provider
    assert provider is not None
    assert provider.second_factors == {"amr=mfa", "acr=urn:two"}
    assert "quokka" not in repr(provider)
    for name, text in WRONG_OIDC:
        with pytest.raises(SettingsError, match=name) as refused:
            Settings.from_env(real | OIDC | {name: text})
        assert "quokka" not in str(refused.value)
    assert read(tmp_path, **OIDC | {"OIDC_ISSUER": "http://[::1]:1"}).identity_provider is not None


BUCKET = {"STORAGE_URL": "s3://portal/evidence", "S3_ACCESS_KEY": "portal", "S3_SECRET_KEY": "numbat-numbat"}


def test_files_may_lie_in_a_bucket_and_go_past_a_scanner(tmp_path: Path) -> None:
    assert read(tmp_path).bucket is None
    assert read(tmp_path).scanner == ""
    found = read(tmp_path, **BUCKET, S3_ENDPOINT="http://127.0.0.1:9000", CLAMD="unix:/run/clamav/clamd.ctl")
    assert found.bucket is not None
    assert (found.bucket.path, found.bucket.region) == ("portal/evidence", "")
    assert "numbat" not in repr(found)
    assert read(tmp_path, CLAMD="scanner.example:3310").scanner == "scanner.example:3310"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("STORAGE_URL", ""),
        ("STORAGE_URL", "s3://"),
        ("STORAGE_URL", "/var/files"),
        ("S3_ENDPOINT", "http://store.example"),
        ("S3_ENDPOINT", "store.example"),
        ("S3_ACCESS_KEY", ""),
        ("CLAMD", "clamd"),
        ("CLAMD", "host:port"),
    ],
)
def test_storage_that_could_not_be_reached_stops_the_start(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable) as refused:
        read(tmp_path, **{**BUCKET, variable: value})
    assert "numbat" not in str(refused.value)
