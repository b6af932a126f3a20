"""`gettone settle request-attestation | attest | accept-attestation`, as operators type them with own settings."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from eth_account import Account
from typer.testing import CliRunner

from cli.main import app
from gettone.chain.deployment_file import deployment_path
from gettone.errors import CheckFailed, Held
from tests.factories.community import throwaway_secret
from tests.factories.operators import ORACLES, Operators
from tests.factories.village import COMMUNITY, FIRST_DAY, Village, synthetic_wh

pytestmark = [pytest.mark.chain, pytest.mark.slow]

PERIOD = ("--community", COMMUNITY, "--period", FIRST_DAY)


def secret_file(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def settings_of(village: Village, kek: bytes, oracle: str, shared_key: str) -> dict[str, str]:
    """The variables of one operator; the keystore is a cheap one, made for the test."""
    folder, client = village.folder, village.on_chain.client
    password = secrets.token_hex(8)
    keystore = Account.encrypt(throwaway_secret(oracle), password, kdf="pbkdf2", iterations=1)
    return {
        "GETTONE_ENVIRONMENT": "demo",
        "GETTONE_CLOCK": "chain",
        "GETTONE_DATABASE_URL": village.database.engine.url.render_as_string(hide_password=False),
        "GETTONE_KEK_FILE": secret_file(folder / "kek", kek.hex()),
        "GETTONE_LAKE_DIR": str(folder / "lake"),
        "GETTONE_RPC_URL": client.rpc_url,
        "GETTONE_CHAIN_ID": str(client.chain_id),
        "GETTONE_DEPLOYMENT_FILE": str(deployment_path(village.on_chain.folder, client)),
        "GETTONE_ORACLE_KEYSTORE_FILES": secret_file(folder / "keystore.json", json.dumps(keystore)),
        "GETTONE_ORACLE_PASSWORD_FILES": secret_file(folder / "password", password),
        "GETTONE_ATTESTATION_KEY_FILE": shared_key,
    }


def settle(settings: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(app, ["settle", *words], env=settings)


def test_commands__three_operators__go_from_proposal_to_closed_settlement(
    new_operators: Callable[[str], Operators], tmp_path: Path
) -> None:
    villages = new_operators("sqlite")
    shared = secret_file(tmp_path / "shared", secrets.token_hex(32))
    first, second, third = (
        settings_of(one, bytes(range(start, start + 32)), name, shared)
        for one, start, name in zip(villages, (0, 100, 100), ORACLES, strict=True)
    )
    for one in villages[:2]:
        one.import_day(FIRST_DAY)
    villages[2].import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + (hour == 3))
    request, attestation = tmp_path / "request", tmp_path / "attestation.json"

    assert isinstance(settle(first, "run", *PERIOD).exception, Held)
    assert settle(first, "request-attestation", *PERIOD, "--out", str(request)).exit_code == 0
    assert request.stat().st_mode & 0o777 == 0o600

    refused = settle(third, "attest", str(request), "--out", str(attestation), "--json")
    assert isinstance(refused.exception, CheckFailed)
    readings = [one for one in json.loads(refused.stdout)["differences"] if one["what"] == "reading"]
    assert ([one["slot"] for one in readings], attestation.exists()) == ([3, 3, 3], False)

    attested = settle(second, "attest", str(request), "--out", str(attestation))
    assert (attested.exit_code, attested.exception) == (0, None)
    accepted = settle(first, "accept-attestation", str(attestation), "--json")
    assert json.loads(accepted.stdout)["signatures"] == 2
    assert settle(first, "run", *PERIOD).exit_code == 0
    assert settle(second, "run", *PERIOD).exit_code == 0
