"""JW-1 to JW-4: what is accepted as an access token."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest

from gettone.identity.claims import BadToken
from gettone.identity.verifier import TokenVerifier
from tests.factories.signed_tokens import (
    ISSUER,
    MACHINE,
    NOW_S,
    PERSON,
    RULES,
    Clock,
    Provider,
    ec_jwk,
    ec_key,
    jwk,
    public_pem,
    rsa_key,
    signed,
    verifier,
)

pytestmark = pytest.mark.unit


def code_of(token: str, **changed: Any) -> str:
    with pytest.raises(BadToken) as refusal:
        verifier(Provider(), Clock(), **changed).claims(token)
    return refusal.value.code


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in PERSON.items() if key != name}


def hmac_token(secret: bytes, payload: dict[str, Any]) -> str:
    """Signed by hand: the library itself refuses a public key as an HMAC secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one", "typ": "JWT"}, payload)]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(secret, text, hashlib.sha256)).rstrip(b"=")
    return (text + b"." + mac).decode()


def test_claims__token_of_a_person__are_read() -> None:
    claims = verifier(Provider(), Clock()).claims(signed(PERSON))
    assert (claims.sub, claims.client, claims.session) == ("2f0c", "gettone-dapp", "session-1")
    assert (claims.email, claims.email_verified, claims.acr) == ("anna@example.org", True, 1)
    assert (claims.given_name, claims.family_name) == ("Anna", "Verdi")
    assert claims.roles == {"member", "offline_access"}
    assert (claims.authenticated_at_s, claims.expires_at_s) == (NOW_S - 60, NOW_S + 290)
    assert not claims.is_machine


def test_claims__granted_machine__has_no_session() -> None:
    assert verifier(Provider(), Clock(), grants=("mc-grid",)).claims(signed(MACHINE)).is_machine


@pytest.mark.parametrize(("acr", "level"), [("0", 1), ("1", 1), ("2", 2), ("3", 1), (2, 1), (None, 1)])
def test_claims__each_acr__is_one_or_two(acr: object, level: int) -> None:
    assert verifier(Provider(), Clock()).claims(signed({**PERSON, "acr": acr})).acr == level


@pytest.mark.parametrize("said", ["true", 1, None, False])
def test_claims__email_verified_other_than_true__is_not_verified(said: object) -> None:
    assert not verifier(Provider(), Clock()).claims(signed({**PERSON, "email_verified": said})).email_verified


def test_jw1__no_algorithm__is_refused_before_the_keys_are_asked() -> None:
    provider = Provider()
    with pytest.raises(BadToken) as refusal:
        verifier(provider, Clock()).claims(jwt.encode(PERSON, None, algorithm="none", headers={"kid": "one"}))
    assert (refusal.value.code, provider.fetches) == ("token_algorithm", 0)


def test_jw1__hmac_with_the_public_key_as_secret__is_refused() -> None:
    assert code_of(hmac_token(public_pem("one"), PERSON)) == "token_algorithm"


@pytest.mark.parametrize("algorithm", ["RS512", "RS384", "PS256"])
def test_jw1__other_algorithm__is_refused(algorithm: str) -> None:
    assert code_of(signed(PERSON, alg=algorithm)) == "token_algorithm"


def test_jw1__algorithm_of_the_settings__is_accepted() -> None:
    provider = Provider()
    provider.keys.append(ec_jwk())
    rules = replace(RULES, algorithms=frozenset({"RS256", "ES256"}))
    token = jwt.encode(PERSON, ec_key(), algorithm="ES256", headers={"kid": "ec"})
    assert verifier(provider, Clock(), rules).claims(token).sub == "2f0c"


def test_jw1__allowed_algorithm_with_a_key_of_another__is_refused() -> None:
    rules = replace(RULES, algorithms=frozenset({"RS256", "PS256"}))
    assert code_of(signed(PERSON, alg="PS256"), rules=rules) == "token_algorithm"


@pytest.mark.parametrize("key_id", [None, "", 7])
def test_jw1__no_key_id__is_refused(key_id: object) -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": key_id}).encode()).rstrip(b"=").decode()
    _, body, mac = signed(PERSON).split(".")
    assert code_of(f"{head}.{body}.{mac}") in {"token_key", "token_syntax"}


def test_jw1__key_within_the_token__is_ignored() -> None:
    own = {"jwk": jwk("thief"), "jku": "https://evil.example/keys", "x5u": "https://evil.example/x"}
    assert code_of(jwt.encode(PERSON, rsa_key("thief"), algorithm="RS256", headers={"kid": "one", **own})) == (
        "token_signature"
    )


@pytest.mark.parametrize("changed", [{"use": "enc"}, {"kty": "oct", "k": "AAAA"}, {"kid": None}, {"alg": "RSA-OAEP"}])
def test_jw1__keys_that_do_not_sign__are_passed_over(changed: dict[str, Any]) -> None:
    provider = Provider("two")
    provider.keys.append(jwk("one", **changed))
    with pytest.raises(BadToken, match="does not publish"):
        verifier(provider, Clock()).claims(signed(PERSON))


