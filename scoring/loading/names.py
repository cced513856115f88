"""What the conditions and rules of one rubric may name, and of what type each is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.rubric import ValueType
from scoring.rules import Source
from scoring.text import Text


@dataclass(frozen=True, slots=True)
class Named:
    """A fact or an answer: its words and what values it takes."""

    title: Text
    type: ValueType
    options: Mapping[str, Text]


@dataclass
class Names:
    """Filled before any condition is read, so that order in the file does not matter."""

    facts: dict[str, Named] = field(default_factory=dict)
    answers: dict[str, Named] = field(default_factory=dict)
    nodes: dict[str, Text] = field(default_factory=dict)
    essentials: dict[str, Text] = field(default_factory=dict)
    scales: dict[str, tuple[Text, dict[str, Text]]] = field(default_factory=dict)

    def rulable(self) -> dict[str, Named | Text]:
        """What evidence and rulings may be about: answers and criteria."""
        return {**self.nodes, **self.answers}


def type_of(names: Names, source: Source) -> ValueType | None:
    """The type of what an input reads; None for a name that is not there."""
    if source.kind == "node":
        return "number"
    table = names.facts if source.kind == "fact" else names.answers
    return table[source.id].type if source.id in table else None
