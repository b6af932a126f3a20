"""UrbanDataset `EnergyCommunityKPI-2.0` of a community and month (SCPS 2.0, metering specification §3.4).

Energies are written in kWh with three decimals, so that each is a whole number of Wh and reading it back gives the
same one.  The dataset's clock is UTC, which no hour can repeat.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gettone.errors import Refused

DATASET = "EnergyCommunityKPI-2.0"
# Below this number of members totals by the hour would tell about single ones (notarization specification §1).
LEAST_MEMBERS = 8
HOUR_S = 3600

# Property -> what it means; all are energies in kWh.
ENERGIES = {
    "WithdrawnEnergy": "Energy withdrawn from the grid by the members",
    "InjectedEnergy": "Energy injected into the grid by the members",
    "SharedEnergy": "Sum over the settlement slots of the smaller of withdrawn and injected energy",
    "LoadEnergy": "Energy used by the members, behind their meters too",
    "ProducedEnergy": "Energy produced by the plants of the community",
    "SelfConsumedEnergy": "Sum over the slots of the smaller of load and production",
}
_TEXTS = {"CommunityID": "Identifier of the community", "Members": "Members of the community in the period"}


@dataclass(frozen=True, slots=True)
class Totals:
    """Energies [Wh] of [from_s, to_s) in unix s, by property; what is not known is left out."""

    from_s: int
    to_s: int
    wh: Mapping[str, int]


def kpi_dataset(
    community: str, members: int, month: Totals, hours: Sequence[Totals], *, producer: str, made_at_s: int
) -> bytes:
    """The data set of a month: one line for it, and one for each hour where there are at least eight members.

    Raises Refused `too_few_members` for hours of a smaller community.  The same totals give the same bytes.
    """
    if hours and members < LEAST_MEMBERS:
        raise Refused(
            "too_few_members",
            f"community {community!r} has {members} members: totals by the hour are given from {LEAST_MEMBERS} on, "
            "export the month alone",
        )
    lines = [_line(at, one, community, members) for at, one in enumerate([month, *hours], 1)]
    document = {
        "UrbanDataset": {
            "context": {"producer": {"id": producer}, "timeZone": "UTC", "timestamp": _text(made_at_s)},
            "specification": _specification(),
            "values": {"line": lines},
        }
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def kwh_text(wh: int) -> str:
    """Wh as kWh with three decimals, exactly.

    >>> kwh_text(1_457_968), kwh_text(-5)
    ('1457.968', '-0.005')
    """
    sign, size = "-" if wh < 0 else "", abs(wh)
    return f"{sign}{size // 1000}.{size % 1000:03}"


def _line(number: int, totals: Totals, community: str, members: int) -> dict[str, Any]:
    unknown = set(totals.wh) - set(ENERGIES)
    if unknown:
        raise ValueError(f"no property of the data set: {sorted(unknown)}")
    values = {"CommunityID": community, "Members": str(members)}
    values |= {name: kwh_text(totals.wh[name]) for name in ENERGIES if name in totals.wh}
    return {
        "id": number,
        "period": {"start_ts": _text(totals.from_s), "end_ts": _text(totals.to_s)},
        "property": [{"name": name, "val": text} for name, text in values.items()],
    }


def _specification() -> dict[str, Any]:
    period = {"propertyName": "period", "subProperties": {"propertyName": ["start_ts", "end_ts"]}}
    return {
        "version": "2.0",
        "id": {"value": DATASET, "schemeID": "SCPS"},
        "name": "Energy Community KPI",
        "uri": "https://smartcityplatform.enea.it/specification/semantic/2.0/ontology/scps-ontology-2.0.owl"
        "#EnergyCommunityKPI",
        "properties": {"propertyDefinition": [*_definitions(), period]},
    }


def _definitions() -> Iterable[dict[str, str]]:
    for name, text in _TEXTS.items():
        kind = "integer" if name == "Members" else "string"
        yield {
            "propertyName": name,
            "propertyDescription": text,
            "dataType": kind,
            "unitOfMeasure": "dimensionless",
        }
    for name, text in ENERGIES.items():
        yield {
            "propertyName": name,
            "propertyDescription": text,
            "dataType": "double",
            "unitOfMeasure": "kilowattHour",
            "measurementType": "total",
        }


def _text(instant_s: int) -> str:
    return datetime.fromtimestamp(instant_s, UTC).strftime("%Y-%m-%dT%H:%M:%S")
