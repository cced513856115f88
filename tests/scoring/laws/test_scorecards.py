"""Laws about scorecards: essentials, explanation, bytes and back."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scoring import Scorecard, load_rubric
from scoring.loading.reader import parse_json
from tests.scoring.laws.strategies import rubrics, subjects
from tests.scoring.laws.trying import law, scored

BASES = st.sampled_from(("claimed", "verified"))


class TestEssentialGate:
    """Essential gate: without its essentials a subject has no level that asks for them, whatever its points."""

    @law
    @given(st.data(), BASES)
    def test_gate(self, data: st.DataObject, basis: str) -> None:
        rubric = load_rubric(data.draw(rubrics()))
        card = scored(rubric, data.draw(subjects(rubric)), basis)  # type: ignore[arg-type]
        outcomes = {one.outcome for one in card.essentials.values()}
        low, middle, _ = card.levels["award"].rungs
        assert low.reached == (outcomes <= {"pass", "does_not_apply"} and card.nodes["total"].value is not None)
        if middle.reached:
            assert not outcomes & {"fail", "discretionary"}


class TestExplanationReadds:
    """Explanation re-adds: the contributions of the leaves add up to the node's value exactly; the decider is named."""

    @law
    @given(st.data(), BASES)
    def test_contributions(self, data: st.DataObject, basis: str) -> None:
        rubric = load_rubric(data.draw(rubrics()))
        card = scored(rubric, data.draw(subjects(rubric)), basis)  # type: ignore[arg-type]
        for name, node in card.nodes.items():
            shares = card.contributions(name)
            assert (sum(shares.values(), Fraction(0)) if shares else None) == (node.value if shares else None)
            assert bool(shares) == (node.value is not None)
            if node.kind == "group" and rubric.groups[name].combine in {"lowest", "highest"} and node.parts:
                (decider,) = node.decided_by
                pick = min if rubric.groups[name].combine == "lowest" else max
                assert card.nodes[decider].value == pick(part.value for part in node.parts)

    @law
    @given(st.data(), BASES)
    def test_everything_says_why_in_both_languages(self, data: st.DataObject, basis: str) -> None:
        rubric = load_rubric(data.draw(rubrics()))
        card = scored(rubric, data.draw(subjects(rubric)), basis)  # type: ignore[arg-type]
        said = [*card.nodes.values(), *card.findings.values(), *card.essentials.values()]
        said += [one for level in card.levels.values() for rung in level.rungs for one in (*rung.held, *rung.unmet)]
        for one in said:
            for lang in ("km", "en"):
                words = one.because(lang)
                assert words
                assert "{" not in words


class TestRoundTrip:
    """Round trip: a rubric and a scorecard come back from their JSON the same, byte for byte."""

    @law
    @given(st.data(), BASES)
    def test_scorecard(self, data: st.DataObject, basis: str) -> None:
        rubric = load_rubric(data.draw(rubrics()))
        card = scored(rubric, data.draw(subjects(rubric)), basis)  # type: ignore[arg-type]
        back = Scorecard.from_json(card.canonical_json(), rubric)
        assert back == card
        assert back.canonical_json() == card.canonical_json()
        assert back.sha256 == card.sha256

    @law
    @given(rubrics())
    def test_rubric(self, tree: dict[str, object]) -> None:
        rubric = load_rubric(tree)
        assert load_rubric(rubric.source) == rubric
        assert load_rubric(parse_json(json.dumps(tree))) == rubric


class TestSameBytesEverywhere:
    """Same inputs give the same bytes, whatever the process and its hash seed."""

    def test_hash_seed(self) -> None:
        program = (
            "from scoring import Subject, evaluate\n"
            "from tests.scoring.methods.running import rubric\n"
            "facts = {'kind': 'platform', 'services': {'search', 'cloud', 'e-mail'}}\n"
            "found = rubric('digital_rights')\n"
            "answers = {name: 'yes' for name in found.answers}\n"
            "print(evaluate(found, Subject(facts, answers, id='x')).sha256)\n"
        )
        root = Path(__file__).parents[3]
        seen = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={**os.environ, "PYTHONHASHSEED": seed},
                cwd=root,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(seen) == 1
