"""Writing a generated community: registry, readings for every kind of source, and a list of what was written."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from gettone.errors import Refused
from gettone.generator.community import Home, Plan, energy_of
from gettone.generator.files.block import SLOT_S, Block, BlockWriter, Source
from gettone.generator.files.sources import SOURCES
from gettone.registration.document import CommunityEntry, DeviceEntry, FlowEntry, MemberEntry, RegistryDocument
from gettone.registration.writing import write_registry
from gettone.types import Direction

MANIFEST = "manifest.json"
SUPPLIER = "gettone generator"
# Homes of a block: so many that a block has about this many slots of a direction in memory.
BLOCK_SLOTS = 1_000_000
AREA_DM2_PER_ROOM = 2_200

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A file of readings: path under the folder, flow, values and their signed sum [Wh], SHA-256 in hex."""

    file: str
    flow: str
    values: int
    wh: int
    sha256: str


def flow_name(plan: Plan, source: Source) -> str:
    """The flow that carries the files of a source."""
    return f"{plan.slug}-{source.name}"


def registry_of(plan: Plan, sources: Sequence[Source]) -> RegistryDocument:
    """The registry of a plan: one member and connection point a home, an inverter where there is a plant."""
    homes = [plan.home(number) for number in range(1, plan.homes + 1)]
    return RegistryDocument(
        CommunityEntry(plan.slug, plan.slug.capitalize(), plan.timezone, settle_slot_s=SLOT_S),
        tuple(FlowEntry(flow_name(plan, one), one.config, SUPPLIER) for one in sources),
        tuple(_member(plan, home) for home in homes),
        tuple(device for home in homes for device in _devices(plan, home, sources)),
    )


def generate_community(
    plan: Plan, folder: Path, sources: Sequence[Source] = SOURCES, progress: Progress | None = None
) -> tuple[Written, ...]:
    """Write everything of a plan into `folder`, which must be new or empty; the same plan gives the same bytes.

    Readings are written by local month and source; the manifest comes last, so a folder with one is complete.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_in_use", f"{folder} is not empty: choose another folder, or empty it yourself")
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _step: None)
    tell(f"registry of {plan.homes} homes")
    write_registry(registry_of(plan, sources), folder / "registry.toml")
    written: list[Written] = []
    for month, days in _months(plan):
        written += _write_month(plan, folder, month, days, sources, tell)
    _write_manifest(plan, folder, written)
    return tuple(written)


def blocks_of(plan: Plan, days: tuple[date, ...]) -> Iterator[tuple[int, list[Block]]]:
    """Blocks of all directions for some homes after the other, with the number of homes done."""
    size = max(1, BLOCK_SLOTS // (96 * len(days)))
    for first in range(1, plan.homes + 1, size):
        homes = tuple(plan.home(number) for number in range(first, min(first + size, plan.homes + 1)))
        yield first + len(homes) - 1, _blocks(plan, homes, days)


def _blocks(plan: Plan, homes: tuple[Home, ...], days: tuple[date, ...]) -> list[Block]:
    energy = energy_of(plan, homes, days)
    plants = [row for row, home in enumerate(homes) if home.peak_w]
    everybody = list(range(len(homes)))
    pods, inverters = [one.pod for one in homes], [one.inverter for one in homes]
    wanted = (
        (Direction.WITHDRAWAL, pods, everybody),
        (Direction.INJECTION, pods, plants),
        (Direction.PRODUCTION, inverters, plants),
        (Direction.LOAD, inverters, plants),
    )
    return [
        Block(tuple(names[row] for row in rows), direction, days, plan.zone, energy.of(direction)[rows])
        for direction, names, rows in wanted
        if rows
    ]


def _write_month(
    plan: Plan, folder: Path, month: str, days: tuple[date, ...], sources: Sequence[Source], tell: Progress
) -> list[Written]:
    paths = [folder / "readings" / source.name / f"{month}.{source.suffix}" for source in sources]
    values, sums = [0] * len(sources), [0] * len(sources)
    with ExitStack() as stack:
        writers: list[BlockWriter] = []
        for source, path in zip(sources, paths, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            writers.append(source.open(path, month))
            stack.callback(writers[-1].close)
        for done, blocks in blocks_of(plan, days):
            for number, source in enumerate(sources):
                for block in (one for one in blocks if source.takes(one.direction)):
                    values[number] += writers[number].write(block)
                    sums[number] += int(block.wh.sum())
            tell(f"{month}: {done} of {plan.homes} homes")
    return [
        Written(path.relative_to(folder).as_posix(), flow_name(plan, source), values[at], sums[at], _digest(path))
        for at, (source, path) in enumerate(zip(sources, paths, strict=True))
    ]


def _months(plan: Plan) -> Iterator[tuple[str, tuple[date, ...]]]:
    for month, days in groupby(plan.dates, lambda day: day.strftime("%Y-%m")):
        yield month, tuple(days)


def _member(plan: Plan, home: Home) -> MemberEntry:
    return MemberEntry(
        home.member_id,
        plan.first,
        kind="citizen" if home.archetype.use_type == "residential" else "stakeholder",
        people=home.household.people,
        area_dm2=home.household.rooms * AREA_DM2_PER_ROOM // 10,
    )


def _devices(plan: Plan, home: Home, sources: Sequence[Source]) -> Iterator[DeviceEntry]:
    contract_w, use_type = home.archetype.contract_w, home.archetype.use_type
    peak_w = home.peak_w or None
    meter = [Direction.WITHDRAWAL, *([Direction.INJECTION] if peak_w else [])]
    for name, kind, directions in (
        (home.pod, "meter", meter),
        (home.inverter, "inverter", [Direction.PRODUCTION, Direction.LOAD] if peak_w else []),
    ):
        if directions:
            yield DeviceEntry(
                name,
                home.member_id,
                plan.first,
                tuple((one, SLOT_S) for one in directions),
                tuple(flow_name(plan, one) for one in sources if any(one.takes(each) for each in directions)),
                kind=kind,
                use_type=use_type,
                contract_w=contract_w,
                plant_peak_w=peak_w,
                geo=str(home.position),
            )


def _write_manifest(plan: Plan, folder: Path, written: Sequence[Written]) -> None:
    document: dict[str, Any] = {
        "format": "gettone-generated-1",
        "homes": plan.homes,
        "first_day": str(plan.first),
        "days": plan.days,
        "seed": plan.seed,
        "source_class": 7,
        "files": [
            {"file": one.file, "flow": one.flow, "values": one.values, "wh": one.wh, "sha256": one.sha256}
            for one in written
        ],
    }
    part = folder / (MANIFEST + ".part")
    part.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(folder / MANIFEST)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
