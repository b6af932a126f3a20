"""Who may call what in a deployed community, read from its permission book function by function."""

from dataclasses import dataclass

from gettone.chain import access_manager
from gettone.chain.access_manager import AccessManager
from gettone.chain.client import ChainClient
from gettone.chain.deployment_file import ContractSet, Deployment, require_same_network
from gettone.chain.permissions import writing_functions
from gettone.chain.roles import DEPLOYMENT_FUNCTIONS, PUBLIC_FUNCTIONS, Role


@dataclass(frozen=True, slots=True)
class FunctionRole:
    """A state-changing function and the role that may call it; None: open to anybody.

    ADMIN_ROLE stands for nobody: no account holds it after the deployment.  The signature tells overloads apart.
    """

    contract: str
    function: str
    signature: str
    role: Role | None


def role_table(client: ChainClient, deployment: Deployment, community_id: str) -> list[FunctionRole]:
    """Every state-changing function of the platform's and the community's contracts, with its role on chain.

    Contracts come in the order of deployment, functions in that of the ABI.  The permission book knows roles only:
    a function without one on chain is open where the contract does not ask the book (PUBLIC_FUNCTIONS).
    """
    require_same_network(deployment, client)
    sets = (deployment.platform, deployment.community(community_id))
    return [row for contracts in sets for row in _rows(client, contracts)]


def _rows(client: ChainClient, contracts: ContractSet) -> list[FunctionRole]:
    manager = AccessManager.at(client, contracts.address(access_manager.NAME))
    return [
        FunctionRole(name, function.name, function.signature, _role(name, function.name, role))
        for name, record in contracts.contracts.items()
        if name != access_manager.NAME
        for function in writing_functions(name)
        for role in (manager.get_target_function_role(record.address, function.selector),)
    ]


def _role(contract: str, function: str, found: int) -> Role | None:
    is_open = function in PUBLIC_FUNCTIONS[contract] and function not in DEPLOYMENT_FUNCTIONS.get(contract, ())
    return None if is_open and found == Role.ADMIN_ROLE else Role(found)
