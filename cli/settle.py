"""`gettone settle`: settle a period, and see how far settlements are."""

from typing import Annotated, Any

import typer

from cli.console import err, out, print_json
from cli.settle_attest import accept, attest_proposal, request_attestation
from cli.settle_gate import AsJson, CommunityOption, gate, release, rules
from cli.settle_report import completeness, shadow
from cli.settle_resume import approve, publish, resume, revise, status
from cli.settlement_context import settlement_context
from gettone.db.repositories.settlement_rows import Computed, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.periods import utc_text
from oracle.settle.computation import Calculation
from oracle.settle.job import preview_settlement, run_settlement

settle_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Settle periods: rewards, commitment and tokens."
)

settle_app.command()(request_attestation)
settle_app.command("attest")(attest_proposal)
settle_app.command("accept-attestation")(accept)
settle_app.command()(gate)
settle_app.command()(release)
settle_app.command()(rules)
settle_app.command()(status)
settle_app.command()(completeness)
settle_app.command()(shadow)
settle_app.command()(resume)
settle_app.command()(revise)
settle_app.command()(approve)
settle_app.command()(publish)


@settle_app.command()
def run(
    community: CommunityOption,
    period: Annotated[str, typer.Option("--period", help="2016-09, 2016-W37, 2016-09-14 or FROM/TO.")],
    until: Annotated[
        SettlementState, typer.Option("--until", help="Stop when the settlement has come this far.")
    ] = SettlementState.CLOSED,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compute only: store and send nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Settle one period, from wherever it stands; on a closed settlement this changes nothing."""
    steps: list[str] = []

    def progress(step: str) -> None:
        steps.append(step)
        err.print(f"  {step}", markup=False)

    with settlement_context(community, progress) as context:
        if dry_run:
            _print_preview(preview_settlement(context, community, period), community, period, as_json)
            return
        settlement = run_settlement(context, community, period, until=until)
    if as_json:
        print_json(_document(settlement) | {"changed": bool(steps)})
        return
    verb = "is" if steps else "was already"
    out.print(
        f"period {period} of {community} {verb} {settlement.state}: {settlement.computed.total_units} units paid out "
        f"by model version {settlement.computed.model_version}",
        markup=False,
    )


def _print_preview(calculation: Calculation, community: str, period: str, as_json: bool) -> None:
    computed = calculation.computed
    if as_json:
        print_json(_computed_document(computed) | {"state": "would_compute", "gate": calculation.report.state})
        return
    out.print(
        f"period {period} of {community} would pay {computed.total_units} units to {len(calculation.members)} members "
        f"by model version {computed.model_version}; readings are {calculation.report.state}; nothing was changed",
        markup=False,
    )


def _document(settlement: SettlementRow) -> dict[str, Any]:
    committed, proposed = settlement.committed, settlement.proposed
    return _computed_document(settlement.computed) | {
        "state": str(settlement.state),
        "assignment_root": None if committed is None else "0x" + committed.assignment_root.hex(),
        "proposal_hash": None if proposed is None else "0x" + proposed.proposal_hash.hex(),
        "opened_tx": None if settlement.opened_tx is None else "0x" + settlement.opened_tx.hex(),
        "opened_block": settlement.opened_block,
    }


def _computed_document(computed: Computed) -> dict[str, Any]:
    return {
        "period_index": computed.period_index,
        "revision": computed.revision,
        "period_start": utc_text(computed.period_start_s),
        "period_end": utc_text(computed.period_end_s),
        "model_version": computed.model_version,
        "entitlement_units": str(computed.entitlement_units),
        "total_units": str(computed.total_units),
        "carried_over_units": str(computed.carried_over_units),
        "result_digest": computed.result_digest,
    }
