"""Offers with the structures they name."""

from sqlalchemy import select

from gettone.chain.consent import MemberClass
from gettone.db.repositories.offers import Offers
from gettone.db.tables import TokenWallet


class OfferRepository(Offers):
    """The offers of one community."""

    def is_structure(self, member_id: str) -> bool:
        """Whether a member is a stakeholder on chain, as owners of structures are."""
        query = select(TokenWallet.member_class).where(
            TokenWallet.community_id == self.community_id, TokenWallet.holder == bytes.fromhex(member_id)
        )
        return MemberClass.STAKEHOLDER in self.connection.execute(query).scalars().all()
