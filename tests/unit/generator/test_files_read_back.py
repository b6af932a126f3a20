"""What the generator writes, the formats read back to the Wh, in every kind of file and on both changeover days."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gettone.generator.community import Plan
from gettone.generator.files.sources import SOURCES
from gettone.generator.generation import blocks_of, generate_community
from gettone.metering.flow import FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, Unit
from oracle.formats.registry import read_batch

pytestmark = pytest.mark.unit

_TENS = {Unit.WH: 0, Unit.KWH: 3}


def values_of(path: Path, config: FlowConfig) -> dict[tuple[str, int, int], int]:
    """(device, direction, start) -> Wh as the rules would see it."""
    received = read_batch(path, config)
    assert isinstance(received, Received)
    assert not received.broken
    assert set(received.quality.tolist()) == {1}
    sign = -1 if config.sign == "flip" else 1
    columns = zip(
        received.device, received.direction, received.start_s, received.mantissa, received.exponent, received.unit,
        strict=True,
    )  # fmt: skip
    return {
        (received.devices[device], int(direction), int(start)): sign
        * int(Decimal(int(mantissa)).scaleb(int(exponent) + _TENS[Unit(int(unit))]))
        for device, direction, start, mantissa, exponent, unit in columns
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
@pytest.mark.parametrize("first", [date(2026, 3, 28), date(2026, 10, 24)], ids=["spring", "autumn"])
def test_files__read_back__are_what_was_generated(tmp_path: Path, source: object, first: date) -> None:
    plan = Plan(3, first, 2, "demo-1", pv_permille=700)
    chosen = next(one for one in SOURCES if one is source)
    written = generate_community(plan, tmp_path, [chosen])
    wanted = {
        (device, int(block.direction), block.start_s + 900 * slot): wh
        for _, blocks in blocks_of(plan, plan.dates)
        for block in blocks
        if chosen.takes(block.direction)
        for device, row in zip(block.devices, block.wh.tolist(), strict=True)
        for slot, wh in enumerate(row)
    }
    found = values_of(tmp_path / written[0].file, chosen.config)
    assert NO_DIRECTION not in {key[1] for key in found}
    assert found == wanted
    assert written[0].wh == sum(wanted.values())
