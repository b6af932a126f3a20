"""The keys of the settings as signers: keystore files, or keys at an external signer by their addresses."""

import getpass
import sys
from pathlib import Path

from gettone.chain.keys import AskPassword, load_signer
from gettone.chain.signer import Signer
from gettone.chain.web3signer import open_web3signer
from gettone.errors import MissingInput
from gettone.settings import Settings
from oracle.worker.job import no_key


def oracle_signers(settings: Settings) -> tuple[Signer, ...]:
    """The oracles' keys that sign settlements here, the first of which pays: files first, then external ones.

    MissingInput `settings_missing` without any.
    """
    passwords = settings.oracle_password_files or (None,) * len(settings.oracle_keystore_files)
    pairs = zip(settings.oracle_keystore_files, passwords, strict=True)
    signers: list[Signer] = [load_signer(keystore, password, ask_password()) for keystore, password in pairs]
    signers += [_external(settings, address) for address in settings.oracle_signer_addresses]
    if not signers:
        raise MissingInput(
            "settings_missing",
            "not set: GETTONE_ORACLE_KEYSTORE_FILES or GETTONE_ORACLE_SIGNER_ADDRESSES; see .env.example",
        )
    return tuple(signers)


def registrar_signer(settings: Settings) -> Signer:
    """The key that joins members; MissingInput `settings_missing` without one."""
    if settings.registrar_signer_address is not None:
        return _external(settings, settings.registrar_signer_address)
    settings.require("registrar_keystore_file")
    assert settings.registrar_keystore_file is not None  # noqa: S101 - required just above
    return load_signer(settings.registrar_keystore_file, settings.registrar_password_file, ask_password())


def role_signer(settings: Settings, role: str) -> Signer:
    """The key of a role on chain that this service holds; Held `key_missing` where it holds none."""
    if role == "registrar" and (settings.registrar_keystore_file or settings.registrar_signer_address):
        return registrar_signer(settings)
    if role == "deployer" and settings.deployer_keystore_file is not None:
        return load_signer(settings.deployer_keystore_file, settings.deployer_password_file, ask_password())
    folder = settings.role_keys_dir
    if folder is not None and (folder / f"{role}.address").is_file():
        return _external(settings, (folder / f"{role}.address").read_text(encoding="ascii").strip())
    if folder is not None and (folder / f"{role}.json").is_file():
        return load_signer(folder / f"{role}.json", folder / f"{role}.password", ask_password())
    return no_key(role)


def file_signer(keystore: Path, password_file: Path | None) -> Signer:
    """The key of a keystore that a command names."""
    return load_signer(keystore, password_file, ask_password())


def ask_password() -> AskPassword | None:
    """Asks at the terminal without showing what is typed; None where nobody can type."""
    return _typed if sys.stdin.isatty() else None


def _typed(keystore: str) -> str:
    return getpass.getpass(f"password of {keystore}: ")


def _external(settings: Settings, address: str) -> Signer:
    settings.require("signer_url")
    assert settings.signer_url is not None  # noqa: S101 - required just above
    return open_web3signer(settings.signer_url, address)
