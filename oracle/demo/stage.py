"""The stage of the demonstration: local chain, database, keys and contracts in one folder."""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from gettone.chain.client import ChainClient, connect
from gettone.chain.community_spec import CommunitySpec
from gettone.chain.contract_set import CommunityContracts, open_community
from gettone.chain.deployment import deploy_community
from gettone.chain.deployment_file import deployment_path
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import PeriodKind
from gettone.chain.signer import Signer
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.db.schema import upgrade
from gettone.errors import Refused
from gettone.vault import Vault
from oracle.demo.economy.rules import POLICY, TOKEN_UNITS
from oracle.demo.people import ORACLES, Services, make_services
from oracle.settle.context import Progress, SettlementContext

COMMUNITY = "fontana"
MARKER = "this folder belongs to the gettone demonstration and is emptied by it"
CHAIN_STARTS_S = 1_464_764_400
"""1 June 2016, 00:00 in Fontana: a rule needs its notice before the first period it applies to."""

PERIOD_CAP_UNITS = 1_250 * TOKEN_UNITS
MEMBER_CAP_UNITS = 500 * TOKEN_UNITS
REQUIRED_SIGNATURES = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the story acts with."""

    folder: Path
    chain: LocalChain
    client: ChainClient
    contracts: CommunityContracts
    services: Services
    database: Database
    vault: Vault

    def sender(self, service: str) -> Sender:
        """A sender with the key of one service; what it signs is stored in the database first."""
        return self.sender_of(self.services[service])

    def sender_of(self, account: Signer) -> Sender:
        """A sender with any key, remembered in the same database."""
        return Sender(self.client, account, DatabaseTransactionStore(self.database, self.client.genesis_hash))

    def settlement_context(self, progress: Progress) -> SettlementContext:
        """What the settlement job works with; the first oracle's key also sends."""
        return SettlementContext(
            self.database, self.vault, self.contracts, self.services.oracles, self.sender(ORACLES[0]), progress
        )


def set_stage(folder: Path, port: int, progress: Progress) -> Stage:
    """Empty the folder, start the chain, create database and keys, deploy the contracts."""
    clear_stage(folder)
    progress("starting the local chain, its clock in June 2016")
    chain = LocalChain.start(folder / "chain", timestamp_s=CHAIN_STARTS_S, port=port)
    client = connect(chain.rpc_url, CHAIN_ID)
    progress("creating database and keys")
    services = make_services(folder / "keys")
    vault = Vault.from_file(_make_kek(folder / "keys" / "kek"))
    url = f"sqlite:///{folder / 'gettone.sqlite'}"
    upgrade(url)
    progress("deploying the contracts of the community")
    deployment = deploy_community(
        client,
        services["deployer"],
        _spec(services),
        folder / "deployments",
        platform_admin=services["platform_admin"],
    )
    contracts = open_community(client, deployment, COMMUNITY)
    stage = Stage(folder, chain, client, contracts, services, Database(url), vault)
    _write_settings(stage, url)
    return stage


def stop_chain(folder: Path) -> bool:
    """Stop the chain that runs in a demo folder; whether there was one."""
    running = LocalChain.attach(folder / "chain")
    if running is not None:
        running.stop()
    return running is not None


def clear_stage(folder: Path) -> None:
    """Stop what runs in the folder and empty it; Refused for a folder that is not the demo's."""
    if folder.exists() and any(folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if (folder / "MARKER").read_text(encoding="utf-8").strip() == MARKER:
                stop_chain(folder)
                shutil.rmtree(folder)
        if folder.exists():
            raise Refused("folder_in_use", f"{folder} is not empty and not the demo's: choose another folder")
    folder.mkdir(parents=True, mode=0o700)
    (folder / "MARKER").write_text(MARKER + "\n", encoding="utf-8")


def _spec(services: Services) -> CommunitySpec:
    def addresses(*names: str) -> tuple[str, ...]:
        return tuple(sorted((services[name].address for name in names), key=str.lower))

    holders = {
        Role.PLATFORM_ADMIN: addresses("platform_admin"),
        Role.COMMUNITY_ADMIN: addresses("community_admin"),
        Role.TOKEN_ADMIN: addresses("token_admin"),
        Role.ORACLE_ADMIN: addresses("oracle_admin"),
        Role.ORACLE: addresses(*ORACLES),
        Role.REGISTRAR: addresses("registrar"),
        Role.VERIFIER: addresses("verifier"),
        Role.GUARDIAN: addresses("guardian"),
    }
    return CommunitySpec(
        community_id=COMMUNITY,
        name="Fontana",
        token_name="Fontana token",  # noqa: S106 - the name of a token, no secret
        token_symbol="FON",  # noqa: S106 - the symbol of a token, no secret
        period_kind=PeriodKind.MONTH,
        min_notice_s=7 * 86_400,
        period_cap_units=PERIOD_CAP_UNITS,
        member_cap_units=MEMBER_CAP_UNITS,
        required_signatures=REQUIRED_SIGNATURES,
        holders=holders,
        policy=POLICY,
    )


def _make_kek(path: Path) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path


def _write_settings(stage: Stage, url: str) -> None:
    """The settings of the demo as a file, so that every `gettone` command can be tried on it."""
    keys = stage.folder / "keys"
    lines = {
        "GETTONE_ENVIRONMENT": "demo",
        "GETTONE_CLOCK": "chain",
        "GETTONE_DATABASE_URL": url,
        "GETTONE_KEK_FILE": keys / "kek",
        "GETTONE_RPC_URL": stage.chain.rpc_url,
        "GETTONE_CHAIN_ID": stage.client.chain_id,
        "GETTONE_GENESIS_HASH": "0x" + stage.client.genesis_hash.hex(),
        "GETTONE_DEPLOYMENT_FILE": deployment_path(stage.folder / "deployments", stage.client),
        "GETTONE_ORACLE_KEYSTORE_FILES": ",".join(str(keys / f"{name}.json") for name in ORACLES),
        "GETTONE_ORACLE_PASSWORD_FILES": ",".join(str(keys / f"{name}.password") for name in ORACLES),
        "GETTONE_TAKEOUT_KEYSTORE_FILE": keys / "takeout.json",
        "GETTONE_TAKEOUT_PASSWORD_FILE": keys / "takeout.password",
        "GETTONE_DEPLOYER_KEYSTORE_FILE": keys / "deployer.json",
        "GETTONE_DEPLOYER_PASSWORD_FILE": keys / "deployer.password",
        "GETTONE_REGISTRAR_KEYSTORE_FILE": keys / "registrar.json",
        "GETTONE_REGISTRAR_PASSWORD_FILE": keys / "registrar.password",
    }
    text = "".join(f"{name}={value}\n" for name, value in lines.items())
    (stage.folder / "settings.env").write_text(text, encoding="utf-8")
