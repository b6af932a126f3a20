"""Forgetting a member: nothing of them is left in the database file or the lake, and everybody else's data stays."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.keys import LAKE, Keys
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Anomaly, Erasure, MemberKey, UserCommunity
from gettone.errors import Conflict, InputError, Refused
from gettone.lake import Lake
from gettone.metering.edits.approval import Action
from gettone.notary.ingest_leaf import LeafKind
from gettone.vault import Vault
from oracle.intake import Intake
from oracle.quality.editing import Wanted, approve_edit, propose_edit
from oracle.quality.erasure import Eraser, ErasureOutcome
from tests.factories.metering import FLOW, RECEIPT_MS, START_S, START_SLOT, RegisteredCommunity, contents, register

NOW_MS = RECEIPT_MS + 1000
PODS = ("IT001E11111111", "IT001E22222222")
HOURS = 6


@pytest.fixture
def lake(database: Database, vault: Vault, tmp_path: Path) -> Lake:
    with database.write() as connection:
        return Lake(tmp_path / "lake", Keys(connection, vault).platform_key(LAKE))


@pytest.fixture
def community(database: Database, vault: Vault, lake: Lake) -> RegisteredCommunity:
    """Two members with a POD each, one file about both, and one edit of the first member's readings."""
    found = register(database, vault, PODS, contract_w=2_000_000_000)
    receive(database, vault, lake, [(pod, hour, value(pod, hour)) for pod in PODS for hour in range(HOURS)])
    with database.write() as connection:
        Keys(connection, vault).member_key(found.members[0].member_id, 2016)
        channel_id = found.channel_ids[0]
        span = {"first_slot": START_SLOT, "last_slot": START_SLOT, "count": 1, "severity": 1, "state": "open"}
        connection.execute(insert(Anomaly).values(channel_id=channel_id, code="C_SUM", **span))
    wanted = Wanted(channel_id, Action.WITHDRAW, START_SLOT, START_SLOT + 4, 4, "read on site")
    row = propose_edit(database, wanted, operator="a.rossi", now_ms=NOW_MS)
    approve_edit(database, lake, row.edit_id, operator="b.verdi", now_ms=NOW_MS)
    return found


def value(pod: str, hour: int) -> int:
    """Readings [Wh] whose four bytes stand nowhere else by chance."""
    return 1_600_000_000 + 7_919 * (hour + 1) + (1_000_003 if pod == PODS[1] else 0)


def receive(database: Database, vault: Vault, lake: Lake, rows: list[tuple[str, int, int]]) -> int:
    lines = ["device,timestamp_utc,interval_s,energy_wh"]
    lines += [f"{pod},2016-09-01T{hour:02}:00:00Z,3600,{wh}" for pod, hour, wh in rows]
    intake = Intake(database, vault, lake)
    receipt = intake.receive(FLOW, ("\n".join(lines) + "\n").encode(), received_at_ms=RECEIPT_MS)
    outcome = intake.process(receipt.batch_id, now_ms=RECEIPT_MS)
    assert outcome.state == "done"
    return receipt.batch_id


@pytest.fixture
def eraser(database: Database, vault: Vault, lake: Lake, tmp_path: Path) -> Eraser:
    return Eraser(database, vault, lake, tmp_path / "purge-list")


def erase(eraser: Eraser, found: RegisteredCommunity, number: int = 0) -> ErasureOutcome:
    member = found.members[number].member_id
    eraser.erase("fontana", member, operator="a.rossi", reason="asked by letter", now_ms=NOW_MS)
    return eraser.erase("fontana", member, operator="b.verdi", reason="", now_ms=NOW_MS)


def payloads(lake: Lake, folder: Path) -> Iterator[bytes]:
    """Every file of the lake, decrypted."""
    for path in sorted(folder.glob("??/*")):
        yield lake.read(bytes.fromhex(path.name))


def traces(found: RegisteredCommunity, number: int, pod: str, hours: range) -> list[bytes]:
    """What would tell the member: readings as the database and a file write them, pseudonym, POD."""
    readings = [value(pod, hour) for hour in hours]
    member = found.members[number].member_id
    texts = [pod, member, *map(str, readings)]
    return [text.encode() for text in texts] + [bytes.fromhex(member)] + [wh.to_bytes(4, "big") for wh in readings]


def stored_bytes(database: Database) -> bytes:
    """The database file with its write-ahead log; of PostgreSQL every row as text."""
    if database.is_sqlite:
        path = Path(database.engine.url.database or "")
        return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    rows = contents(database, *Base.metadata.tables)
    return repr(rows).encode() + b"".join(_blobs(rows))


