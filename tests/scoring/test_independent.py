"""Scorecards of the first edition, checked by another program from their JSON and the edition's text alone."""

import hashlib
import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from questionnaires import edition
from scoring import Ruling, Subject, evaluate
from tests.scoring.independent import Independent

RUBRIC = edition("2026").rubric
SOURCE: Any = RUBRIC.source


def a_subject(pick: random.Random) -> dict[str, Any]:
    """A company of some kinds that answers most questions, rather well, and a reviewer who ruled on most."""
    facts: dict[str, Any] = {name: "yes" if pick.random() < 0.9 else "no" for name in SOURCE["facts"]}
    facts["kinds"] = pick.sample(list(SOURCE["facts"]["kinds"]["options"]), pick.randint(1, 3))
    facts["submission_date"] = "2026-03-31"
    found: dict[str, Any] = {"facts": facts, "answers": {}, "evidence": {}, "rulings": {}, "not_applicable": []}
    well = pick.choice([0.3, 0.8, 0.97, 1])
    careful = 0.85 if well < 0.9 else 0.99
    for name, answer in RUBRIC.answers.items():
        if pick.random() < careful + 0.01:
            found["answers"][name] = _value(pick, name, answer.type, list(answer.options), well)
        if pick.random() < careful:
            found["evidence"][name] = "accepted" if well == 1 else pick.choice(["given", "accepted", "refused"])
        if name in RUBRIC.criteria and pick.random() < 0.03:
            found["not_applicable"].append(name)
        if pick.random() < careful and well < 1:
            found["rulings"][name] = _ruling(pick, name, answer.type, list(answer.options), well)
    return found


def _value(pick: random.Random, name: str, kind: str, options: list[str], well: float) -> Any:
    if kind == "choice":
        return options[0] if pick.random() < well else pick.choice(options)
    if kind == "choices":
        free = [option for option in options if option != "none_of_these"]
        return pick.sample(free, pick.randint(0 if pick.random() < 0.1 else 1, len(free)))
    return {"number": "12", "date": f"202{pick.randint(3, 6)}-0{pick.randint(1, 3)}-{pick.randint(10, 28)}"}.get(
        kind, f"{name}.pdf"
    )


def _ruling(pick: random.Random, name: str, kind: str, options: list[str], well: float) -> dict[str, Any]:
    verdict = pick.choice(["confirm"] * 12 + ["adjust", "not_supported", None])
    ruling: dict[str, Any] = {"verdict": verdict} if verdict else {}
    if verdict == "adjust":
        ruling["value"] = _value(pick, name, kind, options, well)
    if pick.random() < 0.5:
        ruling["evidence"] = pick.choice(["accepted", "accepted", "accepted", "refused"])
    if pick.random() < 0.5:
        ruling["not_applicable"] = pick.choice(["accepted", "refused"])
    return ruling


def _card(plain: dict[str, Any], basis: str) -> dict[str, Any]:
    rulings = {name: Ruling(**ruling) for name, ruling in plain["rulings"].items()}
    subject = Subject(plain["facts"], plain["answers"], plain["evidence"], rulings, set(plain["not_applicable"]), "x")
    card = evaluate(RUBRIC, subject, basis=basis)  # type: ignore[arg-type]
    assert hashlib.sha256(card.canonical_json()).hexdigest() == card.sha256
    tree: dict[str, Any] = json.loads(card.canonical_json())
    return tree


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@pytest.mark.parametrize("basis", ["claimed", "verified"])
def test_hundreds_of_companies(basis: str) -> None:
    reached: set[str | None] = set()
    for seed in range(120):
        plain = a_subject(random.Random(f"{seed} {basis}"))
        card, other = _card(plain, basis), Independent(SOURCE, plain, verified=basis == "verified")
        assert _number(card["nodes"]["overall"]["value"]) == other.overall(), seed
        for section in SOURCE["groups"]:
            if section != "overall":
                assert _number(card["nodes"][section]["value"]) == other.section(section), (seed, section)
        for name in SOURCE["criteria"]:
            assert _number(card["nodes"][name]["value"]) == other.criterion(name), (seed, name)
            assert card["findings"][name]["state"] == other.answer(name), (seed, name)
        assert card["levels"]["award"]["reached"] == other.level(), seed
        reached.add(other.level())
    assert reached >= {None, "committed", "bronze", "silver", "gold"}, reached


def test_a_company_that_does_everything_reaches_gold_both_ways() -> None:
    pick = random.Random(1)
    plain = a_subject(pick)
    plain["facts"] |= {name: "yes" for name in plain["facts"] if name not in {"kinds", "submission_date"}}
    plain["facts"]["kinds"] = list(SOURCE["facts"]["kinds"]["options"])
    plain["not_applicable"] = []
    plain["rulings"] = {name: {"verdict": "confirm", "evidence": "accepted"} for name in RUBRIC.answers}
    for name, answer in RUBRIC.answers.items():
        free = [option for option in answer.options if option != "none_of_these"]
        best = {"choice": free[:1], "choices": free}.get(answer.type)
        plain["answers"][name] = (
            {"number": "1", "date": "2026-01-15"}.get(answer.type, "x.pdf") if best is None else best
        )
        plain["answers"][name] = best[0] if answer.type == "choice" and best else plain["answers"][name]
    card = _card(plain, "verified")
    assert Independent(SOURCE, plain, verified=True).overall() == Fraction(card["nodes"]["overall"]["value"]) == 100
    assert Independent(SOURCE, plain, verified=True).level() == card["levels"]["award"]["reached"] == "gold"


def test_a_scorecard_re_adds_from_its_json_alone() -> None:
    for seed in range(40):
        card = _card(a_subject(random.Random(seed)), "claimed")
        for name, node in card["nodes"].items():
            if node["parts"] and all(part["factor"] is not None for part in node["parts"]):
                added = sum(Fraction(part["value"]) * Fraction(part["factor"]) for part in node["parts"])
                assert added == Fraction(node["before"]), name
            for part in node["parts"]:
                assert part["value"] == card["nodes"][part["child"]]["value"]


def test_the_program_on_the_page_checks_a_scorecard(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scorecard.md").read_text("utf-8")
    (tmp_path / "check.py").write_text(page.split("```python\n")[1].split("```")[0], "utf-8")
    plain = a_subject(random.Random(7))
    card = evaluate(RUBRIC, Subject(plain["facts"], plain["answers"], plain["evidence"]))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(card.canonical_json() + b"\n")
    value = json.loads(card.canonical_json())["nodes"]["overall"]["before"]
    bad.write_bytes(card.canonical_json().replace(f'"before":"{value}"'.encode(), b'"before":"99"'))
    runs = [
        subprocess.run([sys.executable, "-I", "check.py", path.name], cwd=tmp_path, capture_output=True, text=True)
        for path in (good, bad)
    ]
    assert (runs[0].returncode, runs[0].stdout.strip(), runs[0].stderr) == (0, card.sha256, "")
    assert "AssertionError: overall" in runs[1].stderr
