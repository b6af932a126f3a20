"""A private PostgreSQL for tests: its own cluster in a temporary folder, loopback only, stopped by its own id."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = "/usr/lib/postgresql/*/bin"
# The cluster lives as long as the tests: what makes data outlive a crash of the machine only costs time here.
_FORGETFUL = ("fsync=off", "full_page_writes=off")
# A crash of the server then loses what it committed last, which no program can make good.
_HASTY = ("synchronous_commit=off",)


@contextmanager
def private_cluster(folder: Path, *, outlives_crashes: bool = False) -> Iterator[str]:
    """Start a cluster under `folder` and give its URL; wait for its real exit afterwards.

    With `outlives_crashes` what was committed is there after a crash of the server, as it must be where it is used.
    """
    binaries = _binaries()
    data, run = folder / "data", folder / "run"
    _own(folder, data, run)
    initdb = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "gettone",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    _as_postgres(initdb)
    port = _free_port()
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(run)]
    settings = _FORGETFUL if outlives_crashes else (*_FORGETFUL, *_HASTY)
    options += [word for setting in settings for word in ("-c", setting)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(_command([binaries / "postgres", "-D", data, *options]), stdout=log, stderr=log)
    try:
        _wait(server, port, folder / "server.log")
        yield f"postgresql://gettone@127.0.0.1:{port}/postgres"
    finally:
        _stop(server, data)


def _binaries() -> Path:
    found = sorted(Path("/").glob(BINARIES.lstrip("/")))
    on_path = shutil.which("initdb")
    if found:
        return found[-1]
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("these tests need PostgreSQL (initdb and postgres): apt-get install postgresql")


def _own(folder: Path, *folders: Path) -> None:
    """initdb refuses root, so as root all belongs to the user postgres and its parents are searchable."""
    for one in (folder, *folders):
        one.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        for one in (folder, *folders):
            os.chown(one, postgres.pw_uid, postgres.pw_gid)


def _command(words: list[object]) -> list[str]:
    """Run directly, or as root through setpriv, which keeps the process id."""
    plain = [str(word) for word in words]
    if os.geteuid() != 0:
        return plain
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *plain]


def _as_postgres(words: list[object]) -> None:
    done = subprocess.run(_command(words), capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {log.read_text(errors='replace')[-500:]}")
        if "ready to accept connections" in log.read_text(errors="replace"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL on port {port} was not ready within 30 s")


def _stop(server: subprocess.Popen[bytes], data: Path) -> None:
    # The postmaster writes its own id first; through setpriv it is the process that was started.
    pid = int((data / "postmaster.pid").read_text().split()[0]) if (data / "postmaster.pid").exists() else server.pid
    assert pid == server.pid, "setpriv must not fork"
    server.send_signal(2)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
