"""Pages and endpoints of the demonstration's identity provider, at Keycloak's addresses (§4.1).

It has no domain's five files: it is no part of the API, and speaks OpenID Connect rather than `/api/v1`.
"""
