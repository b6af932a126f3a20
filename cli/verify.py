"""`gettone verify`: the stand-alone verifier of take-outs, with the same code and the same answers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, print_json
from gettone.errors import InputError
from gettone.verifier import TrustInputs, report_lines, verify_file


def verify(
    bundle: Annotated[Path, typer.Argument(help="The take-out, a .zip file.")],
    rpc: Annotated[str | None, typer.Option("--rpc", help="URL of a node of the chain that you trust.")] = None,
    genesis: Annotated[str | None, typer.Option("--genesis", help="Hash of the chain's first block, 0x...")] = None,
    contract: Annotated[str | None, typer.Option("--contract", help="Settlement contract, 0x...")] = None,
    report_file: Annotated[Path | None, typer.Option("--report", help="Write the JSON report there too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Verify a take-out: from the meter readings to the tokens received, trusting nobody.

    Exit: 0 verified, 1 wrong, 2 usage, 3 evidence missing or pending.
    """
    report = verify_file(bundle, TrustInputs(rpc, genesis, contract))
    if report_file is not None:
        try:
            report_file.write_text(json.dumps(report.to_document(), sort_keys=True) + "\n", encoding="utf-8")
        except OSError as cause:
            raise InputError("report_file", f"the report {report_file} cannot be written: {cause.strerror}") from None
    if as_json:
        print_json(report.to_document())
    else:
        out.print("\n".join(report_lines(report)), markup=False)
    raise typer.Exit(report.exit_status)
