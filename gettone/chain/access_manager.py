"""Gateway of AccessManager (OpenZeppelin, unmodified): the one permission book of a contract set."""

from dataclasses import dataclass
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "AccessManager"


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One account holding one role; `delay_s` lies between announcing and executing what the role may."""

    role: int
    account: str
    delay_s: int


@dataclass(frozen=True, slots=True)
class AccessManager:
    """Reads and calls of one AccessManager."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The permission book deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    def has_role(self, role: int, account: str, *, block_identifier: BlockIdentifier = LATEST) -> tuple[bool, int]:
        """Whether `account` holds `role` now, and its execution delay in seconds."""
        held, delay = self.contract.read("hasRole", role, checksum_address(account), block_identifier=block_identifier)
        return bool(held), int(delay)

    def get_role_admin(self, role: int, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The role that grants and revokes `role`."""
        return int(self.contract.read("getRoleAdmin", role, block_identifier=block_identifier))

    def get_target_function_role(
        self, target: str, selector: bytes, *, block_identifier: BlockIdentifier = LATEST
    ) -> int:
        """The role that may call the 4-byte `selector` of `target`."""
        return int(self.contract.read("getTargetFunctionRole", target, selector, block_identifier=block_identifier))

    def is_target_closed(self, target: str, *, block_identifier: BlockIdentifier = LATEST) -> bool:
        """Whether every restricted function of `target` is shut."""
        return bool(self.contract.read("isTargetClosed", target, block_identifier=block_identifier))

    def role_grants(self, *, from_block: int = 0, to_block: int | None = None) -> frozenset[RoleGrant]:
        """Who holds which role at the end of the blocks named, from the events of all of them."""
        granted = self.contract.events("RoleGranted", from_block=from_block, to_block=to_block)
        revoked = self.contract.events("RoleRevoked", from_block=from_block, to_block=to_block)
        held: dict[tuple[int, str], int] = {}
        for event in sorted(granted + revoked, key=lambda one: (one["blockNumber"], one["logIndex"])):
            place = (int(event["args"]["roleId"]), str(event["args"]["account"]))
            if event["event"] == "RoleGranted":
                held[place] = int(event["args"]["delay"])
            else:
                held.pop(place, None)
        return frozenset(RoleGrant(role, account, delay_s) for (role, account), delay_s in held.items())

    def grant_role(self, role: int, account: str, delay_s: int = 0) -> Call:
        """Give a role (by the role's admin)."""
        return self.contract.call("grantRole", role, checksum_address(account), delay_s)

    def revoke_role(self, role: int, account: str) -> Call:
        """Take a role (by the role's admin)."""
        return self.contract.call("revokeRole", role, checksum_address(account))

    def renounce_role(self, role: int, account: str) -> Call:
        """Give up an own role."""
        return self.contract.call("renounceRole", role, checksum_address(account))

    def set_target_function_role(self, target: str, selectors: list[bytes], role: int) -> Call:
        """Decide which role may call functions of `target` (ADMIN_ROLE)."""
        return self.contract.call("setTargetFunctionRole", checksum_address(target), selectors, role)

    def set_role_admin(self, role: int, admin: int) -> Call:
        """Decide which role grants `role` (ADMIN_ROLE)."""
        return self.contract.call("setRoleAdmin", role, admin)

    def label_role(self, role: int, label: str) -> Call:
        """Publish a role's name as an event (ADMIN_ROLE)."""
        return self.contract.call("labelRole", role, label)

    def execute(self, call: Call) -> Call:
        """Carry out a call through this contract, which is the caller then: at once, or after its announcement."""
        return self.contract.call("execute", call.to, call.data)

    def schedule(self, call: Call, when_s: int = 0) -> Call:
        """Announce a call for a role with a delay; `when_s` unix seconds, 0 for the earliest moment."""
        return self.contract.call("schedule", call.to, call.data, when_s)

    def multicall(self, calls: list[Call]) -> Call:
        """Several calls of this contract in one transaction: all take effect, or none."""
        return self.contract.call("multicall", [call.data for call in calls])
