"""Faults on demand: the rules of ingestion find what the truth says, file by file."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gettone.errors import InputError, Refused
from gettone.generator.faults.catalogue import BOUND_WH, CONTRACT_W, FAULTS, generate_faults, make_fault
from gettone.metering.flow import REGISTER
from gettone.metering.received import Received, ReceivedRegisters
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import Contract, MeterChange, RegisteredChannel, RegisteredDevice
from gettone.metering.rules.validation import validate
from gettone.metering.values import RegisterBases
from gettone.registration.reading import read_registry
from gettone.types import Direction
from oracle.formats.registry import read_batch

pytestmark = pytest.mark.unit

FIRST = date(2026, 3, 2)
RECEIPT_S = 1_790_000_000
DEVICE = RegisteredDevice(
    1,
    None,
    (RegisteredChannel(1, Direction.WITHDRAWAL, 900),),
    (Contract(0, None, CONTRACT_W, None, None),),
)
INTERVALS = [name for name in FAULTS if make_fault(name, seed="demo-1", first=FIRST)[1].config.kind != REGISTER]


@pytest.mark.parametrize("name", INTERVALS)
def test_fault__rules_of_ingestion__count_what_the_truth_says(tmp_path: Path, name: str) -> None:
    home, fault = make_fault(name, seed="demo-1", first=FIRST)
    for file in fault.files:
        path = tmp_path / file.name
        path.write_text(file.text, encoding="utf-8")
        received = read_batch(path, fault.config)
        assert isinstance(received, Received)
        found = validate(received, {home.pod: DEVICE}, fault.config, RECEIPT_S)
        assert {str(code): count for code, count in found.codes.items() if code != "D_EQUAL"} == dict(file.codes)
        assert (found.permille_rejected > fault.config.max_reject_permille) == (file.state == "rejected")


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in INTERVALS])
def test_fault_of_a_register__rules__count_what_the_truth_says(tmp_path: Path, name: str) -> None:
    home, fault = make_fault(name, seed="demo-1", first=FIRST)
    changes = tuple(MeterChange(int(at.timestamp()), old, new) for _, at, old, new in fault.meter_changes)
    channel = RegisteredChannel(1, Direction.WITHDRAWAL, 900, fault.digits, changes)
    path = tmp_path / fault.files[0].name
    path.write_text(fault.files[0].text, encoding="utf-8")
    received = read_batch(path, fault.config)
    assert isinstance(received, ReceivedRegisters)
    device = replace(DEVICE, channels=(channel,))
    found = resolve_registers(received, {home.pod: device}, fault.config, RECEIPT_S, RegisterBases.empty())
    assert {str(code): count for code, count in found.codes.items()} == dict(fault.files[0].codes)
    assert len(found.accepted) == fault.files[0].counters["rows_new"]


def test_bound__of_the_contract__is_that_of_the_rule() -> None:
    # Metering specification §4, 11.1: 3 kW pass 1,237 Wh a quarter; 4.5 kW half as much again.
    assert (BOUND_WH, BOUND_WH * 2 // 3) == (1856, 1237)


def test_generate_faults__same_seed__same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        generate_faults(tmp_path / folder, (), seed="demo-1", first=FIRST)
    files = [path for path in sorted((tmp_path / "a").rglob("*")) if path.is_file()]
    assert len(files) == len(FAULTS) + 1 + sum(len(make_fault(n, seed="demo-1", first=FIRST)[1].files) for n in FAULTS)
    assert all(one.read_bytes() == (tmp_path / "b" / one.relative_to(tmp_path / "a")).read_bytes() for one in files)


def test_generate_faults__one__writes_truth_and_registry_of_it_alone(tmp_path: Path) -> None:
    generate_faults(tmp_path, ["roll-over"], seed="demo-1", first=FIRST)
    truth = json.loads((tmp_path / "roll-over" / "truth.json").read_text(encoding="utf-8"))
    registry = read_registry(tmp_path / "registry.toml")
    assert (truth["rule"], truth["files"][0]["codes"]) == ("V10", {"R_ROLL": 1})
    assert [one.digits for one in registry.devices] == [6]
    assert truth["flow"] == registry.flows[0].name


def test_make_fault__home__is_the_same_whatever_else_is_made() -> None:
    homes = {make_fault(name, seed="demo-1", first=FIRST)[0].pod for name in FAULTS}
    assert len(homes) == len(FAULTS)


def test_make_fault__unknown__is_refused() -> None:
    with pytest.raises(InputError, match="use comma"):
        make_fault("earthquake", seed="demo-1", first=FIRST)


def test_make_fault__zone_without_changeover__is_refused() -> None:
    with pytest.raises(InputError, match="quarters: choose another"):
        make_fault("dst-labels", seed="demo-1", first=FIRST, timezone="UTC")


def test_generate_faults__full_folder__is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(Refused, match="not empty"):
        generate_faults(tmp_path, (), seed="demo-1", first=FIRST)
