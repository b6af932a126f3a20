"""The identity provider of demonstrations: Keycloak's addresses and claims in one process and one file (§4.1).

It is for loopback alone.  `gettone.identity.switch` decides whether it may start; its pages are in `api.embedded_idp`.
"""
