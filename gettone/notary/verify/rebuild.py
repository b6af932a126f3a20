"""Rebuilds the leaf hashes of one tree from what a take-out discloses of it, naming every slot that differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from gettone.errors import InputError
from gettone.notary.bundle import SeriesTree
from gettone.notary.instants import utc_stamps
from gettone.notary.records import Table
from gettone.notary.series import header_nonce, slot_hash, slot_hashes, slot_nonces
from gettone.notary.verify.report import Report


@dataclass(frozen=True, slots=True)
class Opened:
    """What a take-out discloses of one tree: slots, their stamps, values, qualities and salts."""

    slots: Sequence[int]
    starts: Sequence[str]
    values: Sequence[int]
    qualities: Sequence[int]
    salts: Sequence[bytes]


def period_of(label: str) -> str:
    """The settlement that a label such as `0.r0 series 1` begins with."""
    return label.split(" ", maxsplit=1)[0]


def open_tree(report: Report, label: str, tree: SeriesTree, table: Table, key: bytes | None) -> Opened | None:
    """What the key, or the nonces of the table, open of a tree; None, with the reason recorded, if nothing."""
    if key is not None and header_nonce(key) != tree.header.nonce:
        report.fail(
            2,
            "key",
            f"{label}: the key in keys.json does not open this series",
            period=period_of(label),
            expected=f"key with header nonce {tree.header.nonce.hex()}",
            found=header_nonce(key).hex(),
        )
        return None
    if key is not None and table.nonces is None:
        _name_missing_slots(report, label, tree, table)
        every = slot_nonces(key, tree.header.slot_count)
        salts = [every[slot] if 0 <= slot < len(every) else b"" for slot in table.slots]
        return Opened(table.slots, table.starts, table.first, table.second, salts)
    if key is None and table.nonces is not None:
        return Opened(table.slots, table.starts, table.first, table.second, table.nonces)
    report.fail(
        2, "key", f"{label}: neither key nor nonces open the readings as the level demands", period=period_of(label)
    )
    return None


def _name_missing_slots(report: Report, label: str, tree: SeriesTree, table: Table) -> None:
    for slot in sorted(set(range(tree.header.slot_count)) - set(table.slots)):
        report.fail(
            2,
            "missing_slot",
            f"{label}: slot {slot} is missing",
            period=period_of(label),
            slot=slot,
            expected="a row for every slot",
            found="no row",
        )


def rebuild_tree(report: Report, period: str, tree: SeriesTree, opened: Opened) -> list[bytes]:
    """The leaf hashes with those of opened slots computed anew; every slot that differs is named."""
    header, hashes = tree.header, list(tree.leaves)
    stamps = utc_stamps(header.period_start_s, header.slot_s, header.slot_count)
    found = _hashes_of(opened)
    rows = zip(opened.slots, opened.starts, found, strict=True)
    for row, (slot, start, rebuilt) in enumerate(rows):
        if not 0 <= slot < header.slot_count:
            report.fail(
                2,
                "slots",
                f"{period}: slot {slot} is outside the period",
                period=period,
                slot=slot,
                expected=f"slots 0 to {header.slot_count - 1}",
                found=slot,
            )
            continue
        if start != stamps[slot] or rebuilt != hashes[1 + slot]:
            text = f"{opened.values[row]} Wh of quality {opened.qualities[row]} at {start}"
            report.fail(
                2,
                "reading",
                f"{period}: slot {slot} was changed",
                period=period,
                slot=slot,
                expected=f"leaf {hashes[1 + slot].hex()} at {stamps[slot]}",
                found=f"{text}: {rebuilt.hex()}",
            )
        hashes[1 + slot] = rebuilt
    return hashes


def _hashes_of(opened: Opened) -> list[bytes]:
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
