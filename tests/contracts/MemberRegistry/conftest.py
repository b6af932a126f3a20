"""What acts of members need: ids, consents, declarations, and tokens to hold."""

import clock
import pytest
from brownie import ZERO_ADDRESS
from membership import CITIZEN, join
from payouts import word
from people import acting_as
from typed_data import sign_join, sign_leave, sign_object, sign_replace

ALICE_ID = bytes.fromhex("a1" * 32)
BOB_ID = bytes.fromhex("b0" * 32)


@pytest.fixture
def deadline(members):
    """A day from now; asks for `members` because their deployment sets the clock."""
    return clock.now_s() + clock.DAY_S


@pytest.fixture
def consent(members, deadline):
    """Function (wallet, member_id): the wallet's valid consent; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, *, class_=CITIZEN, nonce=0, until=deadline, **falsified) -> bytes:
        return sign_join(wallet, members, member_id, class_, nonce, until, **falsified)

    return sign


@pytest.fixture
def alice_joined(members, registrar, alice):
    """Alice is a citizen."""
    return join(members, registrar, alice, CITIZEN, ALICE_ID)


@pytest.fixture
def pay_out(accounts, community):
    """Function (wallet, units): credit them as the settlement ledger does."""
    ledger = acting_as(accounts, community.ledger)

    def send(wallet, units: int) -> None:
        community.token.creditBatch([word(wallet, units)], ZERO_ADDRESS, units, 0, 0, {"from": ledger})

    return send


@pytest.fixture
def alice_holds(alice_joined, pay_out, alice):
    """Alice is a citizen with 1000 base units."""
    pay_out(alice, 1000)


@pytest.fixture
def freeze(members, community_admin):
    """Function (member_id): freeze as the community administrator."""
    return lambda member_id: members.freeze(member_id, {"from": community_admin})


@pytest.fixture
def unfreeze(members, community_admin):
    return lambda member_id: members.unfreeze(member_id, {"from": community_admin})


@pytest.fixture
def leave(members):
    """Function (wallet, member_id): the wallet itself leaves."""
    return lambda wallet, member_id: members.leave(member_id, 0, b"", {"from": wallet})


@pytest.fixture
def signed_leave(members, deadline):
    """Function (wallet, member_id): the signed declaration to leave; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, *, nonce=1, until=deadline, **falsified) -> bytes:
        return sign_leave(wallet, members, member_id, nonce, until, **falsified)

    return sign


@pytest.fixture
def signed_replace(members, deadline):
    """Function (wallet, member_id, new): the old wallet's order; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, new, *, nonce=1, until=deadline, **falsified) -> bytes:
        return sign_replace(wallet, members, member_id, new, nonce, until, **falsified)

    return sign


@pytest.fixture
def signed_objection(members, deadline):
    """Function (wallet, member_id, new): the old wallet's objection; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, new, *, nonce=1, until=deadline, **falsified) -> bytes:
        return sign_object(wallet, members, member_id, new, nonce, until, **falsified)

    return sign


@pytest.fixture
def propose(members, registrar, deadline, consent):
    """Function (member_id, new wallet): the registrar proposes it with the new wallet's consent."""

    def send(member_id, new, *, sender=registrar, class_=CITIZEN):
        signature = consent(new, member_id, class_=class_, nonce=members.nonces(new))
        return members.proposeReplacement(member_id, new, deadline, signature, {"from": sender})

    return send