def test_jw1__short_key__is_passed_over() -> None:
    provider = Provider("one", "short")
    with pytest.raises(BadToken, match="does not publish"):
        verifier(provider, Clock()).claims(signed(PERSON, "short"))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "..", "é.b.c", "{}.{}.{}", "null"])
def test_jw1__no_token__is_refused(token: str) -> None:
    assert code_of(token) == "token_syntax"


def test_jw1__more_than_8_kib__is_refused() -> None:
    assert code_of(signed({**PERSON, "pad": "x" * 8192})) == "token_large"


def test_jw1__changed_payload__is_refused() -> None:
    head, _, mac = signed(PERSON).split(".")
    body = signed({**PERSON, "sub": "other"}).split(".")[1]
    assert code_of(f"{head}.{body}.{mac}") == "token_signature"


@pytest.mark.parametrize("issuer", ["https://id.example.org/realms/master", ISSUER + "/", "", None, [ISSUER]])
def test_jw2__other_issuer__is_refused(issuer: object) -> None:
    with pytest.raises(BadToken):
        verifier(Provider(), Clock()).claims(
            jwt.api_jws.encode(json.dumps({**PERSON, "iss": issuer}).encode(), rsa_key("one"), "RS256", {"kid": "one"})
        )


@pytest.mark.parametrize("audience", ["account", ["account"], [], "", "gettone-api2", ["realm-management"]])
def test_jw2__other_audience__is_refused(audience: object) -> None:
    assert code_of(signed({**PERSON, "aud": audience})) in {"token_audience", "token_claim"}


def test_jw2__no_audience__is_refused() -> None:
    assert code_of(signed(without("aud"))) == "token_claim"


def test_jw3__unknown_client__is_refused() -> None:
    assert code_of(signed({**PERSON, "azp": "gettone-admin"})) == "token_client"


def test_jw3__machine_without_grant__is_refused_though_its_token_was_good_before() -> None:
    grants = {"mc-grid"}
    check = verifier(Provider(), Clock())
    check._is_granted = lambda client: client in grants
    token = signed(MACHINE)
    check.claims(token)
    grants.clear()
    with pytest.raises(BadToken, match="no grant"):
        check.claims(token)


@pytest.mark.parametrize("kind", ["ID", "Refresh", "Logout", None])
def test_jw3__other_kind_of_token__is_refused(kind: object) -> None:
    assert code_of(signed({**PERSON, "typ": kind})) == "token_type"


def test_jw3__type_in_the_header__is_enough() -> None:
    assert verifier(Provider(), Clock()).claims(signed(without("typ"), typ="at+jwt")).sub == "2f0c"


@pytest.mark.parametrize("name", ["sub", "azp", "iat", "exp", "iss"])
def test_jw3__missing_claim__is_refused(name: str) -> None:
    assert code_of(signed(without(name))) == "token_claim"


def test_jw3__person_without_session__is_refused() -> None:
    assert code_of(signed(without("sid"))) == "token_session"


def test_jw3__machine_client_with_a_session__is_refused() -> None:
    assert code_of(signed({**MACHINE, "sid": "x"}), grants=("mc-grid",)) == "token_session"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exp": NOW_S - 31}, "token_expired"),
        ({"iat": NOW_S + 31}, "token_early"),
        ({"nbf": NOW_S + 31}, "token_early"),
        ({"exp": NOW_S + 3591}, "token_lifetime"),
        ({"exp": 1e18}, "token_claim"),
        ({"auth_time": "now"}, "token_claim"),
        ({"iat": True}, "token_claim"),
    ],
)
def test_jw4__wrong_times__are_refused(changed: dict[str, Any], code: str) -> None:
    assert code_of(signed({**PERSON, **changed})) == code


@pytest.mark.parametrize(
    "changed", [{"exp": NOW_S - 30}, {"iat": NOW_S + 30}, {"nbf": NOW_S + 30, "exp": NOW_S + 3590}]
)
def test_jw4__within_thirty_seconds__is_accepted(changed: dict[str, int]) -> None:
    assert verifier(Provider(), Clock()).claims(signed({**PERSON, **changed})).sub == "2f0c"


def test_jw4__known_token__is_refused_31_s_after_its_end() -> None:
    clock = Clock()
    check = verifier(Provider(), clock)
    token = signed({**PERSON, "exp": NOW_S + 5})
    check.claims(token)
    clock.now_s += 36
    with pytest.raises(BadToken, match="expired"):
        check.claims(token)


def test_result__same_token_within_a_minute__is_not_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    check = verifier(Provider(), clock)
    token = signed(PERSON)
    first = check.claims(token)
    monkeypatch.setattr(jwt, "decode", None)
    clock.now_s += 60
    assert check.claims(token) is first


def test_result__same_token_after_a_minute__is_decoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    check = verifier(Provider(), clock)
    token = signed(PERSON)
    check.claims(token)
    monkeypatch.setattr(jwt, "decode", None)
    clock.now_s += 61
    with pytest.raises(BadToken):
        check.claims(token)


def test_clock__default__is_real_time() -> None:
    now_s = int(time.time())
    claims = {**PERSON, "iat": now_s, "exp": now_s + 300}
    assert TokenVerifier(RULES, lambda _client: False, fetch=Provider().fetch).claims(signed(claims)).sub == "2f0c"
