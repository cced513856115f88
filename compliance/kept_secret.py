"""The secret of a demonstration or a test, which nobody has to set."""

import secrets
from pathlib import Path


def kept_secret(data_dir: Path) -> str:
    """A secret of this directory's own, so that a demonstration's sessions outlive a restart."""
    kept = data_dir / "secret"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_hex(32))
        kept.chmod(0o600)
    return kept.read_text().strip()
