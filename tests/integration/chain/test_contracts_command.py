"""`gettone contracts` as an operator calls it: deploy, addresses, verify and their exit statuses."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from gettone.chain.access_manager import AccessManager
from gettone.chain.client import connect
from gettone.chain.keys import create_keystore
from gettone.chain.local import LocalChain
from gettone.chain.policy_values import Rates
from gettone.chain.roles import Role
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.token_policy import TokenPolicy
from gettone.chain.transactions import Sender
from tests.factories.community import spec_of, throwaway_account

pytestmark = pytest.mark.chain


class Operator:
    """Types commands and reads what they print."""

    def __init__(self, folder: Path, rpc_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.rpc_url = rpc_url
        self._capsys = capsys
        keys = {name: folder / "keys" / f"{name}.json" for name in ("deployer", "platform-admin")}
        self.addresses = {
            name: create_keystore(path, path.with_suffix(".password"), scrypt_n=2) for name, path in keys.items()
        }
        self.community = folder / "fontana.json"
        document = spec_of(platform_admin=self.addresses["platform-admin"]).to_document()
        self.community.write_text(json.dumps(document), encoding="utf-8")

    def key(self, name: str) -> list[str]:
        path = self.folder / "keys" / f"{name}.json"
        return [
            *(f"--{name}-keystore", str(path)),
            *(f"--{name}-password-file", str(path.with_suffix(".password"))),
        ]

    def run(self, command: str, *arguments: str, rpc: str | None = None) -> tuple[int, Any, str]:
        """Exit status, the JSON on stdout (None without), and stderr."""
        place = ["--rpc", rpc or self.rpc_url, "--deployments", str(self.folder / "deployments"), "--json"]
        sys.argv = ["gettone", "contracts", command, *arguments, *place]
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        status = ended.value.code
        assert isinstance(status, int)
        return status, json.loads(printed.out) if printed.out else None, printed.err

    def deploy(self, *arguments: str) -> tuple[int, Any, str]:
        return self.run("deploy", "--community", str(self.community), *self.key("deployer"), *arguments)


@pytest.fixture
def operator(
    local_chain: LocalChain,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Operator:
    monkeypatch.setattr(sys, "argv", ["gettone"])
    return Operator(tmp_path, local_chain.rpc_url, capsys)


def test_deploy__addresses__verify__one_after_the_other(operator: Operator) -> None:
    status, deployed, _ = operator.deploy(*operator.key("platform-admin"))
    assert status == 0
    assert set(deployed["communities"]["fontana"]) == {
        *("AccessManager", "TokenPolicy", "Treasury", "CommunityToken"),
        *("MemberRegistry", "RewardModels", "SettlementLedger", "ServiceExchange"),
    }
    assert Path(deployed["file"]).name == f"1981-{deployed['genesis_hash'][2:10]}.json"
    assert operator.run("addresses", "--community", "fontana")[:2] == (0, deployed)
    policy = spec_of().to_document()["policy"] | {"incentives": {}}
    assert operator.run("verify")[:2] == (
        0,
        {"differences": [], "pending": [], "policy": {"fontana": policy}, "verified": True},
    )


def test_deploy__dry_run__lists_every_step_and_sends_nothing(operator: Operator) -> None:
    status, listed, _ = operator.deploy("--dry-run")
    assert status == 0
    assert [step["done"] for step in listed["steps"]] == [False] * 13
    assert not (operator.folder / "deployments").exists()
    assert connect(operator.rpc_url, 1981).block_number() == 0


def test_deploy__without_the_platform_admin__held_with_status_4(operator: Operator) -> None:
    status, printed, errors = operator.deploy()
    assert (status, printed) == (4, None)
    assert "registration_pending" in errors
    assert operator.deploy(*operator.key("platform-admin"))[0] == 0


def test_verify__stranger_holds_a_role__status_1_and_named(operator: Operator) -> None:
    _, deployed, _ = operator.deploy(*operator.key("platform-admin"))
    client = connect(operator.rpc_url, 1981)
    manager = AccessManager.at(client, deployed["communities"]["fontana"]["AccessManager"])
    stranger = throwaway_account("stranger").address
    admin = Sender(client, throwaway_account("community_admin"), MemoryTransactionStore())
    admin.send(manager.grant_role(Role.ORACLE, stranger), "grant")
    status, report, errors = operator.run("verify", "--community", "fontana")
    assert (status, report["verified"]) == (1, False)
    assert report["differences"] == [
        {
            "contract": "AccessManager",
            "what": f"ORACLE of {stranger}",
            "expected": "not held",
            "found": "held",
        }
    ]
    assert f"ORACLE of {stranger} should be not held and is held" in errors


def test_verify__rule_scheduled__status_0_and_shown(operator: Operator) -> None:
    _, deployed, _ = operator.deploy(*operator.key("platform-admin"))
    client = connect(operator.rpc_url, 1981)
    policy = TokenPolicy.at(client, deployed["communities"]["fontana"]["TokenPolicy"])
    token_admin = Sender(client, throwaway_account("token_admin"), MemoryTransactionStore())
    valid_from_s = client.now_s() + 5_000
    token_admin.send(policy.schedule_rates(Rates(units_per_cent=4), valid_from_s), "rates")
    status, report, errors = operator.run("verify")
    assert (status, report["verified"]) == (0, True)
    assert report["pending"] == [
        {
            "community_id": "fontana",
            "what": "rates.units_per_cent",
            "now": "0",
            "then": "4",
            "valid_from_s": valid_from_s,
        }
    ]
    assert f"rates.units_per_cent is 0 and will be 4 from {valid_from_s} on" in errors


def test_record_policy__rule_changed_on_chain__expected_from_then_on(
    operator: Operator, local_chain: LocalChain
) -> None:
    _, deployed, _ = operator.deploy(*operator.key("platform-admin"))
    client = connect(operator.rpc_url, 1981)
    policy = TokenPolicy.at(client, deployed["communities"]["fontana"]["TokenPolicy"])
    token_admin = Sender(client, throwaway_account("token_admin"), MemoryTransactionStore())
    token_admin.send(policy.schedule_rates(Rates(units_per_cent=4), client.now_s() + 5_000), "rates")
    local_chain.set_time(client.now_s() + 6_000)
    assert operator.run("verify")[0] == 1
    _, report, _ = operator.run("record-policy", "--community", "fontana")
    assert [(one["what"], one["found"]) for one in report["recorded"]] == [("rates.units_per_cent", "4")]
    assert operator.run("verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["addresses", "--chain-id", "5"], 5, "wrong_chain_id"),
        (["verify", "--genesis", "0x" + "ab" * 32], 5, "wrong_genesis"),
        (["verify", "--genesis", "0xzz"], 2, "usage"),
        (["addresses"], 3, "deployment_missing"),
    ],
)
def test_refusals__each__its_status_and_code(operator: Operator, arguments: list[str], status: int, code: str) -> None:
    found, printed, errors = operator.run(*arguments)
    assert (found, printed) == (status, None)
    assert f"[{code}]" in errors


def test_addresses__unknown_community__status_3(operator: Operator) -> None:
    operator.deploy(*operator.key("platform-admin"))
    status, printed, errors = operator.run("addresses", "--community", "nowhere")
    assert (status, printed) == (3, None)
    assert "community_not_deployed" in errors


def test_verify__node_gone__status_7(operator: Operator, local_chain: LocalChain) -> None:
    local_chain.stop()
    status, _, errors = operator.run("verify")
    assert status == 7
    assert "chain_unreachable" in errors


def test_deploy__keystore_others_may_read__status_6(operator: Operator) -> None:
    (operator.folder / "keys" / "deployer.json").chmod(0o644)
    status, _, errors = operator.deploy()
    assert status == 6
    assert "secret_readable" in errors
