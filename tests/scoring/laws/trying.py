"""What the laws share: how many examples, and a scorecard or no example at all."""

from typing import Any

from hypothesis import reject, settings

from scoring import Rubric, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.results import Basis

law = settings()  # tests/examples.py says how many examples, and which


def scored(rubric: Rubric | dict[str, Any], subject: Subject, basis: Basis = "claimed") -> Scorecard:
    """The scorecard; an example that a rule stops on (see the fail-closed tests) is no example here."""
    try:
        return evaluate(rubric if isinstance(rubric, Rubric) else load_rubric(rubric), subject, basis=basis)
    except ScoringError:
        reject()


def values(card: Scorecard) -> dict[str, object]:
    return {name: (node.state, node.value) for name, node in card.nodes.items()}
