"""Persons: known by the subject of their tokens, their names and addresses sealed under a key of each person."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from gettone.db.bulk import insert_if_absent
from gettone.db.columns import Base
from gettone.db.tables import User, UserCommunity
from gettone.errors import MissingInput
from gettone.vault import KEY_BYTES, Vault, seal, unseal

_SEALED = ("given_name", "family_name", "email")
_OPTIONAL = ("address", "zip", "city", "province", "fiscal_code")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as they gave themselves to the identity provider; personal data, shown only to who may see it."""

    user_id: str
    subject: str
    given_name: str
    family_name: str
    email: str
    created_at: int
    language: str | None
    unwanted_mails: tuple[str, ...]


class People:
    """Reads and writes `users`; instants in unix ms."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def meet(self, subject: str, given_name: str, family_name: str, email: str, now_ms: int) -> str:
        """The user id of a subject, made at the first meeting; who come at once get the same one (F3)."""
        user_id, data_key = str(uuid.uuid4()), secrets.token_bytes(KEY_BYTES)
        texts = {"given_name": given_name, "family_name": family_name, "email": email}
        values = {name: seal(data_key, text.encode(), (name, user_id)) for name, text in texts.items()}
        wrapped = self._vault.wrap(data_key, ("person", user_id))
        table = Base.metadata.tables[User.__tablename__]
        row = {"user_id": user_id, "idp_subject": subject, "data_key": wrapped, "created_at": now_ms}
        insert_if_absent(self._connection, table, [row | values])
        return self._connection.execute(select(User.user_id).where(User.idp_subject == subject)).scalar_one()

    def person(self, user_id: str) -> Person:
        """A person with names in clear; MissingInput for one who is unknown or was erased."""
        columns = [User.user_id, User.idp_subject, User.data_key, User.created_at, User.language, User.unwanted_mails]
        columns += [getattr(User, name) for name in _SEALED]
        row = self._connection.execute(select(*columns).where(User.user_id == user_id)).one_or_none()
        if row is None or row.data_key is None:
            raise MissingInput("person_unknown", "there is no such person here, or their data were erased")
        data_key = self._vault.unwrap(bytes(row.data_key), ("person", user_id))
        names = {name: unseal(data_key, bytes(getattr(row, name)), (name, user_id)).decode() for name in _SEALED}
        unwanted = tuple((row.unwanted_mails or "").split())
        return Person(user_id, row.idp_subject, **names, created_at=row.created_at, language=row.language,
                      unwanted_mails=unwanted)  # fmt: skip

    def prefer(self, user_id: str, language: str | None, unwanted_mails: Sequence[str] | None) -> None:
        """Keep how a person wants to be written to; None leaves it as it is."""
        given = {"language": language, "unwanted_mails": None if unwanted_mails is None else " ".join(unwanted_mails)}
        values = {name: value for name, value in given.items() if value is not None}
        if values:
            self._connection.execute(update(User).where(User.user_id == user_id).values(**values))

    def rename(self, user_id: str, given_name: str, family_name: str, email: str) -> None:
        """Keep the names and the address that the provider gives now."""
        wrapped = self._connection.execute(select(User.data_key).where(User.user_id == user_id)).scalar_one()
        data_key = self._vault.unwrap(wrapped or b"", ("person", user_id))
        texts = {"given_name": given_name, "family_name": family_name, "email": email}
        values = {name: seal(data_key, text.encode(), (name, user_id)) for name, text in texts.items()}
        self._connection.execute(update(User).where(User.user_id == user_id).values(**values))


def lock_person(connection: Connection, user_id: str) -> None:
    """Be alone with what a person is and asks for until the transaction ends."""
    connection.execute(select(User.user_id).where(User.user_id == user_id).with_for_update()).scalar_one()


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
