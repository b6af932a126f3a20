"""What the verifier hands to the reward rules, and what it asks of them; `gettone.verifier` joins the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gettone.notary.digests import DeviceInput, SettlementParams
from gettone.notary.verify.chain_view import ModelVersion

Readings = dict[int, int]
"""Counted readings: slot start (unix s) to signed Wh."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """All that the rules read of one member in one period.

    parameters: the model document, numbers as integers.  series: by (direction, POD), slot length [s] and the
    counted readings of the period and its baseline.  totals: (start_s, withdrawn_wh, injected_wh) per slot.
    """

    position: int
    period_start_s: int
    period_end_s: int
    params: SettlementParams
    parameters: Mapping[str, Any]
    devices: tuple[DeviceInput, ...]
    series: Mapping[tuple[int, str], tuple[int, Readings]]
    totals: tuple[tuple[int, int, int], ...]


class RewardRules(Protocol):
    """The reward rules as the verifier needs them; `gettone.verifier` joins the real ones."""

    def stated(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The model document of `parameters` as hashed; InputError for one that the rules refuse."""

    def on_chain(self, version: ModelVersion) -> Mapping[str, Any]:
        """The model document of a version of the chain; CheckFailed or InputError for an unknown one."""

    def baseline_start_s(self, params: SettlementParams, start_s: int, end_s: int) -> int | None:
        """Start of the baseline that the model reads before the period; None if it reads none."""

    def budget_problem(self, params: SettlementParams, period_cap_units: int | None) -> str | None:
        """Why the budgets of the allocations are not those of model, carry-in and cap; None if they are."""

    def recompute(self, own: OwnData) -> tuple[int, str]:
        """Entitlement [base units] and trace of the member; InputError where the data cannot be settled."""
