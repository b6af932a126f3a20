"""Payment requests with what they refer to: members and their wallets."""

from sqlalchemy import select

from gettone.chain.consent import AccountStatus
from gettone.db.repositories.payment_requests import PaymentRequests
from gettone.db.repositories.rights import ACTIVE
from gettone.db.repositories.token_book import TokenBookRows
from gettone.db.tables import UserCommunity


class RequestRepository(PaymentRequests):
    """The requests of one community."""

    def is_member(self, member_id: str) -> bool:
        """Whether somebody is an active member of the community."""
        mine = (UserCommunity.community_id == self.community_id, UserCommunity.member_id == member_id)
        query = select(UserCommunity.status).where(*mine)
        return self.connection.execute(query).scalar() == ACTIVE

    def wallet(self, member_id: str) -> str | None:
        """The wallet that receives for a member now."""
        wallets = TokenBookRows(self.connection, self.community_id).wallets_of(bytes.fromhex(member_id))
        present = [name for name, one in wallets.items() if one.status == AccountStatus.ACTIVE]
        return present[-1] if present else None
