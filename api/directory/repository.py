"""Members who consented to the directory, with their names and wallets."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gettone.chain.consent import AccountStatus
from gettone.db.repositories.consents import Purpose
from gettone.db.repositories.people import People
from gettone.db.repositories.rights import ACTIVE
from gettone.db.repositories.token_book import TokenBookRows
from gettone.db.tables import SharingConsent, UserCommunity
from gettone.vault import Vault

MEMBERS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the directory shows them."""

    member_id: str
    name: str
    kind: str
    wallet: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Reads the directory of one community; names are opened one by one, as each person has a key of their own."""

    connection: Connection
    vault: Vault
    community_id: int

    def listed(self, after: str | None) -> Iterator[Listed]:
        """Everybody in it behind a member id, in the order of member ids."""
        while True:
            members = self._members(after)
            for member_id, user_id, kind in members:
                wallet = self._wallet(member_id)
                if wallet is not None:
                    person = People(self.connection, self.vault).person(user_id)
                    name = f"{person.given_name} {person.family_name}".strip()
                    yield Listed(member_id, name, kind, wallet)
            if len(members) < MEMBERS_AT_ONCE:
                return
            after = members[-1][0]

    def _members(self, after: str | None) -> list[tuple[str, str, str]]:
        consented = select(SharingConsent.member_id).where(
            SharingConsent.purpose == Purpose.DIRECTORY.value, SharingConsent.withdrawn_at.is_(None)
        )
        query = select(UserCommunity.member_id, UserCommunity.user_id, UserCommunity.kind).where(
            UserCommunity.community_id == self.community_id,
            UserCommunity.status == ACTIVE,
            UserCommunity.user_id.is_not(None),
            UserCommunity.member_id.in_(consented),
        )
        if after is not None:
            query = query.where(UserCommunity.member_id > after)
        rows = self.connection.execute(query.order_by(UserCommunity.member_id).limit(MEMBERS_AT_ONCE))
        return [(row.member_id, row.user_id, row.kind) for row in rows]

    def _wallet(self, member_id: str) -> str | None:
        wallets = TokenBookRows(self.connection, self.community_id).wallets_of(bytes.fromhex(member_id))
        able = (AccountStatus.ACTIVE, AccountStatus.FROZEN)
        present = [name for name, one in wallets.items() if one.status in able]
        return present[-1] if present else None
