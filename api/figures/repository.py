"""What the figures need of the database beside what is computed."""

from sqlalchemy import Connection

from gettone.db.repositories.consents import Consents, Purpose


def opens_readings(connection: Connection, member_id: str) -> bool:
    """Whether a member lets the admins of the community see the own readings."""
    return Purpose.READINGS_TO_ADMIN in Consents(connection).of_member(member_id)
