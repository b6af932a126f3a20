"""Joining a community in tests: member ids, classes and the consent of the wallet."""

import clock
from typed_data import sign_join

CITIZEN, STAKEHOLDER, SYSTEM = 1, 2, 3
ACTIVE, FROZEN, LEFT, LEFT_AND_FROZEN = 1, 2, 3, 4


def member_id(wallet) -> bytes:
    """A member id that is a function of the wallet, for tests only."""
    return b"\x01" * 12 + bytes.fromhex(wallet.address[2:])


def join(members, registrar, wallet, class_: int = CITIZEN, as_member: bytes | None = None):
    """The wallet consents and the registrar admits it; returns the receipt."""
    of = member_id(wallet) if as_member is None else as_member
    deadline = clock.now_s() + clock.DAY_S
    consent = sign_join(wallet, members, of, class_, members.nonces(wallet), deadline)
    return members.join(of, wallet, class_, deadline, consent, {"from": registrar})
