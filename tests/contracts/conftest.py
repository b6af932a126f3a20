"""Brownie's set-up for the contract tests: isolation, the people of a community, and its contracts."""

import functools
import gc
from pathlib import Path

import brownie
import clock
import deployment
import hypothesis.extra.pytestplugin  # noqa: F401  Brownie expects somebody else to have imported it
import pytest
import roles
from brownie.test import stateful
from people import ascending, person


def _check_invariants(self, *arguments, **options):
    """Pass on whatever arguments the installed Hypothesis uses: Brownie's own override knows one only."""
    super(stateful._BrownieStateMachine, self).check_invariants(*arguments, **options)


stateful._BrownieStateMachine.check_invariants = _check_invariants


@pytest.fixture(scope="session", autouse=True)
def short_collections():
    """Brownie collects garbage at every revert; what the session starts with need not be walked each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def short_requests():
    """web3 asks for chain id and block again before every call, to check what this chain never changes."""
    for middleware in ("validation",):
        brownie.web3.middleware_onion.remove(middleware)


@pytest.fixture(autouse=True)
def isolation(fn_isolation):
    """Every test starts from the chain as its module's fixtures left it."""


@pytest.fixture(scope="session")
def project():
    """The compiled contracts."""
    return brownie.project.get_loaded_projects()[0]


@pytest.fixture(scope="session")
def deployer(accounts):
    return person(accounts, "deployer")


@pytest.fixture(scope="session")
def platform_admin(accounts):
    return person(accounts, "platform_admin")


@pytest.fixture(scope="session")
def community_admin(accounts):
    return person(accounts, "community_admin")


@pytest.fixture(scope="session")
def token_admin(accounts):
    return person(accounts, "token_admin")


@pytest.fixture(scope="session")
def verifier(accounts):
    return person(accounts, "verifier")


@pytest.fixture(scope="session")
def guardian(accounts):
    return person(accounts, "guardian")


@pytest.fixture(scope="session")
def oracle_admin(accounts):
    return person(accounts, "oracle_admin")


@pytest.fixture(scope="session")
def oracles(accounts):
    """Three oracles, sorted by address as the ledger wants their signatures."""
    return ascending(accounts, "oracle", 3)


@pytest.fixture(scope="session")
def registrar(accounts):
    return person(accounts, "registrar")


@pytest.fixture(scope="session")
def members_sorted(accounts):
    """Three wallets of members, sorted by address as payouts are."""
    return ascending(accounts, "member", 3)


@pytest.fixture(scope="session")
def alice(members_sorted):
    return members_sorted[0]


@pytest.fixture(scope="session")
def bob(members_sorted):
    return members_sorted[1]


@pytest.fixture(scope="session")
def carol(members_sorted):
    return members_sorted[2]


@pytest.fixture(scope="session")
def outsider(accounts):
    """Holds no role and belongs to no community."""
    return person(accounts, "outsider")


@pytest.fixture(scope="session")
def auditor(accounts):
    return person(accounts, "auditor")


@pytest.fixture(scope="session")
def holders(request, oracles):
    """Role id → the accounts that hold it; each account holds one role only."""
    names = {
        roles.PLATFORM_ADMIN: "platform_admin",
        roles.COMMUNITY_ADMIN: "community_admin",
        roles.TOKEN_ADMIN: "token_admin",
        roles.ORACLE_ADMIN: "oracle_admin",
        roles.REGISTRAR: "registrar",
        roles.VERIFIER: "verifier",
        roles.GUARDIAN: "guardian",
        roles.AUDITOR: "auditor",
    }
    return {role: [request.getfixturevalue(name)] for role, name in names.items()} | {roles.ORACLE: oracles}


@pytest.fixture(scope="module")
def registry(project, module_isolation, deployer, platform_admin):
    """The platform's registry of communities; the chain stands at the community's day of deployment."""
    clock.move_to(deployment.DEPLOYED_AT_S)
    return deployment.deploy_platform(project, deployer, platform_admin)


@pytest.fixture(scope="module")
def community(project, registry, deployer, holders):
    """The whole set of contracts, wired and handed over."""
    contracts = deployment.deploy(project, deployer)
    deployment.hand_over(contracts, holders, registry, deployer)
    return contracts


@pytest.fixture(scope="module")
def policy(community):
    return community.policy


@pytest.fixture(scope="module")
def treasury(community):
    return community.treasury


@pytest.fixture(scope="module")
def token(community):
    return community.token


@pytest.fixture(scope="module")
def members(community):
    return community.members


@pytest.fixture(scope="module")
def models(community):
    return community.models


@pytest.fixture(scope="module")
def ledger(community):
    return community.ledger


@pytest.fixture(scope="module")
def exchange(community):
    return community.exchange


@pytest.fixture(scope="session")
def wallet_source():
    """Function (name): a compiled wallet that is a contract (ERC-1271)."""

    def compiled(name: str):
        source = (Path(__file__).parent / "wallets" / f"{name}.sol").read_text(encoding="utf-8")
        return getattr(brownie.project.compile_source(source, solc_version="0.8.37", evm_version="cancun"), name)

    return functools.cache(compiled)


@pytest.fixture
def contract_wallet(wallet_source, community, outsider):
    """A wallet that accepts what `outsider` signs; asks for `community`, so that the clock is set before."""
    return wallet_source("ContractWallet").deploy(outsider, {"from": outsider})


@pytest.fixture
def reentering_wallet(wallet_source, community, outsider):
    """A wallet that accepts everything, and calls back when it is asked."""
    return wallet_source("ReenteringWallet").deploy({"from": outsider})
