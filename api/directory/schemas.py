"""Bodies of the directory."""

from api.schemas import Address, MemberId, Strict


class DirectoryEntryBody(Strict):
    """A member who consented to be found, with the address that receives for them."""

    member_id: MemberId
    name: str
    kind: str
    address: Address
