"""Routes of wallets (identity and API specification §5.1)."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.context import Context
from api.members.schemas import StateBody
from api.once import OnceForEver, in_one_transaction
from api.operations.schemas import OperationBody
from api.schemas import MemberId
from api.wallets import leaving, replacing, service
from api.wallets.auth import Asking, Confirming, Leaving, Linking, Objecting, Reading, Replacing
from api.wallets.schemas import (
    ChallengeBody,
    ChallengeInput,
    DecideInput,
    LeaveInput,
    LinkInput,
    NewWalletInput,
    ObjectInput,
    ReplaceInput,
    ReplacementBody,
    ReplacementsBody,
    WalletBody,
)

router = APIRouter(prefix="/api/v1/communities/{community}/members/{member}", tags=["wallets"])


@router.get("/wallet", operation_id="get_wallet")
def get_wallet(community: str, member: MemberId, context: Context, access: Reading) -> WalletBody:
    """The wallet of a member, and what its level of custody means."""
    return service.read(context, access, member)


@router.post("/wallet/challenge", operation_id="challenge_wallet")
def challenge_wallet(
    community: str, member: MemberId, context: Context, access: Asking, body: ChallengeInput
) -> ChallengeBody:
    """What a wallet signs to be linked: a message, and its consent to join."""
    with context.database.write() as connection:
        return service.challenge(connection, context, access, member, body)


@router.put(
    "/wallet",
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
    "/wallet",
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


@router.get("/wallet/replacements", operation_id="list_wallet_replacements")
def list_wallet_replacements(community: str, member: MemberId, context: Context, access: Reading) -> ReplacementsBody:
    """The replacements of a member's wallet, the newest first."""
    return service.replacements(context, access, member)


@router.post(
    "/wallet/replacements",
    operation_id="replace_wallet",
    status_code=202,
    response_model=ReplacementBody,
    responses={201: {"model": ReplacementBody}},
)
def replace_wallet(
    community: str, member: MemberId, context: Context, access: Replacing, once: OnceForEver, body: ReplaceInput
) -> JSONResponse:
    """Ask for another wallet: done at once where the present one signs, else confirmed by an administrator."""
    return once.run(body, lambda connection: replacing.ask(connection, context, access, member, body))


@router.post(
    "/wallet/replacements/{replacement_id}/confirm",
    operation_id="confirm_wallet_replacement",
    status_code=202,
    response_model=ReplacementBody,
    responses={200: {"model": ReplacementBody}},
)
def confirm_wallet_replacement(
    community: str, member: MemberId, replacement_id: str, context: Context, access: Confirming, body: DecideInput
) -> JSONResponse:
    """Confirm that the member lost the wallet; the delay on chain begins."""
    return in_one_transaction(
        context, lambda connection: replacing.confirm(connection, context, access, member, replacement_id, body)
    )


@router.post(
    "/wallet/replacements/{replacement_id}/object",
    operation_id="object_to_wallet_replacement",
    status_code=202,
    response_model=ReplacementBody,
    responses={200: {"model": ReplacementBody}},
)
def object_to_wallet_replacement(
    community: str, member: MemberId, replacement_id: str, context: Context, access: Objecting, body: ObjectInput
) -> JSONResponse:
    """Keep the present wallet."""
    return in_one_transaction(
        context, lambda connection: replacing.object_to(connection, context, access, member, replacement_id, body)
    )


@router.post(
    "/leave",
    operation_id="leave_community",
    status_code=202,
    response_model=OperationBody,
    responses={200: {"model": StateBody}},
)
def leave_community(
    community: str, member: MemberId, context: Context, access: Leaving, body: LeaveInput
) -> JSONResponse:
    """End a membership and its account on chain."""
    return in_one_transaction(context, lambda connection: leaving.leave(connection, context, access, member, body))
