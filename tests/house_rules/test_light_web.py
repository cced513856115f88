"""Web processes stay light by structure: what draws, seals or opens files runs elsewhere."""

import subprocess
import sys
from pathlib import Path

from tests.house_rules.tree import ROOT

HEAVY = (
    "weasyprint",
    "pydyf",
    "fontTools",
    "uharfbuzz",
    "pikepdf",
    "pyhanko",
    "PIL",
    "oletools",
    "openbadgeslib",
    "pyld",
    "asn1crypto",
    "holidays",
    "openpyxl",
    "docx",
)


def test_the_web_application_loads_no_library_that_draws_seals_or_opens_files(tmp_path: Path) -> None:
    loaded = f"import sys, wsgi; print([name for name in {HEAVY!r} if name in sys.modules])"
    env = {"PORTAL_MODE": "demonstration", "PORTAL_DATA": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
