"""`gettone source`: how readings arrive, what arrived, and the worker that takes it."""

import logging
import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer

from cli.clock import clock_of
from cli.console import out, print_json
from cli.ingest_context import broker_of, ingest_context
from cli.settlement_context import open_vault
from cli.source_keys import key_app
from gettone.access_keys import broker_hash
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import SourceCounters, SourceRow, Sources
from gettone.db.schema import open_current
from gettone.metering.transport_rules import HTTPS, MQTT
from gettone.settings import load_settings
from oracle.import_readings import import_readings
from oracle.import_table import examine_table
from oracle.intake_tables import is_table
from oracle.transports.broker_files import Listener
from oracle.transports.remote_file import RemoteFile
from oracle.transports.source_file import read_source_file
from oracle.transports.sources import add_source, try_connection, write_broker
from oracle.transports.worker import SourceWorker, free_permille

source_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Sources of readings.")
source_app.add_typer(key_app, name="key")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
FlowName = Annotated[str, typer.Argument(help="Name of the source, which is that of its flow.")]


@source_app.command()
def add(file: Annotated[Path, typer.Argument(help="TOML or JSON with every key.")], as_json: AsJson = False) -> None:
    """State a source by one file; the same file again changes nothing, another configuration is kept beside."""
    settings = load_settings()
    vault, source = open_vault(settings), read_source_file(file)
    with open_current(settings.url) as database:
        row = add_source(database, vault, settings.sources_dir, source, now_ms=clock_of(settings)())
    if as_json:
        print_json({"flow": row.flow, "transport": row.transport})
    else:
        out.print(f"source {row.flow} arrives by {row.transport}", markup=False)


@source_app.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Every source with what arrived by it, its dead letters and its last receipt."""
    settings = load_settings()
    with open_current(settings.url) as database, database.read() as connection:
        sources = Sources(connection)
        found = [_shown(one, sources.counters(one.flow_id)) for one in sources.all()]
    if as_json:
        print_json({"sources": found})
        return
    for one in found:
        states = " ".join(f"{state} {count}" for state, count in sorted(one["batches"].items())) or "nothing yet"
        line = f"{one['flow']} ({one['transport']}): {states}; rows rejected {one['rows_rejected']}"
        out.print(f"{line}; last {one['last_received_at'] or 'never'}; online {one['online']}", markup=False)


@source_app.command()
def show(flow: FlowName, as_json: AsJson = False) -> None:
    """One source with every configuration it had."""
    settings = load_settings()
    with open_current(settings.url) as database, database.read() as connection:
        sources = Sources(connection)
        row = sources.get(flow)
        shown = _shown(row, sources.counters(row.flow_id))
        history = sources.history(row.flow_id)
    if as_json:
        configurations = [{"number": number, "since_ms": since, "config": text} for number, since, text in history]
        print_json(shown | {"configurations": configurations})
        return
    out.print(f"{row.flow} ({row.transport}), community {row.community or 'none'}", markup=False)
    for number, since, text in history:
        out.print(f"configuration {number} since {_instant(since)}: {text}", markup=False)


@source_app.command("test")
def try_source(
    flow: Annotated[str, typer.Argument(help="A source, or the file that is to become one.")],
    file: Annotated[Path | None, typer.Argument(help="A file of readings to judge without storing it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Name every missing key, try the connection, and judge a file; nothing is stored."""
    if flow.endswith((".toml", ".json")):
        source = read_source_file(Path(flow))
        _print_tested({"flow": source.flow, "keys": "complete"}, as_json)
        return
    settings = load_settings()
    document: dict[str, Any] = {"flow": flow}
    with ingest_context(settings) as (database, _vault, intake):
        with database.read() as connection:
            row = Sources(connection).get(flow)
            config = Flows(connection).get(flow).config
        if file is not None and is_table(config.syntax):
            document["file"] = examine_table(intake, file, flow, now_ms=clock_of(settings)()).to_document()
        elif file is not None:
            now_ms = clock_of(settings)()
            document["file"] = import_readings(intake, file, flow, now_ms=now_ms, dry_run=True).to_document()
        document["connection"] = try_connection(
            row,
            settings.sources_dir,
            broker_of(settings) if row.transport == MQTT else None,
            RemoteFile.of(config) if row.transport == HTTPS else None,
        )
    _print_tested(document, as_json)


@source_app.command("broker-files")
def broker_files(
    folder: Annotated[Path, typer.Option("--out", help="Folder for gettone.conf, passwords and acl.")],
    ca: Annotated[Path, typer.Option("--ca", help="Certificate authority, PEM.")],
    cert: Annotated[Path, typer.Option("--cert", help="Certificate of the broker, PEM.")],
    key: Annotated[Path, typer.Option("--key", help="Key of that certificate, PEM.")],
    port: Annotated[int, typer.Option("--port", help="Port of the broker.")] = 8883,
    bind: Annotated[str, typer.Option("--bind", help="Address the broker listens on.")] = "0.0.0.0",  # noqa: S104 - the broker asks for TLS and a password
    certificate_port: Annotated[
        int | None, typer.Option("--certificate-port", help="Port for devices with certificates; none without it.")
    ] = None,
) -> None:
    """Render the files of Mosquitto from the keys that are valid now; then `kill -HUP` the broker."""
    settings = load_settings()
    settings.require("mqtt_password")
    assert settings.mqtt_password is not None  # noqa: S101 - required just above
    place = folder.resolve()
    files = (ca.resolve(), cert.resolve(), key.resolve(), place, place / "store")
    listener = Listener(port, bind, *files, certificate_port)
    own = broker_hash(settings.mqtt_password.get_secret_value())
    with open_current(settings.url) as database:
        count = write_broker(database, listener, own, now_ms=clock_of(settings)())
    out.print(f"{place}: {count} keys of devices", markup=False)


@source_app.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="Handle folders and waiting batches once, then end.")] = False,
) -> None:
    """The worker: folders, messages, waiting batches, retries, silent sources, a full disk."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = load_settings()
    settings.sources_dir.mkdir(parents=True, exist_ok=True)
    with ingest_context(settings) as (database, vault, intake):
        worker = SourceWorker(
            database,
            vault,
            intake,
            settings.sources_dir,
            broker_of(settings),
            clock_of(settings),
            lambda: free_permille(settings.sources_dir),
        )
        if once:
            out.print(f"{worker.once()} files and batches", markup=False)
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_more: stop.set())
        worker.run(stop)


def _print_tested(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    for name, text in document.items():
        out.print(f"{name}: {text}", markup=False)


def _shown(row: SourceRow, counters: SourceCounters) -> dict[str, Any]:
    last = counters.last_received_at
    return {
        "flow": row.flow,
        "transport": row.transport,
        "community": row.community,
        "send_period_s": row.send_period_s,
        "send_cron": row.send_cron,
        "batches": counters.batches,
        "rows_rejected": counters.rows_rejected,
        "last_received_at": None if last is None else _instant(last),
        "online": counters.online,
    }


def _instant(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
