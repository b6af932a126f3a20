"""An invitation is mailed to the address it is for."""

from collections.abc import Mapping
from typing import Any

from gettone.db.repositories.community_profiles import CommunityProfiles
from gettone.db.repositories.invitations import OPEN, Invitations
from gettone.db.repositories.keys import SERVER, Keys
from gettone.db.repositories.operations import OperationRow
from gettone.errors import Held, MissingInput
from gettone.membership.invitation_tokens import token_of
from gettone.periods import local_date
from oracle.mail.sender import MailSender, sender_of
from oracle.mail.words import mail_words
from oracle.worker.job import Run

KIND = "invitation"


def mail_invitation(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Send the link of an invitation that is still open; the mail's id tells the server of a repetition.

    Held while no mail server or no page is configured: administrators see the token in the list of invitations.
    """
    place, number = run.place, operation.document["invitation_id"]
    with place.database.read() as connection:
        vault = place.vault()
        found = Invitations(connection, vault).find(number)
        if found is None or found.state != OPEN or found.email is None or found.expires_at <= place.clock():
            return {"sent": False}
        profile = CommunityProfiles(connection).get(found.community_id)
        secret = Keys(connection, vault).platform_key(SERVER)
    sender, page = _way_out(run)
    fields = {
        "community": profile.name or profile.slug,
        "link": f"{page}/invitations/{token_of(secret, number)}",
        "date": local_date(found.expires_at // 1000, profile.tz).isoformat(),
    }
    subject, body = mail_words(KIND, fields, None)
    sender.send(found.email, subject, body, number)
    return {"sent": True}


def _way_out(run: Run) -> tuple[MailSender, str]:
    settings = run.place.settings
    try:
        sender = sender_of(settings)
    except MissingInput as missing:
        raise Held("mail_missing", missing.message) from None
    if not settings.dapp_origins:
        raise Held("page_missing", "GETTONE_DAPP_ORIGINS names no page whose address an invitation could tell")
    return sender, settings.dapp_origins[0].rstrip("/")
