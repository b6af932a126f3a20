"""Operations of a caller."""

from api.context import ApiContext
from api.principal import Principal
from gettone.db.repositories.operations import Asker, OperationRow, Operations


def asker_of(principal: Principal) -> Asker:
    """Who asks, as operations name them."""
    return Asker(principal.user_id, None if principal.person is not None else principal.name)


def find(context: ApiContext, operation_id: str) -> OperationRow | None:
    """An operation, or None."""
    with context.database.read() as connection:
        return Operations(connection).find(operation_id)


def newest(context: ApiContext, asker: Asker, after: tuple[int, str] | None, limit: int) -> list[OperationRow]:
    """Operations of one who asked, the newest first."""
    with context.database.read() as connection:
        return Operations(connection).of_asker(asker, after, limit)
