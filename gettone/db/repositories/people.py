"""Persons behind members, as far as an erasure needs them."""

import secrets

from sqlalchemy import Connection, func, select, update

from gettone.db.tables import User, UserCommunity

_SEALED = ("given_name", "family_name", "email")
_OPTIONAL = ("address", "zip", "city", "province", "fiscal_code")


def forget_person(connection: Connection, member_id: str, now_ms: int) -> bool:
    """Destroy the key and the sealed names of the person behind a member; False for one who is a member elsewhere.

    The row stays under its random id, for what others did with it; nothing in it says who that was.
    """
    user_id = connection.execute(select(UserCommunity.user_id).where(UserCommunity.member_id == member_id)).scalar()
    if user_id is None:
        return False
    memberships = select(func.count()).select_from(UserCommunity).where(UserCommunity.user_id == user_id)
    if connection.execute(memberships).scalar_one() > 1:
        return False
    values = dict.fromkeys(_SEALED, b"") | dict.fromkeys(_OPTIONAL)
    subject = f"erased:{secrets.token_hex(16)}"
    statement = update(User).where(User.user_id == user_id)
    connection.execute(statement.values(**values, idp_subject=subject, data_key=None, erased_at=now_ms))
    return True
