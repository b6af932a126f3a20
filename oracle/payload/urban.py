"""The frame of an UrbanDataset (SCPS 2.0): where its lines, its zone and the units of its properties stand."""

import re
from dataclasses import dataclass
from typing import Any

from gettone.errors import InputError
from gettone.metering.clock import UTC_CLOCK, check_clock
from gettone.metering.codes import Code
from gettone.metering.received import Unit
from oracle.payload.refusals import unusable

_FIXED = re.compile(r"(?:UTC|GMT)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?", re.ASCII)
# The names of the ontology of the platform that we can count in.
_UNITS = {
    "wattHour": Unit.WH,
    "kilowattHour": Unit.KWH,
    "megawattHour": Unit.MWH,
    "watt": Unit.W,
    "kilowatt": Unit.KW,
}


@dataclass(frozen=True, slots=True)
class UrbanDataset:
    """clock: as that of a flow.  units: by property name, UNKNOWN for those we cannot count in.  lines: as they are."""

    dataset: str
    clock: str
    units: dict[str, Unit]
    lines: list[Any]


def dataset_of(document: Any) -> UrbanDataset:
    """The frame of a decoded document; InputError F_SCHEMA names what is missing or of another kind."""
    root = _member(document, "UrbanDataset", dict)
    context, specification = _member(root, "context", dict), _member(root, "specification", dict)
    identity = _member(_member(specification, "id", dict), "value", str)
    properties = _member(specification, "properties", dict)
    definitions = _member(properties, "propertyDefinition", list)
    lines = _member(_member(root, "values", dict), "line", list)
    return UrbanDataset(identity, clock_of(_member(context, "timeZone", str)), _units(definitions), lines)


def clock_of(zone: str) -> str:
    """The clock of `context.timeZone`: `UTC`, `UTC+1`, `UTC+01:00`, or the name of a zone (rule V6).

    >>> clock_of("UTC"), clock_of("UTC+1"), clock_of("UTC-03:30"), clock_of("Europe/Rome")
    ('utc', '+01:00', '-03:30', 'Europe/Rome')
    """
    fixed = _FIXED.fullmatch(zone.strip())
    clock = zone.strip()
    if fixed is not None:
        sign, hours, minutes = fixed.groups(default="")
        clock = f"{sign}{int(hours):02}:{minutes or '00'}" if sign else UTC_CLOCK
    try:
        check_clock(clock)
    except InputError:
        raise unusable(Code.F_SCHEMA, "has a context.timeZone that is no offset as UTC+1 and no known zone") from None
    return clock


def _units(definitions: list[Any]) -> dict[str, Unit]:
    return {
        str(one.get("propertyName")): _UNITS.get(str(one.get("unitOfMeasure")), Unit.UNKNOWN)
        for one in definitions
        if isinstance(one, dict)
    }


def _member(container: Any, name: str, kind: type) -> Any:
    found = container.get(name) if isinstance(container, dict) else None
    if not isinstance(found, kind):
        raise unusable(Code.F_SCHEMA, f"is no UrbanDataset of SCPS 2.0: {name} is missing or of another kind")
    return found
