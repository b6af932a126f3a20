"""The stand-alone verifier: notarization and reward rules joined, as `gettone verify` and as `verify.py`.

`scripts/build_verifier.py` puts this module and all it needs into one file that runs on Python alone.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gettone.chain.model_parameters import parameters_of_chain
from gettone.errors import GettoneError, InputError
from gettone.notary.digests import DeviceInput, SettlementParams
from gettone.notary.verify.chain_view import ChainView, ModelVersion
from gettone.notary.verify.report import STEP_NAMES, Report
from gettone.notary.verify.reward_rules import OwnData
from gettone.notary.verify.rpc import RpcNode, http_transport
from gettone.notary.verify.rpc_view import RpcChainView
from gettone.notary.verify.run import verify_takeout
from gettone.rewards.allocation import AllocationRecord
from gettone.rewards.distribution import budget_of
from gettone.rewards.inputs import Community, Membership, Series, SlotTotal
from gettone.rewards.local_days import baseline_start_s
from gettone.rewards.model import POOL, Model, parse_model
from gettone.rewards.own import recompute_own
from gettone.types import LocalClock, SettlementPeriod

MEMBER = "own"
BASELINE_INTERVAL_S = 900

_DECIMAL_WORD = re.compile(r"-?[0-9]+")


class GettoneRules:
    """The reward rules of this program, as `RewardRules` of the verification."""

    def stated(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The model document with numbers as integers and defaults filled in."""
        return _model_of(parameters).to_document()

    def on_chain(self, version: ModelVersion) -> Mapping[str, Any]:
        """The model document of a version of RewardModels."""
        return parameters_of_chain(version.parameters)

    def baseline_start_s(self, params: SettlementParams, start_s: int, end_s: int) -> int | None:
        """Start of the 28 local days before the period in percentile mode, else None."""
        peaks = _model_of(params.parameters).no_peaks
        if peaks is None or peaks.limit_mode != "percentile":
            return None
        return baseline_start_s(_period_of(params, start_s, end_s), BASELINE_INTERVAL_S)

    def budget_problem(self, params: SettlementParams, period_cap_units: int | None) -> str | None:
        """Compare what the allocations share out with budget, carry-in and period cap."""
        model = _model_of(params.parameters)
        limit_units = budget_of(model, params.carry_in_units, period_cap_units)
        shared_units = sum(int(one["budget_units"]) for one in params.allocations)
        if limit_units is None or (not params.allocations and model.mode != POOL):
            exceeds = limit_units is not None and params.sums.entitlement_units > limit_units
            return f"the rewards exceed the cap of {limit_units} units" if exceeds else None
        is_capped_unseen = period_cap_units is None and shared_units < limit_units
        if shared_units != limit_units and not is_capped_unseen:
            return f"the allocations share {shared_units} units, not {limit_units}"
        if params.sums.entitlement_units > shared_units:
            return f"the entitlements exceed the {shared_units} units of the allocations"
        return None

    def recompute(self, own: OwnData) -> tuple[int, str]:
        """The member's entitlement [base units] and trace, from the own data and the published figures."""
        reward = recompute_own(
            own=_community_of(own),
            member_id=MEMBER,
            position=own.position,
            model=parse_model(own.parameters),
            period=_period_of(own.params, own.period_start_s, own.period_end_s),
            slot_totals=[SlotTotal(*row) for row in own.totals],
            allocations=[_allocation_of(one) for one in own.params.allocations],
        )
        return reward.member.reward_units, reward.trace


def _model_of(parameters: Mapping[str, Any]) -> Model:
    return parse_model(_numbers(parameters))


def _numbers(value: Any) -> Any:
    """Hashed objects hold numbers as strings; the words of a model are never decimal."""
    if isinstance(value, str) and _DECIMAL_WORD.fullmatch(value):
        return int(value)
    if isinstance(value, Mapping):
        return {name: _numbers(item) for name, item in value.items()}
    return [_numbers(item) for item in value] if isinstance(value, list) else value


def _period_of(params: SettlementParams, start_s: int, end_s: int) -> SettlementPeriod:
    return SettlementPeriod(start_s, end_s, LocalClock(tuple(params.utc_offsets)), params.timezone)


