"""Reads the hashed JSON objects of a settlement; None for one that is absent or not what LECN-1 §1 says."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from gettone.errors import InputError
from gettone.notary.digests import DeviceInput, MemberInputs, RosterSums, SettlementParams
from gettone.notary.records import (
    decimal,
    hexadecimal,
    list_of,
    optional,
    parse_record,
    record_of,
    text,
)
from gettone.types import DAY_S

_DEVICE = {
    "from": optional(decimal),
    "to": optional(decimal),
    "contract_power_w": decimal,
    "series": list_of(record_of("series", {"direction": decimal, "pod": text, "series_pid": hexadecimal(32)})),
}
_ALLOCATION = {
    "of": text,
    "budget_units": decimal,
    "total_score": decimal,
    "cut_remainder": decimal,
    "cut_position": decimal,
}
_INPUTS = {
    "class": decimal,
    "carried_before_units": decimal,
    "skipped_units": decimal,
    "payout_units": decimal,
    "carried_after_units": decimal,
    "devices": list_of(record_of("devices", _DEVICE)),
}


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object")
    return value


def _pair(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("pairs [unix, seconds]")
    return decimal(value[0]), decimal(value[1])


def _offsets(value: Any) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = list_of(_pair)(value)
    ascend = all(before[0] < after[0] for before, after in pairwise(points))
    if not points or not ascend or any(abs(offset_s) > DAY_S for _, offset_s in points):
        raise ValueError("ascending pairs [unix, seconds] with offsets of at most a day")
    return points


def _fees(value: Any) -> dict[int, int]:
    return {decimal(class_): decimal(bps) for class_, bps in _mapping(value).items()}


_PARAMS = {
    "parameters": _mapping,
    "timezone": text,
    "utc_offsets": _offsets,
    "netting": text,
    "aggregates_root": hexadecimal(32),
    "allocations": list_of(record_of("allocations", _ALLOCATION)),
    "carry_in_units": decimal,
    "assignment_fee_bps": _fees,
    "entitlement_units": decimal,
    "entitlement_before_units": decimal,
    "carried_before_units": decimal,
    "skipped_units": decimal,
    "carried_after_units": decimal,
    "gate_report_sha256": text,
}


def read_inputs(document: Mapping[str, Any] | None) -> MemberInputs | None:
    """The `inputs` object of one member."""
    try:
        fields = parse_record(document, "inputs", _INPUTS)
    except InputError:
        return None
    devices = tuple(
        DeviceInput(
            one["from"],
            one["to"],
            one["contract_power_w"],
            tuple((series["direction"], series["pod"], series["series_pid"]) for series in one["series"]),
        )
        for one in fields.pop("devices")
    )
    return MemberInputs(class_=fields.pop("class"), devices=devices, **fields)


def read_params(document: Mapping[str, Any] | None) -> SettlementParams | None:
    """The `params` object of a settlement; `parameters` stays as hashed, every number a string."""
    try:
        fields = parse_record(document, "params", _PARAMS)
    except InputError:
        return None
    names = (
        "entitlement_units",
        "entitlement_before_units",
        "carried_before_units",
        "skipped_units",
        "carried_after_units",
    )
    sums = RosterSums(**{name: fields.pop(name) for name in names})
    return SettlementParams(sums=sums, **fields)
