"""The one reader of the environment: a frozen typed object, built once and passed in.

Every setting is a variable `GETTONE_<NAME>`.  A secret is given as a file, `GETTONE_<NAME>_FILE`; in the variable
itself it is accepted too, with a warning outside demonstrations.  `.env.example` lists all of them.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, ValidationError

from gettone.errors import InputError, MissingInput, Refused
from gettone.setting_fields import PREFIX, Clock, Environment, Settings, variable_of
from gettone.vault import refuse_readable_by_others

__all__ = [
    "Clock",
    "Environment",
    "LoadedSettings",
    "Settings",
    "is_secret",
    "load_settings",
    "read_settings",
    "variable_of",
]

CONFIG_VARIABLE = "GETTONE_CONFIG"

_LISTS = (
    "oracle_keystore_files",
    "oracle_password_files",
    "oracle_signer_addresses",
    "oidc_clients",
    "oidc_algorithms",
    "dapp_origins",
)


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
            if is_secret(name) and variable == variable_of(name) and holds_password(name, found[0]):
                warnings.append(
                    f"{variable} holds a password in a variable: put it into a file and name it in {variable}_FILE"
                )
    _refuse_unknown(variables)
    settings = _validated(values)
    demo = settings.environment is Environment.DEMO
    return LoadedSettings(settings=settings, sources=sources, warnings=() if demo else tuple(warnings))


def is_secret(name: str) -> bool:
    """Whether a setting may also be given as a file, and is never shown."""
    return "SecretStr" in str(Settings.model_fields[name].annotation)


def holds_password(name: str, text: str) -> bool:
    """Whether the text of a secret setting is one; a database URL need not hold a password."""
    return name != "database_url" or urlsplit(text).password is not None


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
