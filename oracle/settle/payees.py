"""Who is paid: the wallet of each member and the class that decides its fee, as the chain has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web3.types import BlockIdentifier

from gettone.chain.consent import AccountStatus
from gettone.db.repositories.communities import MemberKind
from oracle.settle.context import SettlementContext

_FROZEN = (AccountStatus.FROZEN, AccountStatus.LEFT_AND_FROZEN)


@dataclass(frozen=True, slots=True)
class Payee:
    """The wallet that is paid, None for none; the class is that of the wallet, without one that of the member."""

    wallet: str | None
    member_class: int


def payees_of(
    context: SettlementContext, member_ids: Sequence[str], kinds: Mapping[str, MemberKind], at: BlockIdentifier
) -> dict[str, Payee]:
    """The payee of each member by id, as of the block `at`, asked for in few requests.

    No wallet also while it is frozen: what the member is due stays a claim then.
    """
    contracts = context.contracts
    wallets = contracts.members.wallets_of(member_ids, block_identifier=at)
    joined = [one for one in wallets if one is not None]
    accounts = dict(zip(joined, contracts.token.accounts_of(joined, block_identifier=at), strict=True))
    found: dict[str, Payee] = {}
    for member_id, wallet in zip(member_ids, wallets, strict=True):
        if wallet is None:
            found[member_id] = Payee(None, kinds[member_id].chain_class)
            continue
        is_frozen = accounts[wallet].status in _FROZEN
        if is_frozen:
            context.progress(f"the wallet of member {member_id[:8]}… is frozen: its payout is kept as a claim")
        found[member_id] = Payee(None if is_frozen else wallet, int(accounts[wallet].member_class))
    return found
