"""Taking a role from one key and giving it to another, in one transaction."""

from gettone.chain.access_manager import AccessManager
from gettone.chain.refusals.access_manager import AccessManagerUnauthorizedAccount
from gettone.chain.roles import Role
from gettone.chain.transactions import Sender
from gettone.errors import CheckFailed, Refused


def rotate_role(manager: AccessManager, admin: Sender, role: Role, old: str, new: str) -> bool:
    """Revoke `role` of `old` and grant it to `new`, both or neither; whether anything had to change.

    What the old key has in flight is brought home first: it needs no right any more, but its place in a block.
    Raises as a Sender, Refused `not_authorized` for an admin without the right, CheckFailed `rotation` when the
    chain does not say afterwards what was asked for.
    """
    admin.settle(old)
    if _held(manager, role, old, new) == (False, True):
        return False
    calls = [manager.revoke_role(role, old), manager.grant_role(role, new)]
    intent = f"rotate/{manager.contract.address}/{role.name.lower()}/{old}/{new}/{admin.client.block_number()}"
    try:
        admin.send(manager.multicall(calls), intent)
    except AccessManagerUnauthorizedAccount:
        raise Refused(
            "not_authorized",
            f"{admin.address} may not hand over the role {role.name.lower()}, so nothing was changed: run this with "
            "the keystore of the community admin",
        ) from None
    if _held(manager, role, old, new) != (False, True):
        raise CheckFailed("rotation", f"{new} should hold the role {role.name} alone now and does not: run it again")
    return True


def _held(manager: AccessManager, role: Role, *addresses: str) -> tuple[bool, ...]:
    return tuple(manager.has_role(role, one)[0] for one in addresses)
