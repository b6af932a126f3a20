"""Settings: one reader, every name known, secrets by file, all that is missing named at once."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from gettone.errors import InputError, MissingInput, Refused
from gettone.settings import Clock, Environment, Settings, is_secret, load_settings, read_settings, variable_of

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def secret_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_load__empty_environment__has_safe_defaults() -> None:
    settings = load_settings({})
    assert (settings.environment, settings.clock, settings.chain_id) == (Environment.PRODUCTION, Clock.SYSTEM, 1981)
    assert settings.kek_file is None


def test_load__variables__are_typed() -> None:
    settings = load_settings(
        {
            "GETTONE_CHAIN_ID": "7",
            "GETTONE_KEK_FILE": "/keys/kek",
            "GETTONE_ORACLE_KEYSTORE_FILES": "/a.json, /b.json",
            "GETTONE_ORACLE_PASSWORD_FILES": "/a.pw,/b.pw",
            "GETTONE_GENESIS_HASH": "0x" + "ab" * 32,
            "GETTONE_CLOCK": "chain",
            "OTHER": "ignored",
        }
    )
    assert (settings.chain_id, settings.kek_file, settings.clock) == (7, Path("/keys/kek"), Clock.CHAIN)
    assert settings.oracle_keystore_files == (Path("/a.json"), Path("/b.json"))
    assert settings.genesis_hash == b"\xab" * 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAIN_ID", "x"),
        ("CHAIN_ID", "0"),
        ("GENESIS_HASH", "ab"),
        ("GENESIS_HASH", "0x" + "zz" * 32),
        ("ENVIRONMENT", "test"),
        ("CLOCK", "mine"),
    ],
)
def test_load__wrong_value__is_refused_by_name_without_the_value(name: str, value: str) -> None:
    with pytest.raises(InputError, match=f"GETTONE_{name}: "):
        load_settings({f"GETTONE_{name}": value})


def test_load__keystore_without_password__is_refused() -> None:
    with pytest.raises(InputError, match="2 files in GETTONE_ORACLE_KEYSTORE_FILES, 1 in"):
        load_settings({"GETTONE_ORACLE_KEYSTORE_FILES": "/a,/b", "GETTONE_ORACLE_PASSWORD_FILES": "/a"})


def test_load__unknown_name__is_refused() -> None:
    with pytest.raises(InputError, match="unknown settings: GETTONE_DATABASE, GETTONE_KEK"):
        load_settings({"GETTONE_KEK": "x", "GETTONE_DATABASE": "y"})


def test_load__secret_in_a_file__is_read(tmp_path: Path) -> None:
    path = secret_file(tmp_path, "postgresql://gettone:sesame@db/gettone\n")
    settings = load_settings({"GETTONE_DATABASE_URL_FILE": str(path)})
    assert settings.url == "postgresql://gettone:sesame@db/gettone"
    assert "sesame" not in repr(settings)


def test_load__secret_twice_or_readable__is_refused(tmp_path: Path) -> None:
    path = str(secret_file(tmp_path, "sqlite:///a"))
    with pytest.raises(Refused, match="both GETTONE_DATABASE_URL and"):
        load_settings({"GETTONE_DATABASE_URL": "sqlite:///a", "GETTONE_DATABASE_URL_FILE": path})
    secret_file(tmp_path, "sqlite:///a", 0o644)
    with pytest.raises(Refused, match="chmod 600") as refusal:
        load_settings({"GETTONE_DATABASE_URL_FILE": path})
    assert refusal.value.exit_status == 6


def test_read__password_in_a_variable__warns_outside_demonstrations() -> None:
    variables = {"GETTONE_DATABASE_URL": "postgresql://gettone:secret@db/gettone"}
    assert len(read_settings(variables).warnings) == 1
    assert read_settings(variables | {"GETTONE_ENVIRONMENT": "demo"}).warnings == ()
    assert read_settings({"GETTONE_DATABASE_URL": "sqlite:///a.sqlite"}).warnings == ()


def test_read__configuration_file__gives_way_to_variables(tmp_path: Path) -> None:
    path = tmp_path / "gettone.env"
    path.write_text("GETTONE_CHAIN_ID=5\nGETTONE_RPC_URL=http://127.0.0.1:8545\n", encoding="utf-8")
    loaded = read_settings({"GETTONE_CONFIG": str(path), "GETTONE_CHAIN_ID": "6"})
    assert (loaded.settings.chain_id, loaded.settings.rpc_url) == (6, "http://127.0.0.1:8545")
    assert loaded.sources["chain_id"] == "environment (GETTONE_CHAIN_ID)"
    assert loaded.sources["rpc_url"] == f"file {path} (GETTONE_RPC_URL)"
    assert loaded.sources["kek_file"] == "default"
    with pytest.raises(MissingInput, match="no such file"):
        read_settings({"GETTONE_CONFIG": str(tmp_path / "none")})


def test_require__several_missing__are_named_at_once() -> None:
    with pytest.raises(MissingInput, match="GETTONE_KEK_FILE, GETTONE_ORACLE_KEYSTORE_FILES") as refusal:
        load_settings({}).require("kek_file", "chain_id", "oracle_keystore_files")
    assert refusal.value.exit_status == 3


def test_example__every_setting__stands_there_with_its_default_and_meaning() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, described in Settings.model_fields.items():
        default = (
            described.default.get_secret_value() if isinstance(described.default, SecretStr) else described.default
        )
        shown = ",".join(default) if isinstance(default, tuple) else "" if default is None else str(default)
        assert f"\n{variable_of(name)}={shown}\n" in text
        assert f"# {described.description}\n" in text
        assert (f"{variable_of(name)}_FILE=" in text) is is_secret(name)
    named = {line.split("=")[0] for line in text.splitlines() if line.startswith("GETTONE_")}
    assert named == {variable_of(name) for name in Settings.model_fields}


def test_example__as_a_configuration_file__is_valid() -> None:
    assert load_settings({"GETTONE_CONFIG": str(EXAMPLE)}) == load_settings({})
