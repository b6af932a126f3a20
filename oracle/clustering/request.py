"""What is asked of a grouping."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gettone.clustering.grouping import Distance, Normalisation
from gettone.errors import InputError

NAME_LENGTH = 32


class Mode(StrEnum):
    """Whose curves: mean work-day curves of members or of devices, or the days of one member or of all."""

    USERS = "users"
    DEVICES = "devices"
    DAYS = "days"


class By(StrEnum):
    """Groups that the shape makes, or groups that are known beforehand."""

    SHAPE = "shape"
    USE_TYPE = "use_type"
    HOUSEHOLD_SIZE = "household_size"


@dataclass(frozen=True, slots=True)
class Request:
    """A grouping of a community over a period such as `2026-03`; `member` is a prefix for the days of one member."""

    community: str
    period: str
    mode: Mode = Mode.USERS
    by: By = By.SHAPE
    normalisation: Normalisation = Normalisation.MEAN
    distance: Distance = Distance.L2
    member: str | None = None

    def __post_init__(self) -> None:
        """InputError for what does not go together."""
        if self.member is not None and self.mode is not Mode.DAYS:
            raise InputError(
                "cluster_request", "a member is named only to group the days of that member: use --mode days"
            )
        if self.by is not By.SHAPE and self.mode is Mode.DAYS:
            raise InputError("cluster_request", f"days have no {self.by}: group them by shape")

    def name_for(self, member_id: str | None) -> str:
        """The name under which the next run finds this one; it names a member by the first 8 digits only."""
        parts = [str(self.mode), str(self.by), str(self.normalisation)]
        if self.distance is Distance.L1:
            parts.append(str(self.distance))
        if member_id is not None:
            parts.append(member_id[:8])
        return "/".join(parts)[:NAME_LENGTH]

    def to_document(self) -> dict[str, Any]:
        """The settings as they are kept with the run; of a member only what the name also says."""
        return {
            "mode": str(self.mode),
            "by": str(self.by),
            "normalisation": str(self.normalisation),
            "distance": str(self.distance),
            "period": self.period,
            "one_member": self.member is not None,
        }
