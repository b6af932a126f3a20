"""Reads the entries of a take-out into a `Bundle`; knows every name and every field of the format."""

import re
from collections.abc import Callable
from typing import Any

from gettone.errors import InputError
from gettone.jcs import loads_canonical
from gettone.notary.archive import Archive
from gettone.notary.bundle import (
    Bundle,
    BundleSettlement,
    MemberKeys,
    Problem,
    SettlementKey,
)
from gettone.notary.bundle_fields import (
    parse_aggregates,
    parse_assignment,
    parse_chain,
    parse_ingest,
    parse_keys,
    parse_manifest,
    parse_roster,
    parse_series,
)
from gettone.notary.digests import model_digest, numbers_as_text
from gettone.notary.records import parse_table
from gettone.notary.takeout_format import READINGS_COLUMNS, TOTALS_COLUMNS, series_file

_LABEL = r"(0|[1-9][0-9]{0,9})"
_SETTLEMENT_FILE = re.compile(
    rf"(assignments|roster|aggregates|inputs|trace|chain|ingest)/{_LABEL}\.r{_LABEL}\.(json|csv)"
)
_READINGS_FILE = re.compile(rf"readings/([0-9a-f]{{64}})/{_LABEL}(?:\.r([1-9][0-9]{{0,9}}))?\.csv")
_FIXED = frozenset({"manifest.json", "keys.json", "VERIFY.md", "verify.py"})


def read_bundle(archive: Archive) -> Bundle:
    """Parse all entries; whatever is unknown or malformed becomes a problem, never an exception."""
    bundle = Bundle(archive.entries, archive.deterministic)
    for name in sorted(archive.entries, key=str.encode):
        _guard(bundle, name, lambda name=name: _read_entry(bundle, name))  # type: ignore[misc]
    for name in ("manifest.json", "keys.json"):
        if name not in archive.entries:
            bundle.problems.append(Problem(name, "bundle_file_missing", f"{name} is missing"))
    return bundle


def _guard(bundle: Bundle, name: str, read: Callable[[], None]) -> None:
    try:
        read()
    except InputError as refusal:
        bundle.problems.append(Problem(name, refusal.code, f"{name}: {refusal.message}"))


def _read_entry(bundle: Bundle, name: str) -> None:
    content = bundle.entries[name]
    if match := _SETTLEMENT_FILE.fullmatch(name):
        key = (int(match[2]), int(match[3]))
        _read_settlement_file(_settlement(bundle, key), match[1], match[4], content)
    elif match := _READINGS_FILE.fullmatch(name):
        table = parse_table(content, name, READINGS_COLUMNS)
        bundle.readings[(bytes.fromhex(match[1]), int(match[2]), int(match[3] or 0))] = table
    elif name == "manifest.json":
        bundle.manifest = parse_manifest(loads_canonical(content))
    elif name == "keys.json":
        _read_keys(bundle, loads_canonical(content))
    elif name.startswith("series/"):
        _read_series(bundle, name, loads_canonical(content))
    elif name.startswith(("model/", "params/")):
        _read_object(bundle, name, loads_canonical(content))
    elif name not in _FIXED:
        raise InputError("bundle_file_unknown", "a take-out has no such file")


def _settlement(bundle: Bundle, key: SettlementKey) -> BundleSettlement:
    return bundle.settlements.setdefault(key, BundleSettlement(key))


def _read_settlement_file(one: BundleSettlement, folder: str, kind: str, content: bytes) -> None:
    if kind == "csv" and folder == "aggregates":
        one.totals = parse_table(content, "aggregates", TOTALS_COLUMNS)
    elif kind == "csv" and folder == "trace":
        one.trace = _utf8(content)
    elif kind == "csv" or folder == "trace":
        raise InputError("bundle_file_unknown", "a take-out has no such file")
    elif folder == "assignments":
        one.assignment, one.series, one.is_erased = parse_assignment(loads_canonical(content))
    elif folder == "roster":
        one.roster = parse_roster(loads_canonical(content))
    elif folder == "aggregates":
        one.aggregates = parse_aggregates(loads_canonical(content))
    elif folder == "ingest":
        one.ingest = parse_ingest(loads_canonical(content))
    elif folder == "inputs":
        one.inputs = _object(loads_canonical(content))
    else:
        one.chain = parse_chain(loads_canonical(content))


def _read_keys(bundle: Bundle, value: Any) -> None:
    keys = parse_keys(value)
    for one in keys["settlements"]:
        settlement = _settlement(bundle, (one["period"], one["revision"]))
        settlement.keys = MemberKeys(one["assignment"], one["roster"], one["input_salt"], one["trace_salt"])
    for one in keys["totals"]:
        _settlement(bundle, (one["period"], one["revision"])).totals_keys = (one["withdrawn"], one["injected"])
    for one in keys["series"]:
        bundle.series_keys[one["readings"]] = one["k_p"]


def _read_series(bundle: Bundle, name: str, value: Any) -> None:
    tree = parse_series(value)
    key = (tree.header.series_pid, tree.period_index, tree.first_revision)
    if name != series_file(*key):
        raise InputError("bundle_field", "the file name does not fit the series inside")
    bundle.series[key] = tree


def _read_object(bundle: Bundle, name: str, value: Any) -> None:
    document = _object(value)
    if name.startswith("model/"):
        if name != f"model/{document.get('id')}@{document.get('version')}.json":
            raise InputError("bundle_field", "the file name does not fit the model inside")
        bundle.models[model_digest(document)] = document
    elif match := re.fullmatch(r"params/([0-9a-f]{64})\.json", name):
        # Kept under the digest in its name: step 3 compares the content, step 7 names a changed parameter.
        bundle.params[bytes.fromhex(match[1])] = document
    else:
        raise InputError("bundle_file_unknown", "a take-out has no such file")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or value != numbers_as_text(value):
        raise InputError("bundle_field", "the file must hold a JSON object with every number a string")
    return value


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("bundle_table", "the file is not UTF-8 text") from None
