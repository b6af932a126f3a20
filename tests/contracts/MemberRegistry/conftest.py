"""What a join needs: member ids, consents, and a wallet that is a contract."""

from pathlib import Path

import brownie
import clock
import pytest
from typed_data import sign_join

CITIZEN = 1


@pytest.fixture
def deadline(members):
    """A day from now; asks for `members` because their deployment sets the clock."""
    return clock.now_s() + clock.DAY_S


@pytest.fixture
def consent(members, deadline):
    """Function (wallet, member_id): the wallet's valid consent; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, *, class_=CITIZEN, nonce=0, until=deadline, community="fontana") -> bytes:
        return sign_join(wallet, members, member_id, class_, nonce, until, community)

    return sign


@pytest.fixture(scope="session")
def contract_wallet_source():
    """Compiled ERC-1271 wallet."""
    source = (Path(__file__).parent / "ContractWallet.sol").read_text(encoding="utf-8")
    return brownie.project.compile_source(source, solc_version="0.8.37", evm_version="cancun").ContractWallet


@pytest.fixture
def contract_wallet(contract_wallet_source, members, outsider):
    """A wallet that accepts what `outsider` signs."""
    return contract_wallet_source.deploy(outsider, {"from": outsider})
