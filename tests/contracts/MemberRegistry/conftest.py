"""What a join needs: member ids and consents."""

import clock
import pytest
from typed_data import sign_join

CITIZEN = 1


@pytest.fixture
def deadline(members):
    """A day from now; asks for `members` because their deployment sets the clock."""
    return clock.now_s() + clock.DAY_S


@pytest.fixture
def consent(members, deadline):
    """Function (wallet, member_id): the wallet's valid consent; keyword arguments falsify a part of it."""

    def sign(wallet, member_id, *, class_=CITIZEN, nonce=0, until=deadline, community="fontana") -> bytes:
        return sign_join(wallet, members, member_id, class_, nonce, until, community)

    return sign
