"""What moved, read back from the events of the chain: from whom, to whom, how much, and what for."""

from dataclasses import dataclass

from web3.types import EventData

from gettone.chain.agreement import Terms
from gettone.chain.categories import Kind
from oracle.demo.economy.scene import TREASURY, Scene

NOBODY = "0x" + "00" * 20
ESCROW = "escrow"
_TREASURY_EVENTS = {
    "IncentivePaid": "incentive",
    "Sold": "sale for euro",
    "WelcomeBonusPaid": "welcome bonus",
    "EnergyBonusPaid": "energy bonus",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """One movement of tokens [u] between two names."""

    giver: str
    receiver: str
    units: int
    reason: str


def read_flows(scene: Scene, terms: Terms | None, first_block: int, last_block: int) -> tuple[Flow, ...]:
    """Every `Transfer` of the blocks named, in chain order, with the reason that other events of it give."""
    token, names = scene.contracts.token.contract, scene.names()
    events = token.events("Transfer", from_block=first_block, to_block=last_block)
    given = _reasons_of_treasury(scene, first_block, last_block)
    flows = []
    for event in events:
        args = event["args"]
        giver, receiver = names.get(args["from"], "new"), names.get(args["to"], "nobody")
        reason = given.get(bytes(event["transactionHash"])) if giver == TREASURY else None
        flows.append(Flow(giver, receiver, int(args["value"]), reason or _reason(scene, terms, giver, receiver)))
    return tuple(flow for flow in flows if flow.units)


def _reasons_of_treasury(scene: Scene, first_block: int, last_block: int) -> dict[bytes, str]:
    """Why the Treasury gave, by transaction."""
    found: dict[bytes, str] = {}
    for name, reason in _TREASURY_EVENTS.items():
        events: list[EventData] = scene.contracts.treasury.contract.events(
            name, from_block=first_block, to_block=last_block
        )
        found |= {bytes(event["transactionHash"]): reason for event in events}
    return found


def _reason(scene: Scene, terms: Terms | None, giver: str, receiver: str) -> str:
    if giver == "new":
        return "issued"
    if receiver == ESCROW:
        return "into escrow"
    return _released(scene, terms, receiver) if giver == ESCROW and terms else "transfer"


def _released(scene: Scene, terms: Terms, receiver: str) -> str:
    """What a party has from the escrow of its agreement."""
    if receiver == TREASURY:
        return "service fee"
    member_id = next(person.member_id for person in scene.people if person.name == receiver)
    if member_id == terms.structure:
        return "for the place"
    if member_id == terms.provider:
        return "price less fee"
    return "premium less fee" if terms.kind is Kind.NEW_GOODS else "deposit back"
