"""Who calls: the bearer of an access token, with what the database lets them do now."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from api.context import ApiContext, Context
from api.matrix import DEVICE, MACHINE, REALM_ROLES, TWO_FACTORS
from api.refusals import Malformed, NotPermitted, SessionEnded, StepUp, Unauthenticated
from api.unusual import begin_session
from gettone.access_keys import DEVICE_PREFIX, READER_PREFIX
from gettone.db.repositories.access_keys import DeviceKeys, ReaderKeys
from gettone.db.repositories.rights import KnownCaller, Right, Rights
from gettone.identity.claims import BadToken, TokenClaims

MAX_HEADER_BYTES = 8 * 1024
SCHEME = HTTPBearer(auto_error=False, description="An access token of the identity provider.")


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, a machine or a device, with the rights that count in this request.

    name: the name of the audit trail: a subject, `client:<name>`, `key:<number>` or `device:<number>`.
    claims: of the access token; None for who came with a key.
    user_id: of a person who was here before.
    waiting: rights that only a second factor would make count.
    """

    name: str
    rights: tuple[Right, ...]
    claims: TokenClaims | None = None
    user_id: str | None = None
    waiting: tuple[Right, ...] = ()
    values_locked_until: int = 0
    device_id: int | None = None

    @property
    def person(self) -> TokenClaims | None:
        """The claims of a person; None for machines and devices."""
        return None if self.claims is None or self.claims.is_machine else self.claims


def caller(request: Request, context: Context, _described: Annotated[object, Depends(SCHEME)]) -> Principal | None:
    """Who sends a request; None for nobody, Unauthenticated for a token that is not accepted."""
    token = token_of(request)
    if token is None:
        return None
    if token.startswith((DEVICE_PREFIX, READER_PREFIX)):
        return _of_key(context, token)
    try:
        claims = context.tokens.claims(token)
    except BadToken:
        raise Unauthenticated from None
    return _known(request, context, claims)


def token_of(request: Request) -> str | None:
    """The bearer token of a request; Malformed for one in the address, where logs would keep it."""
    prefixes = (DEVICE_PREFIX, READER_PREFIX)
    if "access_token" in request.query_params or any(one.startswith(prefixes) for one in request.query_params.values()):
        raise Malformed("malformed", "a token in the address is kept by logs: send it as `Authorization: Bearer`")
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(header) > MAX_HEADER_BYTES:
        raise Unauthenticated
    return token.strip()


def _known(request: Request, context: ApiContext, claims: TokenClaims) -> Principal:
    now_ms = context.clock()
    with context.database.read() as connection:
        rights = Rights(connection)
        if claims.is_machine:
            known = rights.of_machine(claims.client, now_ms)
        else:
            known = rights.of_person(claims.sub, claims.session, now_ms)
    needs_factor = known.needs_factor
    if known.user_id is not None and claims.session is not None and not known.session_known:
        needs_factor = begin_session(request, context, known.user_id, claims.session)
    if known.session_ended:
        raise SessionEnded
    if needs_factor and claims.acr < 2:
        raise StepUp(2, 0)
    if known.is_disabled:
        raise NotPermitted("not_permitted", "this account is disabled: ask the administrator of the platform")
    return _principal(claims, known)


def _principal(claims: TokenClaims, known: KnownCaller) -> Principal:
    """A right counts where the token carries its realm role too, and some only with a second factor."""
    carried = [one for one in known.rights if claims.is_machine or REALM_ROLES.get(one.role) in claims.roles]
    waiting = [one for one in carried if one.role in TWO_FACTORS and claims.acr < 2 and not claims.is_machine]
    counting = [one for one in carried if one not in waiting]
    name = f"client:{claims.client}" if claims.is_machine else claims.sub
    return Principal(name, tuple(counting), claims, known.user_id, tuple(waiting), known.values_locked_until)


def _of_key(context: ApiContext, key: str) -> Principal:
    """Who comes with a key: a device, or a machine that has no account at the provider."""
    with context.database.read() as connection:
        device_id = DeviceKeys(connection).device_of(key, context.clock())
        reader = None if device_id is not None else ReaderKeys(connection).reader_of(key, context.clock())
    if device_id is not None:
        return Principal(f"device:{device_id}", (Right(DEVICE, None, None),), device_id=device_id)
    if reader is None:
        raise Unauthenticated
    return Principal(f"key:{reader.key_id}", (Right(MACHINE, reader.community_id, None, scopes=reader.scopes),))


Caller = Annotated[Principal | None, Depends(caller)]
