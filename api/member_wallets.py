"""The wallet a member acts with, as the chain has it, and how often others may carry its acts."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.refusals import Limited, NotPermitted
from gettone.chain.consent import AccountStatus
from gettone.db.repositories.member_acts import MemberActs
from gettone.db.repositories.token_book import TokenBookRows
from gettone.economy.book import WalletRecord
from gettone.errors import Conflict

RELAYED_A_DAY = 20
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class ActingMember:
    """A member with the wallet they act with, and all they ever had."""

    member_id: str
    wallet: str
    wallets: Mapping[str, WalletRecord]


def acting_member(connection: Connection, access: Access) -> ActingMember:
    """The caller as a member; Conflict `no_wallet` before a wallet of theirs has joined on chain."""
    member = access.own_member_id
    if member is None:
        raise NotPermitted("not_permitted", "only a member acts with a wallet")
    wallets = TokenBookRows(connection, access.where.community_id).wallets_of(bytes.fromhex(member))
    present = [name for name, one in wallets.items() if one.status != AccountStatus.NONE]
    if not present:
        raise Conflict("no_wallet", "no wallet of yours has joined this community yet: link one first")
    return ActingMember(member, present[-1], wallets)


def require_unlocked(context: ApiContext, access: Access) -> None:
    """NotPermitted while the values of a person are locked, after their address or second factor was changed."""
    if access.person.values_locked_until > context.clock():
        raise NotPermitted(
            "not_permitted", "your account was changed a short time ago: values can be moved again when the lock ends"
        )


def require_carried(connection: Connection, context: ApiContext, access: Access, member: ActingMember) -> None:
    """Limited after twenty acts carried for a member within a day."""
    since = context.clock() - DAY_MS
    carried = MemberActs(connection).relayed_since(access.where.community_id, member.member_id, since)
    if carried >= RELAYED_A_DAY:
        raise Limited(f"{RELAYED_A_DAY} acts a day are carried for a member: use your own wallet, or wait", 3600)
