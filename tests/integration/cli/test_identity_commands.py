"""`gettone idp` and what `gettone config check` says of identity: exit statuses and words."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.config import config_app
from cli.idp import idp_app
from gettone.errors import GettoneError, InputError, MissingInput, Refused

ISSUER = "https://id.example.org/realms/gettone"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GETTONE_")]:
        monkeypatch.delenv(name)


def run(app: object, *args: str, **variables: str) -> tuple[str, GettoneError | None]:
    """Output and refusal of a command."""
    env = {f"GETTONE_{name.upper()}": value for name, value in variables.items()}
    result = CliRunner().invoke(app, list(args), env=env)  # type: ignore[arg-type]
    assert result.exception is None or isinstance(result.exception, GettoneError | SystemExit)
    return result.output, result.exception if isinstance(result.exception, GettoneError) else None


def test_export__addresses__are_in_the_file(tmp_path: Path) -> None:
    target = tmp_path / "realm.json"
    run(idp_app, "realm-export", "--dapp-url", "https://dapp.example.org", "--out", str(target))
    clients = json.loads(target.read_text(encoding="utf-8"))["clients"]
    assert ["https://dapp.example.org/callback"] in [one.get("redirectUris") for one in clients]


def test_export__no_file__is_written_to_stdout() -> None:
    output, _ = run(idp_app, "realm-export")
    assert json.loads(output)["realm"] == "gettone"


def test_export__unsafe_address__exits_2() -> None:
    _, refusal = run(idp_app, "realm-export", "--dapp-url", "http://dapp.example.org")
    assert isinstance(refusal, InputError)


def test_setup__without_issuer__exits_3() -> None:
    _, refusal = run(idp_app, "realm-setup")
    assert isinstance(refusal, MissingInput)
    assert "GETTONE_OIDC_ISSUER" in refusal.message


def test_setup__without_password_file__exits_3() -> None:
    _, refusal = run(idp_app, "realm-setup", "--issuer", ISSUER)
    assert (type(refusal), refusal.code if refusal else "") == (MissingInput, "password_missing")


def test_setup__password_that_others_can_read__exits_6(tmp_path: Path) -> None:
    secret = tmp_path / "admin"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0o644)
    _, refusal = run(idp_app, "realm-setup", "--issuer", ISSUER, "--admin-password-file", str(secret))
    assert isinstance(refusal, Refused)


def test_setup__keycloak_down__exits_7(tmp_path: Path) -> None:
    secret = tmp_path / "admin"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0o600)
    issuer = "http://127.0.0.1:9/realms/gettone"
    _, refusal = run(idp_app, "realm-setup", "--issuer", issuer, "--admin-password-file", str(secret))
    assert refusal is not None
    assert refusal.exit_status == 7


def test_rotate__demonstration__publishes_the_new_key_first(tmp_path: Path) -> None:
    demo = {"environment": "demo", "embedded_idp_file": str(tmp_path / "i.sqlite")}
    first = json.loads(run(idp_app, "rotate-key", "--json", **demo)[0])["keys"]
    second = json.loads(run(idp_app, "rotate-key", "--json", **demo)[0])["keys"]
    assert second[1] == first[0]
    assert second[0] not in first


def test_rotate__production_without_issuer__exits_3() -> None:
    assert isinstance(run(idp_app, "rotate-key")[1], MissingInput)


def test_check__production_without_issuer__exits_3() -> None:
    _, refusal = run(config_app, "check")
    assert isinstance(refusal, MissingInput)
    assert "GETTONE_OIDC_ISSUER" in refusal.message


def test_check__demonstration__misses_no_issuer() -> None:
    _, refusal = run(config_app, "check", environment="demo")
    assert refusal is not None
    assert "OIDC" not in refusal.message


def test_check__production_with_a_demonstrations_provider__exits_6() -> None:
    _, refusal = run(config_app, "check", oidc_issuer="http://127.0.0.1:8000/realms/gettone")
    assert isinstance(refusal, Refused)
    assert "loopback" in refusal.message


def test_check__issuer_without_https__exits_6() -> None:
    assert isinstance(run(config_app, "check", oidc_issuer="http://id.example.org/realms/gettone")[1], Refused)


def test_check__secret_that_others_can_read__exits_6(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3", encoding="utf-8")
    secret.chmod(0o644)
    _, refusal = run(config_app, "check", oidc_issuer=ISSUER, keycloak_admin_secret_file=str(secret))
    assert isinstance(refusal, Refused)


def test_show__secret_in_a_variable__is_withheld_and_warned_of() -> None:
    output, _ = run(config_app, "show", "--json", keycloak_admin_secret="very-secret-7", oidc_issuer=ISSUER)
    assert "very-secret-7" not in output
    shown = json.loads(output)
    assert shown["settings"]["keycloak_admin_secret"]["value"] == "(withheld)"
    assert any("GETTONE_KEYCLOAK_ADMIN_SECRET" in warning for warning in shown["warnings"])
