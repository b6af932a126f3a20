"""The registry of a community as a TOML file: members by pseudonym, devices, channels, contracts, flows.

It names no person.  Dates are local days of the community's time zone, powers are W, areas dm².
"""

from dataclasses import dataclass
from datetime import date, datetime

from gettone.metering.flow import FlowConfig
from gettone.metering.map_grid import GEO_FORMAT
from gettone.types import Direction

FORMAT = "gettone-registry-1"


@dataclass(frozen=True, slots=True)
class CommunityEntry:
    """A community; `netting` is `none` or `pod`."""

    slug: str
    name: str
    tz: str
    kind: str = "rec"
    settle_slot_s: int = 3600
    netting: str = "none"


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """A flow of one supplier, with what its rows mean."""

    name: str
    config: FlowConfig
    supplier: str | None = None


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A member from a local day on; `member_id` has 64 hex digits, `until` is the first day that does not count."""

    member_id: str
    since: date
    until: date | None = None
    kind: str = "citizen"
    wallet: str | None = None
    people: int | None = None
    area_dm2: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """A device, held by a member from a local day on.

    channels: (direction, step [s]).  flows: names of those that speak for it.  use_type: a code of that domain.
    Powers [W] hold from `since` on.  digits: whole kWh digits of its registers.
    geo: latitude and longitude in degrees, `41.9028, 12.4964`, written as geo_format says, which is `wgs84`.
    meter_changes: (direction, instant in UTC, last register of the old meter, first of the new one [Wh]).
    """

    name: str
    holder: str
    since: date
    channels: tuple[tuple[Direction, int], ...]
    flows: tuple[str, ...]
    kind: str = "meter"
    use_type: str | None = None
    contract_w: int | None = None
    available_w: int | None = None
    plant_peak_w: int | None = None
    digits: int | None = None
    geo: str | None = None
    geo_format: str = GEO_FORMAT
    meter_changes: tuple[tuple[Direction, datetime, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryDocument:
    """All that a registry file states."""

    community: CommunityEntry
    flows: tuple[FlowEntry, ...]
    members: tuple[MemberEntry, ...]
    devices: tuple[DeviceEntry, ...]
