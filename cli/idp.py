"""`gettone idp`: the realm of the identity provider, and its signing key."""

from pathlib import Path
from typing import Annotated

import typer
from keycloak import KeycloakAdmin

from cli.console import err, out, print_json
from gettone.errors import MissingInput
from gettone.identity.embedded.keys import rotate_embedded_key
from gettone.identity.embedded.store import IdentityStore
from gettone.identity.keycloak import asking, realm_connection
from gettone.identity.realm.export import realm_text
from gettone.identity.realm.rotation import rotate_key as rotate_keycloak_key
from gettone.identity.realm.setup import set_up_realm
from gettone.identity.switch import uses_embedded
from gettone.settings import load_settings
from gettone.vault import refuse_readable_by_others

idp_app = typer.Typer(no_args_is_help=True, add_completion=False, help="The realm of the identity provider.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Issuer = Annotated[str | None, typer.Option("--issuer", help="The realm; GETTONE_OIDC_ISSUER otherwise.")]
Admin = Annotated[str, typer.Option("--admin", help="An administrator of Keycloak's realm `master`.")]
PasswordFile = Annotated[
    Path | None, typer.Option("--admin-password-file", help="The administrator's password, mode 600.")
]


@idp_app.command("realm-export")
def realm_export(
    out_file: Annotated[Path | None, typer.Option("--out", help="File to write; stdout otherwise.")] = None,
    dapp_url: Annotated[str | None, typer.Option("--dapp-url", help="Address of the DApp.")] = None,
    auditor_url: Annotated[str | None, typer.Option("--auditor-url", help="Address of the auditors' pages.")] = None,
    api_url: Annotated[str | None, typer.Option("--api-url", help="Address at which Keycloak reaches the API.")] = None,
) -> None:
    """The realm file for Keycloak's import, with the addresses of a deployment; secrets stay placeholders."""
    given = {"DAPP_URL": dapp_url, "AUDITOR_URL": auditor_url, "API_URL": api_url}
    text = realm_text({name: value for name, value in given.items() if value is not None})
    if out_file is None:
        typer.echo(text, nl=False)
    else:
        out_file.write_text(text, encoding="utf-8")


@idp_app.command("realm-setup")
def realm_setup(
    issuer: Issuer = None, admin: Admin = "admin", password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Set what a realm file cannot carry: levels, second factors, recovery codes, deletion; again changes nothing."""
    changed = set_up_realm(_administration(issuer, admin, password_file))
    if as_json:
        print_json({"changed": changed})
    else:
        out.print(f"set: {', '.join(changed)}" if changed else "everything was set already", markup=False)


@idp_app.command("rotate-key")
def rotate_key(
    issuer: Issuer = None, admin: Admin = "admin", password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Sign with a new key from now on; the one before stays published until the next rotation."""
    settings = load_settings()
    if issuer is None and uses_embedded(settings):
        keys = rotate_embedded_key(IdentityStore(settings.embedded_idp_file))
    else:
        with asking():
            keys = rotate_keycloak_key(_administration(issuer, admin, password_file))
    if as_json:
        print_json({"keys": keys})
    else:
        err.print(f"published keys, the one that signs first: {', '.join(keys)}", markup=False)


def _administration(issuer: str | None, admin: str, password_file: Path | None) -> KeycloakAdmin:
    settings = load_settings()
    if issuer is None:
        settings.require("oidc_issuer")
    if password_file is None:
        raise MissingInput("password_missing", "name the file with the password in --admin-password-file")
    refuse_readable_by_others(password_file)
    password = password_file.read_text(encoding="utf-8").rstrip("\n")
    connection = realm_connection(
        issuer or settings.oidc_issuer or "", username=admin, password=password, user_realm_name="master"
    )
    with asking():
        return KeycloakAdmin(connection=connection)
