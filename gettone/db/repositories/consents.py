"""What members agreed to show to others: given, in force, withdrawn."""

from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from gettone.db.tables import SharingConsent, UserCommunity


class Purpose(StrEnum):
    """What a consent is about."""

    METERING = "metering"
    READINGS_TO_ADMIN = "readings_to_admin"
    TOTALS = "totals"
    RANKING = "ranking"
    DIRECTORY = "directory"
    RESEARCH_EXPORT = "research_export"
    MAIL = "mail"


class Consents:
    """Reads and writes `sharing_consents`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def give(self, member_id: str, purpose: Purpose, now_ms: int, text_version: str | None = None) -> None:
        """Consent from now on to the words of a version; nothing changes where a consent is in force."""
        if purpose not in self.of_member(member_id):
            values = {"member_id": member_id, "purpose": purpose.value, "text_version": text_version}
            self._connection.execute(insert(SharingConsent).values(**values, given_at=now_ms))

    def withdraw(self, member_id: str, purpose: Purpose, now_ms: int) -> None:
        """End the consent in force, if there is one."""
        self._connection.execute(
            update(SharingConsent)
            .where(
                SharingConsent.member_id == member_id,
                SharingConsent.purpose == purpose.value,
                SharingConsent.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now_ms)
        )

    def in_force(self, member_id: str) -> dict[Purpose, tuple[int, str | None]]:
        """What a member consents to now: since when [unix ms], and to which words."""
        query = select(SharingConsent.purpose, SharingConsent.given_at, SharingConsent.text_version).where(
            SharingConsent.member_id == member_id, SharingConsent.withdrawn_at.is_(None)
        )
        return {Purpose(row[0]): (row[1], row[2]) for row in self._connection.execute(query)}

    def of_member(self, member_id: str) -> frozenset[Purpose]:
        """What a member consents to now."""
        query = select(SharingConsent.purpose).where(
            SharingConsent.member_id == member_id, SharingConsent.withdrawn_at.is_(None)
        )
        return frozenset(Purpose(one) for one in self._connection.execute(query).scalars())

    def givers(self, community_id: int, purpose: Purpose) -> frozenset[str]:
        """The members of a community who consent to a purpose now."""
        query = (
            select(SharingConsent.member_id)
            .join(UserCommunity, UserCommunity.member_id == SharingConsent.member_id)
            .where(
                UserCommunity.community_id == community_id,
                SharingConsent.purpose == purpose.value,
                SharingConsent.withdrawn_at.is_(None),
            )
        )
        return frozenset(self._connection.execute(query).scalars())
