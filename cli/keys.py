"""`gettone keys`: the keys of services, without ever showing one; and handing a role from one key to another."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, print_json
from cli.settlement_context import open_contracts, open_sender
from cli.signing_keys import file_signer
from gettone.chain.contract import checksum_address
from gettone.chain.keys import address_in, create_keystore, import_key
from gettone.chain.roles import Role
from gettone.chain.rotation import rotate_role
from gettone.chain.web3signer import addresses_at
from gettone.db.schema import open_current
from gettone.errors import GettoneError, InputError
from gettone.settings import Settings, load_settings

keys_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Keys of services; none is ever shown.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Keystore = Annotated[Path, typer.Option("--keystore", help="Keystore V3 to write; never overwritten.")]
PasswordFile = Annotated[Path, typer.Option("--password-file", help="File for its password, mode 600.")]


class KeyRole(StrEnum):
    """Roles whose keys services hold."""

    ORACLE = "oracle"
    REGISTRAR = "registrar"


@keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """The configured keys by use, with address and place; exits as the first one that cannot be used."""
    rows, refusals = _configured(load_settings())
    if as_json:
        print_json({"keys": rows})
    else:
        for row in rows:
            out.print(f"{row['use']:10} {row['address'] or '(not usable)':42}  {row['place']}", markup=False)
    if refusals:
        raise refusals[0]


@keys_app.command()
def generate(keystore: Keystore, password_file: PasswordFile, as_json: AsJson = False) -> None:
    """Make a new key with a random password, both in files of mode 600, and say its address."""
    _say(create_keystore(keystore, password_file), keystore, as_json)


@keys_app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="File of mode 600 with 0x and 64 hex digits; delete it afterwards.")],
    keystore: Keystore,
    password_file: PasswordFile,
    as_json: AsJson = False,
) -> None:
    """Bring a key from a file into a keystore, and say its address."""
    _say(import_key(source, keystore, password_file), keystore, as_json)


@keys_app.command()
def address(
    keystore: Annotated[Path | None, typer.Argument(help="Keystore V3; its password is not needed.")] = None,
    signer: Annotated[str | None, typer.Option("--signer", help="URL of an external signer instead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say the address of a keystore, or those of the keys at an external signer."""
    if (keystore is None) == (signer is None):
        raise InputError("usage", "name a keystore or --signer URL")
    found = addresses_at(signer) if signer is not None else [address_in(keystore or Path())]
    if as_json:
        print_json({"addresses": found})
        return
    for one in found:
        out.print(one, markup=False)


@keys_app.command()
def rotate(
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    role: Annotated[KeyRole, typer.Option("--role", help="Whose key changes.")],
    old: Annotated[str, typer.Option("--old", help="Address that loses the role.")],
    new: Annotated[str, typer.Option("--new", help="Address that gets it.")],
    admin_keystore: Annotated[Path, typer.Option(help="Keystore V3 of the community admin.")],
    admin_password_file: Annotated[Path | None, typer.Option(help="Its password; typed in without it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, send nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a role from one key and give it to another, at once; a settlement in between goes on with the new one."""
    old, new = checksum_address(old), checksum_address(new)
    if old == new:
        raise InputError("usage", "--old and --new are the same address: there is nothing to rotate")
    settings = load_settings()
    contracts = open_contracts(settings, community)
    if dry_run:
        out.print(f"would revoke {role.value} of {old} and grant it to {new}", markup=False)
        return
    admin = file_signer(admin_keystore, admin_password_file)
    with open_current(settings.url) as database:
        sender = open_sender(settings, database, contracts.client, admin)
        changed = rotate_role(contracts.access_manager, sender, Role[role.name], old, new)
    if as_json:
        print_json({"community": community, "role": role.value, "old": old, "new": new, "changed": changed})
        return
    verb = "is now" if changed else "was already"
    variable = "GETTONE_ORACLE_KEYSTORE_FILES" if role is KeyRole.ORACLE else "GETTONE_REGISTRAR_KEYSTORE_FILE"
    out.print(f"{role.value} of {community} {verb} {new}; put its keystore into {variable}", markup=False)


def _configured(settings: Settings) -> tuple[list[dict[str, str | None]], list[GettoneError]]:
    files: list[tuple[str, Path | None]] = [
        ("deployer", settings.deployer_keystore_file),
        ("registrar", settings.registrar_keystore_file),
        *(("oracle", one) for one in settings.oracle_keystore_files),
        ("takeout", settings.takeout_keystore_file),
    ]
    external = [("registrar", settings.registrar_signer_address)]
    external += [("oracle", one) for one in settings.oracle_signer_addresses]
    rows: list[dict[str, str | None]] = []
    refusals: list[GettoneError] = []
    for use, path in files:
        if path is None:
            continue
        row: dict[str, str | None] = {"use": use, "address": None, "place": str(path)}
        try:
            row["address"] = address_in(path)
        except GettoneError as refusal:
            refusals.append(refusal)
        rows.append(row)
    place = f"signer {settings.signer_url}"
    rows += [{"use": use, "address": one, "place": place} for use, one in external if one is not None]
    return rows, refusals


def _say(found: str, keystore: Path, as_json: bool) -> None:
    if as_json:
        print_json({"address": found, "keystore": str(keystore)})
        return
    out.print(f"{found} in {keystore}", markup=False)
