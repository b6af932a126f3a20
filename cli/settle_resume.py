"""`gettone settle status | resume | revise | approve | publish`: what settlements lack, and how they go on."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import err, out, print_json
from cli.settle_gate import AsJson, CommunityOption, LanguageOption, OperatorOption, PeriodOption, require_language
from cli.settlement_context import period_context, settlement_context
from gettone.db.repositories.communities import Communities
from gettone.periods import local_date, utc_text
from oracle.settle.published import published_document, take_published
from oracle.settle.restore import restore_from_chain
from oracle.settle.resume import Resumed
from oracle.settle.resume import resume as resume_settlements
from oracle.settle.revise import approve as approve_settlement
from oracle.settle.revise import speak_for_revision
from oracle.settle.standing import Standing, standings


def status(community: CommunityOption, lang: LanguageOption = "en", as_json: AsJson = False) -> None:
    """List the settlements of a community, each with its state and what it lacks."""
    require_language(lang)
    with period_context(community) as context, context.database.read() as connection:
        found = Communities(connection).get(community)
        rows = standings(connection, context.contracts, found)
    if as_json:
        print_json({"community": community, "settlements": [_standing(one, lang) for one in rows]})
        return
    for one in rows:
        bounds = one.head.bounds
        first, end = (local_date(at_s, bounds.timezone) for at_s in (bounds.period_start_s, bounds.period_end_s))
        place = f"{bounds.period_index}.r{bounds.revision}  {first} - {end}"
        out.print(f"{place}  {one.head.state}: {one.missing[lang]}", markup=False)
        if one.wanted_revision:
            out.print(f"  {one.wanted_revision[lang]}", markup=False)


def resume(
    community: CommunityOption,
    file: Annotated[
        Path | None, typer.Option("--from", help="File of `settle publish`, for chunks that the database lacks.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Zone of a community that the database does not know.")
    ] = "Europe/Rome",
    as_json: AsJson = False,
) -> None:
    """Finish every settlement of a community, also from the chain alone; a second run changes nothing."""
    with settlement_context(community, lambda step: err.print(f"  {step}", markup=False)) as context:
        if file is not None:
            restore_from_chain(context, community, timezone=timezone)
            take_published(context, community, file)
        rows = resume_settlements(context, community, timezone=timezone)
    if as_json:
        print_json({"community": community, "settlements": [_resumed(one) for one in rows]})
    else:
        for one in rows:
            rest = f": {one.held.message}" if one.held else ""
            out.print(f"{one.period_index}.r{one.revision} is {one.state}{rest}", markup=False)
        if not rows:
            out.print(f"every settlement of {community} is closed", markup=False)
    held = next((one.held for one in rows if one.held), None)
    if held is not None:
        raise typer.Exit(held.exit_status)


def revise(
    community: CommunityOption,
    period: PeriodOption,
    by: OperatorOption,
    reason: Annotated[str, typer.Option("--reason", help="What was wrong or came late.")] = "",
    as_json: AsJson = False,
) -> None:
    """Speak for correcting a closed period; when a second person did the same, `settle resume` settles it."""
    with period_context(community) as context:
        spoken = speak_for_revision(context, community, period, operator=by, reason=reason)
    if as_json:
        print_json({"revision": spoken.key.revision, "persons": list(spoken.persons), "missing": spoken.missing})
        return
    rest = "one more person has to say so" if spoken.missing else "run `gettone settle resume`"
    out.print(
        f"revision {spoken.key.revision} of {period} is asked for by {' and '.join(spoken.persons)}; {rest}",
        markup=False,
    )


def approve(community: CommunityOption, period: PeriodOption, by: OperatorOption, as_json: AsJson = False) -> None:
    """Approve a proposed settlement, where each of them waits for a person."""
    with period_context(community) as context:
        key = approve_settlement(context, community, period, operator=by)
    if as_json:
        print_json({"period_index": key.period_index, "revision": key.revision, "approved_by": by})
        return
    out.print(f"period {period} of {community} is approved by {by}; run `gettone settle resume`", markup=False)


def publish(
    community: CommunityOption,
    period: PeriodOption,
    path: Annotated[Path, typer.Option("--out", help="File to write.")],
    as_json: AsJson = False,
) -> None:
    """Write proposal, signatures and every chunk of a settlement to a file, from which anybody can finish it."""
    with period_context(community) as context:
        content = published_document(context, community, period)
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    if as_json:
        print_json({"file": str(path), "bytes": len(content)})
        return
    out.print(f"wrote {path}, {len(content)} bytes", markup=False)


def _standing(one: Standing, lang: str) -> dict[str, Any]:
    head = one.head
    return {
        "period_index": head.bounds.period_index,
        "revision": head.bounds.revision,
        "period_start": utc_text(head.bounds.period_start_s),
        "period_end": utc_text(head.bounds.period_end_s),
        "state": str(head.state),
        "origin": str(head.origin),
        "model_version": head.model_version,
        "total_units": str(head.total_units),
        "proposal_hash": None if head.proposal_hash is None else "0x" + head.proposal_hash.hex(),
        "opened_block": head.opened_block,
        "missing": one.missing[lang],
        "wanted_revision": None if one.wanted_revision is None else one.wanted_revision[lang],
    }


def _resumed(one: Resumed) -> dict[str, Any]:
    return {
        "period_index": one.period_index,
        "revision": one.revision,
        "state": str(one.state),
        "held": None if one.held is None else {"code": one.held.code, "message": one.held.message},
    }
