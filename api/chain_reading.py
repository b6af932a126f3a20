"""Reading the chain for a route: the contracts of its community, or a refusal that says what is missing."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Query
from pydantic import AwareDatetime

from api.access import Access
from api.context import ApiContext
from api.refusals import NotFound, Unavailable
from gettone.chain.contract_set import CommunityContracts
from gettone.errors import MissingInput, Unreachable

T = TypeVar("T")

At = Annotated[AwareDatetime | None, Query(description="An instant with its offset; the present of the chain without.")]


def contracts_of(context: ApiContext, access: Access) -> CommunityContracts:
    """The contracts of the route's community; Unavailable `chain_stalled` without a chain, NotFound before they are."""
    if context.chain is None:
        raise Unavailable("chain_stalled", "this server has no chain: set GETTONE_RPC_URL and GETTONE_DEPLOYMENT_FILE")
    chain = context.chain
    return asked(lambda: chain.contracts(access.where.slug))


def asked(question: Callable[[], T]) -> T:
    """What the chain answers; a node that is away is `chain_stalled`, a community without contracts is not found."""
    try:
        return question()
    except Unreachable as away:
        raise Unavailable("chain_stalled", away.message) from None
    except MissingInput as missing:
        raise NotFound("not_found", missing.message) from None


def instant_s(contracts: CommunityContracts, at: datetime | None) -> int:
    """An instant as unix seconds; without one the clock of the chain."""
    return contracts.client.now_s() if at is None else int(at.timestamp())
