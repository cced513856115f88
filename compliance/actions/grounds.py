"""Why an award is acted on: the category, the Ministry's own reason, and the reason that everybody reads."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from compliance.domain.errors import InvalidError, raise_together
from compliance.domain.grounds import AT_ONCE, GROUNDS, Ground
from compliance.domain.standing import AwardAct

LONGEST_REASON = 2_000
LONGEST_PUBLIC = 600


@dataclass(frozen=True)
class Why:
    """`reason` stays among the Ministry's people; the others stand in the register."""

    ground: Ground
    reason: str
    public_km: str
    public_en: str

    @property
    def at_once(self) -> bool:
        """Whether nobody waits for the company: it is heard afterwards."""
        return self.ground in AT_ONCE

    @property
    def told(self) -> dict[str, str]:
        """What everybody reads."""
        return {"ground": self.ground.value, "public_km": self.public_km, "public_en": self.public_en}

    def checked(self, act: AwardAct) -> "Why":
        """Raises InvalidError, with all that is wrong."""
        raise_together(self._wrong(act))
        texts = {name: text.strip() for name, text in asdict(self).items() if name != "ground"}
        return replace(self, **texts)

    def _wrong(self, act: AwardAct) -> Iterator[InvalidError]:
        if self.ground not in GROUNDS.get(act, ()):
            yield InvalidError("ground", "This ground does not go with what you chose.")
        if not self.reason.strip():
            yield InvalidError("reason", "Give a reason for your colleagues.")
        for field, text in (("public_km", self.public_km), ("public_en", self.public_en)):
            if not text.strip():
                yield InvalidError(field, "Write what everybody may read, in both languages.")
            elif len(text) > LONGEST_PUBLIC:
                yield InvalidError(field, "Use at most %(length)s characters.", length=LONGEST_PUBLIC)
        if len(self.reason) > LONGEST_REASON:
            yield InvalidError("reason", "Use at most %(length)s characters.", length=LONGEST_REASON)
