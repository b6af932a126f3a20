"""Bodies of devices."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from api.invitations.schemas import RowErrorBody
from api.schemas import MemberId, Strict, StrictInput

MAX_I4, MAX_I8 = 2**31 - 1, 2**63 - 1
Pod = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x20\x7f]+$")]
# Days and instants that every calendar of this program holds.
LocalDay = Annotated[date, Field(strict=False, ge=date(2000, 1, 1), le=date(2100, 1, 1))]
Instant = Annotated[
    AwareDatetime, Field(strict=False, ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]
DirectionNumber = Annotated[int, Field(ge=0, le=5)]
StepS = Literal[900, 1800, 3600]
Watt = Annotated[int, Field(ge=1, le=MAX_I4)]
Digits = Annotated[int, Field(ge=1, le=9)]
Register = Annotated[int, Field(ge=0, le=MAX_I8)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
FlowName = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
FlowNames = Annotated[tuple[FlowName, ...], Field(max_length=20, strict=False)]


class ChannelInput(StrictInput):
    """One direction of a device (Table 13) at its native step [s]."""

    direction: DirectionNumber
    step_s: StepS


Channels = Annotated[tuple[ChannelInput, ...], Field(max_length=12, strict=False)]


class DeviceInput(StrictInput):
    """A device, held by a member from a local day of the community on.

    Powers [W] hold from that day on; `digits` are the whole kWh digits of its registers; `geo` is `41.9028, 12.4964`
    and is not shown again; `flows` name those that may speak for it.
    """

    pod: Pod
    member: MemberId
    from_: Annotated[LocalDay, Field(alias="from")]
    channels: Annotated[Channels, Field(min_length=1)]
    type: Word = "meter"
    use_type: Word | None = None
    contract_w: Watt | None = None
    available_w: Watt | None = None
    plant_peak_w: Watt | None = None
    digits: Digits | None = None
    geo: Annotated[str, StringConstraints(max_length=64)] | None = None
    flows: FlowNames = ()


class PowersInput(StrictInput):
    """Powers [W] from a local day on; what was in force until then ends there."""

    from_: Annotated[LocalDay, Field(alias="from")]
    contract_w: Watt | None = None
    available_w: Watt | None = None
    plant_peak_w: Watt | None = None


class DeviceChange(StrictInput):
    """What is to be changed; what is left out stays.  `channels` are added, `flows` are all that remain."""

    status: Literal["planned", "active", "suspended", "faulty"] | None = None
    use_type: Word | None = None
    digits: Digits | None = None
    powers: PowersInput | None = None
    channels: Channels = ()
    flows: FlowNames | None = None


class AssignmentInput(StrictInput):
    """A member holds a device over the local days [from, to); open without `to`."""

    member: MemberId
    from_: Annotated[LocalDay, Field(alias="from")]
    to: LocalDay | None = None


class MeterChangeInput(StrictInput):
    """A meter was replaced: the last register of the old one and the first of the new one [Wh]."""

    direction: DirectionNumber
    at: Instant
    final_wh: Register
    initial_wh: Register


class KeyInput(StrictInput):
    """For how many days a new key is valid."""

    days: Annotated[int, Field(ge=1, le=1100)] = 365


class ChannelBody(Strict):
    """A channel of a device; `digits` of its register, null where unknown."""

    channel_id: int
    direction: int
    step_s: int
    digits: int | None


class HolderBody(Strict):
    """Who holds a device from when to when; null is open."""

    member: str
    from_: Annotated[str, Field(alias="from")]
    to: str | None


class PowersBody(Strict):
    """Powers [W] in force over [from, to)."""

    from_: Annotated[str, Field(alias="from")]
    to: str | None
    contract_w: int | None
    available_w: int | None
    plant_peak_w: int | None


class MeterChangeBody(Strict):
    """A replaced meter, by channel."""

    channel_id: int
    at: str
    final_wh: int
    initial_wh: int


class KeyBody(Strict):
    """A key of a device; what it opens the door with is shown once, when it is made, and null ever after."""

    key_id: int
    kind: Literal["key", "certificate"]
    valid_from: str
    valid_to: str
    key: str | None = None


class DeviceBody(Strict):
    """A device with what is registered of it while members of this community held it; `pod` is personal data."""

    device_id: int
    pod: str
    type: str
    status: str
    use_type: str | None
    active_at: str | None
    channels: list[ChannelBody]
    holders: list[HolderBody]
    powers: list[PowersBody]
    meter_changes: list[MeterChangeBody]
    flows: list[str]
    keys: list[KeyBody]


class DeviceRow(StrictInput):
    """A row of an uploaded table; `directions` are `1` or `1 2`, `flows` names with a `|` between them."""

    pod: Pod
    member: MemberId
    from_: Annotated[LocalDay, Field(alias="from")]
    directions: Annotated[str, StringConstraints(pattern=r"^[0-5]( [0-5]){0,5}$")]
    step_s: Annotated[str, StringConstraints(pattern=r"^(900|1800|3600)$")]
    type: Word = "meter"
    use_type: Word | None = None
    contract_w: Watt | None = None
    available_w: Watt | None = None
    plant_peak_w: Watt | None = None
    digits: Digits | None = None
    flows: Annotated[str, StringConstraints(pattern=r"^([^|\x00-\x1f\x7f]{1,64}\|){0,19}[^|\x00-\x1f\x7f]{1,64}$")] = ""


class ImportInput(StrictInput):
    """A CSV file with the columns of `DeviceRow`; `dry_run` says that it is only judged."""

    csv: Annotated[str, StringConstraints(max_length=900_000)]
    dry_run: bool = False


class ImportBody(Strict):
    """What a table of devices states, and what of it is new; with `dry_run` nothing was changed."""

    dry_run: bool
    rows: int
    new: int
    errors: list[RowErrorBody]
