"""Evidence as pages show it: how it stands on a day, and what it took the place of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.page_images import drawable
from compliance.actions.renewing import fit, oldest_evidence
from compliance.actions.scorecards import Snapshot
from compliance.domain.fitness import Fitness, fitness
from compliance.store.evidence_files import EvidenceFile
from questionnaires import Edition, Question, Text, catalogue
from questionnaires.consistency import Issue

EXPIRED = Text(
    km="ភស្តុតាង «{name}» លែងមានសុពលភាព។ សូមជំនួសដោយឯកសារថ្មី។",
    en="The evidence “{name}” has expired. Replace it with a newer document.",
)
TOO_OLD = Text(
    km="ភស្តុតាង «{name}» ចាស់ពេក។ សូមជំនួសដោយភស្តុតាងថ្មីជាងនេះ។",
    en="The evidence “{name}” is too old. Replace it with newer evidence.",
)
TOLD: Mapping[Fitness, Text] = {Fitness.EXPIRED: EXPIRED, Fitness.TOO_OLD: TOO_OLD}


@dataclass(frozen=True)
class Piece:
    """One piece beside an answer; `dated` and `valid_until` are those that were submitted, where it was."""

    file: EvidenceFile
    dated: date | None
    valid_until: date | None
    fitness: Fitness
    undated: bool
    """The edition asks for its day, and it bears none."""
    before: tuple[EvidenceFile, ...]
    """What it took the place of, the newest first."""

    @property
    def drawable(self) -> bool:
        """Whether its pages can be looked at here."""
        return drawable(self.file)


def pieces(
    session: Session, edition: Edition, question: Question, files: Sequence[EvidenceFile], on: date
) -> list[Piece]:
    """The evidence of an answer as it is now."""
    return [
        Piece(
            file,
            file.dated,
            file.valid_until,
            fit(edition, question, file, on),
            _undated(question, file.dated, file),
            tuple(_before(session, file)),
        )
        for file in files
    ]


def submitted_pieces(session: Session, snapshot: Snapshot, question: Question) -> list[Piece]:
    """The evidence of an answer as it was submitted, with the days it had and as it stood on that day."""
    edition, on = catalogue.edition(snapshot.content["edition"]), snapshot.facts.submission_date
    oldest, found = oldest_evidence(edition, on), []
    for told in snapshot.content["evidence"].get(question.id, ()):
        file = session.get_one(EvidenceFile, told["id"])
        dated, until = _day(told, "dated"), _day(told, "valid_until")
        day = dated or file.seen_on or file.day
        stands = fitness(question.evidence.proves, day, until, oldest=oldest, on=on)
        found.append(Piece(file, dated, until, stands, _undated(question, dated, file), tuple(_before(session, file))))
    return found


def unfit_issues(
    edition: Edition, asked: Sequence[Question], files: Mapping[str, Sequence[EvidenceFile]], on: date
) -> list[Issue]:
    """What the check page says of evidence that has ended or is too old, in the order of the questions."""
    return [
        Issue(f"evidence_{stands}", "warning", question.section, question.id, _named(TOLD[stands], file.name))
        for question in asked
        for file in files.get(question.id, ())
        if (stands := fit(edition, question, file, on)) in TOLD
    ]


def _named(text: Text, name: str) -> Text:
    return Text(km=text.km.replace("{name}", name), en=text.en.replace("{name}", name))


def _undated(question: Question, dated: date | None, file: EvidenceFile) -> bool:
    return question.evidence.proves == "practice" and dated is None and not file.address


def _day(told: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(told[name]) if told.get(name) else None


def _before(session: Session, file: EvidenceFile) -> Iterator[EvidenceFile]:
    while file.replaces_id is not None:
        file = session.get_one(EvidenceFile, file.replaces_id)
        yield file
