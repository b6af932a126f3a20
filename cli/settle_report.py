"""`gettone settle completeness | shadow`: how complete a settlement is, and what another model would change."""

from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.settle_gate import AsJson, CommunityOption, LanguageOption, PeriodOption, require_language
from cli.settlement_context import period_context
from oracle.reports import completeness_document
from oracle.settle.completeness import completeness_of
from oracle.settle.completeness_words import left_out_in_words, level_in_words
from oracle.settle.periods import find_period
from oracle.settle.shadow import Shadow, shadow_run


def completeness(
    community: CommunityOption, period: PeriodOption, lang: LanguageOption = "en", as_json: AsJson = False
) -> None:
    """Report the five levels of completeness of a settlement, and who was left out and why."""
    require_language(lang)
    with period_context(community) as context:
        key = find_period(context.database, context.contracts, community, period)
        with context.database.read() as connection:
            report = completeness_of(connection, key)
    if as_json:
        print_json(completeness_document(report))
        return
    for level in report.levels:
        out.print(level_in_words(level, lang), markup=False)
    for one in report.left_out:
        out.print(f"  {left_out_in_words(one, lang)}", markup=False)


def shadow(
    community: CommunityOption,
    period: PeriodOption,
    model: Annotated[int, typer.Option("--model", help="Version of the reward model to compute beside.")],
    as_json: AsJson = False,
) -> None:
    """Compute another model on the same period, member by member; nothing is stored and nothing is paid."""
    with period_context(community) as context:
        found = shadow_run(context, community, period, model)
    if as_json:
        print_json(_shadow(found, community, period))
        return
    for one in found.lines:
        change = f"{one.in_force_units} -> {one.shadow_units} ({one.change_units:+d})"
        out.print(f"{one.member_id[:8]}…  {change}", markup=False)
    sums = (sum(one.in_force_units for one in found.lines), sum(one.shadow_units for one in found.lines))
    out.print(
        f"period {period} of {community}: version {found.model_version_in_force} gives {sums[0]} units, version "
        f"{found.model_version} would give {sums[1]}; nothing was changed",
        markup=False,
    )


def _shadow(found: Shadow, community: str, period: str) -> dict[str, Any]:
    return {
        "community": community,
        "period": period,
        "model_version_in_force": found.model_version_in_force,
        "model_version": found.model_version,
        "readings": "settled" if found.settled else "now",
        "members": [
            {
                "member_id": one.member_id,
                "in_force_units": str(one.in_force_units),
                "shadow_units": str(one.shadow_units),
                "change_units": str(one.change_units),
            }
            for one in found.lines
        ],
    }
