"""Reading a series: for its community, in four formats, with gaps visible."""

import base64
import hashlib
import io
import json

import pytest
from pyarrow import parquet
from sqlalchemy import insert, update

from api.series import service
from gettone.db.partitions import ensure_partitions
from gettone.db.tables import DeviceMember, Reading
from tests.factories.metering import START_SLOT
from tests.integration.api.conftest import Server
from tests.integration.api.test_ingest_routes import BODY, problem

pytestmark = [pytest.mark.database, pytest.mark.slow]

PATH = "/api/v1/series/1"
RANGE = {"from": "2016-09-01T00:00:00Z", "to": "2016-09-01T02:00:00Z"}


@pytest.fixture
def filled(server: Server) -> Server:
    """Six quarters of the first channel: 10, 20, missing, 40, 50, 60 Wh, the last one an estimate."""
    server.send(BODY)
    with server.database.write() as connection:
        ensure_partitions(connection, START_SLOT, START_SLOT + 8)
        values = [10, 20, None, 40, 50, 60]
        rows = [
            {"channel_id": 1, "slot": START_SLOT + at, "wh": wh, "quality": 2 if at == 5 else 1, "rank": 10}
            | {"version": 1, "batch_id": 1}
            for at, wh in enumerate(values)
            if wh is not None
        ]
        connection.execute(insert(Reading), rows)
    return server


def test_series__slots_and_hours__are_whole_numbers_with_gaps(filled: Server) -> None:
    found = filled.get(PATH, **RANGE).json()
    assert found["wh"] == [10, 20, None, 40, 50, 60, None, None]
    assert found["quality"] == [1, 1, 0, 1, 1, 2, 0, 0]
    assert (found["start"][0], found["start"][-1]) == ("2016-09-01T00:00:00Z", "2016-09-01T01:45:00Z")
    assert (found["channel"], found["direction"], found["step_s"]) == (1, 0, 900)
    hours = filled.get(PATH, **RANGE, resolution="hour").json()
    assert (hours["wh"], hours["known"], hours["expected"], hours["quality"]) == ([70, 110], [3, 2], [4, 4], [0, 0])
    assert filled.get(PATH, **RANGE, resolution="hour", agg="mean").json()["wh"] == [23, 55]
    local = filled.get(PATH, **RANGE, resolution="day", tz="Europe/Rome").json()
    assert (local["start"], local["wh"]) == (["2016-09-01T02:00:00+02:00"], [180])


def test_series__formats__say_the_same_and_carry_their_digest(filled: Server) -> None:
    answers = {name: filled.get(PATH, **RANGE, format=name) for name in ("json", "csv", "jsonl", "parquet")}
    for one in answers.values():
        digest = base64.b64encode(hashlib.sha256(one.content).digest()).decode()
        assert one.headers["content-digest"] == f"sha-256=:{digest}:"
    expected = answers["json"].json()["wh"]
    lines = answers["csv"].text.split("\r\n")
    assert lines[:2] == ["start,wh,known,expected,quality", "2016-09-01T00:00:00Z,10,1,1,1"]
    assert [int(line.split(",")[1]) if line.split(",")[1] else None for line in lines[1:-1]] == expected
    assert [json.loads(line)["wh"] for line in answers["jsonl"].text.splitlines()] == expected
    assert parquet.read_table(io.BytesIO(answers["parquet"].content))["wh"].to_pylist() == expected


def test_series__other_community_or_before_joining__sees_nothing(filled: Server) -> None:
    problem(filled.get(PATH, filled.foreign_key, **RANGE), 404, "not_found")
    problem(filled.get("/api/v1/series/99", **RANGE), 404, "not_found")
    problem(filled.get(PATH, filled.device_key, **RANGE), 403, "not_permitted")
    problem(filled.get(PATH, filled.writer_key, **RANGE), 403, "not_permitted")
    problem(filled.client.get(PATH, params=RANGE), 401, "unauthenticated")
    with filled.database.write() as connection:
        changed = {"valid_from": START_SLOT + 1, "valid_to": START_SLOT + 4}
        connection.execute(update(DeviceMember).where(DeviceMember.device_id == 1).values(**changed))
    assert filled.get(PATH, **RANGE).json()["wh"] == [None, 20, None, 40, None, None, None, None]


def test_series__wrong_question__names_the_parameter(filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for change, pointer in (
        ({"from": "2016-09-01T03:00:00Z"}, "/query/to"),
        ({"from": "2016-09-01T00:01:00Z"}, "/query/from"),
        ({"from": "2016-09-01T00:00:00"}, "/query/from"),
        ({"resolution": "week"}, "/query/resolution"),
        ({"tz": "Europe/Nowhere"}, "/query/tz"),
        ({"tz": "../../etc/passwd"}, "/query/tz"),
        ({"surprise": "1"}, "/query/surprise"),
    ):
        found = problem(filled.get(PATH, **{**RANGE, **change}), 422, "invalid")
        assert [one["pointer"] for one in found["errors"]] == [pointer]
    monkeypatch.setattr(service, "MAX_POINTS", 7)
    problem(filled.get(PATH, **RANGE), 422, "range_too_large")
