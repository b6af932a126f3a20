"""Step 2: slots are counted from the bounds of the period, slots rebuild series, series rebuild the data root."""

from collections.abc import Sequence

from gettone.errors import InputError
from gettone.notary.bundle import BundleSettlement, SeriesReference, SeriesTree
from gettone.notary.leaves import SeriesHeader
from gettone.notary.records import Table
from gettone.notary.series import data_root
from gettone.notary.takeout_format import Level, readings_file
from gettone.notary.tree import leaf_hash, root_of_hashes
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.rebuild import open_tree, period_of, rebuild_tree
from gettone.notary.verify.report import Report, State


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
    opened = open_tree(case.report, label, tree, table, key if level == Level.FULL else None)
    if opened is None:
        return
    hashes = rebuild_tree(case.report, label_of(one), tree, opened)
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
        report.fail(
            2,
            "slots",
            f"{label}: the header does not cover the period with {counted} slots",
            period=label_of(one),
            expected=f"{counted} slots from {bounds[0]}",
            found=f"{found[1]} slots from {found[0]}",
        )
        return False
    if not len(tree.leaves) == stated[1] == header.slot_count + 1:
        report.fail(
            2,
            "slots",
            f"{label}: a tree of {header.slot_count} slots has not {len(tree.leaves)} leaves",
            period=label_of(one),
            expected=f"{header.slot_count + 1} leaves",
            found=f"{len(tree.leaves)}, {stated[1]}",
        )
        return False
    if header.exponent != 0 or leaf_hash(_encoded(header)) != tree.leaves[0]:
        report.fail(
            2,
            "header",
            f"{label}: the header is not the one that was committed",
            period=label_of(one),
            expected=f"header leaf {tree.leaves[0].hex()}",
            found=leaf_hash(_encoded(header)).hex(),
        )
    return True


def _encoded(header: SeriesHeader) -> bytes:
    try:
        return header.encode()
    except InputError:
        # A field beyond its width can be in no committed header: hash nothing in its place.
        return b""


def _check_root(report: Report, label: str, hashes: Sequence[bytes], stated: bytes) -> None:
    root = root_of_hashes(hashes)
    if root != stated:
        report.fail(
            2,
            "series",
            f"{label}: the slots do not lead to the committed root of the series",
            period=period_of(label),
            expected=f"series root {stated.hex()}",
            found=root.hex(),
        )


def _check_data_root(case: Case, one: BundleSettlement) -> None:
    fields = one.assignment.fields if one.assignment else None
    if fields is None:
        return
    root = data_root((each.root, each.tree_size) for each in one.series)
    ordered = [each.series_pid for each in one.series]
    if root != fields["data_root"] or len(ordered) != fields["series_count"] or ordered != sorted(set(ordered)):
        case.report.fail(
            2,
            "data_root",
            f"{label_of(one)}: the series do not lead to the data root of the leaf",
            period=label_of(one),
            expected=f"data root {fields['data_root'].hex()}",
            found=root.hex(),
        )
    case.report.note(2, State.OK, f"{label_of(one)}: {len(ordered)} series under the data root")


def _check_totals(case: Case, one: BundleSettlement) -> None:
    aggregates, table, keys = one.aggregates, one.totals, one.totals_keys
    if aggregates is None or aggregates.withdrawn is None or aggregates.injected is None:
        return
    if table is None or keys is None or table.nonces is not None or len(aggregates.roots) != 2:
        case.report.fail(
            2, "totals", f"{label_of(one)}: slot totals are given without table or keys", period=label_of(one)
        )
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
            case.report.fail(
                2,
                "totals",
                f"{label}: the trees are not those of withdrawn and injected energy",
                period=label_of(one),
                expected=(*one.key, direction, direction),
                found=place,
            )
        elif _header_holds(case, one, tree, stated, label):
            opened = open_tree(case.report, label, tree, signed, key)
            if opened is not None:
                _check_root(case.report, label, rebuild_tree(case.report, label_of(one), tree, opened), stated[0])
