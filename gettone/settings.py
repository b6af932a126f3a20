"""The one reader of the environment: a frozen typed object, built once and passed in.

Every setting is a variable `GETTONE_<NAME>`.  A secret is given as a file, `GETTONE_<NAME>_FILE`; in the variable
itself it is accepted too, with a warning outside demonstrations.  `.env.example` lists all of them.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from eth_utils.address import is_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from gettone.errors import InputError, MissingInput, Refused
from gettone.vault import refuse_readable_by_others

PREFIX = "GETTONE_"
CONFIG_VARIABLE = "GETTONE_CONFIG"

_LISTS = ("oracle_keystore_files", "oracle_password_files", "oracle_signer_addresses")


def _bytes32(text: Any) -> Any:
    """32 bytes of 0x and 64 hex digits."""
    if not isinstance(text, str):
        return text
    if len(text) != 66 or not text.startswith("0x"):
        raise ValueError("write 0x and 64 hex digits")
    return bytes.fromhex(text[2:])


def _address(text: str | None) -> str | None:
    """An address in its EIP-55 form."""
    if text is None:
        return None
    if not is_address(text):
        raise ValueError("write 0x and 40 hex digits")
    return str(to_checksum_address(text))


class Environment(StrEnum):
    """Demonstrations are lenient about secrets in variables; production is not."""

    DEMO = "demo"
    PRODUCTION = "production"


class Clock(StrEnum):
    """Whose time services take: their own, or that of a local chain whose clock was moved."""

    SYSTEM = "system"
    CHAIN = "chain"


class Settings(BaseModel):
    """All settings; what has no default is None until a job requires it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Environment = Field(Environment.PRODUCTION, description="demo or production")
    clock: Clock = Field(Clock.SYSTEM, description="system, or chain for a local chain whose clock was moved")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/gettone.sqlite"), description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    )
    kek_file: Path | None = Field(
        None, description="file with the key-encryption key, 32 bytes as hex or base64, mode 600: openssl rand -hex 32"
    )
    lake_dir: Path = Field(Path("var/lake"), description="folder for payloads as received, encrypted and never changed")
    sources_dir: Path = Field(Path("var/sources"), description="folder with one folder for each source of readings")
    mqtt_broker: str | None = Field(None, description="the broker of meters' messages, HOST:PORT, reached over TLS")
    mqtt_password: SecretStr | None = Field(None, description="password of the user `gettone` at the broker")
    mqtt_ca_file: Path | None = Field(None, description="authority of the broker's certificate, in PEM")
    rpc_url: str | None = Field(None, description="address of a node of the chain, http://HOST:PORT")
    chain_id: int = Field(1981, ge=1, description="number of the chain, as the node must answer it")
    genesis_hash: Annotated[bytes | None, BeforeValidator(_bytes32)] = Field(
        None, description="hash of the chain's first block, 0x and 64 hex digits"
    )
    chain_confirmations: int = Field(
        0, ge=0, description="blocks after which another one is final; 0 for IBFT 2.0, whose blocks are final at once"
    )
    transactions_in_flight: int = Field(
        64, ge=1, le=600, description="transactions of one key at once; Besu's pool takes 615 of one sender"
    )
    deployment_file: Path | None = Field(None, description="addresses of the contracts, written by contracts deploy")
    deployer_keystore_file: Path | None = Field(None, description="keystore V3 of the key that deploys contracts")
    deployer_password_file: Path | None = Field(None, description="password of the deployer's keystore, mode 600")
    signer_url: str | None = Field(None, description="address of an external signer (Web3Signer), https://HOST:PORT")
    registrar_signer_address: Annotated[str | None, AfterValidator(_address)] = Field(
        None, description="address of the registrar's key at the external signer, instead of a keystore"
    )
    registrar_keystore_file: Path | None = Field(None, description="keystore V3 of the key that joins members")
    registrar_password_file: Path | None = Field(None, description="password of the registrar's keystore, mode 600")
    oracle_keystore_files: tuple[Path, ...] = Field(
        (),
        description="keystores V3 of the oracles that sign settlements here, with commas between; the first one pays",
    )
    oracle_password_files: tuple[Path, ...] = Field(
        (),
        description="their passwords in the same order, one file of mode 600 each; empty: typed in",
    )
    oracle_signer_addresses: tuple[Annotated[str, AfterValidator(_address)], ...] = Field(
        (), description="addresses of oracles' keys at the external signer, with commas between"
    )
    settlement_approval: Literal["auto", "person"] = Field(
        "auto", description="auto: a settlement past its gate goes on alone; person: somebody approves each proposal"
    )
    takeout_keystore_file: Path | None = Field(
        None, description="keystore V3 of the key that signs take-outs, for who handed them out; may be left empty"
    )
    takeout_password_file: Path | None = Field(None, description="password of that keystore, mode 600")
    attestation_key_file: Path | None = Field(
        None,
        description="key that the operators of a community share, as the key-encryption key; empty without k-of-n",
    )
    worker_schedules: str = Field(
        "", description="changed schedules of jobs, JOB=90s, 15m, 2h, 03:30 or off, with commas between; may be empty"
    )
    worker_timezone: str = Field("Europe/Rome", description="time zone of the times of day in schedules of jobs")

    def require(self, *names: str) -> None:
        """MissingInput naming every setting among `names` that has no value."""
        missing = [variable_of(name) for name in names if getattr(self, name) in (None, ())]
        if missing:
            raise MissingInput("settings_missing", f"not set: {', '.join(missing)}; see .env.example")

    @property
    def url(self) -> str:
        """The database URL with its password, for opening it; never for showing."""
        return self.database_url.get_secret_value()


