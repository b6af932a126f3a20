"""The demonstration's provider: where it starts, what it publishes, and what becomes old."""

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from fastapi.testclient import TestClient

from api.embedded_idp.app import InFrontOf, embedded_app, embedded_realm
from gettone.errors import Refused
from gettone.identity.administration import identity_provider_of
from gettone.identity.claims import BadToken
from gettone.identity.embedded.keys import key_set, rotate, thumbprint
from gettone.identity.embedded.provider import EmbeddedProvider
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Sessions
from gettone.identity.embedded.store import IdentityStore
from gettone.identity.embedded.tokens import person_tokens
from gettone.identity.keycloak import KeycloakProvider
from gettone.identity.rules import TokenRules
from gettone.identity.verifier import TokenVerifier
from gettone.settings import load_settings

PASSWORD = "prova-lunga-2026!"
NOW_MS = 1_800_000_000_000
PRODUCTION = TokenRules("https://id.example.org/realms/gettone", "gettone-api", frozenset({"gettone-dapp"}))


@dataclass
class Place:
    """A provider without a socket, whose clock tests move."""

    realm: EmbeddedRealm
    http: TestClient
    admin: EmbeddedProvider
    now_ms: int = NOW_MS

    def link(self) -> str:
        with self.realm.store.transaction() as db:
            body = db.sql.execute("SELECT body FROM mails ORDER BY id DESC").fetchone()[0]
        return next(line for line in body.splitlines() if line.startswith("http"))

    def token(self, sub: str) -> str:
        """A token for tests: no page is opened for it."""
        with self.realm.store.transaction() as db:
            person = self.realm.people(db).by_sub(sub)
            assert person is not None
            session, _ = Sessions(self.realm, db).begin(sub)
            return str(person_tokens(self.realm, db, person, session, "gettone-dapp", None)["access_token"])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    times: list[Place] = []
    realm = EmbeddedRealm(
        "http://127.0.0.1:8000", IdentityStore(tmp_path / "identity.sqlite"), {}, lambda: times[0].now_ms
    )
    times.append(Place(realm, TestClient(embedded_app(realm), realm.base_url), EmbeddedProvider(realm)))
    return times[0]


def check_of(place: Place, rules: TokenRules | None = None) -> TokenVerifier:
    def keys() -> dict[str, object]:
        with place.realm.store.transaction() as db:
            return key_set(db)

    own = TokenRules(place.realm.issuer, "gettone-api", frozenset({"gettone-dapp"}))
    return TokenVerifier(rules or own, lambda _client: False, fetch=keys, clock_s=lambda: place.now_ms // 1000)


def test_file__first_start__is_readable_by_its_owner_alone(place: Place, tmp_path: Path) -> None:
    assert stat.S_IMODE(os.stat(tmp_path / "identity.sqlite").st_mode) == 0o600


def test_keys__first_start__are_named_by_their_thumbprint(place: Place) -> None:
    published = place.http.get("/realms/gettone/protocol/openid-connect/certs").json()["keys"]
    (key,) = published
    assert key["kid"] == thumbprint(jwt.PyJWK(key).key)
    assert key["alg"] == "RS256"


def test_keys__many_rotations__publish_two(place: Place) -> None:
    with place.realm.store.transaction() as db:
        ids = [rotate(db) for _ in range(4)]
    assert [len(one) for one in ids] == [1, 2, 2, 2]
    assert ids[3][1] == ids[2][0]


def test_token__made_for_tests__is_accepted(place: Place) -> None:
    sub = place.admin.create_user("anna@example.org", "Anna", "Verdi", PASSWORD)
    assert check_of(place).claims(place.token(sub)).sub == sub


def test_id2__token_of_a_demonstration_in_production__is_refused(place: Place) -> None:
    sub = place.admin.create_user("anna@example.org", "Anna", "Verdi", PASSWORD)
    with pytest.raises(BadToken) as refusal:
        check_of(place, PRODUCTION).claims(place.token(sub))
    assert refusal.value.code == "token_issuer"


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, "127.0.0.1"),
        ({"GETTONE_ENVIRONMENT": "demo", "GETTONE_OIDC_ISSUER": PRODUCTION.issuer}, "127.0.0.1"),
        ({"GETTONE_ENVIRONMENT": "demo"}, "192.0.2.7"),
    ],
)
def test_start__anywhere_but_in_a_demonstration_on_loopback__exits_6(
    variables: dict[str, str], host: str, tmp_path: Path
) -> None:
    settings = load_settings({**variables, "GETTONE_EMBEDDED_IDP_FILE": str(tmp_path / "i.sqlite")})
    with pytest.raises(Refused) as refusal:
        embedded_realm(settings, host, 8000, {})
    assert refusal.value.exit_status == 6
    assert not (tmp_path / "i.sqlite").exists()


