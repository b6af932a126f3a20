"""What this server rests on, looked at when somebody asks: database, identity provider, chain, event index."""

from collections.abc import Callable

from api.context import ApiContext, Chain
from api.health.repository import oldest_cursor_s
from api.health.schemas import Name, PartBody, State, StatusBody
from api.refusals import Unavailable
from gettone.db.schema import require_current
from gettone.errors import GettoneError

MAX_BLOCK_AGE_PERIODS = 5
MAX_INDEX_LAG_S = 10


def read_status(context: ApiContext) -> StatusBody:
    """How each part is; a part that is not configured is absent, and no obstacle."""
    checks = (_database, _identity, _chain, _index)
    parts = [check(context) for check in checks]
    return StatusBody(ready=all(one.state != "bad" for one in parts), parts=parts)


def require_ready(context: ApiContext) -> StatusBody:
    """The status of a server that may serve; Unavailable `maintenance`, `chain_stalled` or `index_behind`."""
    status = read_status(context)
    bad = next((one for one in status.parts if one.state == "bad"), None)
    if bad is not None:
        raise Unavailable(_CODES[bad.name], bad.detail)
    return status


def require_chain(context: ApiContext) -> Chain:
    """The chain that writers need; Unavailable `chain_stalled` while it stands still, or where there is none."""
    part = _chain(context)
    if context.chain is None or part.state == "bad":
        raise Unavailable("chain_stalled", f"{part.detail}: nothing is sent until it goes on")
    return context.chain


_CODES = {
    "database": "maintenance",
    "identity": "maintenance",
    "chain": "chain_stalled",
    "index": "index_behind",
}


def _database(context: ApiContext) -> PartBody:
    def check() -> PartBody:
        with context.database.read() as connection:
            require_current(connection)
        return PartBody(name="database", state="good", detail="answers, and is at the revision of this program")

    return _judged("database", check)


def _identity(context: ApiContext) -> PartBody:
    if context.key_age_s is None:
        return PartBody(name="identity", state="absent", detail="no identity provider is configured")
    key_age_s = context.key_age_s

    def check() -> PartBody:
        age_s = key_age_s()
        detail = f"its keys, by which tokens are checked, are {age_s} s old"
        return PartBody(name="identity", state="good", detail=detail, measure=age_s, unit="s")

    return _judged("identity", check)


def _chain(context: ApiContext) -> PartBody:
    if context.chain is None:
        return PartBody(name="chain", state="absent", detail="no chain is configured")
    chain = context.chain

    def check() -> PartBody:
        age_s = max(0, context.clock() // 1000 - chain.client.now_s())
        limit_s = MAX_BLOCK_AGE_PERIODS * chain.block_period_s
        state: State = "bad" if age_s > limit_s else "good"
        detail = f"the chain {'stands still' if state == 'bad' else 'goes on'}: its last block is {age_s} s old"
        return PartBody(name="chain", state=state, detail=detail, measure=age_s, unit="s")

    return _judged("chain", check)


def _index(context: ApiContext) -> PartBody:
    if context.chain is None:
        return PartBody(name="index", state="absent", detail="no chain is configured")
    chain = context.chain

    def check() -> PartBody:
        indexed_s = oldest_cursor_s(context.database, tuple(chain.deployment.communities))
        if indexed_s is None:
            return PartBody(name="index", state="absent", detail="no community is indexed yet")
        lag_s = max(0, chain.client.now_s() - indexed_s)
        state: State = "bad" if lag_s > MAX_INDEX_LAG_S else "good"
        return PartBody(
            name="index", state=state, detail=f"the index is {lag_s} s behind the chain", measure=lag_s, unit="s"
        )

    return _judged("index", check)


def _judged(name: Name, check: Callable[[], PartBody]) -> PartBody:
    try:
        return check()
    except GettoneError as refusal:
        return PartBody(name=name, state="bad", detail=refusal.message)
