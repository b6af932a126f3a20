"""The key that signs take-outs: nothing rests on it, it names who handed one out."""

from functools import partial

from gettone.chain.keys import load_signer
from gettone.chain.signer import sign_message
from gettone.notary.takeout_write import Signer
from gettone.settings import Settings


def takeout_signer(settings: Settings) -> Signer | None:
    """Signs with the take-out key where one is configured; None where there is none."""
    if settings.takeout_keystore_file is None or settings.takeout_password_file is None:
        return None
    return partial(sign_message, load_signer(settings.takeout_keystore_file, settings.takeout_password_file))
