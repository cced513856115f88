"""P10: the pages of people who are signed in, and the first page of anybody with a cookie, against Flask's hello."""

import json
from pathlib import Path

from bench.figure import Figure
from bench.serving import Asked, medians, ratio, run_python, server

TARGET = 0.12


def figures(folder: Path, seconds: float, rounds: int) -> list[Figure]:
    """One figure a page."""
    folder.mkdir(parents=True)
    code = f"from pathlib import Path; from bench.people_data import make; print(make(Path({str(folder)!r})))"
    pages = json.loads(run_python(code).splitlines()[-1])
    asked = {name: Asked(address, (("Cookie", cookie),)) for name, (address, cookie) in pages.items()}
    with server(folder) as port:
        everything = {name: (port, request) for name, request in {**asked, "hello": Asked("/hello")}.items()}
        rates = medians(everything, seconds, rounds)
    return [ratio("P10", f"{name}; Flask's hello", rates, name, "hello", TARGET) for name in asked]
