"""The twin of an identity provider where none is configured: it knows nobody."""

from gettone.identity.claims import BadToken, TokenClaims


class NullTokens:
    """Accepts no token; keys of devices and readers work all the same."""

    def claims(self, _token: str) -> TokenClaims:
        """BadToken, always."""
        raise BadToken("no_provider", "no identity provider is configured: set GETTONE_OIDC_ISSUER")
