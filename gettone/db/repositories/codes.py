"""The words that columns of the type `code` may hold, by domain (metering specification §2)."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from gettone.db.tables import CodeRow
from gettone.errors import InputError


def require_codes(connection: Connection, domain: str, words: Iterable[str]) -> None:
    """InputError, whose code is the domain, for the first word that the domain does not know."""
    known = set(connection.execute(select(CodeRow.code).where(CodeRow.domain == domain)).scalars())
    wrong = next((word for word in words if word not in known), None)
    if wrong is not None:
        raise InputError(domain, f"{domain} {wrong!r} is not one of {', '.join(sorted(known))}")
