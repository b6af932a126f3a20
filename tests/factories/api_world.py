"""Two communities with a person in every role, and an API over them: what tests of routes start from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import insert, select

from api.app import create_app
from api.context import ApiContext, Front
from api.limits import RateLimit, Rates
from api.matrix import REALM_ROLES, matrix
from gettone.db.engine import Database
from gettone.db.repositories.access_keys import DeviceKeys
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.people import People
from gettone.db.tables import Role, RoleGrant, UserCommunity
from gettone.vault import Vault
from tests.factories.identity import StaticTokens
from tests.factories.metering import register
from tests.factories.null_intake import NullIntake

NOW_MS = 1_800_000_000_000
HERE, THERE = "fontana", "other"
FRONT = Front("http://127.0.0.1:8180/realms/gettone", "gettone-api", ("gettone-dapp",), True, None)
COMMUNITY_ROLES = ("CA", "OA", "TA", "MB", "VF", "AU", "SV")
ROLES = ("PA", *COMMUNITY_ROLES, "DV")
FOR_EVER = 2**41


@dataclass
class World:
    """The API with its callers; `token("CA")` is an admin of `fontana`, `token("CA", THERE)` one of the other."""

    client: TestClient
    context: ApiContext
    database: Database
    vault: Vault
    tokens: StaticTokens
    community_ids: dict[str, int]
    callers: dict[tuple[str, str], str] = field(default_factory=dict)
    user_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    member_ids: dict[str, str] = field(default_factory=dict)
    now_ms: int = NOW_MS

    def token(self, role: str, community: str = HERE) -> str:
        """The token or key of the caller in a role; `PA` and nobody belong to no community."""
        return self.callers[(role, "" if role == "PA" else community)]

    def call(self, method: str, path: str, role: str | None = None, community: str = HERE, **more: Any) -> Response:
        """One request of a role, None for nobody."""
        headers = dict(more.pop("headers", {}))
        if role is not None:
            headers["authorization"] = f"Bearer {self.token(role, community)}"
        return self.client.request(method, path, headers=headers, **more)

    def grant(self, user_id: str | None, role: str, community: str | None, **more: Any) -> None:
        """An open grant of a role to a person."""
        with self.database.write() as connection:
            role_id = connection.execute(select(Role.role_id).where(Role.code == role)).scalar_one()
            community_id = None if community is None else self.community_ids[community]
            values = {"user_id": user_id, "community_id": community_id, "role_id": role_id, "state": "active"}
            connection.execute(insert(RoleGrant).values(**(values | {"valid_from": 0} | more)))

    def person(self, subject: str) -> str:
        """The user id of a person who was here before."""
        with self.database.write() as connection:
            return People(connection, self.vault).meet(subject, subject, "Rossi", f"{subject}@example.org", NOW_MS)

    def join(self, user_id: str, community: str, **more: Any) -> str:
        """The member id of a person who is an active member of a community."""
        with self.database.write() as connection:
            member = Communities(connection).add_member(self.community_ids[community], **more)
            mine = UserCommunity.member_id == member.member_id
            connection.execute(UserCommunity.__table__.update().where(mine).values(user_id=user_id))
        return member.member_id


def open_world(database_url: str, folder: Path, **more: Any) -> World:
    """The world over an upgraded, empty database; close it with `close_world`.  `more` goes to the context."""
    database, vault, tokens = Database(database_url), Vault(bytes(range(32))), StaticTokens()
    register(database, vault, step_s=900)
    world_clock: list[World] = []
    context = ApiContext(
        database=database,
        vault=vault,
        tokens=tokens,
        intake=NullIntake(),
        dry_run=lambda _flow, _path, now_ms: {"state": "would_be_done", "now_ms": now_ms},
        folder=folder,
        front=more.pop("front", FRONT),
        secret=b"throw-away",
        rates=Rates(*(RateLimit(1_000_000) for _ in range(3))),
        clock=lambda: world_clock[0].now_ms,
        **{"stream_s": 0.0, **more},
    )
    with database.write() as connection:
        communities = Communities(connection)
        known = {one.slug: one.community_id for one in communities.all()}
        for slug in {HERE, THERE} - known.keys():
            known[slug] = communities.get_or_create(slug, tz="Europe/Rome").community_id
    client = TestClient(create_app(context), raise_server_exceptions=False)
    world = World(client, context, database, vault, tokens, known)
    world_clock.append(world)
    _people(world)
    _machines(world)
    return world


def close_world(world: World) -> None:
    """Close client and database."""
    world.client.close()
    world.database.close()


def _people(world: World) -> None:
    admin = world.user_ids[("PA", "")] = world.person("platform")
    world.grant(admin, "PA", None)
    world.callers[("PA", "")] = world.tokens.issue("platform", (REALM_ROLES["PA"],))
    for slug in (HERE, THERE):
        for role in (one for one in COMMUNITY_ROLES if one in REALM_ROLES):
            subject = f"{role.lower()}-{slug}"
            user_id = world.user_ids[(role, slug)] = world.person(subject)
            if role in ("MB", "VF"):
                world.member_ids[f"{role} {slug}"] = world.join(user_id, slug)
            if role != "MB":
                world.grant(user_id, role, slug)
            world.callers[(role, slug)] = world.tokens.issue(subject, (REALM_ROLES[role], "member"))


def _machines(world: World) -> None:
    scopes = " ".join(sorted({one.scope for one in matrix().values() if one.scope is not None}))
    for slug in (HERE, THERE):
        client = f"mc-{slug}"
        world.grant(None, "SV", slug, client=client, scopes=scopes)
        world.callers[("SV", slug)] = world.tokens.issue(client, (), session=None)
    with world.database.write() as connection:
        valid = {"now_ms": NOW_MS - 1, "valid_to": FOR_EVER}
        for number, slug in enumerate((HERE, THERE), start=1):
            world.callers[("DV", slug)] = DeviceKeys(connection).issue(number, **valid).key