class LoadedSettings(BaseModel):
    """Settings with where each value came from, and what deserves a warning."""

    model_config = ConfigDict(frozen=True)

    settings: Settings
    sources: dict[str, str]
    warnings: tuple[str, ...]


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment and of the file that GETTONE_CONFIG names; variables win over the file.

    Raises InputError for a value out of its range or an unknown name, Refused for an unsafe secret.
    """
    return read_settings(environ).settings


def read_settings(environ: Mapping[str, str] | None = None) -> LoadedSettings:
    """As `load_settings`, with the source of each value and warnings."""
    variables = dict(os.environ if environ is None else environ)
    origin = dict.fromkeys(variables, "environment")
    for name, value in _config_file(variables.get(CONFIG_VARIABLE)).items():
        if name not in variables:
            variables[name] = value
            origin[name] = "file " + variables[CONFIG_VARIABLE]
    values: dict[str, Any] = {}
    sources = dict.fromkeys(Settings.model_fields, "default")
    warnings: list[str] = []
    for name in Settings.model_fields:
        found = _value_of(name, variables)
        if found is not None:
            values[name], variable = found
            sources[name] = f"{origin[variable]} ({variable})"
            if is_secret(name) and variable == variable_of(name) and urlsplit(found[0]).password:
                warnings.append(
                    f"{variable} holds a password in a variable: put it into a file and name it in {variable}_FILE"
                )
    _refuse_unknown(variables)
    settings = _validated(values)
    demo = settings.environment is Environment.DEMO
    return LoadedSettings(settings=settings, sources=sources, warnings=() if demo else tuple(warnings))


def variable_of(name: str) -> str:
    """The variable of a setting; for a secret without its `_FILE`."""
    return PREFIX + name.upper()


def is_secret(name: str) -> bool:
    """Whether a setting may also be given as a file, and is never shown."""
    return "SecretStr" in str(Settings.model_fields[name].annotation)


def _value_of(name: str, variables: Mapping[str, str]) -> tuple[Any, str] | None:
    """The text of a setting and the variable it came from; empty is not set."""
    variable = variable_of(name)
    in_file = variables.get(variable + "_FILE") if is_secret(name) else None
    if in_file:
        if variables.get(variable):
            raise Refused("secret_twice", f"both {variable} and {variable}_FILE are set: keep the file only")
        return _secret_text(Path(in_file)), variable + "_FILE"
    text = variables.get(variable)
    if not text:
        return None
    if name in _LISTS:
        return tuple(part.strip() for part in text.split(",") if part.strip()), variable
    return text, variable


def _secret_text(path: Path) -> str:
    refuse_readable_by_others(path)
    return path.read_text(encoding="utf-8").rstrip("\n")


def _config_file(path: str | None) -> dict[str, str]:
    if path is None:
        return {}
    if not Path(path).is_file():
        raise MissingInput("config_missing", f"{CONFIG_VARIABLE} names {path}, and there is no such file")
    return {name: value or "" for name, value in dotenv_values(path, interpolate=False).items()}


def _refuse_unknown(variables: Mapping[str, str]) -> None:
    known = {CONFIG_VARIABLE}
    for name in Settings.model_fields:
        known |= {variable_of(name), variable_of(name) + "_FILE"} if is_secret(name) else {variable_of(name)}
    unknown = sorted(name for name in variables if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise InputError("setting_unknown", f"unknown settings: {', '.join(unknown)}; .env.example lists all names")


def _validated(values: dict[str, Any]) -> Settings:
    keystores, passwords = (len(values.get(name, ())) for name in _LISTS[:2])
    if passwords not in (0, keystores):
        raise InputError(
            "setting_invalid",
            f"{keystores} files in GETTONE_ORACLE_KEYSTORE_FILES, {passwords} in GETTONE_ORACLE_PASSWORD_FILES: "
            "each keystore needs its password, or none has one and all are typed in",
        )
    try:
        return Settings.model_validate(values)
    except ValidationError as failure:
        wrong = "; ".join(
            f"{variable_of(str(one['loc'][0]))}: {one['msg']}" for one in failure.errors(include_input=False)
        )
        raise InputError("setting_invalid", f"wrong settings: {wrong}") from None
