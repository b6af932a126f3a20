"""`gettone backup`: make, check and restore backups of a site."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import out, print_json
from cli.settlement_context import open_vault
from gettone.periods import utc_text
from gettone.settings import load_settings
from oracle.backup.job import create_backup, restore_backup, verify_backup

backup_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Backups of this site.")

RESTORED_KEYS = Path("var/restored-keys")
File = Annotated[Path, typer.Argument(help="The backup.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@backup_app.command()
def create(
    file: Annotated[Path | None, typer.Option("--out", help="Where to; a name with the time without it.")] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Where members' yearly keys go, apart: delete it after some weeks.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Seal database, lake and keystores into one file that only the key-encryption key opens."""
    settings, at_ms = load_settings(), now_ms(load_settings())
    path = file or Path(f"gettone-{datetime.fromtimestamp(at_ms / 1000, UTC):%Y%m%dT%H%M%SZ}.backup")
    count = create_backup(settings, open_vault(settings), path, keys, at_ms)
    if as_json:
        print_json({"file": str(path), "files": count, "bytes": path.stat().st_size})
        return
    out.print(f"{path}: {count} files, {path.stat().st_size} bytes", markup=False)
    out.print("keep the key-encryption key and the purge list apart from it: without the key it cannot be read")


@backup_app.command()
def verify(file: File, as_json: AsJson = False) -> None:
    """Read a backup to its end and compare every file with its digest."""
    manifest = verify_backup(open_vault(load_settings()), file)
    if as_json:
        print_json(manifest)
        return
    made = utc_text(manifest["created_at"] // 1000)
    out.print(f"{file}: {len(manifest['files'])} files of {made}, all as they were", markup=False)


@backup_app.command()
def restore(
    file: File,
    keys: Annotated[Path | None, typer.Option("--keys", help="The copy of members' yearly keys.")] = None,
    keystores: Annotated[Path, typer.Option("--keystores", help="Folder for the keystores.")] = Path(
        "var/restored-keys"
    ),
    as_json: AsJson = False,
) -> None:
    """Bring a site back in an empty place, and erase again who was erased after the backup was made."""
    settings = load_settings()
    vault, at_ms = open_vault(settings), now_ms(settings)
    restored = restore_backup(settings, vault, file, keys, keystores=keystores, now_ms=at_ms)
    if as_json:
        print_json({name: getattr(restored, name) for name in ("files", "member_keys", "erased_again")})
        return
    out.print(
        f"restored {restored.files} files and {restored.member_keys} keys of members; "
        f"{restored.erased_again} members were erased again",
        markup=False,
    )
