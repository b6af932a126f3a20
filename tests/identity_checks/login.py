"""F6, F7 and F8: login, refresh, logout, and one login for two applications."""

import time

import jwt
import pytest

from gettone.identity.claims import BadToken
from gettone.identity.logout_tokens import EndedSession, LogoutTokens
from tests.factories.form_browser import Landing, Page
from tests.factories.identity_world import PASSWORD, IdentityWorld, Person, landed, shown
from tests.factories.oidc_app import PROGRAMS


def ended_sessions(world: IdentityWorld, session: str, wait_s: float = 5) -> list[EndedSession]:
    """The valid logout tokens that came for a session."""
    check = LogoutTokens(world.rules, world.verifier().keys)
    ends = time.monotonic() + wait_s
    while time.monotonic() < ends:
        found = [ended for token in world.logout_tokens if (ended := check.ended_session(token)).session == session]
        if found:
            return found
        time.sleep(0.05)
    return []


def refused(world: IdentityWorld, person: Person, password: str = PASSWORD) -> Page:
    """The page that is shown again when a login fails."""
    browser = world.dapp.browser()
    page = shown(browser.open(world.dapp.auth_url()))
    return shown(browser.submit(page, username=person.email, password=password))


class LoginChecks:
    def test_discovery__document__names_what_applications_need(self, world: IdentityWorld) -> None:
        document = PROGRAMS.get(f"{world.issuer}/.well-known/openid-configuration").json()
        assert document["issuer"] == world.issuer
        for name in ("authorization", "token", "userinfo", "end_session", "revocation", "device_authorization"):
            assert document[f"{name}_endpoint"].startswith(f"{world.issuer}/protocol/openid-connect/")
        assert document["jwks_uri"] == world.rules.keys_url
        assert "S256" in document["code_challenge_methods_supported"]

    def test_login__password__gives_a_token_that_the_api_accepts(self, world: IdentityWorld) -> None:
        person = world.person()
        claims = world.verifier().claims(world.login(person).access)
        assert (claims.sub, claims.email, claims.client, claims.acr) == (person.sub, person.email, "gettone-dapp", 1)
        assert "member" in claims.roles
        assert claims.session is not None
        assert claims.authenticated_at_s is not None

    def test_login__id_token__is_no_access_token(self, world: IdentityWorld) -> None:
        tokens = world.login(world.person())
        with pytest.raises(BadToken):
            world.verifier().claims(tokens.body["id_token"])

    def test_login__nonce_and_state__come_back(self, world: IdentityWorld) -> None:
        person = world.person()
        page = shown(person.browser.open(world.dapp.auth_url(nonce="n-1", state="s-1")))
        landing = person.browser.submit(page, username=person.email, password=PASSWORD)
        assert landed(landing)["state"] == "s-1"

    def test_login__wrong_password__shows_the_form_again(self, world: IdentityWorld) -> None:
        assert refused(world, world.person(), "sbagliata-1234").has_field("username", "password")

    def test_login__unknown_address__says_the_same_as_a_wrong_password(self, world: IdentityWorld) -> None:
        known, unknown = world.person(), world.person()
        world.admin.delete_user(unknown.sub)
        assert refused(world, known, "sbagliata-1234").text == refused(world, unknown, "sbagliata-1234").text

    def test_login__disabled_user__gets_no_token(self, world: IdentityWorld) -> None:
        person = world.person()
        world.admin.set_enabled(person.sub, is_enabled=False)
        assert isinstance(refused(world, person), Page)

    def test_login__enabled_again__gets_a_token(self, world: IdentityWorld) -> None:
        person = world.person()
        world.admin.set_enabled(person.sub, is_enabled=False)
        world.admin.set_enabled(person.sub, is_enabled=True)
        assert world.login(person).status == 200

    def test_login__after_five_wrong_passwords__is_locked(self, world: IdentityWorld) -> None:
        person = world.person()
        for _ in range(6):
            refused(world, person, "sbagliata-1234")
        assert isinstance(refused(world, person), Page)

    def test_login__live_session__needs_no_page(self, world: IdentityWorld) -> None:
        person = world.person()
        first = world.login(person)
        again = world.dapp.redeem(person.browser.open(world.dapp.auth_url(prompt="none")))
        assert again.claims["sid"] == first.claims["sid"]

    def test_login__no_session_and_no_page_wanted__is_told(self, world: IdentityWorld) -> None:
        answer = world.dapp.browser().open(world.dapp.auth_url(prompt="none"))
        assert landed(answer)["error"] == "login_required"

    @pytest.mark.parametrize(
        "changed", [{"redirect_uri": "http://127.0.0.1:8190/other"}, {"redirect_uri": "https://evil.example/"}]
    )
    def test_login__other_redirect_address__goes_nowhere(self, world: IdentityWorld, changed: dict[str, str]) -> None:
        page = world.dapp.browser().open(world.dapp.auth_url(**changed))
        assert shown(page).status == 400

    def test_login__unknown_client__goes_nowhere(self, world: IdentityWorld) -> None:
        assert shown(world.dapp.browser().open(world.dapp.auth_url(client_id="stranger"))).status == 400

    def test_login__plain_challenge__is_refused(self, world: IdentityWorld) -> None:
        answer = world.dapp.browser().open(world.dapp.auth_url(code_challenge_method="plain"))
        assert landed(answer)["error"] == "invalid_request"

    def test_code__used_twice__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        page = shown(person.browser.open(world.dapp.auth_url()))
        landing = person.browser.submit(page, username=person.email, password=PASSWORD)
        assert world.dapp.redeem(landing).status == 200
        assert world.dapp.redeem(landing).body["error"] == "invalid_grant"

    def test_code__wrong_verifier__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        page = shown(person.browser.open(world.dapp.auth_url()))
        landing = person.browser.submit(page, username=person.email, password=PASSWORD)
        answer = world.dapp.token(
            grant_type="authorization_code",
            code=landed(landing)["code"],
            redirect_uri=f"{world.dapp.base}/callback",
            code_verifier="x" * 60,
        )
        assert (answer.status, answer.body["error"]) == (400, "invalid_grant")

    def test_refresh__gives_new_tokens_of_the_same_session(self, world: IdentityWorld) -> None:
        tokens = world.login(world.person())
        renewed = world.dapp.refresh(tokens)
        assert renewed.claims["sid"] == tokens.claims["sid"]
        assert renewed.body["refresh_token"] != tokens.body["refresh_token"]

    def test_refresh__used_twice__ends_what_came_of_it(self, world: IdentityWorld) -> None:
        tokens = world.login(world.person())
        renewed = world.dapp.refresh(tokens)
        assert world.dapp.refresh(tokens).body["error"] == "invalid_grant"
        assert world.dapp.refresh(renewed).body["error"] == "invalid_grant"

    def test_userinfo__access_token__tells_the_person(self, world: IdentityWorld) -> None:
        person = world.person()
        headers = {"authorization": f"Bearer {world.login(person).access}"}
        answer = PROGRAMS.get(f"{world.dapp.endpoint}/userinfo", headers=headers)
        assert (answer.json()["sub"], answer.json()["email"]) == (person.sub, person.email)

    def test_revoke__refresh_token__is_good_for_nothing_afterwards(self, world: IdentityWorld) -> None:
        tokens = world.login(world.person())
        form = {"client_id": "gettone-dapp", "token": tokens.body["refresh_token"]}
        assert PROGRAMS.post(f"{world.dapp.endpoint}/revoke", data=form).status_code == 200
        assert world.dapp.refresh(tokens).body["error"] == "invalid_grant"


