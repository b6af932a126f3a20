"""The kinds of member, with the class that contracts and settlements know them by."""

from enum import StrEnum

from gettone.db.repositories.communities import MemberKind
from gettone.errors import InputError


class MembershipKind(StrEnum):
    """Kinds of member (identity and API specification §1)."""

    CITIZEN_CONSUMER = "citizen_consumer"
    CITIZEN_PROSUMER = "citizen_prosumer"
    PRODUCER = "producer"
    STAKEHOLDER = "stakeholder"
    STRUCTURE = "structure"


_CITIZENS = (MembershipKind.CITIZEN_CONSUMER, MembershipKind.CITIZEN_PROSUMER)


def member_kind(kind: MembershipKind, *, is_natural_person: bool) -> MemberKind:
    """The class of a kind: citizens, and producers who are natural persons, are 1, all others 2.

    InputError `member_kind` for a citizen who is no natural person.
    """
    if kind in _CITIZENS:
        if not is_natural_person:
            raise InputError("member_kind", f"a {kind} is a natural person: choose producer, stakeholder or structure")
        return MemberKind.CITIZEN
    if kind is MembershipKind.PRODUCER and is_natural_person:
        return MemberKind.CITIZEN
    return MemberKind.STAKEHOLDER


def likely_kind(kind: MemberKind) -> MembershipKind:
    """The kind of a member who was registered by class alone."""
    return MembershipKind.CITIZEN_CONSUMER if kind is MemberKind.CITIZEN else MembershipKind.STAKEHOLDER


def pays_yearly_fee(kind: MemberKind) -> bool:
    """Whether a member of this class owes the yearly euro fee (§5.3.2 of the report)."""
    return kind is MemberKind.STAKEHOLDER
