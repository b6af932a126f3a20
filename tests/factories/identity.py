"""The twin of an identity provider in tests: tokens are names, and say what a test wants them to say."""

from dataclasses import dataclass, field

from gettone.identity.claims import BadToken, TokenClaims

EVERYTHING = (
    "platform-admin",
    "community-admin",
    "oracle-admin",
    "token-admin",
    "member",
    "auditor",
)


@dataclass
class StaticTokens:
    """Accepts the tokens that were issued here, and no other."""

    issued: dict[str, TokenClaims] = field(default_factory=dict)

    def claims(self, token: str) -> TokenClaims:
        """The claims issued under a token; BadToken for any other text."""
        if token not in self.issued:
            raise BadToken("unknown", "this token was not issued")
        return self.issued[token]

    def issue(
        self,
        subject: str,
        roles: tuple[str, ...] = ("member",),
        *,
        acr: int = 2,
        authenticated_at_s: int = 2**40,
        verified: bool = True,
        session: str | None = "",
    ) -> str:
        """A token of a person; `session=None` makes it one of a machine client of this name."""
        token = f"token-{subject}-{len(self.issued)}"
        self.issued[token] = TokenClaims(
            sub=subject,
            client="gettone-dapp" if session is not None else subject,
            roles=frozenset(roles),
            session=None if session is None else session or f"session-{subject}",
            acr=acr,
            authenticated_at_s=authenticated_at_s,
            email=f"{subject}@example.org" if session is not None else None,
            email_verified=verified,
            given_name=subject.title(),
            family_name="Rossi",
            expires_at_s=2**41,
        )
        return token
