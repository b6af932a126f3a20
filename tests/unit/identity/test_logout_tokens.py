"""F7-b: which logout tokens end a session."""

from typing import Any

import pytest

from gettone.identity.claims import BadToken
from gettone.identity.logout_tokens import LogoutTokens
from tests.factories.signed_tokens import ISSUER, NOW_S, PERSON, RULES, Clock, Provider, signed, verifier

pytestmark = pytest.mark.unit
EVENTS = {"http://schemas.openid.net/event/backchannel-logout": {}}
LOGOUT: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "gettone-dapp",
    "typ": "Logout",
    "sub": "2f0c",
    "sid": "session-1",
    "jti": "t1",
    "iat": NOW_S,
    "exp": NOW_S + 120,
    "events": EVENTS,
}


def tokens() -> LogoutTokens:
    clock = Clock()
    return LogoutTokens(RULES, verifier(Provider(), clock).keys, clock)


def test_logout__valid_token__names_the_session_and_its_own_id() -> None:
    ended = tokens().ended_session(signed(LOGOUT))
    assert (ended.session, ended.token_id, ended.expires_at_s) == ("session-1", "t1", NOW_S + 120)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://id.example.org/realms/other"}, "token_issuer"),
        ({"aud": "account"}, "token_audience"),
        ({"typ": "Bearer"}, "token_type"),
        ({"events": {}}, "token_type"),
        ({"events": EVENTS, "nonce": "n"}, "token_type"),
        ({"sid": None}, "token_claim"),
        ({"jti": ""}, "token_claim"),
        ({"iat": NOW_S - 200, "exp": NOW_S - 31}, "token_expired"),
    ],
)
def test_logout__foreign_or_incomplete_token__is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(BadToken) as refusal:
        tokens().ended_session(signed({**LOGOUT, **changed}))
    assert refusal.value.code == code


def test_logout__forged_signature__is_refused() -> None:
    with pytest.raises(BadToken) as refusal:
        tokens().ended_session(signed(LOGOUT, "thief", kid="one"))
    assert refusal.value.code == "token_signature"


def test_logout__access_token__is_refused() -> None:
    with pytest.raises(BadToken):
        tokens().ended_session(signed(PERSON))
