"""Rule V13: which of the values received for a slot is the current one; all are kept (§1, §4)."""

from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.types import Quality


class CurrentReading(NamedTuple):
    """The current value of a slot [Wh] with its version number and batch."""

    wh: int
    quality: int
    rank: int
    version: int
    batch_id: int


class NewReading(NamedTuple):
    """A value [Wh] that becomes the current one of (channel, slot)."""

    channel_id: int
    slot: int
    wh: int
    quality: int
    rank: int
    version: int
    batch_id: int


class NewVersion(NamedTuple):
    """A value [Wh] kept beside the current one; `state` superseded, older, quarantined or conflict."""

    channel_id: int
    slot: int
    version: int
    wh: int | None
    quality: int
    rank: int
    batch_id: int
    state: str


class Version(NamedTuple):
    """A value with what orders it: rank, then receipt [unix ms], then the digest of its batch."""

    wh: int
    quality: Quality
    rank: int
    received_at: int
    sha256: bytes

    @property
    def order(self) -> tuple[int, int, bytes]:
        """The greatest is current."""
        return (self.rank, self.received_at, self.sha256)


class Decision(NamedTuple):
    """What becomes of a received value, and the quality it gets if it becomes current."""

    code: Code
    quality: Quality


def decide(current: Version | None, received: Version) -> Decision:
    """V13 for one received value against the current one.

    D_NEW and D_CONFIRM make it current, D_OLDER keeps it beside, D_EQUAL adds nothing.
    """
    if current is None:
        return Decision(Code.D_NEW, received.quality)
    if _same_value(current, received):
        better = received.rank > current.rank or (received.quality.earns and not current.quality.earns)
        return Decision(Code.D_CONFIRM if better else Code.D_EQUAL, received.quality)
    if received.order <= current.order:
        return Decision(Code.D_OLDER, received.quality)
    corrected = received.quality.earns and current.quality.earns
    return Decision(Code.D_NEW, Quality.CORRECTED if corrected else received.quality)


def _same_value(one: Version, other: Version) -> bool:
    missing = Quality.MISSING
    return one.wh == other.wh and (one.quality == missing) == (other.quality == missing)
