"""An application that logs people in: code flow with PKCE, state and nonce, as the DApp does it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
import jwt

from tests.factories.form_browser import TRUST, Browser, Landing, Page

# What programs ask, without cookies of anybody.
PROGRAMS = httpx2.Client(timeout=30, verify=TRUST)


@dataclass
class Tokens:
    """An answer of the token endpoint."""

    status: int
    body: dict[str, Any]

    @property
    def access(self) -> str:
        assert self.status == 200, self.body
        return str(self.body["access_token"])

    @property
    def claims(self) -> dict[str, Any]:
        """The payload of the access token, unchecked."""
        return dict(jwt.decode(self.access, options={"verify_signature": False}))


@dataclass
class App:
    """A public client with one redirect address; `base` is the address of its pages."""

    issuer: str
    client: str
    base: str
    _verifiers: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"{self.issuer}/protocol/openid-connect"

    def auth_url(self, **more: str) -> str:
        """An address that starts a login."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        self._verifiers[state] = verifier
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": self.client,
            "redirect_uri": f"{self.base}/callback",
            "response_type": "code",
            "scope": "openid",
            "state": state,
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **more,
        }
        return f"{self.endpoint}/auth?{urlencode(query)}"

    def redeem(self, landing: Page | Landing) -> Tokens:
        """Exchange the code of a landing for tokens."""
        assert isinstance(landing, Landing), landing.text[:300]
        assert "code" in landing.params, landing.params
        return self.token(
            grant_type="authorization_code",
            code=landing.params["code"],
            redirect_uri=f"{self.base}/callback",
            code_verifier=self._verifiers[landing.params["state"]],
        )

    def refresh(self, tokens: Tokens) -> Tokens:
        return self.token(grant_type="refresh_token", refresh_token=tokens.body["refresh_token"])

    def token(self, **form: str) -> Tokens:
        answer = PROGRAMS.post(f"{self.endpoint}/token", data={"client_id": self.client, **form})
        return Tokens(answer.status_code, answer.json())

    def logout_url(self, tokens: Tokens) -> str:
        query = {"id_token_hint": tokens.body["id_token"], "post_logout_redirect_uri": f"{self.base}/"}
        return f"{self.endpoint}/logout?{urlencode(query)}"

    def browser(self, *others: "App") -> Browser:
        """A new browser that stops at this application and the others."""
        return Browser((self.base, *(other.base for other in others)))
