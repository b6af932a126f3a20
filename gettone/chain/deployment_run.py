"""One run of a deployment: each transaction under its name in a journal, so that it is sent once ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gettone.chain import access_manager
from gettone.chain.access_manager import AccessManager
from gettone.chain.client import ChainClient
from gettone.chain.contract import Call, EvmVersion, deployment_call, load_artifact, named_arguments
from gettone.chain.contract_set import code_hash
from gettone.chain.deployment_file import ContractRecord, Deployment, save_deployment
from gettone.chain.forks import supported_evm_version
from gettone.chain.journal import FileTransactionStore
from gettone.chain.permissions import Wiring
from gettone.chain.signer import Signer
from gettone.chain.transactions import Receipt, Sender


@dataclass(frozen=True, slots=True)
class DeploymentRun:
    """One run of a deployment: the network, the deployer's key, and the file that is written.

    A `scope` is the platform or one community; it names its transactions in the journal.
    """

    client: ChainClient
    deployer: Signer
    path: Path

    def send(self, call: Call, intent: str, account: Signer | None = None) -> Receipt:
        """Bring a call on chain once, by the deployer or by `account`."""
        store = FileTransactionStore(journal_path(self.path))
        return Sender(self.client, account or self.deployer, store).send(call, intent)

    def create(self, scope: str, name: str, *arguments: Any) -> ContractRecord:
        """Deploy a contract once and return its record."""
        evm_version = self._evm_version(scope)
        receipt = self.send(deployment_call(name, evm_version, *arguments), deploy_intent(scope, name))
        address = str(receipt.contract_address)
        return ContractRecord(
            address,
            receipt.block_number,
            receipt.tx_hash,
            named_arguments(name, arguments),
            code_hash(self.client.code(address)),
            evm_version,
        )

    def _evm_version(self, scope: str) -> EvmVersion:
        """What the scope was begun with, whatever the network can run meanwhile; at first what it can run."""
        begun = FileTransactionStore(journal_path(self.path)).find(deploy_intent(scope, access_manager.NAME))
        for version in EvmVersion if begun else ():
            bytecode = load_artifact(access_manager.NAME, version)["bytecode"]
            if begun and bytes.fromhex(bytecode.removeprefix("0x")) in begun.data:
                return version
        return supported_evm_version(self.client)

    def wire(self, scope: str, manager: ContractRecord, wiring: Wiring, binds: Sequence[Call] = ()) -> str:
        """Write the permission book and the links once, give up ADMIN_ROLE, and return the transaction's hash."""
        call = wiring.to_call(AccessManager.at(self.client, manager.address), self.deployer.address, binds)
        return self.send(call, wire_intent(scope)).tx_hash

    def save(self, deployment: Deployment) -> Deployment:
        """Write the deployment file and return what it says."""
        save_deployment(self.path, deployment)
        return deployment


def journal_path(path: Path) -> Path:
    """The journal of signed transactions beside a deployment file."""
    return path.with_suffix(".journal.json")


def deploy_intent(scope: str, name: str) -> str:
    """Name of the deployment of a contract in the journal."""
    return f"{scope}/deploy/{name}"


def wire_intent(scope: str) -> str:
    """Name of the one transaction that wires a set's permissions."""
    return f"{scope}/wire"


def register_intent(scope: str) -> str:
    """Name of the registration of a set."""
    return f"{scope}/register"
