"""`gettone indexer run` and `gettone reconcile` as an operator calls them, with their exit statuses."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from gettone.chain.deployment_file import deployment_path
from gettone.errors import MissingInput
from tests.factories.planted import changed
from tests.factories.village import COMMUNITY, Village

pytestmark = [pytest.mark.chain, pytest.mark.database]


def settings_of(village: Village) -> dict[str, str]:
    chain = village.on_chain
    return {
        "GETTONE_ENVIRONMENT": "demo",
        "GETTONE_DATABASE_URL": village.database.engine.url.render_as_string(hide_password=False),
        "GETTONE_RPC_URL": chain.chain.rpc_url,
        "GETTONE_DEPLOYMENT_FILE": str(deployment_path(chain.folder, chain.client)),
    }


def run(village: Village, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--community", COMMUNITY, "--json"], env=settings_of(village))


def test_indexer_run__once__at_the_head_with_one_object_on_stdout(lived: Village) -> None:
    result = run(lived, "indexer", "run", "--once")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (document["block_number"], document["unknown_count"]) == (lived.on_chain.client.block_number(), 0)


def test_indexer_run__anew__mends_what_was_changed(lived: Village) -> None:
    with changed(lived.database, "token_balances", {}, {"units": lambda units: units + 1}):
        assert run(lived, "reconcile").exit_code == 1
        document = json.loads(run(lived, "indexer", "run", "--once", "--anew").stdout)
        assert document["events"] == document["event_count"] > 0
        assert run(lived, "reconcile").exit_code == 0


def test_reconcile__everything_agrees__exit_0(lived: Village) -> None:
    result = run(lived, "reconcile", "--by", "a.rossi")
    assert (result.exit_code, json.loads(result.stdout)["difference_count"]) == (0, 0)


def test_reconcile__a_balance_changed__exit_1_and_named(lived: Village) -> None:
    with changed(lived.database, "token_balances", {}, {"units": lambda units: units + 1}) as row:
        result = run(lived, "reconcile")
        said = CliRunner().invoke(app, ["reconcile", "--community", COMMUNITY], env=settings_of(lived))
    assert (result.exit_code, said.exit_code) == (1, 1)
    (difference,) = json.loads(result.stdout)["differences"]
    assert row["wallet"] in difference["what"]
    assert f"should be {row['units']} and is {row['units'] + 1} (token_balances, wallet {row['wallet']})" in said.stdout


def test_reconcile__block_not_indexed__exit_3(lived: Village) -> None:
    result = run(lived, "reconcile", "--at-block", "99999999")
    assert isinstance(result.exception, MissingInput)
    assert (result.exception.code, result.exception.exit_status) == ("index_behind", 3)


def test_indexer_run__asked_to_end__ends_with_0_at_the_head(lived: Village, tmp_path: Path) -> None:
    environment = os.environ | settings_of(lived)
    command = [sys.executable, "-m", "cli.main", "indexer", "run", "--community", COMMUNITY, "--json"]
    with (tmp_path / "out").open("wb") as out, subprocess.Popen(command, env=environment, stdout=out) as process:
        lived.on_chain.chain.set_time(lived.on_chain.client.now_s() + 60)
        head, deadline = lived.on_chain.client.block_number(), time.monotonic() + 60
        while indexed_block(lived) < head and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert json.loads((tmp_path / "out").read_text())["block_number"] == head


def indexed_block(village: Village) -> int:
    with village.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT block_number FROM chain_cursors").scalar_one())
