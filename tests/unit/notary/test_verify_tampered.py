"""Every way of tampering is refused, with its reason, and the difference names what was changed."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.tree import leaf_hash
from gettone.notary.verify.report import Report
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import SUBJECT, person
from tests.factories.takeouts import takeout_of
from tests.factories.tampering import Entries, edit_json, edit_row, open_entries, other_digit, pack

pytestmark = pytest.mark.unit

Judge = Callable[..., Report]


def readings_of(entries: Entries, period: str = "0") -> str:
    return next(name for name in sorted(entries) if name.startswith("readings/") and name.endswith(f"/{period}.csv"))


def add_1_wh(row: list[str]) -> list[str]:
    return [row[0], row[1], str(int(row[2]) + 1), *row[3:]]


def change_reading(entries: Entries) -> None:
    edit_row(entries, readings_of(entries), 7, add_1_wh)


def change_quality(entries: Entries) -> None:
    edit_row(entries, readings_of(entries), 7, lambda row: [*row[:3], "2"])


def change_stamp(entries: Entries) -> None:
    edit_row(entries, readings_of(entries), 7, lambda row: [row[0], "2026-06-01T00:00:00Z", *row[2:]])


def drop_slot(entries: Entries) -> None:
    edit_row(entries, readings_of(entries), 7, lambda row: None)


def change_key(entries: Entries) -> None:
    edit_json(entries, "keys.json", lambda keys: keys["series"][0].update(k_p=other_digit(keys["series"][0]["k_p"])))


def change_total(entries: Entries) -> None:
    edit_row(entries, "aggregates/0.r0.csv", 7, add_1_wh)


def change_leaf_field(entries: Entries) -> None:
    edit_json(entries, "assignments/0.r0.json", lambda one: one["fields"].update(wallet="11" * 20))


def change_stated_amount(entries: Entries) -> None:
    edit_json(entries, "assignments/0.r0.json", lambda one: one["fields"].update(amount_units="999"))


def change_amount_and_leaf(entries: Entries) -> None:
    """A forger who rewrites the leaf bytes, the field and the leaf hash, but cannot rewrite the tree."""

    def change(one: dict[str, Any]) -> None:
        leaf = bytearray.fromhex(one["leaf"])
        leaf[112:144] = (999).to_bytes(32, "big")
        one["leaf"], one["fields"]["amount_units"] = leaf.hex(), "999"
        one["proof"]["leaf_hash"] = leaf_hash(bytes(leaf)).hex()

    edit_json(entries, "assignments/0.r0.json", change)


def change_path(entries: Entries) -> None:
    edit_json(
        entries,
        "assignments/0.r0.json",
        lambda one: one["proof"]["path"].__setitem__(1, other_digit(one["proof"]["path"][1])),
    )


def shorten_path(entries: Entries) -> None:
    edit_json(entries, "assignments/0.r0.json", lambda one: one["proof"]["path"].pop())


def change_root(entries: Entries) -> None:
    edit_json(entries, "assignments/0.r0.json", lambda one: one["proof"].update(root="22" * 32))


def change_roster_root(entries: Entries) -> None:
    edit_json(entries, "roster/0.r0.json", lambda one: one["proof"].update(root="22" * 32))


def change_parameter(entries: Entries) -> None:
    def change(params: dict[str, Any]) -> None:
        params["parameters"]["budget_units"] = str(10**9 + 1)

    digest = json.loads(entries["assignments/0.r0.json"])["fields"]["params_digest"]
    edit_json(entries, f"params/{digest}.json", change)


def change_model(entries: Entries) -> None:
    name = next(one for one in sorted(entries) if one.startswith("model/") and one.endswith("@1.json"))
    edit_json(entries, name, lambda model: model.update(kind="no_peaks"))


def change_inputs(entries: Entries) -> None:
    edit_json(entries, "inputs/0.r0.json", lambda one: one["devices"][0].update(contract_power_w="9000"))


def change_trace(entries: Entries) -> None:
    entries["trace/0.r0.csv"] = entries["trace/0.r0.csv"].replace(b"reward,", b"reward,1")


def change_series_leaf(entries: Entries) -> None:
    name = next(one for one in sorted(entries) if one.startswith("series/") and one.endswith(".0.json"))
    edit_json(entries, name, lambda one: one["leaves"].__setitem__(8, other_digit(one["leaves"][8])))


def change_header(entries: Entries) -> None:
    name = next(one for one in sorted(entries) if one.startswith("series/") and one.endswith(".0.json"))
    edit_json(entries, name, lambda one: one["header"].update(source_class=3))


def drop_revision(entries: Entries) -> None:
    for name in [one for one in entries if "/0.r0." in one]:
        del entries[name]
    edit_json(entries, "manifest.json", lambda one: one["settlements"].pop(0))
    edit_json(entries, "keys.json", lambda one: (one["settlements"].pop(0), one["totals"].pop(0)))


def drop_file(entries: Entries) -> None:
    del entries["inputs/0.r0.json"]


def change_place(entries: Entries) -> None:
    edit_json(entries, "chain/0.r0.json", lambda one: one.update(transaction="33" * 32))


@dataclass(frozen=True)
class Tampering:
    change: Callable[[Entries], None]
    reason: str
    named: tuple[str | None, int | None, str]
    """Settlement, slot, and a text that expected or found must hold."""


TAMPERINGS = [
    Tampering(change_reading, "reading", ("0.r0", 7, " Wh of quality 1 at 2026-06-01T05:00:00Z")),
    Tampering(change_quality, "reading", ("0.r0", 7, "of quality 2")),
    Tampering(change_stamp, "reading", ("0.r0", 7, "at 2026-06-01T00:00:00Z")),
    Tampering(drop_slot, "missing_slot", ("0.r0", 7, "no row")),
    Tampering(change_key, "key", ("0.r0", None, "key with header nonce")),
    Tampering(change_total, "reading", ("0.r0", 7, " Wh of quality 1")),
    Tampering(change_series_leaf, "reading", ("0.r0", 7, " Wh of quality 1")),
    Tampering(change_header, "header", ("0.r0", None, "header leaf")),
    Tampering(change_leaf_field, "leaf", ("0.r0", None, "wallet 1111")),
    Tampering(change_stated_amount, "leaf", ("0.r0", None, "amount_units 999")),
    Tampering(change_amount_and_leaf, "path", ("0.r0", None, "999 units")),
    Tampering(change_path, "path", ("0.r0", None, "assignment root")),
    Tampering(shorten_path, "path", ("0.r0", None, "None")),
    Tampering(change_root, "path", ("0.r0", None, "assignment root 2222")),
    Tampering(change_roster_root, "path", ("0.r0", None, "roster root 2222")),
    Tampering(change_parameter, "params", ("0.r0", None, "budget_units 1000000001")),
    Tampering(change_model, "model", ("0.r0", None, "model digest")),
    Tampering(change_inputs, "inputs", ("0.r0", None, "inputs digest")),
    Tampering(change_trace, "trace", ("0.r0", None, "reward,1")),
    Tampering(drop_file, "incomplete", ("0.r0", None, "inputs/0.r0.json")),
    Tampering(change_place, "chain", ("0.r0", None, "transaction 3333")),
]


def names(report: Report, wanted: tuple[str | None, int | None, str]) -> bool:
    period, slot, text = wanted
    return any(
        (one.period, one.slot) == (period, slot) and (text in one.expected or text in one.found)
        for one in report.differences
    )


@pytest.mark.parametrize("one", TAMPERINGS, ids=lambda one: one.change.__name__)
def test_verify__tampered__invalid_and_named(one: Tampering, full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    one.change(entries)
    report = judge(pack(entries))
    assert report.verdict == f"INVALID:{one.reason}"
    assert report.exit_status == 1
    assert one.named[2] == "" or names(report, one.named), report.differences
    assert all(difference.member == person(SUBJECT).member_id.hex() for difference in report.differences)


def test_verify__reading_changed_and_digest_not_made_to_fit__still_named_by_slot(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    change_reading(entries)
    report = judge(pack(entries, fits_digests=False))
    assert report.verdict == "INVALID:reading"
    assert report.steps[0].state == "failed"
    assert names(report, ("0.r0", 7, "Wh"))


def test_verify__reading_changed__only_that_slot_is_named(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    change_reading(entries)
    slots = {(one.period, one.slot) for one in judge(pack(entries)).differences if one.slot is not None}
    # The correction shares no bytes with revision 0: its series was committed anew.
    assert slots == {("0.r0", 7)}


def test_verify__value_no_leaf_can_hold__named_by_slot(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    edit_row(entries, readings_of(entries), 7, lambda row: [row[0], row[1], "9" * 19, row[3]])
    report = judge(pack(entries))
    assert report.verdict == "INVALID:reading"
    assert names(report, ("0.r0", 7, "9" * 19))


def test_verify__nonce_of_partial_changed__slot_named(bundles: dict[Level, bytes], judge: Judge) -> None:
    entries = open_entries(bundles[Level.PARTIAL])
    edit_row(entries, readings_of(entries), 7, lambda row: [*row[:4], other_digit(row[4])])
    report = judge(pack(entries))
    assert (report.verdict, report.exit_status) == ("INVALID:reading", 1)
    assert names(report, ("0.r0", 7, "Wh"))


def test_verify__leaf_of_another_member__data_root_and_blind_differ(
    full: bytes, ledger: SyntheticLedger, judge: Judge
) -> None:
    entries = open_entries(full)
    other = json.loads(open_entries(write_takeout(takeout_of(ledger, 5), verifier=b""))["assignments/0.r0.json"])
    edit_json(entries, "assignments/0.r0.json", lambda one: one.update(other | {"series": one["series"]}))
    report = judge(pack(entries))
    assert (report.verdict, report.exit_status) == ("INVALID:data_root", 1)
    assert names(report, ("0.r0", None, "blind of the leaf"))


def test_verify__roster_leaf_of_another_member__invalid(full: bytes, ledger: SyntheticLedger, judge: Judge) -> None:
    entries = open_entries(full)
    other = open_entries(write_takeout(takeout_of(ledger, 5), verifier=b""))
    entries["roster/0.r0.json"] = other["roster/0.r0.json"]
    report = judge(pack(entries))
    assert (report.verdict, report.exit_status) == ("INVALID:roster", 1)
    assert names(report, ("0.r0", None, "blind of the roster leaf"))


def test_verify__superseded_revision_left_out__invalid(ledger: SyntheticLedger, judge: Judge) -> None:
    entries = open_entries(write_takeout(takeout_of(ledger, 5), verifier=b""))
    drop_revision(entries)
    report = judge(pack(entries))
    assert (report.verdict, report.exit_status) == ("INVALID:revision", 1)


def test_verify__everything_of_another_member_under_my_name__inputs_do_not_open(
    full: bytes, ledger: SyntheticLedger, judge: Judge
) -> None:
    entries = open_entries(full)
    other = open_entries(write_takeout(takeout_of(ledger, 5), verifier=b""))
    entries["inputs/0.r0.json"] = other["inputs/0.r0.json"]
    assert judge(pack(entries)).verdict == "INVALID:inputs"


def _repacked(entries: Entries, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_verify__truncated__invalid_archive(full: bytes, judge: Judge) -> None:
    report = judge(full[: len(full) // 2])
    assert (report.verdict, report.exit_status) == ("INVALID:archive", 1)
    assert "archive_broken" in report.differences[0].found


def test_verify__zip_bomb__refused_before_unpacking(full: bytes, judge: Judge) -> None:
    entries = open_entries(full) | {"VERIFY.md": b"\0" * (10 << 20)}
    report = judge(_repacked(entries, compression=zipfile.ZIP_DEFLATED))
    assert (report.verdict, report.exit_status) == ("INVALID:archive", 1)
    assert "archive_bomb" in report.differences[0].found


def test_verify__packed_again_by_another_program__invalid_but_every_step_runs(full: bytes, judge: Judge) -> None:
    report = judge(_repacked(open_entries(full), compression=zipfile.ZIP_DEFLATED))
    assert report.verdict == "INVALID:archive"
    assert [step.state for step in report.steps[1:]] == ["ok"] * 8


def test_verify__duplicate_json_key__invalid_and_file_named(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    entries["roster/0.r0.json"] = entries["roster/0.r0.json"].replace(b'{"fields"', b'{"leaf":null,"fields"', 1)
    report = judge(pack(entries))
    assert (report.verdict, report.exit_status) == ("INVALID:format", 1)
    assert names(report, (None, None, "[json_duplicate] roster/0.r0.json"))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("extra.txt", b"hello", "bundle_file_unknown"),
        ("assignments/9.r0.csv", b"", "bundle_file_unknown"),
        ("aggregates/0.r0.csv", b"slot\n", "bundle_table"),
        ("keys.json", b"\xff", "json_text"),
        ("keys.json", b'{"a": 1}', "json_canonical"),
        ("chain/0.r0.json", b"[]", "bundle_field"),
        ("roster/0.r0.json", b"1.5", "json_number"),
    ],
)
def test_verify__malformed_file__invalid_and_named(
    name: str, content: bytes, code: str, full: bytes, judge: Judge
) -> None:
    report = judge(pack(open_entries(full) | {name: content}))
    assert report.verdict.startswith("INVALID:")
    assert names(report, (None, None, f"[{code}] {name}"))
    assert report.steps[0].state == "failed"


def test_verify__unknown_field__invalid(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    edit_json(entries, "chain/0.r0.json", lambda one: one.update(note="x"))
    report = judge(pack(entries))
    assert report.verdict == "INVALID:format"
    assert names(report, (None, None, "field 'note'"))


def test_verify__no_manifest__invalid(full: bytes, judge: Judge) -> None:
    entries = open_entries(full)
    del entries["manifest.json"]
    report = judge(pack(entries, fits_digests=False))
    assert (report.verdict, report.exit_status) == ("INVALID:format", 1)
