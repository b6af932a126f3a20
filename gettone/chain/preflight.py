"""What is asked before a settlement signs or sends anything: rights of its keys, and the time."""

from collections.abc import Iterable, Sequence

from gettone.chain.client import ChainClient
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import PeriodKind
from gettone.errors import Conflict, Refused

# The shortest period of each kind: a clock that is further off settles the wrong one.
_SHORTEST_S = {PeriodKind.DAY: 23 * 3_600, PeriodKind.WEEK: 167 * 3_600, PeriodKind.MONTH: 671 * 3_600}


def require_oracles(contracts: CommunityContracts, addresses: Iterable[str]) -> None:
    """Refused `oracle_without_role` for the first key that is no oracle of the community on chain."""
    keys = tuple(addresses)
    for address in keys:
        held, _ = contracts.access_manager.has_role(Role.ORACLE, address)
        if not held:
            raise Refused(
                "oracle_without_role",
                f"{address} does not hold the role of an oracle of {contracts.community_id!r} and nothing it signs "
                "would be taken: correct GETTONE_ORACLE_KEYSTORE_FILES, or have the community admin "
                + _mending(contracts, address, keys),
            )


def _mending(contracts: CommunityContracts, address: str, keys: Sequence[str]) -> str:
    """What gives the key its role: taking it from the oracle whose key is not here any more, if there is one."""
    grants = contracts.access_manager.role_grants(from_block=contracts.first_block)
    others = sorted(one.account for one in grants if one.role == Role.ORACLE and one.account not in keys)
    if not others:
        return f"grant it, `AccessManager.grantRole({int(Role.ORACLE)}, {address}, 0)`: no other key holds it"
    command = f"gettone keys rotate --community {contracts.community_id} --role oracle --old"
    rest = f" (or another that holds the role: {', '.join(others[1:])})" if others[1:] else ""
    return f"run {command} {others[0]} --new {address}{rest}"


def may_sign(contracts: CommunityContracts, address: str) -> bool:
    """Whether the ledger counts a signature of this address: it holds ORACLE now, without a delay."""
    held, delay_s = contracts.access_manager.has_role(Role.ORACLE, address)
    return held and delay_s == 0


def require_clock(client: ChainClient, kind: PeriodKind, now_s: int) -> None:
    """Conflict `clock_off` when this machine's time [unix s] and the chain's latest block are a period apart."""
    head_s = client.now_s()
    if abs(now_s - head_s) > _SHORTEST_S[kind]:
        raise Conflict(
            "clock_off",
            f"this machine's clock is {abs(now_s - head_s)} s {'ahead of' if now_s > head_s else 'behind'} the chain's "
            f"latest block, more than a period of this community ({kind.name.lower()}): set the clock (timedatectl "
            "set-ntp true), see that the validators run, or for a local chain set GETTONE_CLOCK=chain",
        )
