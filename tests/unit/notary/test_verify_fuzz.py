"""Nothing in a take-out can make the verifier fail with an exception, or pass where a value was changed."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gettone.jcs import canonical
from gettone.notary.takeout_format import Level
from gettone.notary.verify.report import Report
from tests.factories.tampering import open_entries, pack

pytestmark = [pytest.mark.unit, pytest.mark.slow]

Judge = Callable[..., Report]
Place = tuple[str | int, ...]

BOUND_BY_THE_SIGNATURE_ALONE = {"subject", "from_s", "to_s", "settlements", "files", "level"}
"""Fields of the manifest that describe the take-out; changing them describes another one."""
NOT_CHECKED = {"number"}
"""Position of a series key: it can be checked with the yearly key alone, which no take-out holds."""


def scalars(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every scalar of a JSON document; of long lists the first and last three items."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from scalars(item, (*place, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            if at < 3 or at >= len(value) - 3:
                yield from scalars(item, (*place, at))
    else:
        yield place


def changed(value: Any, draw: random.Random) -> Any:
    if isinstance(value, str) and value:
        at = draw.randrange(len(value))
        return value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1 :]
    return value + 1 if isinstance(value, int) else 7


def places_of(entries: dict[str, bytes]) -> list[tuple[str, Place]]:
    return [
        (name, place)
        for name in sorted(entries)
        if name.endswith(".json")
        for place in scalars(json.loads(entries[name]))
        if not (name == "manifest.json" and place[0] in BOUND_BY_THE_SIGNATURE_ALONE) and place[-1] not in NOT_CHECKED
    ]


def test_verify__any_json_value_changed__never_verified(full: bytes, judge: Judge) -> None:
    entries, draw = open_entries(full), random.Random(1)  # noqa: S311 - repeatable choices, no secret
    for name, place in draw.sample(places_of(entries), 120):
        document = json.loads(entries[name])
        inner = document
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = changed(inner[place[-1]], draw)
        report = judge(pack(entries | {name: canonical(document)}))
        assert report.exit_status != 0, (name, place)
        assert report.differences, (name, place)


def test_verify__any_json_value_of_another_type__never_verified(full: bytes, judge: Judge) -> None:
    entries, draw = open_entries(full), random.Random(2)  # noqa: S311 - repeatable choices, no secret
    for name, place in draw.sample(places_of(entries), 60):
        document = json.loads(entries[name])
        inner = document
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = draw.choice([[], {}, True, -1, 2**53, "", "-0", ["x"]])
        assert judge(pack(entries | {name: canonical(document)})).exit_status != 0, (name, place)


def test_verify__any_byte_flipped__never_verified(bundles: dict[Level, bytes], judge: Judge) -> None:
    data, draw = bundles[Level.PROOF_ONLY], random.Random(3)  # noqa: S311 - repeatable choices, no secret
    for at in [draw.randrange(len(data)) for _ in range(80)]:
        flipped = data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
        assert judge(flipped).verdict.startswith("INVALID:"), at


def test_verify__any_file_left_out__never_verified(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    optional = {"VERIFY.md", "verify.py", "manifest.json"}
    for name in sorted(set(entries) - optional):
        rest = {other: content for other, content in entries.items() if other != name}
        report = judge(pack(rest))
        assert report.exit_status != 0 or report.verdict == "OK_PARTIAL", name
        assert report.verdict != "OK", name
