"""The identity provider as a worker needs it."""

from gettone.errors import MissingInput
from gettone.identity.administration import identity_provider_of
from gettone.identity.provider import IdentityProvider
from gettone.settings import Settings
from oracle.worker.job import no_realm

# Where the demonstration's own provider answers; roles need no address, and no mail is sent from here.
DEMO_URL = "http://127.0.0.1:8000"


def realm_of(settings: Settings) -> IdentityProvider:
    """Who gives roles in tokens; Held while no provider is configured."""
    try:
        return identity_provider_of(settings, DEMO_URL)
    except MissingInput:
        return no_realm()
