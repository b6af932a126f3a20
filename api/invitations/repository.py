"""Invitations in the database."""

from api.context import ApiContext
from gettone.db.repositories.community_profiles import CommunityProfile, CommunityProfiles
from gettone.db.repositories.invitations import InvitationRow, Invitations


def page(context: ApiContext, community_id: int, after: tuple[int, str] | None, limit: int) -> list[InvitationRow]:
    """The invitations of a community, by time."""
    with context.database.read() as connection:
        return Invitations(connection, context.vault).page(community_id, after, limit)


def find(context: ApiContext, invitation_id: str) -> tuple[InvitationRow, CommunityProfile] | None:
    """An invitation with the profile of its community, or None."""
    with context.database.read() as connection:
        found = Invitations(connection, context.vault).find(invitation_id)
        return None if found is None else (found, CommunityProfiles(connection).get(found.community_id))
