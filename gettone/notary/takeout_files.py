"""The files of a take-out, as `docs/formats/takeout.md` describes them: JSON in canonical form, CSV of integers."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from gettone.jcs import canonical
from gettone.notary.digests import input_salt, params_digest, trace_salt
from gettone.notary.instants import utc_stamps
from gettone.notary.leaves import AssignmentLeaf, RosterLeaf
from gettone.notary.series import series_hashes, slot_nonces
from gettone.notary.takeout import (
    ChainReference,
    Takeout,
    TakeoutSeries,
    TakeoutSettlement,
    TakeoutSources,
    TakeoutTotals,
    TreeProof,
)
from gettone.notary.takeout_format import (
    READINGS_COLUMNS,
    TOTALS_COLUMNS,
    Level,
    readings_file,
    series_file,
)
from gettone.notary.tree import root_of_hashes


def takeout_files(takeout: Takeout) -> dict[str, bytes]:
    """Every file of the take-out but manifest, manual and program, by name."""
    files: dict[str, bytes] = {"keys.json": canonical(_keys(takeout))}
    for settlement in takeout.settlements:
        label, period = settlement.label, settlement.period_index
        roots = []
        for series in settlement.series:
            hashes = series_hashes(series.k_p, series.header, series.readings)
            roots.append((root_of_hashes(hashes), len(hashes)))
            place = (series.header.series_pid, period, series.first_revision)
            files[series_file(*place)] = canonical(_series(period, series, hashes))
            if takeout.level != Level.PROOF_ONLY:
                files[readings_file(*place)] = _readings(takeout.level, series)
        files[f"assignments/{label}.json"] = canonical(_assignment(settlement, roots))
        files[f"roster/{label}.json"] = canonical(_roster(settlement))
        files[f"chain/{label}.json"] = canonical(_chain(settlement.chain))
        files |= _totals_files(takeout.level, settlement) | _object_files(takeout.level, settlement)
        if settlement.sources is not None:
            files[f"ingest/{label}.json"] = canonical(_ingest(takeout.level, settlement.sources))
    return files


def _keys(takeout: Takeout) -> dict[str, Any]:
    full, opened = takeout.level == Level.FULL, takeout.level != Level.PROOF_ONLY
    settlements, series, totals = [], {}, []
    for one in takeout.settlements:
        place = {"period": one.period_index, "revision": one.revision}
        if opened and one.k_assignment is not None:
            settlements.append(place | _member_keys(one, full))
        for each in one.series if full else ():
            name = readings_file(each.header.series_pid, one.period_index, each.first_revision)
            series[name] = {"readings": name, "k_p": each.k_p.hex()}
        if full and isinstance(one.totals, TakeoutTotals):
            both = {"withdrawn": one.totals.withdrawn.k_p.hex(), "injected": one.totals.injected.k_p.hex()}
            totals.append(place | both)
    return {"settlements": settlements, "series": list(series.values()), "totals": totals}


def _member_keys(one: TakeoutSettlement, full: bool) -> dict[str, Any]:
    k_p = one.k_assignment or b""
    return {
        "assignment": k_p.hex() if full else None,
        "roster": one.k_roster.hex() if full and one.k_roster else None,
        "input_salt": None if one.inputs is None else input_salt(k_p).hex(),
        "trace_salt": None if one.trace is None else trace_salt(k_p).hex(),
    }


def _series(period_index: int, series: TakeoutSeries, hashes: Iterable[bytes]) -> dict[str, Any]:
    header = series.header
    return {
        "period": period_index,
        "first_revision": series.first_revision,
        "number": series.number,
        "header": {
            "nonce": header.nonce.hex(),
            "series_pid": header.series_pid.hex(),
            "period_start_s": header.period_start_s,
            "slot_s": header.slot_s,
            "slot_count": header.slot_count,
            "exponent": header.exponent,
            "direction": header.direction,
            "source_class": header.source_class,
            "source_digest": header.source_digest.hex(),
        },
        "leaves": [leaf.hex() for leaf in hashes],
    }


def _readings(level: Level, series: TakeoutSeries) -> bytes:
    header = series.header
    starts = utc_stamps(header.period_start_s, header.slot_s, header.slot_count)
    rows = [
        f"{slot},{start},{value or 0},{quality}"
        for slot, (start, (value, quality)) in enumerate(zip(starts, series.readings, strict=True))
    ]
    if level == Level.FULL:
        return "\n".join([READINGS_COLUMNS, *rows, ""]).encode()
    salts = slot_nonces(series.k_p, header.slot_count)
    opened = [f"{rows[slot]},{salts[slot].hex()}" for slot in sorted(series.disclosed_slots)]
    return "\n".join([READINGS_COLUMNS + ",nonce", *opened, ""]).encode()


def _assignment(one: TakeoutSettlement, roots: list[tuple[bytes, int]]) -> dict[str, Any]:
    series = [
        {
            "series_pid": each.header.series_pid.hex(),
            "first_revision": each.first_revision,
            "root": root.hex(),
            "tree_size": size,
        }
        for each, (root, size) in zip(one.series, roots, strict=True)
    ]
    return {
        "leaf": None if one.assignment is None else one.assignment.encode().hex(),
        "fields": None if one.assignment is None else leaf_fields(one.assignment),
        "proof": _proof(one.assignment_proof),
        "series": series,
        "erased": None if one.erased is None else asdict(one.erased),
    }


def _roster(one: TakeoutSettlement) -> dict[str, Any]:
    return {
        "leaf": None if one.roster is None else one.roster.encode().hex(),
        "fields": None if one.roster is None else leaf_fields(one.roster),
        "proof": _proof(one.roster_proof),
    }


def leaf_fields(leaf: AssignmentLeaf | RosterLeaf) -> dict[str, Any]:
    """The fields of a leaf by name: bytes in hex, amounts and bounds of membership as strings."""
    fields = {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(leaf).items()}
    for name in ("amount_units", "member_from_s", "member_to_s"):
        if name in fields:
            fields[name] = str(fields[name])
    return fields


def _proof(proof: TreeProof) -> dict[str, Any]:
    return {
        "leaf_hash": proof.leaf_hash.hex(),
        "leaf_index": proof.index,
        "leaf_count": proof.size,
        "path": [node.hex() for node in proof.path],
        "root": proof.root.hex(),
    }


def _ingest(level: Level, sources: TakeoutSources) -> dict[str, Any]:
    """The leaf of a batch names the digest of its file, so it is opened with all slots or not at all."""
    return {
        "root": sources.root.hex(),
        "size": sources.size,
        "leaves": [
            {
                "leaf": one.preimage.hex() if one.preimage and (one.parts or level == Level.FULL) else None,
                "leaf_hash": one.leaf_hash.hex(),
                "leaf_index": one.index,
                "path": [node.hex() for node in one.path],
                "parts": [part.hex() for part in one.parts],
            }
            for one in sources.leaves
        ],
    }


def _chain(reference: ChainReference) -> dict[str, Any]:
    return {
        "chain_id": reference.chain_id,
        "genesis_hash": reference.genesis_hash.hex(),
        "contract": reference.contract.hex(),
        "transaction": reference.transaction.hex(),
        "block": {"number": reference.block_number, "hash": reference.block_hash.hex()},
        "receipt_proof": None,
        "seals": None,
    }


def _totals_files(level: Level, one: TakeoutSettlement) -> dict[str, bytes]:
    totals, name = one.totals, f"aggregates/{one.label}"
    if not isinstance(totals, TakeoutTotals):
        roots = [totals.withdrawn, totals.injected]
        return {f"{name}.json": canonical({"roots": _roots(roots), "withdrawn": None, "injected": None})}
    both = (totals.withdrawn, totals.injected)
    hashes = [series_hashes(each.k_p, each.header, each.readings) for each in both]
    roots = [(root_of_hashes(leaves), len(leaves)) for leaves in hashes]
    if level != Level.FULL:
        return {f"{name}.json": canonical({"roots": _roots(roots), "withdrawn": None, "injected": None})}
    trees = [_series(one.period_index, each, leaves) for each, leaves in zip(both, hashes, strict=True)]
    opened = {"roots": _roots(roots), "withdrawn": trees[0], "injected": trees[1]}
    return {f"{name}.json": canonical(opened), f"{name}.csv": _totals_table(totals)}


def _roots(roots: list[tuple[bytes, int]]) -> list[dict[str, Any]]:
    return [{"root": root.hex(), "tree_size": size} for root, size in roots]


def _totals_table(totals: TakeoutTotals) -> bytes:
    header = totals.withdrawn.header
    starts = utc_stamps(header.period_start_s, header.slot_s, header.slot_count)
    pairs = zip(starts, totals.withdrawn.readings, totals.injected.readings, strict=True)
    rows = [f"{slot},{start},{w},{-(j or 0)}" for slot, (start, (w, _), (j, _)) in enumerate(pairs)]
    return "\n".join([TOTALS_COLUMNS, *rows, ""]).encode()


def _object_files(level: Level, one: TakeoutSettlement) -> dict[str, bytes]:
    files = {}
    if one.model is not None:
        files[f"model/{one.model['id']}@{one.model['version']}.json"] = canonical(one.model)
    if one.params is not None:
        files[f"params/{params_digest(one.params).hex()}.json"] = canonical(one.params)
    if level != Level.PROOF_ONLY and one.inputs is not None:
        files[f"inputs/{one.label}.json"] = canonical(one.inputs)
    if level != Level.PROOF_ONLY and one.trace is not None:
        files[f"trace/{one.label}.csv"] = one.trace.encode()
    return files
