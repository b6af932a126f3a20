"""The directory, by parts of names."""

import unicodedata

from fastapi import Response

from api.access import Access
from api.context import ApiContext
from api.directory.repository import Directory, Listed
from api.directory.schemas import DirectoryEntryBody
from api.pages import Page, Paging


def search(
    context: ApiContext, access: Access, wanted: str | None, paging: Paging, response: Response
) -> Page[DirectoryEntryBody]:
    """Members whose name holds every word of `wanted`, whatever its case and accents."""
    words = plain(wanted or "").split()
    after = None if paging.after is None else str(paging.after[0])
    found: list[Listed] = []
    with context.database.read() as connection:
        for one in Directory(connection, context.vault, access.where.community_id).listed(after):
            if all(word in plain(one.name) for word in words):
                found.append(one)
            if len(found) == paging.fetch:
                break
    items = [
        DirectoryEntryBody(member_id=one.member_id, name=one.name, kind=one.kind, address=one.wallet) for one in found
    ]
    return paging.page(response, items, [(one.member_id,) for one in found])


def plain(text: str) -> str:
    """A text without case and accents.

    >>> plain("Niccolò È")
    'niccolo e'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one))