def test_switch__settings_alone__choose_the_administration(tmp_path: Path) -> None:
    demo = {"GETTONE_ENVIRONMENT": "demo", "GETTONE_EMBEDDED_IDP_FILE": str(tmp_path / "i.sqlite")}
    outside = {"GETTONE_OIDC_ISSUER": PRODUCTION.issuer, "GETTONE_KEYCLOAK_ADMIN_SECRET": "s"}
    assert isinstance(identity_provider_of(load_settings(demo), "http://127.0.0.1:1"), EmbeddedProvider)
    assert isinstance(identity_provider_of(load_settings(outside), ""), KeycloakProvider)


def registered(place: Place, **more: str) -> tuple[str, dict[str, str]]:
    query = {
        "client_id": "gettone-dapp",
        "redirect_uri": "http://127.0.0.1:8190/callback",
        "response_type": "code",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "prompt": "create",
        **more,
    }
    page = place.http.get("/realms/gettone/protocol/openid-connect/auth", params=query).text
    action = page.split('action="')[1].split('"')[0].replace("&amp;", "&")
    place.http.post(action, data={"email": "bruno@example.org", "firstName": "Bruno", "lastName": "Neri"})
    return action, query


def test_link__after_twelve_hours__is_refused(place: Place) -> None:
    registered(place)
    place.now_ms += 43_201 * 1000
    assert place.http.get(place.link()).status_code == 400
    (user,) = place.admin.users("bruno", first=0, limit=2)
    assert not user.email_verified


def test_link__within_twelve_hours__confirms_the_address(place: Place) -> None:
    registered(place)
    place.now_ms += 43_199 * 1000
    place.http.get(place.link())
    (user,) = place.admin.users("bruno", first=0, limit=2)
    assert user.email_verified


def test_page__of_another_browser__is_not_gone_on_with(place: Place) -> None:
    action, _ = registered(place)
    other = TestClient(place.http.app, place.realm.base_url)
    answer = other.post(action, data={"email": "x@example.org", "firstName": "X", "lastName": "Y"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("later_s", "lives"), [(1799, True), (1801, False)])
def test_session__idle_for_half_an_hour__has_ended(place: Place, later_s: int, lives: bool) -> None:
    sub = place.admin.create_user("anna@example.org", "Anna", "Verdi", PASSWORD)
    place.token(sub)
    place.now_ms += later_s * 1000
    assert bool(place.admin.sessions_of(sub)) == lives


def test_session__used_all_day__ends_after_ten_hours(place: Place) -> None:
    sub = place.admin.create_user("anna@example.org", "Anna", "Verdi", PASSWORD)
    with place.realm.store.transaction() as db:
        sessions = Sessions(place.realm, db)
        session, _ = sessions.begin(sub)
        place.now_ms += 36_001 * 1000
        sessions.save(replace(session, last_used_s=place.realm.now_s))
        assert sessions.live(session.sid) is None


def test_page__message_with_markup__is_shown_as_text(place: Place) -> None:
    with place.realm.store.transaction() as db:
        place.realm.people(db).mail("anna@example.org", "<b>x</b>", "<img src=x>")
    assert "<img" not in place.http.get("/demo/outbox").text


def test_page__every_one__has_banner_language_and_closed_policy(place: Place) -> None:
    for language, word in (("it", "Dimostrazione"), ("en", "Demonstration")):
        answer = place.http.get("/demo/outbox", params={"kc_locale": language})
        assert word in answer.text
        assert f'<html lang="{language}">' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_discovery__address_of_the_application__may_read_it(place: Place) -> None:
    headers = {"origin": "http://127.0.0.1:8190"}
    path = "/realms/gettone/.well-known/openid-configuration"
    assert place.http.get(path, headers=headers).headers["access-control-allow-origin"] == headers["origin"]
    stranger = place.http.get(path, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_administration__without_token__is_closed(place: Place, token: str) -> None:
    answer = place.http.get("/admin/realms/gettone/users", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_administration__token_of_a_person__is_refused(place: Place) -> None:
    sub = place.admin.create_user("anna@example.org", "Anna", "Verdi", PASSWORD)
    headers = {"authorization": f"Bearer {place.token(sub)}"}
    assert place.http.get("/admin/realms/gettone/users", headers=headers).status_code == 401


def test_front__paths_of_the_provider__go_to_it_and_others_behind(place: Place) -> None:
    async def behind(_scope: object, _receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    http = TestClient(InFrontOf(behind, embedded_app(place.realm)), place.realm.base_url)
    assert http.get("/realms/gettone/.well-known/openid-configuration").status_code == 200
    assert http.get("/api/v1/me").status_code == 299


def test_error__unsafe_request__returns_to_the_application_with_its_state(place: Place) -> None:
    query = {
        "client_id": "gettone-dapp",
        "redirect_uri": "http://127.0.0.1:8190/callback",
        "response_type": "token",
        "state": "s",
    }
    answer = place.http.get("/realms/gettone/protocol/openid-connect/auth", params=query, follow_redirects=False)
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"error": ["invalid_request"], "state": ["s"]}
