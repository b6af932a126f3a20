"""`gettone source key`: keys of devices, which write, and of readers, which read one community."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.clock import clock_of
from cli.console import out, print_json
from gettone.db.repositories.access_keys import READ, DeviceKeys, ReaderKeys
from gettone.db.repositories.communities import Communities
from gettone.db.schema import open_current
from gettone.errors import InputError
from gettone.settings import load_settings
from oracle.transports.broker_files import user_name
from oracle.transports.device_certificate import read_device_certificate

key_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Keys of devices and readers.")

DAY_MS = 86_400_000
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Days = Annotated[int, typer.Option("--days", help="Days until the key ends.", min=1, max=1100)]


@key_app.command()
def issue(
    device: Annotated[int | None, typer.Option("--device", help="Number of the device that may write.")] = None,
    community: Annotated[str | None, typer.Option("--community", help="Community that a reader's key is for.")] = None,
    name: Annotated[str, typer.Option("--name", help="Who uses a reader's key.")] = "reader",
    scope: Annotated[list[str] | None, typer.Option("--scope", help="readings:read or readings:import.")] = None,
    days: Days = 365,
    as_json: AsJson = False,
) -> None:
    """Issue a key and print it, once: to a device, which may only write its own readings, or to a reader."""
    if (device is None) == (community is None):
        raise InputError("key_owner", "a key belongs to one device or to one community: give --device or --community")
    settings = load_settings()
    now_ms = clock_of(settings)()
    valid = {"now_ms": now_ms, "valid_to": now_ms + days * DAY_MS}
    with open_current(settings.url) as database, database.write() as connection:
        if device is not None:
            issued = DeviceKeys(connection).issue(device, **valid)
            user = user_name(device, issued.key_id)
        else:
            community_id = Communities(connection).get(community or "").community_id
            issued = ReaderKeys(connection).issue(community_id, name, frozenset(scope or [READ]), **valid)
            user = name
    if as_json:
        print_json({"key_id": issued.key_id, "key": issued.key, "user": user, "valid_to_ms": issued.valid_to})
        return
    out.print(f"key {issued.key_id} of {user}, for {days} days, shown once: {issued.key}", markup=False)


@key_app.command()
def certificate(
    file: Annotated[Path, typer.Argument(help="Certificate of a device, PEM; its common name is the device's number.")],
    ca: Annotated[Path, typer.Option("--ca", help="The broker's authority, which signed it, PEM.")],
    as_json: AsJson = False,
) -> None:
    """Let a device in by its certificate until that ends; then render the broker's files again."""
    settings = load_settings()
    found = read_device_certificate(file, ca)
    with open_current(settings.url) as database, database.write() as connection:
        valid = (found.valid_from, found.valid_to)
        keys = DeviceKeys(connection)
        key_id = keys.add_certificate(found.device_id, found.sha256, valid, now_ms=clock_of(settings)())
    if as_json:
        print_json({"key_id": key_id, "user": str(found.device_id), "valid_to_ms": found.valid_to})
        return
    until = datetime.fromtimestamp(found.valid_to / 1000, UTC).isoformat(timespec="seconds")
    out.print(f"device {found.device_id} comes in by certificate until {until}: key {key_id}", markup=False)


@key_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """The keys that are valid, by number; none can be read again."""
    settings = load_settings()
    now_ms = clock_of(settings)()
    with open_current(settings.url) as database, database.read() as connection:
        found = {"devices": DeviceKeys(connection).valid(now_ms), "readers": ReaderKeys(connection).valid(now_ms)}
    if as_json:
        print_json({kind: [asdict(one) for one in keys] for kind, keys in found.items()})
        return
    for kind, keys in found.items():
        out.print(f"keys of {kind}: {len(keys)}", markup=False)
        for one in keys:
            until = datetime.fromtimestamp(one.valid_to / 1000, UTC).isoformat(timespec="seconds")
            out.print(f"{one.key_id} {one.owner}, until {until}", markup=False)


@key_app.command()
def revoke(
    key_id: Annotated[int, typer.Argument(help="Number of the key.")],
    reader: Annotated[bool, typer.Option("--reader", help="It is a reader's key.")] = False,
) -> None:
    """End a key now; then render the broker's files again."""
    settings = load_settings()
    with open_current(settings.url) as database, database.write() as connection:
        keys = ReaderKeys(connection) if reader else DeviceKeys(connection)
        keys.revoke(key_id, now_ms=clock_of(settings)())
    out.print(f"key {key_id} is revoked", markup=False)
