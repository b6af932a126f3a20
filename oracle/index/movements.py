"""What the transfers of a range do to balances."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gettone.chain import community_token
from gettone.chain.index.events import ChainEvent
from gettone.db.repositories.chain_index import BalanceRow
from gettone.economy.reasons import NOBODY
from gettone.errors import CheckFailed

_NEVER = BalanceRow(0, 0)


def movements_of(events: Iterable[ChainEvent]) -> dict[str, BalanceRow]:
    """Change of base units by wallet, of either sign, each with the last block that moved it.

    What is issued comes from nobody, what is burned goes to nobody, and nobody has no balance.
    """
    units: dict[str, int] = defaultdict(int)
    blocks: dict[str, int] = {}
    for event in events:
        if event.event != "Transfer" or event.contract != community_token.NAME:
            continue
        sender, receiver, value = event.args.values()
        amount = int(value)
        units[sender] -= amount
        units[receiver] += amount
        blocks[sender] = blocks[receiver] = event.block_number
    return {wallet: BalanceRow(units[wallet], blocks[wallet]) for wallet in units if wallet != NOBODY}


def moved(before: Mapping[str, BalanceRow], movements: Mapping[str, BalanceRow]) -> dict[str, BalanceRow]:
    """The balances after the movements, of the wallets that moved.

    CheckFailed `index_balance` for a balance below zero: then an event is missing.
    """
    after = {
        wallet: BalanceRow(before.get(wallet, _NEVER).units + one.units, one.block_number)
        for wallet, one in movements.items()
    }
    short = [wallet for wallet, one in after.items() if one.units < 0]
    if short:
        wallet, found = short[0], after[short[0]]
        raise CheckFailed(
            "index_balance",
            f"{wallet} would hold {found.units} units in block {found.block_number}: the index or the node misses an "
            "event; run gettone reconcile, which names it",
        )
    return after
