"""The token alone: two accounts stand for the contracts that may write to it, so that every state can be reached."""

import clock
import deployment
import pytest
import roles
from brownie import ZERO_ADDRESS
from payouts import word

CITIZEN, STAKEHOLDER, SYSTEM = 1, 2, 3
ACTIVE, FROZEN, LEFT = 1, 2, 3
LARGEST_AMOUNT = 2**96 - 1  # of a payout word


@pytest.fixture(scope="session")
def member_registry(accounts):
    """Stands for the MemberRegistry: the one account that may write class and status."""
    return accounts[0]


@pytest.fixture(scope="session")
def settlement_ledger(accounts):
    """Stands for the SettlementLedger: the one account that may credit."""
    return accounts[1]


@pytest.fixture(scope="module")
def token(project, module_isolation, deployer, member_registry, settlement_ledger, alice, bob):
    """A token with alice and bob as active citizens, alice holding 1000 base units."""
    clock.move_to(deployment.DEPLOYED_AT_S)
    manager = deployment.deploy_manager(deployer)
    token = project.CommunityToken.deploy(manager, "Fontana", "FON", {"from": deployer})
    table = {key: role for key, role in roles.RESTRICTED.items() if key[0] == "token"}
    deployment.permit(manager, {"token": token}, table, deployer)
    manager.grantRole(roles.MEMBER_REGISTRY, member_registry, 0, {"from": deployer})
    manager.grantRole(roles.SETTLEMENT_LEDGER, settlement_ledger, 0, {"from": deployer})
    manager.renounceRole(roles.ADMIN, deployer, {"from": deployer})
    for wallet in (alice, bob):
        token.setAccount(wallet, CITIZEN, ACTIVE, {"from": member_registry})
    token.creditBatch([word(alice, 1000)], ZERO_ADDRESS, LARGEST_AMOUNT, {"from": settlement_ledger})
    return token


@pytest.fixture
def set_status(token, member_registry):
    """Function (wallet, status): make the wallet a citizen of this status."""

    def write(wallet, status: int) -> None:
        token.setAccount(wallet, CITIZEN, status, {"from": member_registry})

    return write


@pytest.fixture
def credit(token, settlement_ledger):
    """Function (*(wallet, units)): credit them in one batch, return the receipt.

    `previous` is the wallet before the batch, `cap` the largest amount of a payout in base units.
    """

    def send(*payouts, previous=ZERO_ADDRESS, cap=LARGEST_AMOUNT):
        words = [word(*one) for one in payouts]
        return token.creditBatch(words, previous, cap, {"from": settlement_ledger})

    return send
