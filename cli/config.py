"""`gettone config`: every setting with its source, secrets withheld; `check` fails on missing and unsafe ones."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from cli.console import err, out, print_json
from gettone.db.engine import shown_url
from gettone.errors import GettoneError, MissingInput, Refused
from gettone.identity.switch import identity_findings
from gettone.settings import LoadedSettings, Settings, read_settings, variable_of
from gettone.vault import Vault, refuse_readable_by_others

config_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Show and check the settings.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]

_MAY_BE_EMPTY = (
    "takeout_keystore_file",
    "takeout_password_file",
    "attestation_key_file",
    "mqtt_broker",
    "mqtt_password",
    "mqtt_ca_file",
    "signer_url",
    "role_keys_dir",
    "community_template_file",
    "registrar_signer_address",
    "oracle_signer_addresses",
    "smtp_host",
    "smtp_user",
    "smtp_password",
    "smtp_from",
    "dapp_origins",
    "security_contact",
    # What belongs together here, gettone.identity.switch knows.
    "oidc_issuer",
    "keycloak_admin_secret",
)
# A key is in a keystore or at an external signer.
_INSTEAD = {
    "registrar_keystore_file": "registrar_signer_address",
    "registrar_password_file": "registrar_signer_address",
    "oracle_keystore_files": "oracle_signer_addresses",
    "oracle_password_files": "oracle_signer_addresses",
}

# Files that hold a secret or are worth stealing: nobody but their owner may read them.
_SECRET_FILES = (
    "kek_file",
    "deployer_keystore_file",
    "deployer_password_file",
    "registrar_keystore_file",
    "registrar_password_file",
    "oracle_keystore_files",
    "oracle_password_files",
    "takeout_keystore_file",
    "takeout_password_file",
    "attestation_key_file",
)


@config_app.command()
def show(as_json: AsJson = False) -> None:
    """Each setting, its value (secrets withheld) and where it comes from."""
    loaded = read_settings()
    _print(loaded, [], [], as_json)


@config_app.command()
def check(as_json: AsJson = False) -> None:
    """As show; exit 3 when a setting or its file is missing, 6 when one is unsafe."""
    loaded = read_settings()
    missing = [
        variable_of(name)
        for name in Settings.model_fields
        if name not in _MAY_BE_EMPTY and _is_empty(loaded.settings, name)
    ]
    unsafe: list[str] = []
    for refusal in _findings(loaded.settings) + identity_findings(loaded.settings):
        (unsafe if isinstance(refusal, Refused) else missing).append(refusal.message)
    _print(loaded, missing, unsafe, as_json)
    if unsafe:
        raise Refused("settings_unsafe", f"unsafe settings: {'; '.join(unsafe)}")
    if missing:
        raise MissingInput("settings_missing", f"missing settings: {'; '.join(missing)}; .env.example lists all")


def _is_empty(settings: Settings, name: str) -> bool:
    """Whether a setting has no value, nor the one that may stand in its place."""
    return all(getattr(settings, one) in (None, ()) for one in (name, _INSTEAD.get(name, name)))


def _findings(settings: Settings) -> list[GettoneError]:
    """What is wrong with the files that the settings name."""
    found: list[GettoneError] = []
    for name in _SECRET_FILES:
        value = getattr(settings, name)
        for path in value if isinstance(value, tuple) else (value,):
            if path is not None:
                found += _refusal_of(Path(path), is_kek=name == "kek_file")
    if settings.smtp_host is not None and settings.smtp_from is None:
        found.append(MissingInput("settings_missing", f"{variable_of('smtp_from')}, as a mail server is named"))
    if settings.deployment_file is not None and not settings.deployment_file.is_file():
        name = variable_of("deployment_file")
        found.append(
            MissingInput("file_missing", f"{name} names {settings.deployment_file}, and there is no such file")
        )
    return found


def _refusal_of(path: Path, *, is_kek: bool) -> list[GettoneError]:
    try:
        if is_kek:
            Vault.from_file(path)
        else:
            refuse_readable_by_others(path)
    except GettoneError as refusal:
        return [refusal]
    return []


def _print(loaded: LoadedSettings, missing: list[str], unsafe: list[str], as_json: bool) -> None:
    rows = {name: _shown(name, getattr(loaded.settings, name)) for name in Settings.model_fields}
    if as_json:
        settings = {name: {"value": value, "source": loaded.sources[name]} for name, value in rows.items()}
        print_json({"settings": settings, "warnings": list(loaded.warnings), "missing": missing, "unsafe": unsafe})
        return
    for name, value in rows.items():
        out.print(
            f"{variable_of(name):34} {'(not set)' if value is None else value}  [{loaded.sources[name]}]", markup=False
        )
    for warning in loaded.warnings:
        err.print(f"warning: {warning}", markup=False)


def _shown(name: str, value: Any) -> Any:
    """A value as people may see it: of the database URL all but the password, of other secrets nothing."""
    if isinstance(value, SecretStr):
        return shown_url(value.get_secret_value()) if name == "database_url" else "(withheld)"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return value if value is None or isinstance(value, int) else str(value)
