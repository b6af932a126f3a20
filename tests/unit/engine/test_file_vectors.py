"""The communities with files of tests/vectors/rewards, made by an independent implementation of the rules."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from gettone.engine import dense
from gettone.engine.json_files import read_model
from gettone.periods import parse_period
from gettone.rewards import VECTORS_SHA256, engine
from gettone.rewards.document import canonical_document, digest_hex
from gettone.rewards.inputs import Community
from gettone.rewards.own import recompute_own, traces_of
from gettone.rewards.run import RewardRun
from oracle.reward_files.members import read_members
from oracle.reward_files.readings import read_community

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "rewards"
FOLDERS = sorted(path for path in ROOT.iterdir() if path.is_dir())
FILES = ("readings.csv.gz", "members.csv", "model.json")

every_vector = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def expected_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def inputs_of(folder: Path) -> tuple[Community, Any, Any]:
    arguments = expected_of(folder)["arguments"]
    period = parse_period(arguments["--period"], arguments["--timezone"])
    readings, members, model = (folder / name for name in FILES)
    rules = read_model(model)
    memberships = read_members(members, arguments["--timezone"])
    return read_community(readings, memberships, rules, period, arguments["--netting"]).community, rules, period


@pytest.fixture(scope="module")
def runs() -> dict[str, tuple[Community, RewardRun]]:
    found = {}
    for folder in FOLDERS:
        community, model, period = inputs_of(folder)
        found[folder.name] = community, engine.compute(community, model, period)
    return found


def arguments_of(folder: Path) -> list[str]:
    files = [text for name in FILES for text in (f"--{name.split('.')[0]}", str(folder / name))]
    return ["rewards", "compute", *files, *(text for pair in expected_of(folder)["arguments"].items() for text in pair)]


def test_fingerprint__of_the_vectors__is_the_notarized_one() -> None:
    paths = sorted(path.relative_to(ROOT).as_posix().encode() for path in ROOT.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256((ROOT / path.decode()).read_bytes()).hexdigest()}  {path.decode()}\n" for path in paths]
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == VECTORS_SHA256


def test_vectors__by_number__are_all_there() -> None:
    assert len(FOLDERS) == 10


@every_vector
@pytest.mark.parametrize("choice", ["dense", "plain"])
def test_command__twice_on_each_engine__expected_figures_and_equal_bytes(folder: Path, choice: str) -> None:
    outputs = [CliRunner().invoke(app, [*arguments_of(folder), "--engine", choice, "--json"]) for _ in range(2)]
    assert [one.exit_code for one in outputs] == [0, 0]
    assert outputs[0].stdout_bytes == outputs[1].stdout_bytes
    document = json.loads(outputs[0].stdout)
    expected = expected_of(folder)["expected"]
    assert document["members"] == expected["members"]
    assert document["community"] == expected["community"]
    digest = document.pop("result_digest")
    assert hashlib.sha256(canonical_document(document)).hexdigest() == digest == digest_hex(document)


@every_vector
def test_table__for_people__shows_every_member_and_reward(folder: Path) -> None:
    shown = CliRunner().invoke(app, arguments_of(folder), env={"COLUMNS": "200"}).stdout
    for member in expected_of(folder)["expected"]["members"]:
        assert member["member_id"] in shown
        assert f"{int(member['reward_units']):,}" in shown


@every_vector
def test_allocations__of_each_vector__add_up(folder: Path, runs: dict[str, tuple[Community, RewardRun]]) -> None:
    _, run = runs[folder.name]
    if run.model.mode == "pool":
        assert sum(one.budget_units for one in run.allocations) == run.model.budget_units
    for one in run.allocations:
        if one.of != "cap":
            assert one.total_score == sum(member.scores[one.of] for member in run.members)
        assert 0 <= one.cut_position < len(run.members)
        assert 0 <= one.cut_remainder <= one.total_score
    if [one.of for one in run.allocations] == ["cap"]:
        assert run.total_units == run.allocations[0].budget_units < run.allocations[0].total_score


@every_vector
def test_own_amount__every_member_alone__equals_the_engine_with_its_trace(
    folder: Path, runs: dict[str, tuple[Community, RewardRun]]
) -> None:
    community, run = runs[folder.name]
    for position, member in enumerate(run.members):
        own = recompute_own(
            own=community.of_member(member.member_id),
            member_id=member.member_id,
            position=position,
            model=run.model,
            period=run.period,
            slot_totals=run.slot_totals,
            allocations=run.allocations,
        )
        assert own.member == member
        assert own.trace == traces_of(community, run)[member.member_id]
        assert own.trace.endswith(f"reward,{member.reward_units}\n")


@every_vector
def test_dense_engine__each_vector__equals_the_plain_one(
    folder: Path, runs: dict[str, tuple[Community, RewardRun]]
) -> None:
    community, run = runs[folder.name]
    assert dense.compute(community, run.model, run.period) == run
