"""All settings of gettone, each with its unit, default and meaning; `gettone.settings` reads them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from eth_utils.address import is_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from gettone.errors import MissingInput

PREFIX = "GETTONE_"


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
    purge_list_file: Path = Field(
        Path("var/purge-list"), description="marks of erased members, for restores of older backups; keep it with them"
    )
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
    role_keys_dir: Path | None = Field(
        None,
        description="folder with the keys that services hold for roles on chain: ROLE.json (keystore V3) with "
        "ROLE.password, or ROLE.address at the external signer; ROLE is guardian, community_admin, token_admin, "
        "oracle_admin, platform_admin or relayer",
    )
    community_template_file: Path | None = Field(
        None, description="community file (.toml or .json) from which new communities take caps, roles and rules"
    )
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
    oidc_issuer: str | None = Field(
        None, description="identity provider, https://HOST/realms/gettone; empty in a demonstration, which has its own"
    )
    oidc_audience: str = Field("gettone-api", description="what access tokens name as their audience")
    oidc_clients: tuple[str, ...] = Field(
        ("gettone-dapp", "gettone-auditor", "gettone-cli"),
        description="clients through which people log in, with commas between; mc-* need none",
    )
    oidc_algorithms: tuple[Literal["RS256", "PS256", "ES256"], ...] = Field(
        ("RS256",), description="signatures accepted on tokens: RS256, PS256, ES256, with commas between"
    )
    keycloak_admin_client: str = Field("gettone-admin", description="client with which Keycloak is administered")
    keycloak_admin_secret: SecretStr | None = Field(None, description="its secret; empty with the demonstration's own")
    embedded_idp_file: Path = Field(
        Path("var/identity.sqlite"), description="users, sessions and keys of the demonstration's identity provider"
    )
    worker_schedules: str = Field(
        "", description="changed schedules of jobs, JOB=90s, 15m, 2h, 03:30 or off, with commas between; may be empty"
    )
    smtp_host: str | None = Field(None, description="mail server that takes mails to people; empty: none are sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_starttls: bool = Field(True, description="encrypt before anything is said; false on loopback only")
    smtp_user: str | None = Field(None, description="user at the mail server; may be empty")
    smtp_password: SecretStr | None = Field(None, description="its password")
    smtp_from: str | None = Field(None, description="address that mails come from")
    block_period_s: int = Field(
        2, ge=1, le=600, description="seconds between blocks; a chain that stands still for five of them is stalled"
    )
    dapp_origins: tuple[str, ...] = Field(
        (), description="pages whose scripts may call the API, as https://HOST[:PORT] with commas between; may be empty"
    )
    security_contact: str | None = Field(
        None, description="where weaknesses are reported, mailto:ADDRESS or https://PAGE, shown in security.txt"
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


def variable_of(name: str) -> str:
    """The variable of a setting; for a secret without its `_FILE`."""
    return PREFIX + name.upper()
