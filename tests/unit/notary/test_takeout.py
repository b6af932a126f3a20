"""What a take-out holds on each level, that it is deterministic, and who signed it."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from gettone.jcs import canonical
from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import write_takeout
from gettone.notary.verify.report import Report
from tests.factories.synthetic_ledger import SyntheticLedger
from tests.factories.synthetic_people import SUBJECT, person, throw_away
from tests.factories.takeouts import takeout_of
from tests.factories.tampering import open_entries

pytestmark = pytest.mark.unit

SERVICE = Account.from_key(throw_away("operator"))


def sign(message: bytes) -> tuple[bytes, bytes]:
    signed = SERVICE.sign_message(encode_defunct(message))
    return bytes.fromhex(SERVICE.address[2:]), bytes(signed.signature)


def test_write_takeout__same_content__same_bytes(ledger: SyntheticLedger) -> None:
    first, second = (write_takeout(takeout_of(ledger), verifier=b"x", sign=sign) for _ in range(2))
    assert first == second


def test_write_takeout__full__every_entry_of_the_format(full: bytes) -> None:
    folders = {name.split("/")[0] for name in open_entries(full)}
    assert folders == {
        "manifest.json",
        "readings",
        "keys.json",
        "series",
        "assignments",
        "roster",
        "aggregates",
        "model",
        "params",
        "inputs",
        "trace",
        "chain",
        "VERIFY.md",
        "verify.py",
    }


def test_write_takeout__json_files__canonical(full: bytes) -> None:
    for name, content in open_entries(full).items():
        if name.endswith(".json"):
            assert canonical(json.loads(content)) == content, name


def test_write_takeout__readings__integers_and_stamps_alone(full: bytes) -> None:
    for name, content in open_entries(full).items():
        if name.startswith("readings/"):
            rows = list(csv.DictReader(io.StringIO(content.decode())))
            assert all(int(row["wh"]) is not None and row["quality"] in "01234" for row in rows)
            assert [int(row["slot"]) for row in rows] == list(range(len(rows)))
            assert not any(row["wh"].startswith(("=", "+", "@")) for row in rows)


def test_write_takeout__no_name_of_a_pod_or_key_of_the_year(full: bytes) -> None:
    one = person(SUBJECT)
    entries = open_entries(full)
    assert not any(one.pod in name for name in entries)
    assert not any(one.k_my.hex().encode() in content for content in entries.values())


def test_write_takeout__partial__no_key_inside(bundles: dict[Level, bytes]) -> None:
    keys = json.loads(open_entries(bundles[Level.PARTIAL])["keys.json"])
    assert (keys["series"], keys["totals"]) == ([], [])
    assert all(one["assignment"] is None and one["roster"] is None for one in keys["settlements"])


def test_write_takeout__corrected_period__both_readings_and_unchanged_series_once(ledger: SyntheticLedger) -> None:
    names = {
        number: sorted(
            name.split("/")[-1]
            for name in open_entries(write_takeout(takeout_of(ledger, number), verifier=b""))
            if name.startswith("readings/")
        )
        for number in (SUBJECT, 7)
    }
    assert names == {SUBJECT: ["0.csv", "0.r1.csv", "1.csv"], 7: ["0.csv", "1.csv"]}


def test_file_name__range__compact_utc(ledger: SyntheticLedger) -> None:
    name = takeout_of(ledger).file_name
    assert name == f"takeout-synthetic-{person(SUBJECT).member_id.hex()}-20260531T220000Z-20260617T220000Z.zip"


def test_verify__operator_signature__signer_reported(ledger: SyntheticLedger, judge: Callable[..., Report]) -> None:
    report = judge(write_takeout(takeout_of(ledger), verifier=b"", sign=sign))
    assert report.verdict == "OK"
    assert f"signed by {SERVICE.address.lower()}" in "; ".join(report.steps[0].details)


@pytest.mark.parametrize(
    "forge",
    [
        lambda message: (bytes(20), sign(message)[1]),
        lambda message: (sign(message)[0], sign(message + b" ")[1]),
        lambda message: (sign(message)[0], bytes(65)),
        lambda message: (sign(message)[0], b"\xff" * 64 + b"\x1b"),
    ],
    ids=["other address", "other message", "zero", "beyond the field"],
)
def test_verify__operator_signature_wrong__invalid(
    forge: Callable[[bytes], tuple[bytes, bytes]], ledger: SyntheticLedger, judge: Callable[..., Report]
) -> None:
    report = judge(write_takeout(takeout_of(ledger), verifier=b"", sign=forge))
    assert (report.verdict, report.exit_status) == ("INVALID:signature", 1)


def test_verify__no_settlement_of_the_range__incomplete(ledger: SyntheticLedger, judge: Callable[..., Report]) -> None:
    report = judge(write_takeout(replace(takeout_of(ledger), from_s=1, to_s=2), verifier=b""))
    assert report.verdict == "INVALID:incomplete"
    report = judge(write_takeout(replace(takeout_of(ledger), settlements=()), verifier=b""))
    assert report.verdict == "INVALID:incomplete"
