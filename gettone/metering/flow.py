"""The configuration of a flow: what its rows mean, stated once and never guessed (§3.2)."""

import json
from dataclasses import asdict, dataclass, fields

from gettone.errors import InputError
from gettone.types import Direction

# Ranks of §1 by source class: a better source replaces a worse one.
RANK_OF_CLASS = {1: 50, 2: 40, 3: 30, 4: 20, 5: 10, 7: 1}
ESTIMATE_RANK = 5


@dataclass(frozen=True, slots=True)
class FlowConfig:
    """Meaning of the rows of a flow of interval readings in Wh.

    source_class: 1, 2 distributor, 3 user's device, 4 inverter or own meter, 5 uploaded file, 7 generator.
    direction: direction of every row, None where each device has one channel of the row's step.
    snap_s: a time at most so far [s] off the boundary is moved onto it (V7).
    max_reject_permille: above this share of rejected rows the whole file is rejected (§3.1).
    """

    source_class: int = 5
    direction: int | None = None
    snap_s: int = 0
    max_reject_permille: int = 200

    def __post_init__(self) -> None:
        """InputError for a value outside its range."""
        if self.source_class not in RANK_OF_CLASS:
            raise InputError("flow_config", f"source_class {self.source_class} is not one of {sorted(RANK_OF_CLASS)}")
        if self.direction is not None and self.direction not in [int(one) for one in Direction]:
            raise InputError("flow_config", f"direction {self.direction} is not one of 0 to 5")
        if not 0 <= self.snap_s < 450:
            raise InputError("flow_config", f"snap_s {self.snap_s} is not within 0 to 449 s")
        if not 0 <= self.max_reject_permille <= 1000:
            raise InputError("flow_config", f"max_reject_permille {self.max_reject_permille} is not within 0 to 1000")

    @property
    def rank(self) -> int:
        """Rank of measured values of this flow."""
        return RANK_OF_CLASS[self.source_class]

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
