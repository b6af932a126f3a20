"""`gettone settle request-attestation | attest | accept-attestation`: k of n oracles, each from an own database."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import err, out, print_json
from cli.settlement_context import open_contracts, open_vault, settlement_context
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.settings import Settings, load_settings
from gettone.vault import Vault
from oracle.attestation.acceptance import accept_attestation
from oracle.attestation.asking import ask_attestation
from oracle.attestation.attest import AttestationDiffers, attest
from oracle.attestation.differences import Difference
from oracle.attestation.request import open_request, seal_request
from oracle.attestation.statement import read_statement
from oracle.settle.context import PeriodContext

SHOWN = 20

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
OutFile = Annotated[Path, typer.Option("--out", help="Where to write the file.")]


def request_attestation(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    period: Annotated[str, typer.Option("--period", help="2016-09, 2016-W37, 2016-09-14 or FROM/TO.")],
    file: OutFile,
    as_json: AsJson = False,
) -> None:
    """Write what another operator needs to compute a proposal again; sealed, since it holds the salts of the year."""
    settings = load_settings()
    operators = _operators_vault(settings)
    with open_current(settings.url) as database:
        context = PeriodContext(database, open_vault(settings), open_contracts(settings, community))
        request = ask_attestation(context, community, period)
    _write(file, seal_request(operators, request), mode=0o600)
    document = {"file": str(file), "proposal_hash": "0x" + request.proposal.struct_hash().hex()}
    if as_json:
        print_json(document | {"members": len(request.members), "series": len(request.series)})
        return
    out.print(
        f"wrote {file} for proposal {document['proposal_hash']}; another operator runs `gettone settle attest {file}`, "
        "then both delete it",
        markup=False,
    )


def attest_proposal(
    file: Annotated[Path, typer.Argument(help="Request of another operator.")],
    attestation: OutFile,
    as_json: AsJson = False,
) -> None:
    """Compute a proposal again from the own database and sign it if it comes out equal; else say what differs."""
    settings = load_settings()
    request = open_request(_operators_vault(settings), _content(file), file.name)
    with settlement_context(request.place.community, lambda step: err.print(f"  {step}", markup=False)) as context:
        try:
            statement = attest(context, request)
        except AttestationDiffers as refusal:
            _print_differences(refusal.differences, as_json)
            raise
    _write(attestation, statement.to_bytes(), mode=0o644)
    if as_json:
        print_json({"file": str(attestation), "signer": statement.signer, "differences": []})
        return
    out.print(f"equal to the last bit: {statement.signer} signed it; send {attestation} back", markup=False)


def accept(
    file: Annotated[Path, typer.Argument(help="Attestation of another operator.")], as_json: AsJson = False
) -> None:
    """Take in the attestation of another oracle; with enough of them `gettone settle resume` opens the settlement."""
    settings, statement = load_settings(), read_statement(file)
    with open_current(settings.url) as database:
        contracts = open_contracts(settings, statement.place.community)
        accepted = accept_attestation(PeriodContext(database, open_vault(settings), contracts), statement)
    if as_json:
        counts = {"signatures": accepted.signatures, "needed": accepted.needed}
        print_json({"signer": accepted.signer, **counts})
        return
    out.print(f"{accepted.signer} attests: {accepted.signatures} of {accepted.needed} signatures", markup=False)


def _operators_vault(settings: Settings) -> Vault:
    settings.require("attestation_key_file")
    assert settings.attestation_key_file is not None  # noqa: S101 - required just above
    return Vault.from_file(settings.attestation_key_file)


def _print_differences(found: tuple[Difference, ...], as_json: bool) -> None:
    if as_json:
        print_json({"differences": [_document(one) for one in found]})
        return
    for one in found[:SHOWN]:
        out.print(one.in_words(), markup=False)
    if len(found) > SHOWN:
        out.print(f"and {len(found) - SHOWN} more, all with --json", markup=False)


def _document(one: Difference) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Difference.__slots__}


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise InputError("attestation_request", f"{file} cannot be read: {cause.strerror}") from None


def _write(file: Path, content: bytes, *, mode: int) -> None:
    if not file.parent.is_dir():
        raise InputError("out_folder", f"{file.parent} is no folder: make it first, or write elsewhere")
    file.touch(mode=mode)
    file.chmod(mode)
    file.write_bytes(content)
