"""Routes of wallets (identity and API specification §5.1)."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.context import Context
from api.once import OnceForEver
from api.schemas import MemberId
from api.wallets import service
from api.wallets.auth import Asking, Linking, Reading
from api.wallets.schemas import ChallengeBody, ChallengeInput, LinkInput, NewWalletInput, WalletBody

router = APIRouter(prefix="/api/v1/communities/{community}/members/{member}/wallet", tags=["wallets"])


@router.get("", operation_id="get_wallet")
def get_wallet(community: str, member: MemberId, context: Context, access: Reading) -> WalletBody:
    """The wallet of a member, and what its level of custody means."""
    return service.read(context, access, member)


@router.post("/challenge", operation_id="challenge_wallet")
def challenge_wallet(
    community: str, member: MemberId, context: Context, access: Asking, body: ChallengeInput
) -> ChallengeBody:
    """What a wallet signs to be linked: a message, and its consent to join."""
    with context.database.write() as connection:
        return service.challenge(connection, context, access, member, body)


@router.put(
    "",
    operation_id="link_wallet",
    status_code=201,
    response_model=WalletBody,
    responses={200: {"model": WalletBody}},
)
def link_wallet(
    community: str, member: MemberId, context: Context, access: Linking, once: OnceForEver, body: LinkInput
) -> JSONResponse:
    """Link a wallet of the member's own; it then joins on chain."""
    return once.run(body, lambda connection: service.link(connection, context, access, member, body))


@router.post(
    "",
    operation_id="make_wallet",
    status_code=201,
    response_model=WalletBody,
    responses={200: {"model": WalletBody}},
)
def make_wallet(
    community: str, member: MemberId, context: Context, access: Linking, once: OnceForEver, body: NewWalletInput
) -> JSONResponse:
    """Make a wallet that the server holds for the member; it then joins on chain."""
    return once.run(body, lambda connection: service.make(connection, context, access, member, body))