def _blobs(rows: dict[str, list[tuple[Any, ...]]]) -> Iterator[bytes]:
    for table in rows.values():
        for row in table:
            yield from (part for part in row if isinstance(part, bytes))


def test_erase__second_person__leaves_no_byte_of_the_member(
    database: Database, lake: Lake, eraser: Eraser, community: RegisteredCommunity, tmp_path: Path
) -> None:
    mine = traces(community, 0, PODS[0], range(HOURS))
    before = stored_bytes(database) + b"".join(payloads(lake, tmp_path / "lake"))
    assert sum(trace in before for trace in mine) > HOURS
    erase(eraser, community)
    after = stored_bytes(database) + b"".join(payloads(lake, tmp_path / "lake"))
    assert [trace for trace in mine if trace in after] == []


def test_erase__second_person__keeps_the_others(
    database: Database, lake: Lake, eraser: Eraser, community: RegisteredCommunity, tmp_path: Path
) -> None:
    channel = community.channels[1]
    with database.read() as connection:
        before = Readings(connection).as_of([channel], START_SLOT, START_SLOT + 96, 9)
    erase(eraser, community)
    with database.read() as connection:
        assert Readings(connection).as_of([channel], START_SLOT, START_SLOT + 96, 9) == before
        members = connection.execute(select(UserCommunity.member_id)).scalars().all()
    assert members == [community.members[1].member_id]
    lines = b"".join(payloads(lake, tmp_path / "lake")).decode()
    assert [str(value(PODS[1], hour)) in lines for hour in range(HOURS)] == [True] * HOURS


