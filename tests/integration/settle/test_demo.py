"""The demonstration gives the reference figures, and the commands work on what it leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oracle.demo.stage import stop_chain

pytestmark = [pytest.mark.chain, pytest.mark.slow]
LATER = ("--from", "2016-09-01", "--to", "2016-10-01", "--out", "never-written.zip")


@dataclass(frozen=True)
class Demo:
    """A demonstration that ran, its chain still there."""

    folder: Path
    document: Mapping[str, Any]

    @property
    def rpc_url(self) -> str:
        """Where the demo's chain answers."""
        lines = (self.folder / "settings.env").read_text(encoding="utf-8").splitlines()
        return next(line.split("=", 1)[1] for line in lines if line.startswith("GETTONE_RPC_URL="))

    def run(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """A `gettone` command with the settings the demo wrote; `changes` are settings in variables."""
        environment = {"PATH": os.environ["PATH"], "GETTONE_CONFIG": str(self.folder / "settings.env")} | changes
        return gettone(*arguments, env=environment)


def gettone(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180, env=env)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("stage") / "demo"
    done = gettone("demo", "--folder", str(folder), "--json")
    try:
        assert done.returncode == 0, done.stderr
        yield Demo(folder, json.loads(done.stdout))
    finally:
        stop_chain(folder)


def test_demo__september__gives_the_reference_figures(demo: Demo) -> None:
    month = demo.document["months"][0]
    figures = (month["withdrawn_wh"], month["injected_wh"], month["shared_wh"])
    assert figures == (9_149_226, 3_365_017, 1_457_968)


def test_demo__two_months__pays_each_budget_whole(demo: Demo) -> None:
    after = [sum(map(int, month["balances_units"].values())) for month in demo.document["months"]]
    assert after == [1000 * 10**18, 2000 * 10**18]


def test_demo__takeout__is_verified_and_the_forgery_named(demo: Demo) -> None:
    assert demo.document["verified"]["verdict"] == "OK"
    assert demo.document["forged"]["verdict"] == "INVALID:reading"
    assert demo.document["forged"]["differences"][0]["slot"] == 372


def test_demo__stories__show_every_category(demo: Demo) -> None:
    shown = {story["category"].split(",")[0] for story in demo.document["stories"]}
    assert shown == {"-", *"12345678"}


def test_demo__language_course__moves_what_the_rules_say(demo: Demo) -> None:
    course = next(story for story in demo.document["stories"] if story["category"] == "2")
    before, after = course["before_units"], course["after_units"]
    changes = {name: int(after[name]) - int(units) for name, units in before.items()}
    # 8 tokens less 1 % and half of the incentive of 1.6; 2 less 2 %; 10 shared by four who get back 0.2 each.
    cents = 10**16
    assert changes == {
        "home03": 872 * cents,
        **dict.fromkeys(("home04", "home05", "home06", "home07"), -230 * cents),
        "association": 196 * cents,
        "Treasury": -148 * cents,
    }


def test_contracts_verify__after_the_stories__finds_the_set_as_specified(demo: Demo) -> None:
    network = ("--rpc", demo.rpc_url, "--deployments", str(demo.folder / "deployments"))
    done = demo.run("contracts", "verify", *network, "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["differences"], document["verified"]) == (0, [], True)
    assert set(document["policy"]["fontana"]["incentives"]) == {"1/1", "2/0", "5/0"}


def test_settle_run__on_a_settled_month__changes_nothing(demo: Demo) -> None:
    done = demo.run("settle", "run", "--community", "fontana", "--period", "2016-09", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["state"], document["changed"]) == ("closed", False)
    assert document["result_digest"] == demo.document["months"][0]["result_digest"]


def test_settle_run__dry_run_with_config_and_quiet__computes_and_says_no_step(demo: Demo) -> None:
    config = ("--config", str(demo.folder / "settings.env"), "--quiet")
    words = ("settle", "run", "--community", "fontana", "--period", "2016-10", "--dry-run")
    done = gettone(*config, *words)
    assert done.returncode == 0, done.stderr
    assert "1000000000000000000000 units to 17 members" in done.stdout
    assert done.stderr == ""


def test_settle_status__two_months__lists_both(demo: Demo) -> None:
    done = demo.run("settle", "status", "--community", "fontana", "--json")
    states = [one["state"] for one in json.loads(done.stdout)["settlements"]]
    assert states == ["closed", "closed"]


def test_takeout_export__of_a_wallet__verifies_with_the_command(demo: Demo, tmp_path: Path) -> None:
    bundle = tmp_path / "mine.zip"
    member = Path(demo.document["takeout"]).name.split("-")[2]
    dates = ("--from", "2016-10-01", "--to", "2016-11-01")
    done = demo.run("takeout", "export", "--community", "fontana", "--member", member, *dates, "--out", str(bundle))
    assert done.returncode == 0, done.stderr
    assert demo.run("config", "check").returncode == 0
    trust = done.stdout.split("gettone verify ")[1].split()[1:]
    checked = gettone("verify", str(bundle), *trust, "--json")
    report = json.loads(checked.stdout)
    assert (report["verdict"], checked.returncode) == ("OK", 0)
    assert "signed by" in report["steps"][0]["detail"]


@pytest.mark.parametrize(
    ("arguments", "changes", "status", "code"),
    [
        (("settle", "run", "--community", "fontana", "--period", "2016-11"), {}, 2, "period_running"),
        (("settle", "run", "--community", "fontana", "--period", "2016-08"), {}, 5, "period_gap"),
        (("settle", "run", "--community", "fontana", "--period", "soon"), {}, 2, "period_syntax"),
        (("settle", "run", "--community", "nowhere", "--period", "2016-09"), {}, 3, "community_not_deployed"),
        (
            ("settle", "run", "--community", "fontana", "--period", "2016-09"),
            {"GETTONE_RPC_URL": "http://127.0.0.1:9"},
            7,
            "chain_unreachable",
        ),
        (
            ("settle", "run", "--community", "fontana", "--period", "2016-09"),
            {"GETTONE_CHAIN_ID": "1982"},
            5,
            "wrong_chain_id",
        ),
        (
            ("settle", "run", "--community", "fontana", "--period", "2016-09"),
            {"GETTONE_GENESIS_HASH": "0x" + "11" * 32},
            5,
            "wrong_genesis",
        ),
        (
            ("takeout", "export", "--community", "fontana", "--member", "ff00ff", *LATER),
            {},
            3,
            "member_unknown",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_commands__wrong_input__is_one_sentence_with_its_status(
    demo: Demo, arguments: tuple[str, ...], changes: dict[str, str], status: int, code: str
) -> None:
    before = (demo.folder / "gettone.sqlite").read_bytes()
    done = demo.run(*arguments, **changes)
    assert done.returncode == status, done.stderr
    assert f"error [{code}]: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (demo.folder / "gettone.sqlite").read_bytes() == before


def test_settle_run__contract_set_of_another_deployment__is_refused(demo: Demo, tmp_path: Path) -> None:
    """A deployment file whose genesis is not that of the connected chain."""
    file = next((demo.folder / "deployments").glob("1981-????????.json"))
    document = json.loads(file.read_text(encoding="utf-8"))
    foreign = tmp_path / file.name
    foreign.write_text(json.dumps(document | {"genesis_hash": "0x" + "22" * 32}), encoding="utf-8")
    done = demo.run(
        *("settle", "run", "--community", "fontana", "--period", "2016-09"), GETTONE_DEPLOYMENT_FILE=str(foreign)
    )
    assert done.returncode == 5
    assert "belongs to another deployment" in done.stderr


def test_settle_run__settings_missing__names_them_all_at_once() -> None:
    done = gettone("settle", "run", "--community", "x", "--period", "2016-09", env={"PATH": os.environ["PATH"]})
    assert done.returncode == 3
    for name in ("GETTONE_KEK_FILE", "GETTONE_RPC_URL", "GETTONE_DEPLOYMENT_FILE", "GETTONE_ORACLE_KEYSTORE_FILES"):
        assert name in done.stderr


def test_demo__folder_of_somebody_else__is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    done = gettone("demo", "--folder", str(tmp_path))
    assert done.returncode == 6
    assert (tmp_path / "letters.txt").read_text(encoding="utf-8") == "mine"