class LogoutChecks:
    def test_logout__from_the_application__returns_to_it_without_a_question(self, world: IdentityWorld) -> None:
        person = world.person()
        answer = person.browser.open(world.dapp.logout_url(world.login(person)))
        assert isinstance(answer, Landing)
        assert answer.url.startswith(f"{world.dapp.base}/")

    def test_logout__refresh_token__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        tokens = world.login(person)
        person.browser.open(world.dapp.logout_url(tokens))
        assert world.dapp.refresh(tokens).body["error"] == "invalid_grant"

    def test_logout__api__is_told_of_the_session_by_a_valid_token(self, world: IdentityWorld) -> None:
        person = world.person()
        tokens = world.login(person)
        person.browser.open(world.dapp.logout_url(tokens))
        ended = ended_sessions(world, tokens.claims["sid"])
        assert ended
        assert ended[0].sub in (None, person.sub)

    def test_logout__by_the_administration__is_told_too(self, world: IdentityWorld) -> None:
        person = world.person()
        session = world.login(person).claims["sid"]
        assert [one.session for one in world.admin.sessions_of(person.sub)] == [session]
        world.admin.end_session(session)
        assert ended_sessions(world, session)
        assert world.admin.sessions_of(person.sub) == []

    def test_logout__session_that_ended__may_be_ended_again(self, world: IdentityWorld) -> None:
        person = world.person()
        session = world.login(person).claims["sid"]
        world.admin.end_session(session)
        world.admin.end_session(session)
        assert world.admin.sessions_of(person.sub) == []

    def test_logout__other_return_address__is_not_followed(self, world: IdentityWorld) -> None:
        person = world.person()
        tokens = world.login(person)
        url = world.dapp.logout_url(tokens).replace("8190", "9999")
        assert shown(person.browser.open(url)).status == 400


class SingleSignOnChecks:
    def test_single_sign_on__second_application__gets_a_code_without_a_page(self, world: IdentityWorld) -> None:
        person = world.person()
        first = world.login(person)
        second = world.auditor.redeem(person.browser.open(world.auditor.auth_url(prompt="none")))
        claims = world.verifier().claims(second.access)
        assert (claims.client, claims.session) == ("gettone-auditor", first.claims["sid"])

    def test_single_sign_on__logout_in_one__ends_the_other(self, world: IdentityWorld) -> None:
        person = world.person()
        first = world.login(person)
        second = world.auditor.redeem(person.browser.open(world.auditor.auth_url(prompt="none")))
        person.browser.open(world.auditor.logout_url(second))
        answer = person.browser.open(world.dapp.auth_url(prompt="none"))
        assert landed(answer)["error"] == "login_required"
        assert world.dapp.refresh(first).body["error"] == "invalid_grant"
        assert ended_sessions(world, first.claims["sid"])

    def test_single_sign_on__other_browser__has_to_log_in(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        answer = world.auditor.browser().open(world.auditor.auth_url(prompt="none"))
        assert landed(answer)["error"] == "login_required"


class RotationChecks:
    def test_rotation__in_flight__tokens_of_both_keys_are_accepted(self, world: IdentityWorld) -> None:
        check = world.verifier()
        before = world.login(world.person()).access
        check.claims(before)
        world.rotate_key()
        after = world.login(world.person()).access
        kids = {jwt.get_unverified_header(token)["kid"] for token in (before, after)}
        assert len(kids) == 2
        assert check.claims(after).client == "gettone-dapp"
        assert world.verifier().claims(before).client == "gettone-dapp"
