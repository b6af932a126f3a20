"""The provider as one object: its address, its file, its clock, and the clients of the committed realm file."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from gettone.identity.embedded.people import People
from gettone.identity.embedded.store import IdentityStore, Transaction
from gettone.identity.realm.export import realm_document

MACHINE: Final = "machine"


def system_clock_ms() -> int:
    """The time of this machine [unix ms]."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Client:
    """A client: its one return address and the address it returns to after a logout; None where it has none."""

    client_id: str
    redirect_uri: str | None
    post_logout_uri: str | None
    logout_url: str | None
    has_device_flow: bool
    roles: frozenset[str]

    @property
    def origin(self) -> str | None:
        """The origin of its pages, for CORS."""
        return None if self.redirect_uri is None else "/".join(self.redirect_uri.split("/")[:3])


@dataclass(frozen=True)
class EmbeddedRealm:
    """Realm `gettone` at `base_url`, http://127.0.0.1:PORT; `addresses` are those of the realm file."""

    base_url: str
    store: IdentityStore
    addresses: dict[str, str] = field(default_factory=dict)
    clock_ms: Callable[[], int] = system_clock_ms

    @property
    def issuer(self) -> str:
        """The issuer of its tokens."""
        return f"{self.base_url}/realms/gettone"

    @property
    def now_s(self) -> int:
        """Now [unix s]."""
        return self.clock_ms() // 1000

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The committed realm file with the addresses of this deployment."""
        return realm_document(self.addresses)

    @cached_property
    def clients(self) -> dict[str, Client]:
        """The clients through which people log in, by id."""
        mapped = {one["client"]: frozenset(one["roles"]) for one in self.settings["scopeMappings"]}
        found = {}
        for raw in self.settings["clients"]:
            if raw.get("publicClient"):
                attributes = raw.get("attributes", {})
                client = Client(
                    client_id=raw["clientId"],
                    redirect_uri=next(iter(raw.get("redirectUris", [])), None),
                    post_logout_uri=attributes.get("post.logout.redirect.uris"),
                    logout_url=attributes.get("backchannel.logout.url"),
                    has_device_flow=attributes.get("oauth2.device.authorization.grant.enabled") == "true",
                    roles=mapped.get(raw["clientId"], frozenset()),
                )
                found[client.client_id] = client
        return found

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The realm roles that can be given."""
        return frozenset(role["name"] for role in self.settings["roles"]["realm"] if not role.get("composite"))

    def people(self, db: Transaction) -> People:
        """The users within a transaction."""
        return People(db, self.clock_ms)
