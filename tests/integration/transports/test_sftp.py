"""SFTP into the triage folders: an account sees its two folders, uploads a part, renames it, and finds a report."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncssh
import pytest

from oracle.transports.folders import SourceFolders
from oracle.transports.triage import TriageSource
from tests.factories.null_intake import NullIntake

pytestmark = pytest.mark.slow


class Accounts(asyncssh.SSHServer):
    """One account with a password; nobody else."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("distributor", "right")


@asynccontextmanager
async def connected(folders: SourceFolders, word: str = "right") -> AsyncIterator[asyncssh.SFTPClient]:
    """A session of the account, confined to its folder as the server of operation confines it."""
    root = str(folders.base / "account").encode()
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        server_factory=Accounts,
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=root),
    )
    async with server:
        port = server.get_port()
        login = {"username": "distributor", "password": word, "known_hosts": None, "client_keys": []}
        async with asyncssh.connect("127.0.0.1", port, **login) as client, client.start_sftp_client() as session:
            yield session


@pytest.fixture
def folders(tmp_path: Path) -> SourceFolders:
    made = SourceFolders.of(tmp_path, "distributor")
    made.make()
    return made


def test_sftp__upload_renamed__report_appears(folders: SourceFolders) -> None:
    intake = NullIntake()
    source = TriageSource("distributor", folders, intake, lambda: 1_780_000_000_000)

    async def send() -> dict[str, object]:
        async with connected(folders) as session:
            async with session.open("in/march.csv.part", "wb") as file:
                await file.write(b"device,timestamp_utc,interval_s,energy_wh\n")
            await asyncio.to_thread(source.step)
            await session.rename("in/march.csv.part", "in/march.csv")
            await asyncio.to_thread(source.step)
            async with session.open("out/march.csv.report.json", "rb") as found:
                report: dict[str, object] = json.loads(await found.read())
            return report

    assert asyncio.run(send())["state"] == "done"
    assert intake.payloads == [b"device,timestamp_utc,interval_s,energy_wh\n"]


def test_sftp__account__sees_its_two_folders_only(folders: SourceFolders) -> None:
    async def listed() -> list[str]:
        async with connected(folders) as session:
            found = await session.listdir("/../..")
            return sorted(str(name) for name in found if name not in (".", ".."))

    assert asyncio.run(listed()) == ["in", "out"]


def test_sftp__wrong_password__is_refused(folders: SourceFolders) -> None:
    async def enter() -> None:
        async with connected(folders, "wrong"):
            pass

    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(enter())
