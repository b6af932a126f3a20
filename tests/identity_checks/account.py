"""F9, F10, F12 and the device flow: editing, deletion by the user, machines, the command line."""

import time
import uuid
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from gettone.errors import InputError
from gettone.identity.claims import BadToken
from gettone.identity.provider import AddressTaken, IdentityEventKind, UnknownUser
from gettone.identity.sync import end_sessions_before, identity_news
from tests.factories.identity_world import PASSWORD, IdentityWorld, action_page, landed, shown
from tests.factories.oidc_app import PROGRAMS

NEW_PASSWORD = "altra-lunga-2027!"


def address_of(world: IdentityWorld, sub: str) -> tuple[str, bool]:
    user = world.admin.user(sub)
    assert user is not None
    return user.email, user.email_verified


def is_gone(world: IdentityWorld, sub: str) -> bool:
    """Whether a user is gone; a provider may answer a moment before it has stored what it did."""
    ends = time.monotonic() + 5
    while world.admin.user(sub) is not None and time.monotonic() < ends:
        time.sleep(0.05)
    return world.admin.user(sub) is None


class EditChecks:
    def test_edit__profile__returns_success_and_the_new_name(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        page = action_page(world, person, "UPDATE_PROFILE")
        answer = person.browser.submit(page, firstName="Annalisa", lastName="Verdi")
        assert landed(answer)["kc_action_status"] == "success"
        assert world.dapp.redeem(answer).claims["given_name"] == "Annalisa"

    def test_edit__given_up__returns_so_and_changes_nothing(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        page = action_page(world, person, "UPDATE_PROFILE")
        answer = person.browser.submit(page, **{"cancel-aia": "true"})
        assert landed(answer)["kc_action_status"] == "cancelled"
        user = world.admin.user(person.sub)
        assert user is not None
        assert user.given_name == "Anna"

    def test_edit__new_address__counts_once_it_is_confirmed(self, world: IdentityWorld) -> None:
        person, email, begun_ms = world.person(), world.new_email(), time.time_ns() // 1_000_000
        world.login(person)
        page = action_page(world, person, "UPDATE_EMAIL")
        shown(person.browser.submit(page, email=email))
        assert address_of(world, person.sub) == (person.email, True)
        world.dapp.browser().open(world.mails.link_to(email))
        assert address_of(world, person.sub) == (email, True)
        kinds = [event.kind for event in world.admin.events_since(begun_ms) if event.sub == person.sub]
        assert IdentityEventKind.EMAIL_CHANGED in kinds

    def test_edit__password__leaves_the_session_that_set_it(self, world: IdentityWorld) -> None:
        person, begun_ms = world.person(), time.time_ns() // 1_000_000
        world.login(person)
        other = world.login(person, browser=world.dapp.browser())
        page = action_page(world, person, "UPDATE_PASSWORD")
        values = {"password-new": NEW_PASSWORD, "password-confirm": NEW_PASSWORD}
        own = world.dapp.redeem(person.browser.submit(page, **values))
        for event in identity_news(world.admin, begun_ms, ()).events:
            if event.sub == person.sub:
                end_sessions_before(world.admin, event)
        assert [one.session for one in world.admin.sessions_of(person.sub)] == [own.claims["sid"]]
        assert world.dapp.refresh(other).body["error"] == "invalid_grant"

    def test_edit__password__replaces_the_old_one(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        page = action_page(world, person, "UPDATE_PASSWORD")
        values = {"password-new": NEW_PASSWORD, "password-confirm": NEW_PASSWORD}
        assert landed(person.browser.submit(page, **values))["kc_action_status"] == "success"
        browser = world.dapp.browser()
        page = shown(browser.open(world.dapp.auth_url()))
        page = shown(browser.submit(page, username=person.email, password=PASSWORD))
        assert landed(browser.submit(page, username=person.email, password=NEW_PASSWORD))["code"]


class DeletionChecks:
    def test_deletion__by_the_user__asks_deletes_and_tells(self, world: IdentityWorld) -> None:
        person, begun_ms = world.person(), time.time_ns() // 1_000_000
        tokens = world.login(person)
        page = action_page(world, person, "delete_account")
        done = shown(person.browser.submit(page))
        assert is_gone(world, person.sub), done.text
        assert world.dapp.refresh(tokens).body["error"] == "invalid_grant"
        kinds = [event.kind for event in world.admin.events_since(begun_ms) if event.sub == person.sub]
        assert IdentityEventKind.DELETED_BY_USER in kinds

    def test_deletion__by_the_administration__is_told_and_may_be_repeated(self, world: IdentityWorld) -> None:
        person, begun_ms = world.person(), time.time_ns() // 1_000_000
        world.admin.delete_user(person.sub)
        world.admin.delete_user(person.sub)
        events = [event for event in world.admin.events_since(begun_ms) if event.sub == person.sub]
        assert [event.kind for event in events] == [IdentityEventKind.DELETED_BY_ADMIN]

    def test_deletion__old_session__gets_no_code(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        world.admin.delete_user(person.sub)
        answer = person.browser.open(world.dapp.auth_url(prompt="none"))
        assert landed(answer)["error"] == "login_required"


class AdministrationChecks:
    def test_create__known_address__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        with pytest.raises(AddressTaken):
            world.admin.create_user(person.email, "A", "B", PASSWORD)

    def test_user__unknown__is_none(self, world: IdentityWorld) -> None:
        assert world.admin.user(str(uuid.uuid4())) is None

    def test_enable__unknown_user__is_refused(self, world: IdentityWorld) -> None:
        with pytest.raises(UnknownUser):
            world.admin.set_enabled(str(uuid.uuid4()), is_enabled=True)

    def test_role__given_and_taken__is_in_tokens_in_between(self, world: IdentityWorld) -> None:
        person = world.person()
        world.admin.grant_role(person.sub, "auditor")
        world.admin.grant_role(person.sub, "auditor")
        assert "auditor" in world.verifier().claims(world.login(person).access).roles
        world.admin.revoke_role(person.sub, "auditor")
        assert "auditor" not in world.admin.roles_of(person.sub)

    def test_events__registration_and_confirmation__are_read_in_order(self, world: IdentityWorld) -> None:
        email, begun_ms, browser = world.new_email(), time.time_ns() // 1_000_000, world.dapp.browser()
        page = shown(browser.open(world.dapp.auth_url(prompt="create")))
        browser.submit(page, email=email, firstName="Bruno", lastName="Neri")
        page = shown(browser.open(world.mails.link_to(email)))
        browser.submit(page, **{"password-new": PASSWORD, "password-confirm": PASSWORD})
        (user,) = world.admin.users(email, first=0, limit=2)
        events = [event for event in world.admin.events_since(begun_ms) if event.sub == user.sub]
        kinds = [event.kind for event in events]
        assert kinds[:2] == [IdentityEventKind.REGISTERED, IdentityEventKind.EMAIL_VERIFIED]
        assert user.sub not in {event.sub for event in world.admin.events_since(events[-1].at_ms + 1)}


def machine_name() -> str:
    return f"mc-t{uuid.uuid4().hex[:12]}"


def machine_token(world: IdentityWorld, **form: str) -> httpx2.Response:
    data = {"grant_type": "client_credentials", **form}
    return PROGRAMS.post(f"{world.dapp.endpoint}/token", data=data)


class MachineChecks:
    def test_machine__secret__gets_a_token_without_session_and_refresh(self, world: IdentityWorld) -> None:
        client = machine_name()
        secret = world.admin.register_machine(client, None)
        assert secret is not None
        answer = machine_token(world, client_id=client, client_secret=secret).json()
        assert "refresh_token" not in answer
        world.granted.add(client)
        claims = world.verifier().claims(answer["access_token"])
        assert (claims.client, claims.is_machine, claims.acr) == (client, True, 1)

    def test_machine__without_grant__is_refused_by_the_api(self, world: IdentityWorld) -> None:
        client = machine_name()
        secret = world.admin.register_machine(client, None) or ""
        answer = machine_token(world, client_id=client, client_secret=secret).json()
        with pytest.raises(BadToken, match="no grant"):
            world.verifier().claims(answer["access_token"])

    def test_machine__old_secret_after_renewal__is_refused(self, world: IdentityWorld) -> None:
        client = machine_name()
        old = world.admin.register_machine(client, None) or ""
        new = world.admin.register_machine(client, None) or ""
        assert machine_token(world, client_id=client, client_secret=old).status_code == 401
        assert machine_token(world, client_id=client, client_secret=new).status_code == 200

    def test_machine__signed_assertion__gets_a_token_once(self, world: IdentityWorld) -> None:
        client, key = machine_name(), rsa.generate_private_key(65537, 2048)
        public: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        assert world.admin.register_machine(client, {**public, "kid": "k1", "use": "sig", "alg": "RS256"}) is None
        now_s = int(time.time())
        claims = {"iss": client, "sub": client, "aud": world.issuer, "jti": uuid.uuid4().hex, "exp": now_s + 60}
        form = {
            "client_id": client,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode({**claims, "iat": now_s}, key, algorithm="RS256", headers={"kid": "k1"}),
        }
        assert machine_token(world, **form).status_code == 200
        assert machine_token(world, **form).status_code in (400, 401)

    def test_machine__removed__gets_no_token(self, world: IdentityWorld) -> None:
        client = machine_name()
        secret = world.admin.register_machine(client, None) or ""
        world.admin.remove_machine(client)
        world.admin.remove_machine(client)
        assert machine_token(world, client_id=client, client_secret=secret).status_code == 401

    @pytest.mark.parametrize("name", ["gettone-dapp", "mc-", "mc-A", "mc-a/b"])
    def test_machine__other_name__is_refused(self, world: IdentityWorld, name: str) -> None:
        with pytest.raises(InputError):
            world.admin.register_machine(name, None)

    def test_machine__public_client__has_no_credentials(self, world: IdentityWorld) -> None:
        assert machine_token(world, client_id="gettone-dapp").status_code in (400, 401)


class DeviceChecks:
    def test_device__confirmed_in_a_browser__gives_the_command_line_a_token(self, world: IdentityWorld) -> None:
        person, endpoint = world.person(), world.dapp.endpoint
        started = PROGRAMS.post(f"{endpoint}/auth/device", data={"client_id": "gettone-cli", "scope": "openid"}).json()
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_id": "gettone-cli",
            "device_code": started["device_code"],
        }
        assert PROGRAMS.post(f"{endpoint}/token", data=form).json()["error"] == "authorization_pending"
        page = shown(person.browser.open(started["verification_uri_complete"]))
        page = shown(person.browser.submit(page, username=person.email, password=PASSWORD))
        person.browser.submit(page, accept="Yes")
        time.sleep(started["interval"])
        answer = PROGRAMS.post(f"{endpoint}/token", data=form).json()
        claims = world.verifier().claims(answer["access_token"])
        assert (claims.client, claims.sub) == ("gettone-cli", person.sub)

    def test_device__unknown_code__is_refused(self, world: IdentityWorld) -> None:
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "client_id": "gettone-cli",
            "device_code": "x",
        }
        answer = PROGRAMS.post(f"{world.dapp.endpoint}/token", data=form)
        assert answer.json()["error"] in ("invalid_grant", "expired_token")
