"""The stand-alone program: generated, fresh, alone, and of one mind with the library."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.main import app
from gettone.notary.verify.report import Report
from gettone.notary.verify_bundle import verifier_source
from tests.factories.tampering import edit_row, open_entries, pack

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
GENESIS, CONTRACT = "0x" + "11" * 32, "0x" + "22" * 20


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program alone in a folder, as a member has it."""
    path = tmp_path / "verify.py"
    path.write_bytes(verifier_source())
    return path


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", program.name, *arguments]
    return subprocess.run(command, cwd=program.parent, capture_output=True, text=True, check=False, timeout=60)


def test_program__committed__is_what_the_sources_give() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_verifier.py"), "--check"], check=False, timeout=60
    )
    assert done.returncode == 0


def test_program__imports__standard_library_alone() -> None:
    names = set()
    for node in ast.walk(ast.parse(verifier_source())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names <= set(sys.stdlib_module_names)
    assert not names & {"subprocess", "ctypes", "pickle", "socket"}


def test_program__no_chain_given__report_of_the_library_and_exit_3(
    program: Path, full: bytes, judge: Callable[..., Report]
) -> None:
    (program.parent / "bundle.zip").write_bytes(full)
    done = run(program, "bundle.zip", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == judge(full, None).to_document()
    assert done.stderr == ""


def test_program__reading_changed__exit_1_and_slot_in_words(program: Path, full: bytes) -> None:
    entries = open_entries(full)
    name = next(one for one in sorted(entries) if one.startswith("readings/"))
    edit_row(entries, name, 7, lambda row: [row[0], row[1], str(int(row[2]) + 1), row[3]])
    (program.parent / "bundle.zip").write_bytes(pack(entries))
    done = run(program, "bundle.zip")
    assert done.returncode == 1
    assert done.stdout.startswith("INVALID:reading\n")
    assert "settlement 0.r0, slot 7: expected leaf" in done.stdout


def test_program__truncated__exit_1(program: Path, full: bytes) -> None:
    (program.parent / "bundle.zip").write_bytes(full[:1000])
    done = run(program, "bundle.zip", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "INVALID:archive")


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.zip"],
        [],
        ["verify.py", "--genesis", "0x12"],
        ["verify.py", "--contract", "22" * 20],
        ["verify.py", "--unknown"],
        ["verify.py", "--rpc", "ftp://x", "--genesis", GENESIS, "--contract", CONTRACT],
    ],
)
def test_program__wrong_usage__exit_2(program: Path, arguments: list[str]) -> None:
    done = run(program, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr != ""


def test_command__verify__same_report_and_status(
    full: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], judge: Callable[..., Report]
) -> None:
    bundle, report = tmp_path / "bundle.zip", tmp_path / "report.json"
    bundle.write_bytes(full)
    status = app(["verify", str(bundle), "--json", "--report", str(report)], standalone_mode=False)
    assert status == 3
    assert json.loads(capsys.readouterr().out) == judge(full, None).to_document()
    assert json.loads(report.read_bytes()) == judge(full, None).to_document()
