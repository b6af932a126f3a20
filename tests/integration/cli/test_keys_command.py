"""`gettone keys`: makes, imports, lists and hands over keys, and never shows one."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak

from cli import keys
from cli.main import main
from gettone.chain.deployment_file import deployment_path
from gettone.chain.keys import create_keystore, import_key, load_signer
from gettone.chain.roles import Role
from gettone.chain.signer import LocalSigner
from gettone.errors import MissingInput
from tests.factories.community import TestCommunity, throwaway_account
from tests.factories.stub_signer import stub_signer

pytestmark = pytest.mark.chain

SECRET = keccak(text="throw-away key to import")
CHEAP = 2


class Commands:
    """Types `gettone keys`; everything printed is kept, so that no key can hide in it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.printed = ""

    def run(self, *words: object) -> tuple[int, str]:
        """Exit status and everything printed."""
        sys.argv = ["gettone", "keys", *(str(word) for word in words)]
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        self.printed += printed.out + printed.err
        assert isinstance(ended.value.code, int)
        return ended.value.code, printed.out or printed.err

    def json(self, *words: object) -> Any:
        """The JSON printed by a command that succeeds."""
        status, text = self.run(*words, "--json")
        assert status == 0, text
        return json.loads(text)


@pytest.fixture
def commands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Commands:
    for name in ("create_keystore", "import_key"):
        original = {"create_keystore": create_keystore, "import_key": import_key}[name]
        monkeypatch.setattr(keys, name, lambda *files, of=original: of(*files, scrypt_n=CHEAP))
    return Commands(capsys)


def places(folder: Path, name: str) -> Sequence[object]:
    return ("--keystore", folder / f"{name}.json", "--password-file", folder / f"{name}.password")


def test_generate__new_files__private_and_the_address_said(commands: Commands, tmp_path: Path) -> None:
    made = commands.json("generate", *places(tmp_path, "a"))
    signer = load_signer(tmp_path / "a.json", tmp_path / "a.password")
    assert made == {"address": signer.address, "keystore": str(tmp_path / "a.json")}
    assert commands.json("address", tmp_path / "a.json") == {"addresses": [signer.address]}
    assert commands.run("generate", *places(tmp_path, "a"))[0] == 6
    assert (tmp_path / "a.password").read_text(encoding="utf-8").strip() not in commands.printed


def test_import__key_of_another_program__same_address_and_never_shown(commands: Commands, tmp_path: Path) -> None:
    source = tmp_path / "raw"
    source.touch(mode=0o600)
    source.write_text("0x" + SECRET.hex() + "\n", encoding="utf-8")
    made = commands.json("import", source, *places(tmp_path, "b"))
    assert made["address"] == LocalSigner(SECRET).address
    assert load_signer(tmp_path / "b.json", tmp_path / "b.password").address == made["address"]
    assert SECRET.hex() not in commands.printed


@pytest.mark.parametrize("text", ["", "0x12", "zz" * 32, "00" * 32, "ff" * 32, "12" * 33])
def test_import__file_without_a_key__refused_without_showing_it(commands: Commands, tmp_path: Path, text: str) -> None:
    source = tmp_path / "raw"
    source.touch(mode=0o600)
    source.write_text(text, encoding="utf-8")
    status, said = commands.run("import", source, *places(tmp_path, "c"))
    assert (status, "key_text" in said) == (2, True)
    assert not text or text not in commands.printed
    assert not (tmp_path / "c.json").exists()


def test_import__file_others_may_read__refused(commands: Commands, tmp_path: Path) -> None:
    source = tmp_path / "raw"
    source.write_text(SECRET.hex(), encoding="utf-8")
    source.chmod(0o644)
    assert commands.run("import", source, *places(tmp_path, "d"))[0] == 6


def test_list__configured_keys__by_use_with_address_and_place(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = create_keystore(tmp_path / "o.json", tmp_path / "o.password", scrypt_n=CHEAP)
    monkeypatch.setenv("GETTONE_ORACLE_KEYSTORE_FILES", str(tmp_path / "o.json"))
    monkeypatch.setenv("GETTONE_REGISTRAR_SIGNER_ADDRESS", "0x" + "11" * 20)
    monkeypatch.setenv("GETTONE_SIGNER_URL", "https://signer:9000")
    listed = commands.json("list")["keys"]
    assert listed == [
        {"use": "oracle", "address": oracle, "place": str(tmp_path / "o.json")},
        {"use": "registrar", "address": "0x" + "11" * 20, "place": "signer https://signer:9000"},
    ]
    (tmp_path / "o.json").chmod(0o644)
    assert commands.run("list")[0] == 6
    (tmp_path / "o.json").unlink()
    assert commands.run("list")[0] == 3


def test_address__external_signer__lists_its_keys(commands: Commands) -> None:
    with stub_signer(SECRET) as stub:
        assert commands.json("address", "--signer", stub.url) == {"addresses": [LocalSigner(SECRET).address]}
    assert commands.run("address", "--signer", stub.url)[0] == 7
    assert commands.run("address")[0] == 2


def test_load_signer__without_password_file_or_terminal__asks_for_one(tmp_path: Path) -> None:
    address = create_keystore(tmp_path / "o.json", tmp_path / "o.password", scrypt_n=CHEAP)
    with pytest.raises(MissingInput) as refusal:
        load_signer(tmp_path / "o.json", None)
    assert refusal.value.code == "password_missing"
    password = (tmp_path / "o.password").read_text(encoding="utf-8").strip()
    asked: list[str] = []
    signer = load_signer(tmp_path / "o.json", None, lambda keystore: asked.append(keystore) or password)
    assert (signer.address, asked) == (address, [str(tmp_path / "o.json")])


def test_rotate__by_the_community_admin__once_and_then_changes_nothing(
    commands: Commands,
    deployed_community: TestCommunity,
    embedded_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    community, raw = deployed_community, tmp_path / "raw"
    raw.touch(mode=0o600)
    raw.write_text(keccak(text="throw-away test key of community_admin").hex(), encoding="utf-8")
    import_key(raw, tmp_path / "admin.json", tmp_path / "admin.password", scrypt_n=CHEAP)
    monkeypatch.setenv("GETTONE_DATABASE_URL", embedded_url)
    monkeypatch.setenv("GETTONE_RPC_URL", community.client.rpc_url)
    monkeypatch.setenv("GETTONE_DEPLOYMENT_FILE", str(deployment_path(community.folder, community.client)))
    old, new = (throwaway_account(name).address for name in ("oracle", "new oracle"))
    admin = ("--admin-keystore", tmp_path / "admin.json", "--admin-password-file", tmp_path / "admin.password")
    command = ("rotate", "--community", "fontana", "--role", "oracle", "--old", old, "--new", new, *admin)
    manager = community.contracts.access_manager

    assert commands.run(*command, "--dry-run")[0] == 0
    assert manager.has_role(Role.ORACLE, old)[0]
    assert commands.json(*command)["changed"] is True
    assert [manager.has_role(Role.ORACLE, one)[0] for one in (old, new)] == [False, True]
    assert commands.json(*command)["changed"] is False
    assert (
        commands.run("rotate", "--community", "fontana", "--role", "oracle", "--old", old, "--new", old, *admin)[0] == 2
    )
