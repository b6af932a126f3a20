"""The server itself: its realm set up once, mended where it was changed, and its memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from keycloak import KeycloakAdmin

from gettone.errors import Unreachable
from gettone.identity.keycloak import KeycloakProvider, realm_connection
from gettone.identity.realm.flows import FLOW
from gettone.identity.realm.rotation import rotate_key
from gettone.identity.realm.setup import set_up_realm
from tests.factories.identity_world import IdentityWorld

pytestmark = pytest.mark.keycloak
# 256 MiB of heap are set; all flows took 450 to 520 MiB in all, and what is beside the heap differs from run to run.
MEMORY_MIB = 640


def flow_of(root: KeycloakAdmin) -> str:
    return str(root.get_realm("gettone")["browserFlow"])


def test_setup__second_run__changes_nothing(root: Callable[[], KeycloakAdmin]) -> None:
    assert set_up_realm(root()) == []


def test_setup__flow_changed_by_hand__is_made_again(root: Callable[[], KeycloakAdmin]) -> None:
    admin = root()
    step = next(
        one
        for one in admin.get_authentication_flow_executions(FLOW)
        if one.get("providerId") == "webauthn-authenticator"
    )
    admin.update_authentication_flow_executions({**step, "requirement": "DISABLED"}, FLOW)
    assert set_up_realm(admin) == ["levels of authentication"]
    assert flow_of(admin) == FLOW


def test_setup__killed_while_the_flow_was_made__is_finished(root: Callable[[], KeycloakAdmin]) -> None:
    admin = root()
    admin.update_realm("gettone", {"browserFlow": "browser"})
    flow = next(one for one in admin.get_authentication_flows() if one["alias"] == FLOW)
    admin.delete_authentication_flow(flow["id"])
    admin.create_authentication_flow({"alias": FLOW, "providerId": "basic-flow", "topLevel": True, "builtIn": False})
    assert set_up_realm(admin) == ["levels of authentication"]
    assert flow_of(admin) == FLOW


def test_rotation__many__leave_two_keys(root: Callable[[], KeycloakAdmin]) -> None:
    names = [rotate_key(root()) for _ in range(3)]
    assert [len(one) for one in names] == [2, 2, 2]
    assert names[2][1] == names[1][0]


def test_administration__wrong_secret__is_unreachable(world: IdentityWorld) -> None:
    admin = KeycloakProvider(realm_connection(world.issuer, client_id="gettone-admin", client_secret_key="x"))
    with pytest.raises(Unreachable):
        admin.users("a", first=0, limit=1)


def test_viewer__deleting_a_user__is_refused(world: IdentityWorld, secrets_folder: Path) -> None:
    secret = (secrets_folder / "viewer-client").read_text(encoding="utf-8").strip()
    viewer = KeycloakProvider(realm_connection(world.issuer, client_id="gettone-viewer", client_secret_key=secret))
    person = world.person()
    assert viewer.user(person.sub) is not None
    with pytest.raises(Unreachable):
        viewer.delete_user(person.sub)
    assert world.admin.user(person.sub) is not None


def test_memory__after_all_flows__is_within_its_limit(secrets_folder: Path) -> None:
    peaks = [
        int(line.split()[1]) // 1024
        for process in Path("/proc").glob("[0-9]*")
        if str(secrets_folder).encode() in _read(process / "cmdline")
        for line in _read(process / "status").decode().splitlines()
        if line.startswith("VmHWM")
    ]
    assert peaks
    assert max(peaks) <= MEMORY_MIB


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
