"""Runs mutants in copies of the tree, one copy for each worker.

What makes it quick enough: no optimizer, tests linked at run time (foundry.toml), so that one compiler that stays warm
exchanges the artifact of the mutated contract and forge compiles nothing; no question to a compiler is answered twice;
few fuzz runs, and first the tests that carry the name of the mutated contract.
"""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reports.forge import BINARIES
from reports.pages import ROOT

from mutation.compiler import Compiler
from mutation.operators import Mutant

COPIED = ("contracts", "tests/forge", "tests/vectors", "tools")
TIME_LIMIT_S = 120
PREPARE_LIMIT_S = 600
SETTINGS = {
    "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
    "FOUNDRY_OPTIMIZER": "false",
    "FOUNDRY_FUZZ_RUNS": "32",
    "FOUNDRY_INVARIANT_RUNS": "1",
    "FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT": "0",
    "FOUNDRY_GAS_SNAPSHOT_CHECK": "false",
    "FOUNDRY_GAS_SNAPSHOT_EMIT": "false",
}


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    INVALID = "does not compile"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A copy of the tree with forge's caches, below `build/mutation`."""

    folder: Path
    compiler: Compiler

    @classmethod
    def prepare(cls, name: str, contracts: list[str]) -> "Workshop":
        """Copy the present sources and make sure that their tests pass; SystemExit if they do not."""
        folder = ROOT / "build" / "mutation" / name
        shop = cls(folder, Compiler(folder))
        shop.compiler.restore()
        for part in COPIED:
            shutil.rmtree(shop.folder / part, ignore_errors=True)
            shutil.copytree(ROOT / part, shop.folder / part)
        shutil.copy(ROOT / "foundry.toml", shop.folder)
        shop._link("node_modules", ROOT / "node_modules")
        (shop.folder / ".solcx").mkdir(exist_ok=True)
        shop._link(".solcx/solc-v0.8.37", Path(__file__).with_name("answered_before.sh"))
        output = shop._forge([], PREPARE_LIMIT_S)
        if output is None or _verdict(output) is not Verdict.SURVIVED:
            rows = ["it took too long"] if output is None else output[1].splitlines()
            failures = [row for row in rows if "[FAIL" in row] or rows[-20:]
            raise SystemExit("\n".join(["the tests fail without any mutant:", *failures]))
        for contract in contracts:
            shop.compiler.check(contract)
        return shop

    def judge(self, mutant: Mutant, contract: str, first_tests: str) -> Verdict:
        """Run one mutant, a part of `contract`: first the test files of the pattern, then all."""
        try:
            if not self._compile(mutant, contract):
                return Verdict.INVALID
            verdict = Verdict.SURVIVED
            for choice in (["--match-path", first_tests], []):
                if verdict is Verdict.SURVIVED:
                    output = self._forge(choice, TIME_LIMIT_S)
                    self.compiler.require_exchanged(contract)
                    verdict = Verdict.TIMED_OUT if output is None else _verdict(output)
            return verdict
        finally:
            self.compiler.restore()

    def _compile(self, mutant: Mutant, contract: str) -> bool:
        """Exchange the artifact; the source is as before afterwards, so that forge sees no change."""
        file = self.folder / mutant.path
        original = file.read_text(encoding="utf-8")
        times = file.stat()
        file.write_text(mutant.apply(original), encoding="utf-8")
        try:
            return self.compiler.exchange(contract)
        finally:
            file.write_text(original, encoding="utf-8")
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _forge(self, choice: list[str], limit_s: int) -> tuple[int, str] | None:
        """Exit status and output of the tests, None if they took too long."""
        for kept in ("fuzz", "invariant"):  # a failure of another mutant must not be replayed
            shutil.rmtree(self.folder / "build" / "forge-cache" / kept, ignore_errors=True)
        command = [BINARIES / "forge", "test", "--fail-fast", "--threads", "1", "--no-match-contract", "^Gas"]
        command += ["--code-size-limit", "500000", *choice]  # without optimizer contracts outgrow the chain's limit
        process = subprocess.Popen(
            command, cwd=self.folder, env={**os.environ, **SETTINGS}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            output, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its own group: forge and the compiler it started
            process.communicate()
            return None
        return process.returncode, output

    def _link(self, name: str, target: Path) -> None:
        link = self.folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _verdict(output: tuple[int, str]) -> Verdict:
    status, text = output
    if status == 0 and " 0 failed, " in text:
        return Verdict.SURVIVED
    if "failing test" in text:
        return Verdict.KILLED
    raise SystemExit(f"forge answered something unknown:\n{text[-3000:]}")
