"""The administration of the provider that the settings choose."""

from gettone.identity.embedded.provider import EmbeddedProvider
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import IdentityStore
from gettone.identity.keycloak import keycloak_of
from gettone.identity.provider import IdentityProvider
from gettone.identity.switch import uses_embedded
from gettone.settings import Settings


def identity_provider_of(settings: Settings, base_url: str) -> IdentityProvider:
    """Keycloak's administration, or that of the demonstration's provider, which answers at `base_url`.

    MissingInput without an issuer in production, or without the secret of the administrating client.
    """
    if uses_embedded(settings):
        return EmbeddedProvider(EmbeddedRealm(base_url, IdentityStore(settings.embedded_idp_file)))
    return keycloak_of(settings)