def test_erase__second_person__appends_a_tombstone_and_keeps_the_root(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    with database.read() as connection:
        root, size = IngestLog(connection).head()
    outcome = erase(eraser, community)
    assert outcome.leaf_index == size
    with database.read() as connection:
        log = IngestLog(connection)
        assert log.head(size) == (root, size)
        assert log.get(size).kind is LeafKind.TOMBSTONE
        assert [log.get(index).preimage for index in range(size)] == [None] * size


def test_erase__second_person__blanks_what_would_confirm_a_guess(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    erase(eraser, community)
    with database.read() as connection:
        batches = Batches(connection).all()
        keys = connection.execute(select(MemberKey.member_id)).all()
        erasure = connection.execute(select(Erasure.member_id, Erasure.plan, Erasure.state)).one()
    assert [(one.sha256, one.nonce) for one in batches] == [(None, None)] * 2
    assert keys == []
    assert tuple(erasure) == (None, None, "erased")


def test_erase__batch_without_the_member__stays_as_it_was(
    database: Database, vault: Vault, lake: Lake, eraser: Eraser, community: RegisteredCommunity
) -> None:
    batch_id = receive(database, vault, lake, [(PODS[1], 12, 500)])
    with database.read() as connection:
        before = Batches(connection).get([batch_id])
    erase(eraser, community)
    with database.read() as connection:
        after = Batches(connection).get([batch_id])
    assert after[batch_id].sha256 == before[batch_id].sha256
    assert lake.has(after[batch_id].sha256 or b"")


def test_erase__one_person__changes_nothing_but_the_proposal(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    tables = [name for name in Base.metadata.tables if name != "erasures"]
    before = contents(database, *tables)
    member = community.members[0].member_id
    outcome = eraser.erase("fontana", member, operator="a.rossi", reason="asked by letter", now_ms=NOW_MS)
    assert outcome.state == "proposed"
    with pytest.raises(Refused, match="another person"):
        eraser.erase("fontana", member, operator="a.rossi", reason="", now_ms=NOW_MS)
    assert contents(database, *tables) == before


@pytest.mark.parametrize("step", ["erase", "append", "finish"])
def test_erase__killed__goes_on_when_run_again(
    database: Database,
    lake: Lake,
    eraser: Eraser,
    community: RegisteredCommunity,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    owner = {"erase": "gettone.lake.Lake", "append": "gettone.db.repositories.ingest_log.IngestLog"}
    place = owner.get(step, "gettone.db.repositories.erasures.Erasures")
    with monkeypatch.context() as patch:
        patch.setattr(f"{place}.{step}", _killed)
        with pytest.raises(KeyboardInterrupt):
            erase(eraser, community)
    member = community.members[0].member_id
    eraser.erase("fontana", member, operator="b.verdi", reason="", now_ms=NOW_MS)
    after = stored_bytes(database) + b"".join(payloads(lake, tmp_path / "lake"))
    assert [one for one in traces(community, 0, PODS[0], range(HOURS)) if one in after] == []


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_erase__device_handed_over__takes_only_the_time_it_was_held(
    database: Database, vault: Vault, lake: Lake, eraser: Eraser, community: RegisteredCommunity, tmp_path: Path
) -> None:
    first, second = community.members
    device_id = community.channels[0].device_id
    with database.write() as connection:
        devices = Devices(connection, vault)
        devices.set_holder(device_id, first.member_id, 0, START_SLOT + 12)
        devices.set_holder(device_id, second.member_id, START_SLOT + 12)
    erase(eraser, community)
    with database.read() as connection:
        (left,) = Readings(connection).as_of(community.channels[:1], START_SLOT, START_SLOT + 96, 9)
    assert [one.wh for one in left.readings] == [value(PODS[0], hour) for hour in range(3, HOURS)]
    text = b"".join(payloads(lake, tmp_path / "lake"))
    assert [str(value(PODS[0], hour)).encode() in text for hour in range(HOURS)] == [False] * 3 + [True] * 3


def test_erase__settlement_under_way__is_refused_before_anything_goes(
    database: Database, lake: Lake, eraser: Eraser, community: RegisteredCommunity, tmp_path: Path
) -> None:
    member = community.members[0].member_id
    eraser.erase("fontana", member, operator="a.rossi", reason="asked by letter", now_ms=NOW_MS)
    with database.write() as connection:
        connection.execute(insert(Base.metadata.tables["settlements"]).values(**settlement(community)))
    files = sorted(path.name for path in (tmp_path / "lake").glob("??/*"))
    with pytest.raises(Conflict, match="under way"):
        eraser.erase("fontana", member, operator="b.verdi", reason="", now_ms=NOW_MS)
    assert sorted(path.name for path in (tmp_path / "lake").glob("??/*")) == files


def settlement(found: RegisteredCommunity, state: str = "computing") -> dict[str, Any]:
    report = {"members": [{"member_id": one.member_id, "expected_slots": "1"} for one in found.members]}
    text = dict.fromkeys(["model_json", "allocations_json", "slot_totals_json", "community_json"], "{}")
    units = dict.fromkeys(["carry_in_units", "carried_over_units", "entitlement_units", "total_units"], 0)
    bounds = {"period_start_s": START_S, "period_end_s": START_S + 86_400, "timezone": "UTC", "computed_at": 1}
    gate = {"gate_report_json": json.dumps(report), "gate_report_sha256": b"\x07" * 32, "freeze_batch": 1}
    key = {"community_id": found.community_id, "period_index": 0, "revision": 0, "model_version": 1}
    return text | units | bounds | gate | key | {"state": state, "result_digest": ""}


def test_erase__settled_lines__stay_as_hashes_without_the_member(
    database: Database, eraser: Eraser, community: RegisteredCommunity
) -> None:
    member, lines = community.members[0].member_id, Base.metadata.tables["settlement_members"]
    leaf = secrets.token_bytes(200)
    with database.write() as connection:
        settlements = Base.metadata.tables["settlements"]
        query = insert(settlements).values(**settlement(community, "closed")).returning(settlements.c.settlement_id)
        settlement_id = connection.execute(query).scalar_one()
        units = dict.fromkeys([one.name for one in lines.c if one.name.endswith("_units")], 5)
        key = {"settlement_id": settlement_id, "leaf_index": 0, "member_id": member, "wallet": "0x" + "a1" * 20}
        leaves = {"assignment_leaf": leaf, "roster_leaf": leaf, "scores_json": '{"x":"1"}', "trace": "day,1"}
        connection.execute(insert(lines).values(**key, **units, **leaves, inputs_json="{}"))
    erase(eraser, community)
    with database.read() as connection:
        line = connection.execute(select(lines)).mappings().one()
        report, digest = connection.execute(
            select(settlements.c.gate_report_json, settlements.c.gate_report_sha256)
        ).one()
    assert (line["wallet"], line["trace"], line["scores_json"], line["inputs_json"]) == (
        None,
        "",
        '{"x":"1"}',
        None,
    )
    assert (line["payout_units"], len(line["assignment_leaf"])) == (5, 32)
    assert line["member_id"] != member
    assert [one["member_id"] for one in json.loads(report)["members"]] == [community.members[1].member_id]
    assert digest == b"\x07" * 32


def test_erase__without_a_reason__is_refused(eraser: Eraser, community: RegisteredCommunity) -> None:
    with pytest.raises(InputError, match="reason"):
        eraser.erase("fontana", community.members[0].member_id, operator="a.rossi", reason=" ", now_ms=NOW_MS)


def test_erase__shortened_pseudonym__is_refused(eraser: Eraser, community: RegisteredCommunity) -> None:
    with pytest.raises(InputError, match="whole pseudonym"):
        eraser.erase("fontana", "0a", operator="a.rossi", reason="asked", now_ms=NOW_MS)
