"""The local chain: the native anvil of the npm package, with free gas and a clock that can be moved.

It stands in for the permissioned network in tests and in the demonstration: chain id 1981, base fee and gas
price 0, no funded accounts.  Its genesis is block 0, whose hash follows from time stamp and gas limit.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import Request, urlopen

from gettone.chain.journal import write_json_atomically
from gettone.errors import CheckFailed, InputError, MissingInput, Unreachable

CHAIN_ID = 1981
GAS_LIMIT = 30_000_000
_PATIENCE_S = 20
_KEEP_EVERY_S = 2

_LISTENING = re.compile(r"Listening on 127\.0\.0\.1:(\d+)")
# The platform package holds the program itself; a launcher in between would survive as an orphan when killed.
_BINARY = Path("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")


@dataclass(frozen=True, slots=True)
class LocalChain:
    """A running anvil, known by process id and start time, so that a reused id is never mistaken for it.

    Its folder holds `anvil.log`, `chain.json` (this record) and `state.json` (the chain, when kept).
    As a context manager it stops at the end; otherwise it outlives the program that started it.
    """

    folder: Path
    pid: int
    started_ticks: int
    port: int

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        timestamp_s: int,
        port: int = 0,
        gas_limit: int = GAS_LIMIT,
        keep_state: bool = False,
        hardfork: str = "cancun",
        root: Path | None = None,
    ) -> Self:
        """Start anvil detached, its clock at `timestamp_s` (unix), or return the one that runs in `folder`.

        `port` 0 takes a free one.  With `keep_state` blocks survive a stop (a kill loses the last two seconds),
        and a later start goes on at the last block's time.  `hardfork` names the rules of the virtual machine
        ("london" for those of older networks).  `root` holds node_modules; default: the checkout.
        Raises MissingInput `anvil_missing`, CheckFailed `anvil_start` with the end of the log.
        """
        running = cls.attach(folder)
        if running is not None:
            return running
        folder.mkdir(parents=True, exist_ok=True)
        clock_s = max(timestamp_s, _last_block_s(folder)) if keep_state else timestamp_s
        command = [str(_binary(root)), *_options(clock_s, port, gas_limit, hardfork)]
        if keep_state:
            command += ["--state", str(folder / "state.json"), "--state-interval", str(_KEEP_EVERY_S)]
        log_path = folder / "anvil.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the path is that of the project's own package
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        found_port = _wait_listening(process, log_path)
        chain = cls(folder, process.pid, _started_ticks(process.pid) or 0, found_port)
        chain._write_record()
        return chain

    @classmethod
    def attach(cls, folder: Path) -> Self | None:
        """The chain that runs in `folder`; None without one, or if its process id is somebody else's now."""
        try:
            record = json.loads((folder / "chain.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        chain = cls(folder, record["pid"], record["started_ticks"], record["port"])
        return chain if chain.is_running() else None

    @property
    def rpc_url(self) -> str:
        """Where it answers; loopback only."""
        return f"http://127.0.0.1:{self.port}"

    def is_running(self) -> bool:
        """Whether the process that was started is alive; another process with its id does not count."""
        return _started_ticks(self.pid) == self.started_ticks

    def set_time(self, timestamp_s: int) -> None:
        """Mine a block at `timestamp_s`; the clock runs on from there.  InputError for a time gone by."""
        now_s = self.now_s()
        if timestamp_s <= now_s:
            raise InputError("clock_back", f"the chain's clock is at {now_s} and cannot be set back to {timestamp_s}")
        self._rpc("evm_setNextBlockTimestamp", timestamp_s)
        self.mine()

    def mine(self) -> None:
        """Mine one block."""
        self._rpc("evm_mine")

    def now_s(self) -> int:
        """Unix seconds of the latest block."""
        return int(self._rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def stop(self) -> None:
        """End the process started here and wait until it is gone; nothing happens if it is gone already."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE_S
        while self.is_running():
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)
        # A child of this very program stays a zombie until it is waited for.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _write_record(self) -> None:
        record = {"pid": self.pid, "started_ticks": self.started_ticks, "port": self.port}
        write_json_atomically(self.folder / "chain.json", record)

    def _rpc(self, method: str, *params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = Request(self.rpc_url, body, {"content-type": "application/json"})  # noqa: S310 - own loopback
        try:
            with urlopen(request, timeout=_PATIENCE_S) as response:  # noqa: S310 - own loopback
                answer = json.load(response)
        except (URLError, OSError) as cause:
            raise Unreachable(
                "chain_unreachable", f"the local chain at {self.rpc_url} does not answer: {cause}"
            ) from None
        if "error" in answer:
            raise CheckFailed("local_chain", f"{method} failed on the local chain: {answer['error']['message']}")
        return answer["result"]


def _options(timestamp_s: int, port: int, gas_limit: int, hardfork: str) -> list[str]:
    return [
        *("--host", "127.0.0.1", "--port", str(port), "--chain-id", str(CHAIN_ID)),
        *("--base-fee", "0", "--gas-price", "0", "--disable-min-priority-fee", "--hardfork", hardfork),
        *("--timestamp", str(timestamp_s), "--gas-limit", str(gas_limit), "--accounts", "0"),
    ]


def _binary(root: Path | None) -> Path:
    path = (root or Path(__file__).resolve().parents[2]) / _BINARY
    if not path.is_file():
        raise MissingInput(
            "anvil_missing",
            f"the local chain needs {path}, which is not installed: run npm ci in the project's folder",
        )
    return path


def _wait_listening(process: subprocess.Popen[bytes], log_path: Path) -> int:
    """The port anvil took, read from its log, since only anvil knows it when it was asked for a free one."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        text = log_path.read_text(encoding="utf-8", errors="replace")
        if found := _LISTENING.search(text):
            return int(found[1])
        if process.poll() is not None:
            break
        time.sleep(0.02)
    process.kill()
    process.wait()
    last_words = " ".join(log_path.read_text(encoding="utf-8", errors="replace").split())[-300:]
    raise CheckFailed("anvil_start", f"the local chain did not start, see {log_path}: {last_words}")


def _last_block_s(folder: Path) -> int:
    """Unix seconds of the last block kept in a folder: anvil keeps blocks over a stop, but not its clock."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        return int(state["block"]["timestamp"], 16)
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError):
        raise InputError(
            "local_chain_state",
            f"{folder / 'state.json'} does not hold a chain: delete {folder} to start anew",
        ) from None


def _started_ticks(pid: int) -> int | None:
    """Start time of a living process in clock ticks since boot; None for none and for a zombie."""
    try:
        # The command name stands in parentheses and may hold spaces, so fields are counted after it.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[19])
