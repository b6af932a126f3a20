"""The configuration of a flow: what its rows mean, stated once and never guessed (§3.2)."""

import json
from dataclasses import asdict, dataclass, fields

from gettone.errors import InputError
from gettone.types import Direction, Quality

# Ranks of §1 by source class: a better source replaces a worse one.
RANK_OF_CLASS = {1: 50, 2: 40, 3: 30, 4: 20, 5: 10, 7: 1}
ESTIMATE_RANK = 5


@dataclass(frozen=True, slots=True)
class FlowConfig:
    """Meaning of the rows of a flow of interval readings in Wh.

    source_class: 1, 2 distributor, 3 user's device, 4 inverter or own meter, 5 uploaded file, 7 generator.
    direction: direction of every row, None where each device has one channel of the row's step.
    max_reject_permille: above this share of rejected rows the whole file is rejected (§3.1).
    """

    source_class: int = 5
    direction: int | None = None
    max_reject_permille: int = 200

    def __post_init__(self) -> None:
        """InputError for a value outside its range."""
        if self.source_class not in RANK_OF_CLASS:
            raise InputError("flow_config", f"source_class {self.source_class} is not one of {sorted(RANK_OF_CLASS)}")
        if self.direction is not None and self.direction not in [int(one) for one in Direction]:
            raise InputError("flow_config", f"direction {self.direction} is not one of 0 to 5")
        if not 0 <= self.max_reject_permille <= 1000:
            raise InputError("flow_config", f"max_reject_permille {self.max_reject_permille} is not within 0 to 1000")

    def rank(self, quality: Quality) -> int:
        """Rank of a value (§1): that of the source class; an estimate never outranks a measurement."""
        rank = RANK_OF_CLASS[self.source_class]
        return min(rank, ESTIMATE_RANK) if quality in (Quality.ESTIMATED, Quality.SUBSTITUTED) else rank

    def to_json(self) -> str:
        """Canonical JSON for the database."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_json(cls, document: str, flow: str) -> "FlowConfig":
        """The configuration of stored JSON; InputError for a missing or an unknown key."""
        values = json.loads(document)
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            wrong = ", ".join(sorted(set(values) ^ names))
            raise InputError("flow_config", f"the configuration of flow {flow!r} lacks or does not know: {wrong}")
        return cls(**values)
