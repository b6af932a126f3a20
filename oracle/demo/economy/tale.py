"""Telling one story: who had how much before and after, and what moved; the sums are checked."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from gettone.chain.agreement import Terms
from gettone.errors import CheckFailed
from oracle.demo.economy.flows import ESCROW, Flow, read_flows
from oracle.demo.economy.scene import Scene

WEEK_S = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Story:
    """One worked story; balances [u] by name of those whose balance or part in it matters."""

    category: str
    title: str
    words: tuple[str, ...]
    before_units: dict[str, int]
    after_units: dict[str, int]
    flows: tuple[Flow, ...]


def tell(scene: Scene, category: str, title: str, words: tuple[str, ...], play: Callable[[], Terms | None]) -> Story:
    """Play a story and read from the chain what it moved; CheckFailed if the flows do not explain the balances."""
    before, first_block = scene.balances_units(), scene.client.block_number() + 1
    terms = play()
    last_block = scene.client.block_number()
    flows = read_flows(scene, terms, first_block, last_block)
    after = scene.balances_units()
    _require_explained(title, before, after, flows)
    if scene.contracts.exchange.contract.events("IncentivePostponed", from_block=first_block, to_block=last_block):
        raise CheckFailed("story_unexplained", f"{title}: the incentive that was due is not paid")
    involved = [name for name in before if any(name in (flow.giver, flow.receiver) for flow in flows)]
    return Story(
        category, title, words, {one: before[one] for one in involved}, {one: after[one] for one in involved}, flows
    )


def _require_explained(title: str, before: dict[str, int], after: dict[str, int], flows: tuple[Flow, ...]) -> None:
    left = dict(before) | {ESCROW: 0, "new": 0}
    for flow in flows:
        left[flow.giver] -= flow.units
        left[flow.receiver] += flow.units
    for name, units in after.items():
        if left[name] != units:
            raise CheckFailed("story_unexplained", f"{title}: the flows leave {name} {left[name]} units, not {units}")
    if left[ESCROW] != 0:
        raise CheckFailed("story_unexplained", f"{title}: {left[ESCROW]} units stay in escrow")


def text_hash(text: str) -> bytes:
    """SHA-256 of a text that stays off chain."""
    return sha256(text.encode()).digest()
