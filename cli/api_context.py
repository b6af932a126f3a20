"""Building what the API works with, from the settings."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.context import ApiContext, Chain, Front, JobLine
from api.embedded_idp.app import embedded_realm
from cli.clock import clock_of
from cli.ingest_context import ingest_context
from gettone.chain.client import connect
from gettone.chain.deployment_file import DeploymentFile
from gettone.db.engine import Database
from gettone.db.repositories.keys import SERVER, Keys
from gettone.db.repositories.rights import Rights
from gettone.identity.embedded.keys import key_set
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.logout_tokens import LogoutTokens
from gettone.identity.rules import TokenRules, rules_of
from gettone.identity.switch import uses_embedded
from gettone.identity.verifier import TokenVerifier
from gettone.settings import Environment, Settings
from oracle.figures import StoredFigures
from oracle.formats.registry import syntaxes
from oracle.import_readings import import_readings
from oracle.named_devices import named_devices
from oracle.prices.price_table import PRICE_SYNTAXES
from oracle.reports import StoredReports
from oracle.weather.weather_table import WEATHER_SYNTAXES
from oracle.worker.registry import JOBS, schedules

LOGGER = logging.getLogger("gettone.api")


@contextmanager
def api_context(settings: Settings, realm: EmbeddedRealm | None = None) -> Iterator[ApiContext]:
    """The context of the configured API, open for the length of the block; `realm` is the demonstration's provider."""
    settings.sources_dir.mkdir(parents=True, exist_ok=True)
    with ingest_context(settings) as (database, vault, intake):

        def dry_run(flow: str, path: Path, now_ms: int) -> dict[str, Any]:
            return import_readings(intake, path, flow, now_ms=now_ms, dry_run=True).to_document()

        with database.write() as connection:
            secret = Keys(connection, vault).platform_key(SERVER)
        tokens, logouts = _checks(settings, database, realm)
        yield ApiContext(
            database=database,
            vault=vault,
            tokens=tokens,
            logouts=logouts,
            key_age_s=tokens.keys.age_s,
            intake=intake,
            dry_run=dry_run,
            folder=settings.sources_dir,
            front=_front(settings, realm),
            secret=secret,
            chain=_chain(settings),
            clock=clock_of(settings),
            jobs=_jobs(settings),
            reports=StoredReports(),
            figures=StoredFigures(),
            named_devices=lambda flow, path: named_devices(database, vault, flow, path),
            syntaxes=tuple(sorted((*syntaxes(), *PRICE_SYNTAXES, *WEATHER_SYNTAXES))),
        )


def demo_realm(settings: Settings, host: str, port: int) -> EmbeddedRealm | None:
    """The demonstration's own provider, None beside an outside one.

    MissingInput without an issuer in production, Refused (exit 6) for a demonstration that is not on loopback.
    """
    if not uses_embedded(settings):
        return None
    LOGGER.warning("the demonstration's identity provider serves: nobody who logs in there is who they say")
    origin = f"http://{host}:{port}"
    dapp = settings.dapp_origins[0] if settings.dapp_origins else origin
    return embedded_realm(settings, host, port, {"DAPP_URL": dapp, "API_URL": origin})


def _checks(settings: Settings, database: Database, realm: EmbeddedRealm | None) -> tuple[TokenVerifier, LogoutTokens]:
    """The checks of the provider's tokens; the demonstration's keys are read where they are made."""
    clock_ms = clock_of(settings)

    def is_granted(client: str) -> bool:
        with database.read() as connection:
            return Rights(connection).is_granted(client, clock_ms())

    if realm is None:
        rules = rules_of(settings)
        verifier = TokenVerifier(rules, is_granted)
    else:
        own = realm
        rules = TokenRules(realm.issuer, settings.oidc_audience, frozenset(settings.oidc_clients))

        def fetch() -> Mapping[str, Any]:
            with own.store.transaction() as db:
                return key_set(db)

        verifier = TokenVerifier(rules, is_granted, fetch=fetch)
    return verifier, LogoutTokens(rules, verifier.keys)


def _front(settings: Settings, realm: EmbeddedRealm | None) -> Front:
    return Front(
        issuer=realm.issuer if realm is not None else settings.oidc_issuer or "",
        audience=settings.oidc_audience,
        clients=settings.oidc_clients,
        is_demo=settings.environment is Environment.DEMO,
        rpc_url=settings.rpc_url,
        security_contact=settings.security_contact,
        origins=settings.dapp_origins,
    )


def _chain(settings: Settings) -> Chain | None:
    """The configured chain, None where there is none."""
    if settings.rpc_url is None or settings.deployment_file is None:
        return None
    client = connect(settings.rpc_url, settings.chain_id, genesis_hash=settings.genesis_hash)
    return Chain(client, DeploymentFile(settings.deployment_file), settings.block_period_s)


def _jobs(settings: Settings) -> tuple[JobLine, ...]:
    """The jobs of the worker that shares these settings."""
    planned = schedules(settings)
    return tuple(JobLine(one.name, str(planned[one.name] or "off"), one.per_community) for one in JOBS)
