"""All faults by name, and the folder that holds them with their truth."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from gettone.errors import InputError, Refused
from gettone.generator.community import Home, Plan, energy_of
from gettone.generator.faults import registers, times, values
from gettone.generator.faults.case import SLOT_S, Case, Fault
from gettone.registration.document import CommunityEntry, DeviceEntry, FlowEntry, MemberEntry, RegistryDocument
from gettone.registration.writing import write_registry
from gettone.types import Direction

FAULTS: Mapping[str, Callable[[Case], Fault]] = {
    "comma": values.comma,
    "conflicting-duplicates": values.conflicting_duplicates,
    "corrected": values.corrected,
    "dst-labels": times.dst_labels,
    "equal-duplicates": values.equal_duplicates,
    "gap-long": times.gap_long,
    "gap-short": times.gap_short,
    "label-shift": times.label_shift,
    "late": times.late,
    "meter-change": registers.meter_change,
    "multiplier": values.multiplier,
    "negatives": values.negatives,
    "register-reset": registers.register_reset,
    "roll-over": registers.roll_over,
    "spikes": values.spikes,
    "stuck": values.stuck,
    "wrong-scale": values.wrong_scale,
    "wrong-unit": values.wrong_unit,
}
DAYS = 2
SLUG = "faults"
CONTRACT_W = 4500
# 4,500 W with the 10 % of small contracts, half as much again, for a quarter of an hour (rule V11).
BOUND_WH = CONTRACT_W * 1100 * 1500 * SLOT_S // (1000 * 3_600_000)

Progress = Callable[[str], None]


def make_fault(name: str, *, seed: str, first: date, timezone: str = "Europe/Rome") -> tuple[Home, Fault]:
    """The fault of a name over two days from `first` on, in a home of its own; InputError for an unknown name."""
    if name not in FAULTS:
        raise InputError("fault_unknown", f"there is no fault {name!r}: use {', '.join(FAULTS)}")
    plan = Plan(len(FAULTS), first, DAYS, seed, SLUG, timezone, pv_permille=0)
    drawn = plan.home(list(FAULTS).index(name) + 1)
    # A small household never comes near its bound by itself.
    home = replace(drawn, household=replace(drawn.household, archetype="retired", people=2, rooms=3))
    wh = tuple(int(one) for one in energy_of(plan, (home,), plan.dates).load[0])
    return home, FAULTS[name](Case(seed, name, home, first, plan.zone, wh, BOUND_WH))


def generate_faults(
    folder: Path, names: Sequence[str], *, seed: str, first: date, progress: Progress | None = None
) -> tuple[str, ...]:
    """Write a registry and, for each fault, its files with `truth.json`, into a new or empty folder."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_in_use", f"{folder} is not empty: choose another folder, or empty it yourself")
    made = [(name, *make_fault(name, seed=seed, first=first)) for name in names or FAULTS]
    folder.mkdir(parents=True, exist_ok=True)
    for name, home, fault in made:
        (folder / name).mkdir()
        for file in fault.files:
            (folder / name / file.name).write_text(file.text, encoding="utf-8", newline="\n")
        truth = json.dumps(truth_of(name, home, fault), indent=1, sort_keys=True) + "\n"
        (folder / name / "truth.json").write_text(truth, encoding="utf-8")
        if progress is not None:
            progress(f"{name}: {len(fault.files)} files")
    # The registry comes last: a folder that has one is complete.
    write_registry(registry_of(made, first), folder / "registry.toml")
    return tuple(name for name, _, _ in made)


def truth_of(name: str, home: Home, fault: Fault) -> dict[str, Any]:
    """What is wrong, which rule finds it, and what each file must lead to."""
    return {
        "format": "gettone-truth-1",
        "fault": name,
        "about": (FAULTS[name].__doc__ or "").strip(),
        "rule": fault.rule,
        "device": home.pod,
        "flow": flow_name(name),
        "files": [
            {"file": one.name, "state": one.state, "codes": dict(one.codes), "counters": dict(one.counters)}
            for one in fault.files
        ],
        "after_merge": dict(fault.after),
    }


def flow_name(fault: str) -> str:
    """The flow of the files of a fault."""
    return f"{SLUG}-{fault}"


def registry_of(made: Sequence[tuple[str, Home, Fault]], first: date) -> RegistryDocument:
    """A community in which every fault has a home, a meter and a flow of its own."""
    # Labels of the changeover days are those of the year before.
    since = date(first.year - 1, 1, 1)
    return RegistryDocument(
        CommunityEntry(SLUG, "Faults", "Europe/Rome", settle_slot_s=SLOT_S),
        tuple(FlowEntry(flow_name(name), fault.config, "gettone generator") for name, _, fault in made),
        tuple(MemberEntry(home.member_id, since) for _, home, _ in made),
        tuple(
            DeviceEntry(
                home.pod,
                home.member_id,
                since,
                ((Direction.WITHDRAWAL, SLOT_S),),
                (flow_name(name),),
                use_type="residential",
                contract_w=CONTRACT_W,
                digits=fault.digits,
                meter_changes=fault.meter_changes,
            )
            for name, home, fault in made
        ),
    )
