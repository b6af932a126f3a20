"""`gettone contracts`: deploy a community's contract set, show its addresses, verify it (contracts.md §13)."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.console import err, out, print_json
from gettone.chain.client import ChainClient, connect
from gettone.chain.community_spec import load_spec
from gettone.chain.deployment import deploy_community, deployment_steps
from gettone.chain.deployment_file import Deployment, deployment_path, load_deployment, require_same_network
from gettone.chain.keys import load_signer
from gettone.chain.policy_verification import pending_changes, policy_of, record_policy
from gettone.chain.verification import verify_deployment
from gettone.errors import InputError

CHAIN_ID = 1981

contracts_app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Deploy, list and verify a community's contracts."
)

Rpc = Annotated[str, typer.Option("--rpc", help="URL of a node.")]
ChainId = Annotated[int, typer.Option("--chain-id", help="Chain id the node must have.")]
Genesis = Annotated[str | None, typer.Option("--genesis", help="Hash (0x…) the node's block 0 must have.")]
Folder = Annotated[Path, typer.Option("--deployments", help="Folder of the deployment files.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
CommunityId = Annotated[str | None, typer.Option("--community", help="Id of one community; default all.")]
OptionalFile = Annotated[Path | None, typer.Option(help="Only for the registration, the last step.")]

_FOLDER = Path("contracts/deployments")


@contracts_app.command()
def deploy(  # noqa: PLR0913, PLR0917 - every option of a command is an argument
    community: Annotated[Path, typer.Option("--community", help="Community file (.toml or .json).")],
    deployer_keystore: Annotated[Path, typer.Option(help="Keystore V3; a new key for each network.")],
    deployer_password_file: Annotated[Path, typer.Option(help="Its password, in a file of its own.")],
    rpc: Rpc,
    platform_admin_keystore: OptionalFile = None,
    platform_admin_password_file: OptionalFile = None,
    chain_id: ChainId = CHAIN_ID,
    genesis: Genesis = None,
    deployments: Folder = _FOLDER,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the steps, send nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Deploy a community's set and register it; interrupted it goes on, repeated it changes nothing."""
    spec = load_spec(community)
    client = _connect(rpc, chain_id, genesis)
    if dry_run:
        _show_steps(deployment_steps(client, spec, deployments), as_json)
        return
    deployer = load_signer(deployer_keystore, deployer_password_file)
    pair = (platform_admin_keystore, platform_admin_password_file)
    if (pair[0] is None) != (pair[1] is None):
        raise InputError(
            "usage", "--platform-admin-keystore and --platform-admin-password-file come together or not at all"
        )
    platform_admin = load_signer(pair[0], pair[1]) if pair[0] and pair[1] else None
    err.print(f"deploying the contracts of {spec.community_id} on chain {client.chain_id}", markup=False)
    deployment = deploy_community(client, deployer, spec, deployments, platform_admin=platform_admin)
    _show_addresses(deployment, spec.community_id, deployment_path(deployments, client), as_json)


@contracts_app.command()
def addresses(
    rpc: Rpc,
    community: CommunityId = None,
    chain_id: ChainId = CHAIN_ID,
    genesis: Genesis = None,
    deployments: Folder = _FOLDER,
    as_json: AsJson = False,
) -> None:
    """Show the addresses of the platform's and the communities' contracts on the connected network."""
    client = _connect(rpc, chain_id, genesis)
    path = deployment_path(deployments, client)
    deployment = load_deployment(path)
    require_same_network(deployment, client)
    _show_addresses(deployment, community, path, as_json)


@contracts_app.command()
def verify(
    rpc: Rpc,
    community: CommunityId = None,
    chain_id: ChainId = CHAIN_ID,
    genesis: Genesis = None,
    deployments: Folder = _FOLDER,
    as_json: AsJson = False,
) -> None:
    """Compare code, links, roles, rules and registry on chain with artifacts and file; 1 if they differ."""
    client = _connect(rpc, chain_id, genesis)
    deployment = load_deployment(deployment_path(deployments, client))
    differences = verify_deployment(client, deployment, community)
    ids = sorted(deployment.communities) if community is None else [community]
    # Of contracts that are not ours there is nothing to say but that.
    readable = not any(one.what == "code" for one in differences)
    sets = {one: deployment.community(one) for one in ids if readable}
    pending = [change for one, found in sets.items() for change in pending_changes(client, one, found)]
    if as_json:
        print_json(
            {
                "differences": [asdict(one) for one in differences],
                "pending": [asdict(one) for one in pending],
                # In the form of the deployment file, so that who reviewed a change can record it there.
                "policy": {one: policy_of(client, found) for one, found in sets.items()},
                "verified": not differences,
            }
        )
    for change in pending:
        err.print(f"scheduled: {change}", markup=False)
    for one in differences:
        err.print(f"differs: {one}", markup=False)
    if differences:
        raise typer.Exit(1)
    if not as_json:
        out.print("contracts, links, roles, rules and registry are as specified")


@contracts_app.command("record-policy")
def record_policy_command(
    rpc: Rpc,
    community: Annotated[str, typer.Option("--community", help="Id of the community.")],
    chain_id: ChainId = CHAIN_ID,
    genesis: Genesis = None,
    deployments: Folder = _FOLDER,
    as_json: AsJson = False,
) -> None:
    """After a review of the rules in force, write them into the deployment file, so that verify expects them."""
    client = _connect(rpc, chain_id, genesis)
    path = deployment_path(deployments, client)
    changed = record_policy(client, path, community)
    if as_json:
        print_json({"recorded": [asdict(one) for one in changed], "file": str(path)})
        return
    for one in changed:
        out.print(f"recorded: {one.what} {one.found}, before {one.expected}", markup=False)
    out.print(f"{len(changed)} rules changed in {path}", markup=False)


def _connect(rpc: str, chain_id: int, genesis: str | None) -> ChainClient:
    try:
        genesis_hash = None if genesis is None else bytes.fromhex(genesis.removeprefix("0x"))
    except ValueError:
        raise InputError("usage", f"--genesis {genesis!r} is no hash: write 0x and 64 hex digits") from None
    return connect(rpc, chain_id, genesis_hash=genesis_hash)


def _show_steps(steps: list[tuple[str, bool]], as_json: bool) -> None:
    if as_json:
        print_json({"steps": [{"step": step, "done": done} for step, done in steps]})
        return
    for step, done in steps:
        out.print(f"{'done' if done else 'to do':6} {step}", markup=False)


def _show_addresses(deployment: Deployment, community: str | None, path: Path, as_json: bool) -> None:
    ids = sorted(deployment.communities) if community is None else [community]
    sets = {"platform": deployment.platform} | {one: deployment.community(one) for one in ids}
    found = {
        owner: {name: record.address for name, record in contracts.contracts.items()}
        for owner, contracts in sets.items()
    }
    if as_json:
        print_json(
            {
                "chain_id": deployment.chain_id,
                "genesis_hash": "0x" + deployment.genesis_hash.hex(),
                "file": str(path),
                "platform": found.pop("platform"),
                "communities": found,
            }
        )
        return
    for owner, contracts in found.items():
        for name, address in contracts.items():
            out.print(f"{owner:16} {name:18} {address}", markup=False)
    out.print(f"deployment file: {path}", markup=False)
