"""The forge of npm with build folders of its own, so that its runs never disturb those of `make test-forge`."""

import os
import subprocess
from pathlib import Path

from reports.pages import ROOT

BINARIES = ROOT / "node_modules" / ".bin"


def environment(name: str, **variables: str) -> dict[str, str]:
    """Environment in which forge writes to `build/<name>` and `build/<name>-cache`."""
    return {
        **os.environ,
        "PATH": f"{BINARIES}:{os.environ['PATH']}",
        "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1",
        "FOUNDRY_OUT": f"build/{name}",
        "FOUNDRY_CACHE_PATH": f"build/{name}-cache",
        **variables,
    }


def run(command: list[str | Path], variables: dict[str, str], time_limit_s: int) -> subprocess.CompletedProcess[str]:
    """Run a tool from the checkout with its output caught; SystemExit if it takes longer than `time_limit_s`."""
    try:
        return subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=time_limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{Path(command[0]).name} was stopped after {time_limit_s} s") from None


def build(paths: list[str], variables: dict[str, str], *options: str) -> None:
    """Compile the given folders; SystemExit with the compiler's message if it refuses them."""
    done = run([BINARIES / "forge", "build", *paths, *options], variables, 300)
    if done.returncode != 0:
        raise SystemExit(f"the contracts do not compile:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