def _allocation_of(record: Mapping[str, Any]) -> AllocationRecord:
    return AllocationRecord(
        record["of"],
        record["budget_units"],
        record["total_score"],
        record["cut_remainder"],
        record["cut_position"],
    )


def _community_of(own: OwnData) -> Community:
    """The member's part of the community; every register is a device, the first carries the contract power."""
    series = {
        _name(*register): Series(_name(*register), slot_s, readings)
        for register, (slot_s, readings) in own.series.items()
    }
    memberships = [one for device in own.devices for one in _memberships(device)]
    return Community(series, tuple(memberships), own.params.netting)


def _memberships(device: DeviceInput) -> list[Membership]:
    return [
        Membership(
            MEMBER,
            _name(direction, pod),
            device.from_s,
            device.to_s,
            device.contract_power_w if at == 0 else 0,
            pod,
        )
        for at, (direction, pod, _) in enumerate(device.series)
    ]


def _name(direction: int, pod: str) -> str:
    return f"{direction}:{pod}"


@dataclass(frozen=True, slots=True)
class TrustInputs:
    """What the verifier trusts, from the own arguments alone: a node, its genesis hash, the ledger's address."""

    rpc: str | None
    genesis: str | None
    contract: str | None

    def view(self) -> ChainView | None:
        """The chain to compare with; None unless all three are given.  InputError for malformed ones."""
        if self.genesis is not None:
            _hex_argument("--genesis", self.genesis, 32)
        if self.contract is not None:
            _hex_argument("--contract", self.contract, 20)
        if self.rpc is None or self.genesis is None or self.contract is None:
            return None
        genesis = _hex_argument("--genesis", self.genesis, 32)
        node = RpcNode(http_transport(self.rpc))
        return RpcChainView(node, genesis, _hex_argument("--contract", self.contract, 20))


def _hex_argument(name: str, text: str, length: int) -> bytes:
    if not re.fullmatch(f"0x[0-9a-fA-F]{{{2 * length}}}", text):
        raise InputError("argument", f"{name} {text!r} is not 0x and {2 * length} hex digits")
    return bytes.fromhex(text[2:])


def verify_file(path: Path, trust: TrustInputs) -> Report:
    """Verify the take-out at `path`; InputError for a file that cannot be read or malformed arguments."""
    try:
        data = path.read_bytes()
    except OSError as cause:
        raise InputError("bundle_unreadable", f"the take-out {path} cannot be read: {cause.strerror}") from None
    return verify_takeout(data, trust.view(), GettoneRules())


def report_lines(report: Report) -> list[str]:
    """The report in words: verdict, steps, differences."""
    lines = [report.verdict]
    for step, name in zip(report.steps, STEP_NAMES, strict=True):
        lines.append(f"  {step.number} {name:<10} {step.state.value:<10} {'; '.join(step.details)}")
    for one in report.differences:
        place = f"settlement {one.period or '-'}" + ("" if one.slot is None else f", slot {one.slot}")
        lines.append(f"  differs: {place}: expected {one.expected}, found {one.found}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the stand-alone program; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Verify a take-out: from the meter readings to the tokens received, trusting nobody.",
        epilog="exit: 0 verified, 1 wrong, 2 usage, 3 evidence missing or pending",
    )
    parser.add_argument("bundle", type=Path, help="the take-out, a .zip file")
    parser.add_argument("--rpc", help="URL of a node of the chain that you trust")
    parser.add_argument("--genesis", help="hash of the chain's first block, 0x...")
    parser.add_argument("--contract", help="address of the settlement contract, 0x...")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    try:
        report = verify_file(given.bundle, TrustInputs(given.rpc, given.genesis, given.contract))
    except GettoneError as refusal:
        sys.stderr.write(f"error [{refusal.code}]: {refusal.message}\n")
        return refusal.exit_status
    if given.json:
        sys.stdout.write(json.dumps(report.to_document(), sort_keys=True, ensure_ascii=True) + "\n")
    else:
        sys.stdout.write("\n".join(report_lines(report)) + "\n")
    return report.exit_status
