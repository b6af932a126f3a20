"""Step 2: slots are counted from the bounds of the period, slots rebuild series, series rebuild the data root."""

from collections.abc import Sequence
from dataclasses import dataclass

from gettone.errors import InputError
from gettone.notary.bundle import BundleSettlement, SeriesReference, SeriesTree
from gettone.notary.instants import utc_stamps
from gettone.notary.leaves import SeriesHeader
from gettone.notary.records import Table
from gettone.notary.series import data_root, header_nonce, slot_hash, slot_hashes, slot_nonces
from gettone.notary.takeout_format import Level, readings_file
from gettone.notary.tree import leaf_hash, root_of_hashes
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.report import Report, State


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a take-out discloses of one tree: slots, their stamps, values, qualities and salts."""

    slots: Sequence[int]
    starts: Sequence[str]
    values: Sequence[int]
    qualities: Sequence[int]
    salts: Sequence[bytes]


def check_readings(case: Case) -> None:
    """Rebuild every series and the totals of every settlement."""
    for one in case.settlements():
        if one.is_erased:
            case.report.note(2, State.ERASED, f"{label_of(one)}: readings erased")
        elif one.assignment is not None and one.assignment.fields is not None:
            for position, reference in enumerate(one.series):
                _check_series(case, one, position, reference)
            _check_data_root(case, one)
        _check_totals(case, one)


def _check_series(case: Case, one: BundleSettlement, position: int, reference: SeriesReference) -> None:
    place = (reference.series_pid, one.key[0], reference.first_revision)
    tree, table = case.bundle.series.get(place), case.bundle.readings.get(place)
    label = f"{label_of(one)} series {position}"
    if tree is None or not _header_holds(case, one, tree, (reference.root, reference.tree_size), label):
        return
    level = case.manifest.level
    if level == Level.PROOF_ONLY:
        _check_root(case.report, label, tree.leaves, reference.root)
        case.report.note(2, State.PARTIAL, f"{label}: no slot opened")
        return
    if table is None:
        return
    key = case.bundle.series_keys.get(readings_file(*place))
    opened = _opened(case.report, label, tree, table, key if level == Level.FULL else None)
    if opened is None:
        return
    hashes = _rebuild(case.report, label_of(one), tree, opened)
    _check_root(case.report, label, hashes, reference.root)
    case.report.note(2, State.OK, f"{label}: {len(opened.slots)} of {tree.header.slot_count} slots rebuilt")
    if len(opened.slots) < tree.header.slot_count and level == Level.PARTIAL:
        case.report.note(2, State.PARTIAL, f"{label}: not every slot is disclosed")


def _header_holds(case: Case, one: BundleSettlement, tree: SeriesTree, stated: tuple[bytes, int], label: str) -> bool:
    bounds, header, report = case.bounds(one), tree.header, case.report
    if bounds is None:
        return False
    counted = (bounds[1] - bounds[0]) // max(header.slot_s, 1)
    found = (header.period_start_s, header.slot_count, header.slot_s * header.slot_count)
    if found != (bounds[0], counted, bounds[1] - bounds[0]):
        report.fail(2, "slots", f"{label}: the header does not cover the period with {counted} slots")
        report.differ(label_of(one), None, f"{counted} slots from {bounds[0]}", f"{found[1]} slots from {found[0]}")
        return False
    if not len(tree.leaves) == stated[1] == header.slot_count + 1:
        report.fail(2, "slots", f"{label}: a tree of {header.slot_count} slots has not {len(tree.leaves)} leaves")
        report.differ(label_of(one), None, f"{header.slot_count + 1} leaves", f"{len(tree.leaves)}, {stated[1]}")
        return False
    if header.exponent != 0 or leaf_hash(_encoded(header)) != tree.leaves[0]:
        report.fail(2, "header", f"{label}: the header is not the one that was committed")
        report.differ(label_of(one), None, f"header leaf {tree.leaves[0].hex()}", leaf_hash(_encoded(header)).hex())
    return True


def _encoded(header: SeriesHeader) -> bytes:
    try:
        return header.encode()
    except InputError:
        # A field beyond its width can be in no committed header: hash nothing in its place.
        return b""


def _opened(report: Report, label: str, tree: SeriesTree, table: Table, key: bytes | None) -> _Opened | None:
    if key is not None and header_nonce(key) != tree.header.nonce:
        report.fail(2, "key", f"{label}: the key in keys.json does not open this series")
        report.differ(label, None, f"key with header nonce {tree.header.nonce.hex()}", header_nonce(key).hex())
        return None
    if key is not None and table.nonces is None:
        _name_missing_slots(report, label, tree, table)
        every = slot_nonces(key, tree.header.slot_count)
        salts = [every[slot] if 0 <= slot < len(every) else b"" for slot in table.slots]
        return _Opened(table.slots, table.starts, table.first, table.second, salts)
    if key is None and table.nonces is not None:
        return _Opened(table.slots, table.starts, table.first, table.second, table.nonces)
    report.fail(2, "key", f"{label}: neither key nor nonces open the readings as the level demands")
    return None


def _name_missing_slots(report: Report, label: str, tree: SeriesTree, table: Table) -> None:
    for slot in sorted(set(range(tree.header.slot_count)) - set(table.slots)):
        report.fail(2, "missing_slot", f"{label}: slot {slot} is missing")
        report.differ(label.split(" ", maxsplit=1)[0], slot, "a row for every slot", "no row")


def _rebuild(report: Report, period: str, tree: SeriesTree, opened: _Opened) -> list[bytes]:
    """The leaf hashes with those of opened slots computed anew; every slot that differs is named."""
    header, hashes = tree.header, list(tree.leaves)
    stamps = utc_stamps(header.period_start_s, header.slot_s, header.slot_count)
    found = _hashes_of(opened)
    rows = zip(opened.slots, opened.starts, found, strict=True)
    for row, (slot, start, rebuilt) in enumerate(rows):
        if not 0 <= slot < header.slot_count:
            report.fail(2, "slots", f"{period}: slot {slot} is outside the period")
            report.differ(period, slot, f"slots 0 to {header.slot_count - 1}", slot)
            continue
        if start != stamps[slot] or rebuilt != hashes[1 + slot]:
            text = f"{opened.values[row]} Wh of quality {opened.qualities[row]} at {start}"
            report.fail(2, "reading", f"{period}: slot {slot} was changed")
            report.differ(period, slot, f"leaf {hashes[1 + slot].hex()} at {stamps[slot]}", f"{text}: {rebuilt.hex()}")
        hashes[1 + slot] = rebuilt
    return hashes


def _hashes_of(opened: _Opened) -> list[bytes]:
    readings = list(zip(opened.values, opened.qualities, strict=True))
    if list(opened.slots) == list(range(len(opened.slots))):
        try:
            return slot_hashes(opened.salts, readings)
        except InputError:
            # One reading that no leaf can hold: hash slot by slot, so that only this one is named.
            return [_hash_of(*row) for row in zip(opened.salts, opened.slots, readings, strict=True)]
    return [_hash_of(*row) for row in zip(opened.salts, opened.slots, readings, strict=True)]


def _hash_of(salt: bytes, slot: int, reading: tuple[int, int]) -> bytes:
    try:
        return slot_hash(salt, slot, *reading)
    except (InputError, OverflowError):
        return b""


def _check_root(report: Report, label: str, hashes: Sequence[bytes], stated: bytes) -> None:
    root = root_of_hashes(hashes)
    if root != stated:
        report.fail(2, "series", f"{label}: the slots do not lead to the committed root of the series")
        report.differ(label.split(" ", maxsplit=1)[0], None, f"series root {stated.hex()}", root.hex())


def _check_data_root(case: Case, one: BundleSettlement) -> None:
    fields = one.assignment.fields if one.assignment else None
    if fields is None:
        return
    root = data_root((each.root, each.tree_size) for each in one.series)
    ordered = [each.series_pid for each in one.series]
    if root != fields["data_root"] or len(ordered) != fields["series_count"] or ordered != sorted(set(ordered)):
        case.report.fail(2, "data_root", f"{label_of(one)}: the series do not lead to the data root of the leaf")
        case.report.differ(label_of(one), None, f"data root {fields['data_root'].hex()}", root.hex())
    case.report.note(2, State.OK, f"{label_of(one)}: {len(ordered)} series under the data root")


def _check_totals(case: Case, one: BundleSettlement) -> None:
    aggregates, table, keys = one.aggregates, one.totals, one.totals_keys
    if aggregates is None or aggregates.withdrawn is None or aggregates.injected is None:
        return
    if table is None or keys is None or table.nonces is not None or len(aggregates.roots) != 2:
        case.report.fail(2, "totals", f"{label_of(one)}: slot totals are given without table or keys")
        return
    columns = (table.first, [-value for value in table.second])
    trees = (aggregates.withdrawn, aggregates.injected)
    for direction, (tree, values, key, stated) in enumerate(
        zip(trees, columns, keys, aggregates.roots, strict=True), 1
    ):
        label = f"{label_of(one)} totals"
        signed = Table(table.slots, table.starts, values, [1] * len(values), None)
        place = (tree.period_index, tree.first_revision, tree.number, tree.header.direction)
        if place != (*one.key, direction, direction):
            case.report.fail(2, "totals", f"{label}: the trees are not those of withdrawn and injected energy")
            case.report.differ(label_of(one), None, (*one.key, direction, direction), place)
        elif _header_holds(case, one, tree, stated, label):
            opened = _opened(case.report, label, tree, signed, key)
            if opened is not None:
                _check_root(case.report, label, _rebuild(case.report, label_of(one), tree, opened), stated[0])
