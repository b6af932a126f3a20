"""Which contract set this is, and who may sign for it."""

from collections.abc import Iterable

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.preflight import may_sign
from gettone.errors import Conflict, Refused
from oracle.attestation.request import Place


def place_here(contracts: CommunityContracts, community: str) -> Place:
    """The contract set that is configured here."""
    client = contracts.client
    return Place(community, client.chain_id, client.genesis_hash, contracts.ledger.address)


def require_place(contracts: CommunityContracts, stated: Place, what: str) -> None:
    """Conflict `attestation_foreign` for a request or attestation of another community, network or ledger."""
    here = place_here(contracts, contracts.ledger.community_id())
    if stated != here:
        raise Conflict(
            "attestation_foreign",
            f"the {what} is of community {stated.community} at ledger {stated.ledger} on chain {stated.chain_id} with "
            f"genesis 0x{stated.genesis_hash.hex()[:8]}…, here is {here.community} at {here.ledger} on "
            f"{here.chain_id} with 0x{here.genesis_hash.hex()[:8]}…: use the settings of that set",
        )


def require_oracle(contracts: CommunityContracts, addresses: Iterable[str]) -> str:
    """The first of these addresses that may sign; Refused `oracle_role` when none may."""
    asked = list(addresses)
    found = next((one for one in asked if may_sign(contracts, one)), None)
    if found is None:
        raise Refused(
            "oracle_role",
            f"{' and '.join(asked) or 'no key'} may not sign settlements here: the community admin grants the role "
            "ORACLE to the address of `gettone keys address`",
        )
    return found
