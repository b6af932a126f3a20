"""The demonstration's proof: a take-out, checked by the program inside it, and a forged copy that fails."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from gettone.chain.signer import sign_message
from gettone.jcs import canonical
from gettone.notary.archive import write_archive
from gettone.periods import parse_period
from oracle.demo.people import Home
from oracle.demo.sample import TIMEZONE
from oracle.demo.stage import COMMUNITY, Stage
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter

HOURS_TO_NOON = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """A verification by `verify.py`: the command as a person types it, its exit status and its report."""

    command: tuple[str, ...]
    exit_status: int
    report: dict[str, Any]


def export(stage: Stage, home: Home, dates: str) -> tuple[Path, Path]:
    """Write a home's take-out over local dates, and the verifier out of it; returns both paths."""
    exporter = TakeoutExporter(stage.database, stage.vault, stage.contracts)
    request = TakeoutRequest(COMMUNITY, home.member_id, parse_period(dates, TIMEZONE))
    name, content = exporter.export(request, sign=partial(sign_message, stage.services["takeout"]))
    bundle = stage.folder / name
    bundle.write_bytes(content)
    verifier = stage.folder / "verify.py"
    with zipfile.ZipFile(bundle) as archive:
        verifier.write_bytes(archive.read("verify.py"))
    return bundle, verifier


def verify(stage: Stage, bundle: Path, verifier: Path) -> Checked:
    """Run the stand-alone verifier against the chain: a bare Python, nothing of this project on its path."""
    trust = (
        *("--rpc", stage.chain.rpc_url),
        *("--genesis", "0x" + stage.client.genesis_hash.hex()),
        *("--contract", stage.contracts.ledger.address),
    )
    command = ("python3", str(verifier), str(bundle), *trust)
    done = subprocess.run(  # noqa: S603 - the verifier written just before
        [sys.executable, "-I", *command[1:], "--json"], capture_output=True, text=True, check=False, timeout=120
    )
    return Checked(command, done.returncode, json.loads(done.stdout))


def forge(bundle: Path) -> tuple[Path, str]:
    """A copy with one reading, at noon in mid-period, higher by 1 Wh; and what was changed.

    The forger makes every file digest fit and leaves out the operator's signature, which no forger can make.
    """
    with zipfile.ZipFile(bundle) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = next(one for one in sorted(entries) if one.startswith("readings/"))
    lines = entries[name].decode().splitlines(keepends=True)
    row = 1 + (len(lines) - 1) // 2 + HOURS_TO_NOON
    slot, start_utc, wh, *rest = lines[row].rstrip("\n").split(",")
    lines[row] = ",".join([slot, start_utc, str(int(wh) + 1), *rest]) + "\n"
    entries[name] = "".join(lines).encode()
    manifest = json.loads(entries["manifest.json"])
    for file in manifest["files"]:
        content = entries[file["name"]]
        file |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    entries["manifest.json"] = canonical(manifest | {"operator_signature": None})
    forged = bundle.with_name("forged-" + bundle.name)
    forged.write_bytes(write_archive(entries))
    return forged, f"slot {slot} ({start_utc}): {wh} Wh became {int(wh) + 1} Wh"
