"""What each kind of mail is called: the first line of its text, with an ellipsis for what is filled in."""

import re
from functools import cache
from pathlib import Path

MAILS = Path(__file__).parents[2] / "templates" / "email"
SAID = re.compile(r"\{%\s*set .*?%\}")
EITHER = re.compile(r"\{%\s*if .*?%\}(.*?)\{%\s*(?:elif|else).*?\{%\s*endif\s*%\}")
OTHER = re.compile(r"\{%.*?%\}")
FILLED = re.compile(r"\{\{.*?\}\}")


@cache
def mail_title(kind: str, lang: str) -> str:
    """In one language; the kind itself where no text is known (any more)."""
    path = MAILS / f"{kind}.{lang}.txt"
    if not re.fullmatch(r"[a-z_]+", kind) or not path.exists():
        return kind
    first = path.read_text().strip().partition("\n")[0]
    plain = FILLED.sub("…", OTHER.sub("", EITHER.sub(r"\1", SAID.sub("", first))))
    return " ".join(plain.split()) or kind
