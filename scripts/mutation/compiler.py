"""The compiler of a workshop: a process that stays, and the artifacts that forge's tests deploy by name.

Tests are linked at run time (foundry.toml), so that a contract whose artifact is exchanged is the contract they test:
forge itself has nothing to compile.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from reports.pages import ROOT

PROGRAM = Path(__file__).with_name("compiler.js")
SETTINGS = {
    "optimizer": {"enabled": False, "runs": 10_000},
    "evmVersion": "cancun",
    "metadata": {"bytecodeHash": "none"},
}
MOST_COMPILATIONS = 200  # the memory of the compiler grows and is never given back


class Compiler:
    """Compiles the contract `name` in `contracts/<name>.sol` of a folder, again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._process, self._served = folder, None, 0
        self._originals = folder / "build" / "originals"
        self._exchanged = ""

    def exchange(self, name: str) -> bool:
        """Compile the sources as they are now into the artifact of a contract; False if they do not compile."""
        answer = self._ask({
            "root": str(self._folder), "source": f"contracts/{name}.sol", "contract": name, "settings": SETTINGS,
        })  # fmt: skip
        if "errors" in answer:
            return False
        path, original = self._artifact(name), self._originals / name
        if not original.exists():  # kept as a file: a run that was killed must not leave a mutant behind
            self._originals.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, original)
        artifact = json.loads(original.read_text(encoding="utf-8"))
        for part in ("bytecode", "deployedBytecode"):
            artifact[part]["object"] = "0x" + answer[part]
        self._exchanged = json.dumps(artifact)
        path.write_text(self._exchanged, encoding="utf-8")
        return True

    def require_exchanged(self, name: str) -> None:
        """SystemExit if forge compiled after all: its tests then ran against the contract without the mutant."""
        if self._artifact(name).read_text(encoding="utf-8") != self._exchanged:
            raise SystemExit(f"forge compiled {name} anew: the verdict would be that of no mutant")

    def restore(self) -> None:
        """Put every artifact back."""
        for original in self._originals.glob("*"):
            original.replace(self._artifact(original.name))

    def check(self, name: str) -> None:
        """SystemExit unless the unchanged sources give the very bytecode that forge compiled."""
        path = self._artifact(name)
        before = json.loads(path.read_text(encoding="utf-8"))["bytecode"]["object"]
        same = self.exchange(name) and json.loads(path.read_text(encoding="utf-8"))["bytecode"]["object"] == before
        self.restore()
        if not same:
            raise SystemExit(f"{name} compiles to other bytecode here than in forge: compare the settings")

    def _artifact(self, name: str) -> Path:
        return self._folder / "build" / "forge" / f"{name}.sol" / f"{name}.json"

    def _ask(self, question: dict[str, object]) -> dict[str, str]:
        if self._served % MOST_COMPILATIONS == 0:
            self._restart()
        self._served += 1
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the compiler ended without an answer")
        return json.loads(line)

    def _restart(self) -> None:
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait()
        self._process = subprocess.Popen(
            ["node", str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "NODE_PATH": str(ROOT / "node_modules")},
        )  # fmt: skip
