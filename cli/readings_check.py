"""`gettone readings check`: judge merged readings by the rules that look at them together."""

from collections import Counter
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from gettone.db.schema import open_current
from gettone.metering.codes import Code
from gettone.settings import load_settings
from oracle.after_merge.check import CheckReport
from oracle.after_merge.nightly import check_nightly, check_pending


def check(
    nightly: Annotated[
        bool, typer.Option("--nightly", help="Also close the local days that are over, on every channel.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Judge readings whose check after the merge was cut short: sequences, gaps, comparisons, coverage.

    With --nightly, days without any reading are closed too and months compared; run it once a night, after midnight
    in the last of the communities' time zones.  Running it again changes nothing.
    """
    run = check_nightly if nightly else check_pending
    settings = load_settings()
    with open_current(settings.url) as database:
        reports = run(database, now_ms=now_ms(settings))
    channels, codes = sum(one.channels for one in reports), _codes(reports)
    if as_json:
        print_json({"channels": channels, "codes": codes})
        return
    words = " ".join(f"{code} {count}" for code, count in codes.items())
    out.print(f"{channels} channels judged: {words or 'nothing found'}", markup=False)


def _codes(reports: tuple[CheckReport, ...]) -> dict[str, int]:
    codes = sum((one.codes for one in reports), Counter[Code]())
    return {code.value: codes[code] for code in sorted(codes)}
